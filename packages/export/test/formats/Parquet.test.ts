// Parquet files.
import { assert, layer } from "@effect/vitest"
import { runs, seed } from "@effect-workos/testing/Sample"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Format from "../../src/Format.ts"
import * as Exportable from "../../src/Exportable.ts"
import * as DuckDb from "./DuckDb.ts"
import * as Rows from "./rows.ts"
import { readFileSync } from "node:fs"

const readParquet = `SELECT * REPLACE (epoch_ms(created_at) AS created_at, epoch_ms(updated_at) AS updated_at)
  FROM read_parquet($file)`

const types = [
  ["id", "VARCHAR"],
  ["organization_id", "VARCHAR"],
  ["external_id", "VARCHAR"],
  ["connection_type", "VARCHAR"],
  ["name", "VARCHAR"],
  ["state", "VARCHAR"],
  ["status", "VARCHAR"],
  ["domains", 'STRUCT(id VARCHAR, "domain" VARCHAR)[]'],
  ["signing_cert", "VARCHAR"],
  ["created_at", "TIMESTAMP WITH TIME ZONE"],
  ["updated_at", "TIMESTAMP WITH TIME ZONE"]
]

const expected = (row: Rows.Row) => ({
  id: row.id,
  organization_id: row.organization_id ?? null,
  external_id: Rows.inUtf8(row.external_id),
  connection_type: Rows.inUtf8(row.connection_type),
  name: Rows.inUtf8(row.name),
  state: Rows.inUtf8(row.state),
  status: Rows.inUtf8(row.status),
  domains: row.domains?.map(({ domain, id }) => ({ id, domain: Rows.inUtf8(domain) })),
  signing_cert: Rows.inUtf8(row.options?.signing_cert),
  created_at: Date.parse(row.created_at),
  updated_at: Date.parse(row.updated_at)
})

const groupsIn = `SELECT DISTINCT row_group_id, row_group_num_rows FROM parquet_metadata($file) ORDER BY row_group_id`

// `VersionParser.FORMAT` of parquet-java, which matches the whole text.
const writerForm = /^(.*?)\s+version\s*(?:([^(]*?)\s*(?:\(\s*build\s*([^)]*?)\s*\))?)?$/

const versionIn = (file: string): string => JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8")).version

// A string as an SQL expression without escapes.
const literal = (text: string) => `decode(unhex('${Buffer.from(text).toString("hex")}'))`

