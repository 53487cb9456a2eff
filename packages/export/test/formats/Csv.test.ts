// CSV files.
import { assert, layer } from "@effect/vitest"
import { runs, seed } from "@effect-workos/testing/Sample"
import * as Effect from "effect/Effect"
import Papa from "papaparse"
import * as Format from "../../src/Format.ts"
import * as Exportable from "../../src/Exportable.ts"
import * as DuckDb from "./DuckDb.ts"
import * as Rows from "./rows.ts"

const csv = Format.make("csv")
const escaping = Format.make("csv", { escapeFormulas: true })

const columns = Exportable.connections.columns.map(({ name }) => name)

const header =
  "id,organization_id,external_id,connection_type,name,state,status,domains,signing_cert,created_at,updated_at\r\n"

// The cells of a row. Absent, null and empty values are the same.
const cells = (row: Rows.Row): ReadonlyArray<string> =>
  [
    row.id,
    row.organization_id,
    row.external_id,
    row.connection_type,
    row.name,
    row.state,
    row.status,
    row.domains?.map(({ domain }) => domain).join(";"),
    row.options?.signing_cert,
    row.created_at,
    row.updated_at
  ].map((cell) => Rows.inUtf8(cell) ?? "")

const parse = (bytes: Uint8Array): ReadonlyArray<ReadonlyArray<string>> => {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  // Special characters are quoted, and lines end in CRLF.
  assert.match(text.replaceAll(/"(?:[^"]|"")*"/g, "quoted"), /^(?:[^"\r\n]*\r\n)+$/)
  const { data, errors } = Papa.parse<Array<string>>(text.slice(0, -2), { delimiter: ",", newline: "\r\n" })
  assert.deepStrictEqual(errors, [])
  return data
}

const readCsv = `SELECT * FROM read_csv($file, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
  new_line = '\\r\\n', columns = {${columns.map((name) => `'${name}': 'VARCHAR'`).join(", ")}})`

layer(DuckDb.layer)("Csv", (it) => {
  it.effect("CSV preserves the text of every cell", () =>
    Effect.gen(function* () {
      yield* Rows.forAll(
        Rows.adversarialRows,
        { runs: runs(200, 50), seed: `csv ${seed}` },
        Effect.fnUntraced(function* (rows) {
          const { bytes } = yield* Rows.write(csv, rows)
          assert.deepStrictEqual<unknown>(parse(bytes), [columns, ...rows.map(cells)])
        })
      )
    })
  )

  it.effect("DuckDB reads every row of CSV", () =>
    Effect.gen(function* () {
      const { query } = yield* DuckDb.DuckDb
      yield* Rows.forAll(
        Rows.adversarialRows,
        { runs: runs(60, 10), seed: `csv ${seed}` },
        Effect.fnUntraced(function* (rows) {
          const { bytes } = yield* Rows.write(csv, rows)
          const read = yield* query(bytes, readCsv)
          assert.deepStrictEqual<unknown>(
            read.map((row) => columns.map((name) => row[name] ?? "")),
            rows.map(cells)
          )
        })
      )
    })
  )

  it.effect("CSV with `escapeFormulas` escapes cells that look like formulas, and no others", () =>
    Effect.gen(function* () {
      yield* Rows.forAll(
        Rows.adversarialRows,
        { runs: runs(200, 50), seed: `formulas ${seed}` },
        Effect.fnUntraced(function* (rows) {
          const { bytes } = yield* Rows.write(escaping, rows)
          assert.deepStrictEqual<unknown>(parse(bytes), [
            columns,
            ...rows.map((row) => cells(row).map((cell) => (/^[=+\-@\t\r＝＋－＠]/.test(cell) ? `'${cell}` : cell)))
          ])
        })
      )
    })
  )

  it.effect("CSV quotes only cells that need quotes", () =>
    Effect.gen(function* () {
      const { bytes } = yield* Rows.write(csv, [
        {
          object: "connection",
          id: "conn_1",
          connection_type: "OktaSAML",
          name: 'The "Acme", Inc.\r\n=1+1',
          state: "active",
          domains: [
            { object: "connection_domain", id: "org_domain_1", domain: "acme.example" },
            { object: "connection_domain", id: "org_domain_2", domain: "mail.acme.example" }
          ],
          options: { signing_cert: null },
          created_at: "2026-01-15T12:00:00.000Z",
          updated_at: "2026-01-15T12:00:00.000Z"
        }
      ])
      assert.strictEqual(
        new TextDecoder().decode(bytes),
        `${header}conn_1,,,OktaSAML,"The ""Acme"", Inc.\r\n=1+1",active,,acme.example;mail.acme.example,,` +
          "2026-01-15T12:00:00.000Z,2026-01-15T12:00:00.000Z\r\n"
      )
    })
  )

  it.effect("DuckDB infers the types of rows of the emulator in CSV", () =>
    Effect.gen(function* () {
      const { query } = yield* DuckDb.DuckDb
      const rows = yield* Rows.emulated(500)
      const { bytes } = yield* Rows.write(csv, rows, 100)
      assert.deepStrictEqual<unknown>(
        yield* query(
          bytes,
          `SELECT id, organization_id, connection_type, name, state, status, signing_cert,
             CASE WHEN domains IS NULL THEN [] ELSE string_split(domains, ';') END AS domains,
             epoch_ms(created_at) AS created, epoch_ms(updated_at) AS updated
           FROM read_csv($file)`
        ),
        rows.map((row) => ({
          id: row.id,
          organization_id: row.organization_id ?? null,
          connection_type: row.connection_type,
          name: row.name,
          state: row.state,
          status: row.status ?? null,
          signing_cert: row.options?.signing_cert ?? null,
          domains: row.domains?.map(({ domain }) => domain),
          created: Date.parse(row.created_at),
          updated: Date.parse(row.updated_at)
        }))
      )
    })
  )

  it.effect("CSV without rows is a header", () =>
    Effect.gen(function* () {
      const { query } = yield* DuckDb.DuckDb
      const { bytes } = yield* Rows.write(csv, [])
      assert.strictEqual(new TextDecoder().decode(bytes), header)
      assert.deepStrictEqual(yield* query(bytes, readCsv), [])
    })
  )
})
