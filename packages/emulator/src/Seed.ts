/**
 * Generated data for the emulator. The same options generate the same data.
 *
 * The data includes cases that real accounts have and that tests often miss:
 *
 * - connections of every type and state
 * - connections without an organization
 * - connections that were created in the same millisecond
 * - connections with no domain, with several domains, and with a domain that other connections have too
 * - organizations with domains in every state
 * - the events that led to these rows
 *
 * @module
 */
import * as Fields from "@effect-workos/domain/Fields"
import type { Resource } from "@effect-workos/domain/Resource"
import * as Documented from "@effect-workos/domain/Documented"
import * as Arbitrary from "effect/Arbitrary"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import * as EventLog from "./internal/EventLog.ts"
import { entries, eventIndexes } from "./internal/Handlers.ts"
import * as History from "./internal/History.ts"
import * as RowSchema from "./internal/RowSchema.ts"
import * as SeedRow from "./internal/SeedRow.ts"
import * as StoreTables from "./internal/StoreTables.ts"
import { createdMillis } from "./internal/Table.ts"
import type { AnyRow, RowOf, SeedName } from "./internal/Tables.ts"

/**
 * Options of a seed: the number of rows of each resource that has a list, and a seed number.
 *
 * **Details**
 *
 * - `organizations`: defaults to 0.
 * - Any other resource, for example `connections`: defaults to the number of organizations.
 * - `seed`: the seed number. The same seed number and the same numbers of rows generate the same data.
 * - `until`: the end of the history. The newest event occurred one minute before `until`. Another `until` changes only the
 *   timestamps of the data, not the ids. By default, the history ends at a time that depends on the other options only.
 *
 * **Example** (A history that ends now)
 *
 * ```ts
 * import * as Seed from "@effect-workos/emulator/Seed"
 * import * as DateTime from "effect/DateTime"
 * import * as Effect from "effect/Effect"
 *
 * const seed = Effect.flatMap(DateTime.now, (until) => Seed.make({ connections: 10, organizations: 2, seed: 1, until }))
 * ```
 */
export type Options = { readonly [Name in SeedName]?: number | undefined } & {
  readonly seed: number
  readonly until?: DateTime.DateTime | undefined
}

/**
 * The generated rows, oldest first, and the events of their history.
 */
export type Seed = { readonly [Name in SeedName]: ReadonlyArray<RowOf<Name>> } & {
  readonly events: ReadonlyArray<EventLog.LoggedEvent>
}

/**
 * Generates the data of a seed. Every organization has at least one connection if there are enough connections.
 *
 * **Example** (The names of organizations)
 *
 * ```ts
 * import * as Seed from "@effect-workos/emulator/Seed"
 * import * as Effect from "effect/Effect"
 *
 * const options: Seed.Options = { connections: 10, organizations: 2, seed: 1 }
 *
 * const names = Effect.map(Seed.make(options), ({ organizations }: Seed.Seed) => organizations.map(({ name }) => name))
 * ```
 */
export const make = ({ seed, until, ...counts }: Options): Effect.Effect<Seed, Schema.SchemaError> =>
  Effect.gen(function* () {
    const random = yield* Random.Random
    const choices = SeedRow.choices(random)
    const countOf = new Map(Object.entries(counts))
    const organizations = countOf.get("organizations") ?? 0
    // Generated first, because other rows refer to them.
    const customers = SeedRow.customers(organizations, choices)

    const rows: Record<string, ReadonlyArray<AnyRow>> = {}
    const encodedRows: Record<string, ReadonlyArray<object>> = {}
    // The rows of a name have the encoded form of its schema.
    const rowsOf = ((name: string) => encodedRows[name] ?? []) as SeedRow.RowsOf
    for (const { declaration, resource } of entries) {
      const schema = RowSchema.of(resource)
      const { name } = resource
      // Events are the history of the other rows.
      if (schema === undefined || name === "events") continue
      const count = countOf.get(name) ?? organizations
      const seeded =
        name === "organizations"
          ? customers.map((customer, index) => ({ ...choices, index, created: customer.created, customer, rowsOf }))
          : SeedRow.rows(count, customers, choices, rowsOf)
      const seedOf = declaration.seed ?? (yield* generated(resource, schema, count, customers, seed))
      const encoded = seedOf === undefined ? [] : Array.from(seeded, complete(seedOf, schema))
      encodedRows[name] = encoded
      const decoded = yield* Schema.decodeUnknownEffect(Schema.Array(schema))(encoded)
      const withHidden = RowSchema.withHidden(declaration.hidden)
      const seededRows = decoded.map((row, index) => withHidden(row, encoded[index] ?? {}))
      rows[name] = seededRows.toSorted((a, b) => createdMillis(a) - createdMillis(b))
    }
    const log = EventLog.make([], eventIndexes, yield* Clock.Clock, random)
    const events = History.of(entries, rows, StoreTables.make(entries, rows, log), random)
    // Every resource with a list has rows.
    return movedTo(until, { ...rows, events }, events.at(-1)) as Seed
  }).pipe(Random.withSeed(seed))

