// Generated data for the emulator, deterministic for each seed number.
//
// The data includes what real accounts have and what is easily overlooked: connections of every type and state, connections
// created in the same millisecond, without an organization, with none, one, several or shared domains; organizations with
// domains in every state; and the events of their history.
import * as Fields from "@effect-workos/domain/Fields"
import type { Resource } from "@effect-workos/domain/Resource"
import * as Wire from "@effect-workos/domain/Wire"
import * as Arbitrary from "effect/Arbitrary"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
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
 * - `seed`: the seed number. Equal numbers generate equal data.
 */
export type Options = { readonly [Name in SeedName]?: number } & { readonly seed: number }

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
export const make = ({ seed, ...counts }: Options): Effect.Effect<Seed, Schema.SchemaError> =>
  Effect.gen(function* () {
    const random = yield* Random.Random
    const choices = SeedRow.choices(random)
    const countOf = new Map(Object.entries(counts))
    const organizations = countOf.get("organizations") ?? 0
    // Generated first, because other rows refer to them.
    const customers = SeedRow.customers(organizations, choices)

    const rows: Record<string, ReadonlyArray<AnyRow>> = {}
    for (const { declaration, resource } of entries) {
      const schema = RowSchema.of(resource)
      const { name } = resource
      // Events are the history of the other rows.
      if (schema === undefined || name === "events") continue
      const count = countOf.get(name) ?? organizations
      const seeded =
        name === "organizations"
          ? customers.map((customer, index) => ({ ...choices, index, created: customer.created, customer }))
          : SeedRow.rows(count, customers, choices)
      const seedOf = declaration.seed ?? (yield* generated(resource, schema, count, customers, seed))
      const encoded = seedOf === undefined ? [] : Array.from(seeded, complete(seedOf, schema))
      const decoded = yield* Schema.decodeUnknownEffect(Schema.Array(schema))(encoded)
      rows[name] = decoded.toSorted((a, b) => createdMillis(a) - createdMillis(b))
    }
    const log = EventLog.make([], eventIndexes, yield* Clock.Clock, random)
    const events = History.of(entries, rows, StoreTables.make(entries, rows, log), random)
    // Every resource with a list has rows.
    return { ...rows, events } as unknown as Seed
  }).pipe(Random.withSeed(seed))

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

// The keys of generated rows that other rows and the account decide.
const ownKeys = ["id", "created_at", "updated_at"]

// Rows of a list without a seed of its own are generated from its schema, and assigned to customers.
const generated = Effect.fnUntraced(function* (
  { endpoints, name }: Resource,
  schema: Schema.Codec<AnyRow>,
  count: number,
  customers: ReadonlyArray<SeedRow.Customer>,
  seed: number
) {
  if (endpoints["list"] === undefined) return undefined
  // Clients accept rows that lack documented fields, which a server of this edition sends.
  const encode = Schema.encodeUnknownResult(Wire.documented(schema))
  const documented = Arbitrary.filterMap(Arbitrary.schema(schema), encode)
  const encoded = yield* Effect.orDie(Arbitrary.sampleEffect(documented, { count, seed: `${name} ${seed}` }))
  // Generated enumerations have unknown values too, which a server of this edition does not send.
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
