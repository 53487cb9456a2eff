// Exports of lists with rows that do not have the documented shape.
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Store from "@effect-workos/emulator/Store"
import * as Arbitrary from "effect/Arbitrary"
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
  noId: ({ id, ...row }) => ({ ...row, key: id })
} satisfies Readonly<Record<string, (row: Row) => object>>

const kinds = ["name", "domains", "time", "noTime", "number", "noId"] as const

const Case = Schema.Struct({
  // The kind for each row of the list, in turn.
  kinds: Schema.Array(Schema.NullOr(Schema.Literals(kinds))).check(Schema.isMinLength(1), Schema.isMaxLength(9)),
  pageSize: Schema.Int.check(Schema.isBetween({ minimum: 2, maximum: 20 })),
  concurrency: Schema.Literals([1, 2, 5]),
  stops: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 9 }))).check(Schema.isMaxLength(3))
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
  it.live("writes every row once as received and counts them, however often the network fails", () =>
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
          undefined,
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
      const result = yield* Arbitrary.checkEffect(Arbitrary.schema(Case), check, { runs: 25, seed: "malformed" })
      assert.isUndefined(Arbitrary.formatCheckFailure(result))
    }).pipe(Effect.scoped, Effect.provide(surroundings))
  )

  it.live("fills the columns of CSV and Parquet that it can read", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const [first, ...others] = yield* encodedRows
      assert.isDefined(first)
      const domains = [{ object: "organization_domain", id: 5, domain: 42, state: "pending" }, 7]
      const malformed = { ...first, name: 7, domains, external_id: ["x"], created_at: "2026-02-30T12:00:00.000Z" }
      const clients = WorkOs.layerClients(
        () => true,
        undefined,
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
