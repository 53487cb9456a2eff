// The columns of organizations and events.
import { assert, layer } from "@effect/vitest"
import { Event } from "@effect-workos/domain/events/Event"
import { Organization } from "@effect-workos/domain/organizations/Organization"
import { runs, seed } from "@effect-workos/testing/Sample"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import Papa from "papaparse"
import type { Column } from "../../src/Column.ts"
import * as Format from "../../src/Format.ts"
import * as Exportable from "../../src/Exportable.ts"
import * as DuckDb from "./DuckDb.ts"
import * as Rows from "./rows.ts"

const encodeOrganization = Schema.encodeSync(Organization)
const encodeEvent = Schema.encodeSync(Event)

const organizations = Arbitrary.array(
  Arbitrary.map(
    Arbitrary.schema(
      Schema.Struct({
        organization: Organization,
        name: Rows.adversarialText,
        tier: Schema.optionalKey(Rows.adversarialText)
      })
    ),
    ({ name, organization, tier }): Exportable.OrganizationRow => ({
      ...encodeOrganization(organization),
      name: name.join(""),
      ...(tier === undefined ? {} : { metadata: { tier: tier.join("") } })
    })
  ),
  { maxLength: 12 }
)

const events = Arbitrary.array(
  Arbitrary.map(
    Arbitrary.schema(Schema.Struct({ event: Event, text: Schema.optionalKey(Rows.adversarialText) })),
    ({ event, text }): Exportable.EventRow => ({
      ...encodeEvent(event),
      ...(text === undefined ? {} : { context: { before: { name: text.join("") } } })
    })
  ),
  { maxLength: 12 }
)

const jsonOf = (value: unknown) => (value === undefined || value === null ? undefined : JSON.stringify(value))

// The expected values in Parquet. In CSV, each of them is text.
const organizationOf = (row: Exportable.OrganizationRow) => ({
  id: row.id,
  external_id: row.external_id ?? null,
  name: Rows.inUtf8(row.name),
  domains: row.domains?.map(({ domain, id, state = null }) => ({ id, domain, state })),
  metadata: jsonOf(row.metadata) ?? null,
  stripe_customer_id: row.stripe_customer_id ?? null,
  allow_profiles_outside_organization: row.allow_profiles_outside_organization ?? null,
  created_at: Date.parse(row.created_at),
  updated_at: Date.parse(row.updated_at)
})

const organizationCells = (row: Exportable.OrganizationRow) =>
  Object.values({
    ...organizationOf(row),
    domains: row.domains?.map(({ domain }) => domain).join(";"),
    created_at: row.created_at,
    updated_at: row.updated_at
  })

const eventOf = (row: Exportable.EventRow) => ({
  id: Rows.inUtf8(row.id),
  event: Rows.inUtf8(row.event) ?? null,
  created_at: typeof row.created_at === "string" ? Date.parse(row.created_at) : null,
  data: jsonOf(row.data) ?? null,
  context: jsonOf(row.context) ?? null
})

const eventCells = (row: Exportable.EventRow) => Object.values({ ...eventOf(row), created_at: row.created_at ?? null })

const readParquet = (times: string) => `SELECT * REPLACE (${times}) FROM read_parquet($file)`

layer(DuckDb.layer)("columns", (it) => {
  const holds = <Row>(
    name: string,
    columns: ReadonlyArray<Column<Row>>,
    rows: Arbitrary.Arbitrary<ReadonlyArray<Row>>,
    expected: { readonly row: (row: Row) => object; readonly cells: (row: Row) => ReadonlyArray<unknown> }
  ) => {
    const times = columns.flatMap(({ name, type }) => (type === "instant" ? [`epoch_ms(${name}) AS ${name}`] : []))

    it.effect(`The columns of ${name} preserve every row in CSV and Parquet`, () =>
      Effect.gen(function* () {
        const { query } = yield* DuckDb.DuckDb
        yield* Rows.forAll(
          rows,
          { runs: runs(60, 10), seed: `${name} ${seed}` },
          Effect.fnUntraced(function* (rows) {
            const csv = yield* Rows.writeOf(columns, Format.make("csv"), rows)
            const { data } = Papa.parse<Array<string>>(new TextDecoder().decode(csv.bytes).slice(0, -2), {
              delimiter: ",",
              newline: "\r\n"
            })
            assert.deepStrictEqual<unknown>(data, [
              columns.map(({ name }) => name),
              ...rows.map((row) => expected.cells(row).map((cell) => (cell === null ? "" : String(cell))))
            ])
            const parquet = yield* Rows.writeOf(columns, Format.make("parquet", { rowGroupSize: 5 }), rows)
            assert.deepStrictEqual<unknown>(
              yield* query(parquet.bytes, readParquet(times.join(", "))),
              rows.map(expected.row)
            )
          })
        )
      })
    )
  }

  holds("organizations", Exportable.organizations.columns, organizations, {
    row: organizationOf,
    cells: organizationCells
  })
  holds("events", Exportable.events.columns, events, { row: eventOf, cells: eventCells })

  it.effect("DuckDB queries the JSON columns of events", () =>
    Effect.gen(function* () {
      const { query } = yield* DuckDb.DuckDb
      const row: Exportable.EventRow = {
        object: "event",
        id: "event_1",
        event: "future.created",
        data: { email: "ada@example.com", roles: [{ slug: "admin" }] },
        created_at: "2026-01-15T12:00:00.000Z"
      }
      const { bytes } = yield* Rows.writeOf(Exportable.events.columns, Format.make("parquet"), [row])
      assert.deepStrictEqual(
        yield* query(
          bytes,
          "SELECT data->>'email' AS email, data->>'$.roles[0].slug' AS role FROM read_parquet($file)"
        ),
        [{ email: "ada@example.com", role: "admin" }]
      )
    })
  )
})