layer(DuckDb.layer)("Parquet", (it) => {
  it.effect("Parquet preserves strings, nulls, lists and timestamps of every row", () =>
    Effect.gen(function* () {
      const { query } = yield* DuckDb.DuckDb
      yield* Rows.forAll(
        Rows.adversarialRows,
        { runs: runs(100, 20), seed: `parquet ${seed}` },
        Effect.fnUntraced(function* (rows) {
          const { bytes } = yield* Rows.write(Format.make("parquet", { rowGroupSize: 5 }), rows)
          assert.deepStrictEqual<unknown>(yield* query(bytes, readParquet), rows.map(expected))
        })
      )
    })
  )

  it.effect("A reader of Parquet that skips row groups by their statistics finds all matching rows", () =>
    Effect.gen(function* () {
      const { query } = yield* DuckDb.DuckDb
      yield* Rows.forAll(
        Rows.adversarialRows,
        { runs: runs(60, 10), seed: `statistics ${seed}` },
        Effect.fnUntraced(function* (rows) {
          const { bytes } = yield* Rows.write(Format.make("parquet", { rowGroupSize: 3 }), rows)
          // Wrong statistics would hide rows.
          for (const row of rows.slice(0, 3)) {
            const [found] = yield* query(
              bytes,
              `SELECT count(*) AS rows FROM read_parquet($file)
             WHERE name = ${literal(row.name)} AND created_at = make_timestamptz(${Date.parse(row.created_at)} * 1000)`
            )
            const same = rows.filter(
              (other) =>
                Rows.inUtf8(other.name) === Rows.inUtf8(row.name) &&
                Date.parse(other.created_at) === Date.parse(row.created_at)
            )
            assert.deepStrictEqual<unknown>(found, { rows: same.length })
          }
        })
      )
    })
  )

  it.effect("Parquet names its writer and versions in the form that readers parse", () =>
    Effect.gen(function* () {
      const { query } = yield* DuckDb.DuckDb
      const { bytes } = yield* Rows.write(Format.make("parquet"), yield* Rows.emulated(3))
      const [file] = yield* query(bytes, "SELECT created_by FROM parquet_file_metadata($file)")
      const [, application, version, build = ""] = writerForm.exec(String(file?.["created_by"])) ?? []
      assert.deepStrictEqual([application, version], ["effect-workos", versionIn("../../package.json")])
      const library = `hyparquet-writer-${versionIn("../../node_modules/hyparquet-writer/package.json")}`
      assert.isTrue(build !== "" && library.startsWith(`${build}.`))
      const statistics = yield* query(
        bytes,
        "SELECT DISTINCT stats_min_value IS NOT NULL AS min FROM parquet_metadata($file) WHERE path_in_schema = 'name'"
      )
      assert.deepStrictEqual<unknown>(statistics, [{ min: true }])
    })
  )

  it.effect("Parquet has documented types, and its row groups are emitted one by one", () =>
    Effect.gen(function* () {
      const { query } = yield* DuckDb.DuckDb
      const rows = yield* Rows.emulated(500)
      const { bytes, chunks } = yield* Rows.write(Format.make("parquet", { rowGroupSize: 150 }), rows, 25)
      assert.strictEqual(chunks, 5)
      assert.deepStrictEqual<unknown>(yield* query(bytes, readParquet), rows.map(expected))
      assert.deepStrictEqual(
        (yield* query(bytes, "SELECT * FROM (DESCRIBE FROM read_parquet($file))")).map((column) => [
          column["column_name"],
          column["column_type"]
        ]),
        types
      )
      assert.deepStrictEqual(
        (yield* query(
          bytes,
          "SELECT name FROM parquet_schema($file) WHERE repetition_type = 'REQUIRED' AND name <> 'row' ORDER BY name"
        )).map(({ name }) => name),
        ["domains", "element", "id"]
      )
      assert.deepStrictEqual(
        (yield* query(bytes, groupsIn)).map((group) => group["row_group_num_rows"]),
        [150, 150, 150, 50]
      )
    })
  )

  it.effect("Parquet contains every row once at the boundaries of row groups", () =>
    Effect.gen(function* () {
      const { query } = yield* DuckDb.DuckDb
      const rows = yield* Rows.emulated(41)
      for (const count of [1, 9, 10, 11, 19, 20, 21, 40, 41]) {
        const some = rows.slice(0, count)
        const { bytes } = yield* Rows.write(Format.make("parquet", { rowGroupSize: 10 }), some)
        assert.deepStrictEqual<unknown>(yield* query(bytes, readParquet), some.map(expected))
        assert.strictEqual((yield* query(bytes, groupsIn)).length, Math.ceil(count / 10))
      }
    })
  )

  it.effect("A stream of Parquet can run twice, and fails if its rows fail", () =>
    Effect.gen(function* () {
      const bytes = Format.make("parquet").write(Exportable.connections.columns, Stream.make(yield* Rows.emulated(20)))
      assert.deepStrictEqual(yield* Stream.runCollect(bytes), yield* Stream.runCollect(bytes))
      const broken = Format.make("parquet").write(
        Exportable.connections.columns,
        Stream.concat(Stream.make([]), Stream.fail("the network is gone"))
      )
      assert.strictEqual(yield* Effect.flip(Stream.runCollect(broken)), "the network is gone")
    })
  )

  it.effect("Parquet without rows has typed columns", () =>
    Effect.gen(function* () {
      const { query } = yield* DuckDb.DuckDb
      const { bytes } = yield* Rows.write(Format.make("parquet"), [])
      assert.deepStrictEqual(yield* query(bytes, readParquet), [])
      assert.deepStrictEqual(
        (yield* query(bytes, "SELECT * FROM (DESCRIBE FROM read_parquet($file))")).map((column) => [
          column["column_name"],
          column["column_type"]
        ]),
        types
      )
    })
  )
})
