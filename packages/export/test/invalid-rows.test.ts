// Exports of lists with rows that do not have the documented shape.
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Store from "@effect-workos/emulator/Store"
import { InvalidRow } from "@effect-workos/client/ClientError"
import { runs, seed } from "@effect-workos/testing/Sample"
import * as Arbitrary from "effect/Arbitrary"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Export from "../src/Export.ts"
import * as Exportable from "../src/Exportable.ts"
import * as ExportFile from "../src/ExportFile.ts"
import * as Format from "../src/Format.ts"
import * as DuckDb from "./formats/DuckDb.ts"
import * as WorkOs from "./workos.ts"

type Row = Readonly<Record<string, unknown>> & { readonly id: string }

/** Ways in which a row can be malformed. Without an id, other rows are still exported once each. */
const corruptions = {
  name: (row) => ({ ...row, name: null }),
  domains: (row) => ({ ...row, domains: [{ ...row, domain: 42 }] }),
  time: (row) => ({ ...row, created_at: "2026-02-30T12:00:00.000Z" }),
  noTime: ({ created_at: _created, ...row }) => row,
  number: (row) => ({ ...row, created_at: 7, updated_at: [] }),
  noId: ({ id, ...row }) => ({ ...row, key: id }),
  bare: ({ id }) => ({ key: id })
} satisfies Readonly<Record<string, (row: Row) => object>>

const kinds = ["name", "domains", "time", "noTime", "number", "noId", "bare"] as const

const Case = Schema.Struct({
  // The kind for each row of the list, in turn.
  kinds: Schema.Array(Schema.NullOr(Schema.Literals(kinds))).check(Schema.isMinLength(1), Schema.isMaxLength(9)),
  pageSize: Schema.Int.check(Schema.isBetween({ minimum: 2, maximum: 20 })),
  concurrency: Schema.Literals([1, 2, 5]),
  stops: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 9 }))).check(Schema.isMaxLength(3))
})

const Range = Schema.Struct({
  timeless: Schema.Array(Schema.Boolean).check(Schema.isMinLength(1), Schema.isMaxLength(7)),
  start: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 500 })),
  pageSize: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 20 })),
  concurrency: Schema.Literals([1, 2, 5]),
  order: Schema.Literals(["asc", "desc"])
})

const count = 60

const surroundings = Layer.mergeAll(
  Store.layer({ connections: 0, organizations: count, seed: 5 }),
  WorkOs.layerOnce,
  NodeServices.layer
)

const encodedRows = Effect.map(
  Effect.provide(
    Stream.runCollect(Export.organizations()),
    WorkOs.layerClients(() => true)
  ),
  (pages) => pages.flat()
)

const corrupt = (row: Row, kind: (typeof kinds)[number] | null): object =>
  kind === null ? row : corruptions[kind](row)

