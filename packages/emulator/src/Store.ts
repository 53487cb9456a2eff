/**
 * The in-memory data of one emulated account: tables and events.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as EventLog from "./internal/EventLog.ts"
import { entries, eventIndexes } from "./internal/Handlers.ts"
import * as StoreTables from "./internal/StoreTables.ts"
import type { Tables } from "./internal/Tables.ts"
import * as Seed from "./Seed.ts"

export type { Tables }

/**
 * The data of one emulated WorkOS account. A program may read and change the tables while the emulator serves requests; the
 * next request sees the change.
 *
 * **Details**
 *
 * - `organizations`, `connections` and so on: the tables. Deleting a row deletes the rows that belong to it, for example the
 *   connections of an organization. When one organization verifies a domain, the pending verifications of the same domain in
 *   other organizations fail.
 * - `organizationDomains`: the domains inside organizations, as a table.
 * - `events`: the events that led to the seed data, then one event for every documented change of a table. The change may be
 *   made by a request or by the program. Events are never deleted.
 * - `emit`: adds an event that no change of a table causes. The event receives an id and the current time.
 * - `onEvent`: calls a listener for every new event, and returns a function that removes the listener.
 *
 * **Example** (Reading the store in a test)
 *
 * ```ts
 * import type { Tables } from "@effect-workos/emulator/Store"
 *
 * const active = ({ connections }: Tables) =>
 *   connections.rows.filter(({ state }) => state === "active")
 *
 * const owners = ({ organizations }: Tables, domain: string) => organizations.findBy("domains", domain)
 *
 * const lastEvent = ({ events }: Tables) => events.rows.at(-1)?.event
 * ```
 *
 * **Example** (Emitting an event)
 *
 * ```ts
 * import { UnknownEventName } from "@effect-workos/domain/events/Event"
 * import { Store } from "@effect-workos/emulator/Store"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.map(Store, ({ emit }) =>
 *   emit({ event: UnknownEventName.make("dsync.user.created"), data: { email: "ada@example.com" } })
 * )
 * ```
 */
export class Store extends Context.Service<Store, Tables>()("@effect-workos/emulator/Store") {}

/**
 * Makes a store with initial rows and events. New events use the `Clock` of the current fiber.
 *
 * **Example** (An empty store)
 *
 * ```ts
 * import * as Store from "@effect-workos/emulator/Store"
 *
 * const empty = Store.make({})
 * ```
 */
export const make = Effect.fnUntraced(function* ({
  events = [],
  ...rows
}: Partial<Seed.Seed>): Effect.fn.Return<Store["Service"]> {
  const log = EventLog.make(events, eventIndexes, yield* Clock.Clock, yield* Random.Random)
  return StoreTables.make(entries, rows, log)
})

/**
 * Makes a store from a seed. With `until`, the newest event of the history occurred a minute before that time.
 *
 * **Example** (Connections that are not active)
 *
 * ```ts
 * import * as Store from "@effect-workos/emulator/Store"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.map(Store.seeded({ connections: 10, organizations: 2, seed: 1 }), ({ connections }) =>
 *   connections.rows.filter(({ state }) => state !== "active")
 * )
 * ```
 */
export const seeded = (options: Seed.Options): Effect.Effect<Store["Service"]> =>
  Effect.flatMap(Effect.orDie(Seed.make(options)), make)

/**
 * A layer with a store made from a seed.
 *
 * **Example** (Deleting connections without a request)
 *
 * ```ts
 * import * as Store from "@effect-workos/emulator/Store"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function* () {
 *   const { connections, onEvent, organizations } = yield* Store.Store
 *   const stop = onEvent(({ event }) => process.stdout.write(`${event}\n`))
 *   for (const { id } of organizations.rows) {
 *     for (const connection of connections.findBy("organizationId", id)) connections.remove(connection.id)
 *   }
 *   stop()
 * }).pipe(Effect.provide(Store.layer({ connections: 10, organizations: 2, seed: 1 })))
 * ```
 */
export const layer = (options: Seed.Options): Layer.Layer<Store> => Layer.effect(Store, seeded(options))
