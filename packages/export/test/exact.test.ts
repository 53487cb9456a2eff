// Numbers and keys of JSON that JavaScript cannot represent, in every format.
import { assert, layer } from "@effect/vitest"
import { Events } from "@effect-workos/client/Events"
import * as RetryPolicy from "@effect-workos/client/RetryPolicy"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import Papa from "papaparse"
import * as ExportFile from "../src/ExportFile.ts"
import * as Exportable from "../src/Exportable.ts"
import * as Format from "../src/Format.ts"
import * as DuckDb from "./formats/DuckDb.ts"
import * as WorkOs from "./workos.ts"

const data = [
  '{"n":12345678901234567890,"list":[-9007199254740993,1.10000000000000000001,1e400],"m":1.5}',
  '{"__proto__":{"__proto__":1,"n":[{"__proto__":null}]},"constructor":{"prototype":"a"},"toString":2}'
]
const ids = ["event_01EHZNVPK3SFK441A1RGBFSHRS", "event_01EHZNVPK3SFK441A1RGBFSHRT"]
const rows = data.map(
  (data, index) =>
    `{"object":"event","id":"${ids[index]}","event":"future.created","data":${data},"created_at":"2026-01-15T12:00:00.000Z","__proto__":1,"context":${data}}`
)

const ndjson = rows.map((row) => `${row}\n`).join("")

/** A server of two pages with a row each, of which the second is sent only once `isReachable`. */
const layerEvents = (network: { isReachable: boolean }) =>
  Layer.fresh(Events.layer).pipe(
    Layer.provide(WorkOs.layerConfig("unlimited")),
    Layer.provide(
      Layer.succeed(
        HttpClient.HttpClient,
        HttpClient.make((request, url) => {
          const after = url.searchParams.get("after")
          const page = after === null ? 0 : ids.indexOf(after) + 1
          const body = `{"object":"list","data":[${rows[page] ?? ""}],"list_metadata":{"before":null,"after":${
            page === 0 ? `"${ids[0]}"` : "null"
          }}}`
          const isRefused = page > 0 && !network.isReachable
          return Effect.succeed(
            HttpClientResponse.fromWeb(request, isRefused ? new Response("", { status: 503 }) : new Response(body))
          )
        })
      )
    )
  )

layer(DuckDb.layer)("An export", (it) => {
  const exported = Effect.fnUntraced(function* (name: Format.Name) {
    const fs = yield* FileSystem.FileSystem
    const path = `${yield* fs.makeTempDirectoryScoped()}/events`
    const network = { isReachable: false }
    const write = ExportFile.write(Exportable.events, path, {
      format: Format.make(name),
      fingerprint: {},
      resume: true,
      order: "asc",
      concurrency: 1
    }).pipe(Effect.provide(layerEvents(network)), Effect.provideService(RetryPolicy.RetryPolicy, RetryPolicy.none))
    const error = yield* Effect.flip(write)
    assert.strictEqual(error._tag, "ServerError")
    network.isReachable = true
    assert.deepInclude(yield* write, { rows: 2, resumed: 1 })
    return yield* fs.readFile(path)
  })

  it.effect("An export as NDJSON keeps all digits and keys, also if it is resumed", () =>
    Effect.gen(function* () {
      assert.strictEqual(new TextDecoder().decode(yield* exported("ndjson")), ndjson)
    })
  )

  it.effect("An export as CSV keeps all digits and keys in JSON columns, also if it is resumed", () =>
    Effect.gen(function* () {
      const text = new TextDecoder().decode(yield* exported("csv"))
      const parsed = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data
      assert.deepStrictEqual(
        parsed.map(({ context, data }) => [data, context]),
        data.map((data) => [data, data])
      )
    })
  )

  it.effect("An export as Parquet keeps all digits and keys in JSON columns, also if it is resumed", () =>
    Effect.gen(function* () {
      const { query } = yield* DuckDb.DuckDb
      const found = yield* query(yield* exported("parquet"), "SELECT data, context FROM read_parquet($file)")
      assert.deepStrictEqual<unknown>(
        found,
        data.map((data) => ({ data, context: data }))
      )
    })
  )
})