describe("an export of a list with malformed rows", () => {
  it.live("An export writes malformed rows once as received, and counts them, also after network failures", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const known = (yield* encodedRows).toSorted((a, b) => (a.id < b.id ? -1 : 1))
      const check = Effect.fnUntraced(function* ({ concurrency, kinds, pageSize, stops }: typeof Case.Type) {
        const kindOf = new Map(
          known.map(({ id }, index): [string, (typeof kinds)[number]] => [id, kinds[index % kinds.length] ?? null])
        )
        const received = new Map(known.map((row) => [row.id, corrupt(row, kindOf.get(row.id) ?? null)]))
        const network = { left: Infinity }
        const clients = WorkOs.layerClients(
          () => network.left-- > 0,
          "unlimited",
          (text) => {
            const page: { data: ReadonlyArray<Row> } = JSON.parse(text)
            return JSON.stringify({ ...page, data: page.data.map((row) => received.get(row.id) ?? row) })
          }
        )
        const path = `${yield* fs.makeTempDirectoryScoped()}/organizations.ndjson`
        const options = {
          format: Format.make("ndjson"),
          fingerprint: { target: "https://workos.test/" },
          resume: true,
          pageSize,
          concurrency
        }
        const write = Effect.provide(ExportFile.write(Exportable.organizations, path, options), clients)
        let progress: ExportFile.Progress | undefined
        for (const stop of [...stops, Infinity]) {
          network.left = stop
          const result = yield* Effect.result(write)
          if (result._tag === "Success") {
            progress = result.success
            break
          }
        }
        const invalid = [...kindOf.values()].filter((kind) => kind !== null).length
        assert.include(progress, { rows: count, invalid })
        const lines = (yield* fs.readFileString(path)).trimEnd().split("\n")
        assert.sameMembers(
          lines,
          [...received.values()].map((row) => JSON.stringify(row))
        )

        network.left = Infinity
        const strict = yield* Effect.result(
          Effect.provide(
            ExportFile.write(Exportable.organizations, `${path}.strict`, { ...options, strict: true }),
            clients
          )
        )
        assert.strictEqual(strict._tag, invalid === 0 ? "Success" : "Failure")
        if (strict._tag === "Failure") assert.strictEqual(strict.failure._tag, "InvalidRow")
        return true
      }, Effect.scoped)
      const result = yield* Arbitrary.checkEffect(Arbitrary.schema(Case), check, {
        runs: runs(25, 4),
        seed: `malformed ${seed}`
      })
      assert.isUndefined(Arbitrary.formatCheckFailure(result))
    }).pipe(Effect.scoped, Effect.provide(surroundings))
  )

  it.live("An export of a time range emits every row once, also rows without a time", () =>
    Effect.gen(function* () {
      const all = (yield* Effect.provide(
        Stream.runCollect(Export.events({ order: "asc", concurrency: 1 })),
        WorkOs.layerClients(() => true)
      )).flat()
      const check = Effect.fnUntraced(function* ({ concurrency, order, pageSize, start, timeless }: typeof Range.Type) {
        const first = all[start % all.length]
        if (first === undefined) return false
        const rangeStart = DateTime.makeUnsafe(first.created_at ?? "")
        const isTimeless = (index: number) => timeless[index % timeless.length] === true
        const rewritten = new Map(
          all.map((row, index) => [row.id, isTimeless(index) ? { ...row, created_at: null } : row])
        )
        const clients = WorkOs.layerClients(
          () => true,
          "unlimited",
          (text) => {
            const page: { data: ReadonlyArray<Row> } = JSON.parse(text)
            return JSON.stringify({ ...page, data: page.data.map((row) => rewritten.get(row.id) ?? row) })
          }
        )
        const rows = (yield* Effect.provide(
          Stream.runCollect(
            Export.rows(Exportable.events, { rangeStart, pageSize, concurrency, order, invalidRows: "yield" })
          ),
          clients
        )).flat()
        const ids = rows.map((row) => (row instanceof InvalidRow ? (row.id ?? "") : row.id))
        assert.lengthOf(new Set(ids), ids.length)
        const missing = all.slice(all.indexOf(first)).filter(({ id }) => !ids.includes(id))
        assert.deepStrictEqual(missing, [])
        return true
      })
      const result = yield* Arbitrary.checkEffect(Arbitrary.schema(Range), check, {
        runs: runs(25, 4),
        seed: `range ${seed}`
      })
      assert.isUndefined(Arbitrary.formatCheckFailure(result))
    }).pipe(Effect.provide(Layer.merge(Store.layer({ connections: 0, organizations: 15, seed: 5 }), WorkOs.layerOnce)))
  )

  it.live("A strict export refuses to resume if malformed rows are stored", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const path = `${yield* fs.makeTempDirectoryScoped()}/organizations.ndjson`
      const network = { left: 3 }
      const clients = WorkOs.layerClients(
        () => network.left-- > 0,
        "unlimited",
        (text) => text.replaceAll('"name":"', '"label":"')
      )
      const options = {
        format: Format.make("ndjson"),
        fingerprint: { target: "https://workos.test/" },
        resume: true,
        pageSize: 10,
        concurrency: 1
      }
      const write = (strict: boolean) =>
        Effect.flip(Effect.provide(ExportFile.write(Exportable.organizations, path, { ...options, strict }), clients))
      assert.strictEqual((yield* write(false))._tag, "TransportError")
      network.left = Infinity
      const error = yield* write(true)
      assert.strictEqual(error._tag, "CheckpointError")
      assert.include(error.message, "30 rows that do not have the documented shape")
    }).pipe(Effect.scoped, Effect.provide(surroundings))
  )

  it.live("An export of malformed rows fills the readable columns of CSV and Parquet", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const [first, ...others] = yield* encodedRows
      assert.isDefined(first)
      const domains = [{ object: "organization_domain", id: 5, domain: 42, state: "pending" }, 7]
      const malformed = { ...first, name: 7, domains, external_id: ["x"], created_at: "2026-02-30T12:00:00.000Z" }
      const clients = WorkOs.layerClients(
        () => true,
        "unlimited",
        (text) => {
          const page: { data: ReadonlyArray<Row> } = JSON.parse(text)
          return JSON.stringify({ ...page, data: page.data.map((row) => (row.id === first.id ? malformed : row)) })
        }
      )
      const folder = yield* fs.makeTempDirectoryScoped()
      const write = (format: "csv" | "parquet") =>
        Effect.provide(
          ExportFile.write(Exportable.organizations, `${folder}/all.${format}`, {
            format: Format.make(format),
            fingerprint: { target: "https://workos.test/" },
            resume: false
          }),
          clients
        )
      assert.include(yield* write("csv"), { rows: others.length + 1, invalid: 1 })
      const line = (yield* fs.readFileString(`${folder}/all.csv`))
        .split("\r\n")
        .find((line) => line.startsWith(first.id))
      assert.match(line ?? "", new RegExp(`^${first.id},,,`))
      yield* write("parquet")
      const { query } = yield* DuckDb.DuckDb
      const rows = yield* query(yield* fs.readFile(`${folder}/all.parquet`), "SELECT * FROM read_parquet($file)")
      assert.lengthOf(rows, others.length + 1)
      const row = rows.find((row) => row["id"] === first.id)
      assert.deepInclude(row, { id: first.id, name: null, external_id: null, created_at: null })
      assert.deepStrictEqual<unknown>(row?.["domains"], [{ id: null, domain: null, state: "pending" }])
    }).pipe(Effect.scoped, Effect.provide(Layer.merge(surroundings, DuckDb.layer)))
  )
})
