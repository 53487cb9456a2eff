// The in-memory data of one emulated account: tables and events.
import type { Connection } from "@effect-workos/domain/sso/Connection"
import type { Organization } from "@effect-workos/domain/organizations/Organization"
import type {
  OrganizationDomain,
  OrganizationDomainState
} from "@effect-workos/domain/organizations/OrganizationDomain"
import type { VerificationFailure } from "@effect-workos/domain/organizations/OrganizationEvent"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Changes from "./internal/Changes.ts"
import * as EventLog from "./internal/EventLog.ts"
import * as Seed from "./Seed.ts"
import * as Table from "./internal/Table.ts"

/**
 * The table of connections, indexed by type, organization and domain.
 */
export type Connections = Table.Table<Connection, "type" | "organization" | "domain">

/**
 * The table of organizations, indexed by domain, id of a domain, external id and Stripe customer id.
 */
export type Organizations = Table.Table<Organization, "domain" | "domainId" | "externalId" | "stripeCustomerId">

/**
 * The tables of a {@link Store}, and its events.
 */
export interface Tables extends EventLog.EventLog {
  /** The organizations, each with its domains. */
  readonly organizations: Organizations
  /** The connections. */
  readonly connections: Connections
}

/**
 * The data of one emulated WorkOS account. A program may read and change the tables while the emulator serves requests; the
 * next request sees the change.
 *
 * **Details**
 *
 * - `organizations`: each with its domains. Deleting an organization deletes its connections. When one organization
 *   verifies a domain, verification of the same domain fails for all other organizations.
 * - `connections`
 * - `events`: the history of the seed, then one event for every documented change of a table, no matter whether a request
 *   or the program made the change. Events are never deleted.
 * - `emit`: adds any other event. The event is given an id and the current time.
 * - `onEvent`: calls a listener for every new event, and returns a function that removes the listener.
 *
 * **Example** (Reading the store in a test)
 *
 * ```ts
 * import type { Connections, Organizations, Tables } from "@effect-workos/emulator/Store"
 *
 * const active = (connections: Connections) =>
 *   connections.rows.filter(({ state }) => state === "active")
 *
 * const owners = (organizations: Organizations, domain: string) => organizations.findBy("domain", domain)
 *
 * const lastEvent = ({ events }: Tables) => events.rows.at(-1)?.event
 * ```
 *
 * **Example** (Emitting an event)
 *
 * ```ts
 * import { OtherEventName } from "@effect-workos/domain/events/Event"
 * import { Store } from "@effect-workos/emulator/Store"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.map(Store, ({ emit }) =>
 *   emit({ event: OtherEventName.make("user.created"), data: { email: "ada@example.com" } })
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
 * const empty = Store.make({ organizations: [], connections: [], events: [] })
 * ```
 */
export const make = Effect.fnUntraced(function* (seed: Seed.Seed): Effect.fn.Return<Store["Service"]> {
  const log = EventLog.make(seed.events, yield* Clock.Clock, yield* Random.Random)
  const tell = (events: ReadonlyArray<EventLog.EventDraft>) => events.forEach((event) => log.emit(event))

  const connections: Connections = Table.make(
    seed.connections,
    {
      type: ({ connectionType }) => [connectionType],
      organization: ({ organizationId }) => (organizationId === undefined ? [] : [organizationId]),
      domain: ({ domains }) => domains.map(({ domain }) => domain.toLowerCase())
    },
    (before, after) => tell(Changes.ofConnection(before, after))
  )

  const organizations: Organizations = Table.make(
    seed.organizations,
    {
      domain: ({ domains }) => domains.map(({ domain }) => domain.toLowerCase()),
      domainId: ({ domains }) => domains.map(({ id }) => id),
      externalId: ({ externalId }) => (externalId === undefined || externalId === null ? [] : [externalId]),
      stripeCustomerId: ({ stripeCustomerId }) =>
        stripeCustomerId === undefined || stripeCustomerId === null ? [] : [stripeCustomerId]
    },
    (before, after) => {
      if (before !== undefined && after === undefined) {
        for (const { id } of connections.findBy("organization", before.id)) connections.remove(id)
      }
      tell(Changes.ofOrganization(before, after, (domain) => whyFailed(organizations, domain)))
      for (const domain of after?.domains ?? []) {
        const was = before?.domains.find(({ id }) => id === domain.id)
        if (isVerified(domain) && (was === undefined || !isVerified(was))) failElsewhere(organizations, domain)
      }
    }
  )

  return { organizations, connections, ...log }
})

/**
 * Tests whether a domain is verified.
 */
export const isVerified = ({ state }: OrganizationDomain): boolean =>
  state === "verified" || state === "legacy_verified"

/**
 * Returns the organization other than `organizationId` that has verified a domain.
 */
export const findVerifier = (
  { findBy }: Pick<Organizations, "findBy">,
  { domain, organizationId }: Pick<OrganizationDomain, "domain" | "organizationId">
): Organization | undefined => {
  const name = domain.toLowerCase()
  return findBy("domain", name).find(
    ({ domains, id }) =>
      id !== organizationId && domains.some((other) => other.domain.toLowerCase() === name && isVerified(other))
  )
}

const whyFailed = (organizations: Organizations, domain: OrganizationDomain): VerificationFailure =>
  findVerifier(organizations, domain) === undefined
    ? "domain_verification_period_expired"
    : "domain_verified_by_other_organization"

// Fails the pending verifications of the domain in other organizations.
const failElsewhere = (organizations: Organizations, { domain, id, updatedAt }: OrganizationDomain): void => {
  const isRival = (other: OrganizationDomain) =>
    other.id !== id && other.domain.toLowerCase() === domain.toLowerCase() && other.state === "pending"
  for (const organization of organizations.findBy("domain", domain.toLowerCase())) {
    if (!organization.domains.some(isRival)) continue
    const domains = organization.domains.map((other) =>
      isRival(other) ? { ...other, state: failed, updatedAt } : other
    )
    organizations.set({ ...organization, domains })
  }
}

const failed: OrganizationDomainState = "failed"

/**
 * Makes a store from a seed.
 *
 * **Example** (Domains that only one organization has verified)
 *
 * ```ts
 * import * as Store from "@effect-workos/emulator/Store"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.map(Store.seeded({ connections: 10, organizations: 2, seed: 1 }), ({ organizations }) =>
 *   organizations.rows
 *     .flatMap(({ domains }) => domains)
 *     .filter((domain) => Store.isVerified(domain) && Store.findVerifier(organizations, domain) === undefined)
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
 *     for (const connection of connections.findBy("organization", id)) connections.remove(connection.id)
 *   }
 *   stop()
 * }).pipe(Effect.provide(Store.layer({ connections: 10, organizations: 2, seed: 1 })))
 * ```
 */
export const layer = (options: Seed.Options): Layer.Layer<Store> => Layer.effect(Store, seeded(options))
