// NDJSON files.
import { assert, layer } from "@effect/vitest"
import { runs, seed } from "@effect-workos/testing/Sample"
import * as Effect from "effect/Effect"
import * as Format from "../../src/Format.ts"
import * as DuckDb from "./DuckDb.ts"
import * as Rows from "./rows.ts"

const ndjson = Format.make("ndjson")

const asText = `SELECT json AS row FROM read_json_objects($file, format = 'newline_delimited')`

layer(DuckDb.layer)("Ndjson", (it) => {
  it.effect("NDJSON preserves every row as received, with undocumented fields", () =>
    Effect.gen(function* () {
      yield* Rows.forAll(
        Rows.adversarialRows,
        { runs: runs(200, 50), seed: `ndjson ${seed}` },
        Effect.fnUntraced(function* (rows) {
          const { bytes } = yield* Rows.write(ndjson, rows)
          const lines = new TextDecoder("utf-8", { fatal: true }).decode(bytes).split("\n")
          assert.strictEqual(lines.pop(), "")
          assert.deepStrictEqual<unknown>(
            lines.map((line) => JSON.parse(line)),
            rows
          )
        })
      )
    })
  )

  it.effect("DuckDB reads every row of NDJSON that is valid Unicode", () =>
    Effect.gen(function* () {
      const { query } = yield* DuckDb.DuckDb
      yield* Rows.forAll(
        Rows.adversarialUnicodeRows,
        { runs: runs(60, 10), seed: `ndjson ${seed}` },
        Effect.fnUntraced(function* (rows) {
          const { bytes } = yield* Rows.write(ndjson, rows)
          const read = yield* query(bytes, asText)
          assert.deepStrictEqual<unknown>(
            read.map(({ row }) => row),
            rows
          )
        })
      )
    })
  )

  it.effect("DuckDB infers the types of rows of the emulator in NDJSON", () =>
    Effect.gen(function* () {
      const { query } = yield* DuckDb.DuckDb
      const rows = yield* Rows.emulated(500)
      const { bytes } = yield* Rows.write(ndjson, rows, 100)
      assert.deepStrictEqual<unknown>(
        yield* query(
          bytes,
          `SELECT id, organization_id, connection_type, name, state, status, options.signing_cert AS certificate,
             domains, epoch_ms(created_at::TIMESTAMPTZ) AS created, epoch_ms(updated_at::TIMESTAMPTZ) AS updated
           FROM read_json($file, format = 'newline_delimited')`
        ),
        rows.map((row) => ({
          id: row.id,
          organization_id: row.organization_id ?? null,
          connection_type: row.connection_type,
          name: row.name,
          state: row.state,
          status: row.status ?? null,
          certificate: row.options?.signing_cert ?? null,
          domains: row.domains,
          created: Date.parse(row.created_at),
          updated: Date.parse(row.updated_at)
        }))
      )
    })
  )

  it.effect("NDJSON without rows is an empty file", () =>
    Effect.gen(function* () {
      const { query } = yield* DuckDb.DuckDb
      const { bytes } = yield* Rows.write(ndjson, [])
      assert.strictEqual(bytes.length, 0)
      assert.deepStrictEqual(yield* query(bytes, asText), [])
    })
  )
})