// The newest event is this much older than `until`, because a program may emit its first event at `until`.
const minute = 60_000

const distantFuture = Date.parse(SeedRow.distantFuture)

const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

// Moves all times, so that the newest event occurred a minute before `until`. A row that would be newer than that event
// receives the time of the event. A distant time of expiry is not changed. Ids contain a time too, but are not changed, so that they do not depend on the clock.
const movedTo = (until: Options["until"], rows: object, newest: EventLog.LoggedEvent | undefined): unknown => {
  if (until === undefined || newest === undefined) return rows
  const end = DateTime.toEpochMillis(until) - minute
  const offset = end - newest.createdAt.epochMilliseconds
  const moveMillis = (millis: number) => Math.min(millis + offset, end)
  const move = (value: unknown, key = ""): unknown => {
    if (DateTime.isDateTime(value)) {
      const millis = DateTime.toEpochMillis(value)
      return millis === distantFuture ? value : DateTime.makeUnsafe(moveMillis(millis))
    }
    // The context of an event is encoded, so its times are strings.
    if (typeof value === "string" && key.endsWith("_at") && timestamp.test(value) && value !== SeedRow.distantFuture)
      return new Date(moveMillis(Date.parse(value))).toISOString()
    if (Array.isArray(value)) return value.map((item) => move(item))
    return Predicate.isObject(value) && Object.getPrototypeOf(value) === Object.prototype
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, move(inner, key)]))
      : value
  }
  return move(rows)
}

type SeedOf = (row: SeedRow.SeedRow) => object

// Adds the keys that all rows have, except those that the row has already.
const complete = (seedOf: SeedOf, schema: Schema.Top) => {
  const object = RowSchema.object(schema)
  const prefix = RowSchema.prefix(schema)
  return (seedRow: SeedRow.SeedRow): object => {
    const { created, id } = seedRow
    const instant = new Date(created).toISOString()
    const row = { object, created_at: instant, updated_at: instant, ...seedOf(seedRow) }
    return "id" in row ? row : { id: id(prefix, created), ...row }
  }
}

// Keys whose generated values are not used: `complete` sets these keys.
const ownKeys = ["id", "created_at", "updated_at"]

// Rows of a list whose declaration has no seed are generated from the schema, and assigned to customers.
const generated = Effect.fnUntraced(function* (
  { endpoints, name }: Resource,
  schema: Schema.Codec<AnyRow>,
  count: number,
  customers: ReadonlyArray<SeedRow.Customer>,
  seed: number
) {
  if (endpoints["list"] === undefined) return undefined
  // The schema also accepts rows without some documented fields. A server of the current API sends all of these fields.
  const encode = Schema.encodeUnknownResult(Documented.of(schema))
  const documented = Arbitrary.filterMap(Arbitrary.schema(schema), encode)
  const encoded = yield* Effect.orDie(Arbitrary.sampleEffect(documented, { count, seed: `${name} ${seed}` }))
  // Generated values of enumerations can be unknown. A server of the current API sends known values only.
  const enumerations = Fields.of(Schema.toEncoded(schema).ast).flatMap(({ kind, name }) =>
    kind._tag === "Text" && kind.literals.length > 0 ? [[name, kind.literals] as const] : []
  )
  const seedOf: SeedOf = ({ below, customer = customers[below(customers.length)], index, pick }) => {
    const row = Object.entries(Object(encoded[index])).filter(([key]) => !ownKeys.includes(key))
    const chosen = Object.fromEntries(enumerations.map(([name, literals]) => [name, pick(literals)]))
    const given = { ...chosen, ...customerKeys(customer) }
    return Object.fromEntries(row.map(([key, value]) => [key, given[key] ?? value]))
  }
  return seedOf
})

const customerKeys = (customer: SeedRow.Customer | undefined): Readonly<Record<string, string>> =>
  customer === undefined ? {} : { organization_id: customer.id, name: customer.name, domain: customer.domain }
