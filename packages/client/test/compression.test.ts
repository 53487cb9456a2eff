// Compressed responses, which servers and proxies also send if the request does not accept them.
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { ServerResponse } from "node:http"
import * as zlib from "node:zlib"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import { platforms } from "./platforms.ts"
import { connection, id, page } from "./samples.ts"
import { serve, withClient } from "./security/servers.ts"

// The default quality takes a tenth of a second.
const brotli = (data: string | Buffer) =>
  zlib.brotliCompressSync(data, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } })

const encodings: ReadonlyArray<readonly [name: string, compress: (text: string) => Buffer]> = [
  ["gzip", (text) => zlib.gzipSync(text)],
  ["br", brotli],
  ["deflate", (text) => zlib.deflateSync(text)],
  ["zstd", (text) => zlib.zstdCompressSync(text)],
  ["gzip, br", (text) => brotli(zlib.gzipSync(text))]
]

const send = (response: ServerResponse, status: number, encoding: string, body: Buffer, isWhole = true) => {
  response.writeHead(status, {
    "content-type": "application/json",
    "content-encoding": encoding,
    "x-request-id": "req_1",
    ...(isWhole ? { "content-length": body.length } : {})
  })
  response.end(body)
}

const quick: RetryPolicy.Policy = { ...RetryPolicy.standard, baseDelay: 1 }

const all = [...platforms, { name: "node:http", layer: NodeHttpClient.layerNodeHttp }]

describe.each(all)("over $name", ({ layer, name }) => {
  it.live.each(encodings)(
    `A client over ${name} decodes a response in %s that was not requested`,
    ([encoding, compress]) =>
      Effect.gen(function* () {
        const bodies = [JSON.stringify(page), JSON.stringify({ ...page, data: Array(500).fill(connection) })]
        for (const text of bodies) {
          for (const isWhole of [true, false]) {
            const baseUrl = yield* serve((_, response) => send(response, 200, encoding, compress(text), isWhole))
            const { data } = yield* withClient({ baseUrl }, layer, ({ connections }) => connections.list(), quick)
            assert.strictEqual(data[0]?.name, "Foo Corp")
          }
        }
      })
  )

  it.live.each(encodings)(
    `A client over ${name} decodes a 404 in %s to NotFound, and a 422 with its message`,
    ([encoding, compress]) =>
      Effect.gen(function* () {
        const baseUrl = yield* serve(({ method }, response) =>
          send(response, method === "GET" ? 404 : 422, encoding, compress(JSON.stringify({ message: "No." })))
        )
        const error = yield* Effect.flip(
          withClient({ baseUrl }, layer, ({ connections }) => connections.get(id), quick)
        )
        assert.deepInclude(error, { _tag: "NotFound", message: "No.", requestId: "req_1" })
        const refused = yield* Effect.flip(
          withClient({ baseUrl }, layer, ({ organizations }) => organizations.create({ name: "Acme" }), quick)
        )
        assert.deepInclude(refused, { _tag: "UnprocessableEntity", message: "No." })
      })
  )

  it.live.each(encodings)(
    `A client over ${name} retries a body in %s that ends early, and reports it as truncated`,
    ([encoding, compress]) =>
      Effect.gen(function* () {
        const body = compress(JSON.stringify({ ...page, data: Array(50).fill(connection) }))
        let served = 0
        const baseUrl = yield* serve(({ url }, response) => {
          served++
          const isCut = url?.includes("after") === true || served === 1
          send(response, 200, encoding, isCut ? body.subarray(0, body.length >> 1) : body)
        })
        const { data } = yield* withClient({ baseUrl }, layer, ({ connections }) => connections.list(), quick)
        assert.lengthOf(data, 50)
        assert.strictEqual(served, 2)
        const error = yield* Effect.flip(
          withClient({ baseUrl }, layer, ({ connections }) => connections.list({ after: id }), quick)
        )
        assert.deepInclude(error, { _tag: "InvalidResponse", attempts: 5, reason: { _tag: "Truncated" } })
      })
  )

  it.live.each(encodings)(
    `A client over ${name} applies the size limit to the decoded body in %s`,
    ([encoding, compress]) =>
      Effect.gen(function* () {
        const body = compress(" ".repeat(1_000_000))
        const baseUrl = yield* serve((_, response) => send(response, 200, encoding, body))
        const error = yield* Effect.flip(
          withClient({ baseUrl, maxResponseBytes: 500_000 }, layer, ({ connections }) => connections.list(), quick)
        )
        assert.deepInclude(error, {
          _tag: "InvalidResponse",
          attempts: 1,
          reason: { _tag: "TooLarge", limit: 500_000 }
        })
      })
  )

  it.live(`A client over ${name} fails with an InvalidResponse that names an unknown encoding, without retries`, () =>
    Effect.gen(function* () {
      const body = zlib.gzipSync(JSON.stringify({ message: "No." }))
      for (const status of [200, 404, 418, 422]) {
        const baseUrl = yield* serve((_, response) => send(response, status, "compress", body))
        const error = yield* Effect.flip(
          withClient({ baseUrl }, layer, ({ connections }) => connections.get(id), quick)
        )
        assert.deepInclude(error, { _tag: "InvalidResponse", attempts: 1, reason: { _tag: "UnsupportedEncoding" } })
        assert.include(
          error.message,
          `returned ${status} with the content encoding compress, which this platform can't decode`
        )
      }
    })
  )

  it.live(`A client over ${name} fails for a deletion whose response has an unknown encoding`, () =>
    Effect.gen(function* () {
      for (const status of [200, 418, 422]) {
        const baseUrl = yield* serve((_, response) => send(response, status, "compress", zlib.gzipSync("<html>")))
        const error = yield* Effect.flip(
          withClient({ baseUrl }, layer, ({ connections }) => connections.delete(id), quick)
        )
        assert.deepInclude(error, { _tag: "InvalidResponse", attempts: 1, reason: { _tag: "UnsupportedEncoding" } })
        assert.include(
          error.message,
          `returned ${status} with the content encoding compress, which this platform can't decode`
        )
      }
    })
  )

  it.live(`A client over ${name} reads names with control characters of Unicode in a compressed response`, () =>
    Effect.gen(function* () {
      const text = JSON.stringify({ ...connection, name: "L\u0092Oreal\u007f" })
      const baseUrl = yield* serve((_, response) => send(response, 200, "gzip,", zlib.gzipSync(text)))
      const { name } = yield* withClient({ baseUrl }, layer, ({ connections }) => connections.get(id), quick)
      assert.strictEqual(name, "L\u0092Oreal\u007f")
    })
  )

  it.live(`A client over ${name} retries a 503 in an unknown encoding, and fails with ServerError`, () =>
    Effect.gen(function* () {
      const baseUrl = yield* serve((_, response) => send(response, 503, "compress", zlib.gzipSync("{}")))
      const error = yield* Effect.flip(withClient({ baseUrl }, layer, ({ connections }) => connections.get(id), quick))
      assert.deepInclude(error, { _tag: "ServerError", status: 503, attempts: 5 })
    })
  )

  it.live(`A client over ${name} accepts an empty body with a Content-Encoding for a deletion`, () =>
    Effect.gen(function* () {
      const baseUrl = yield* serve((_, response) =>
        name === "fetch"
          ? response.writeHead(204).end()
          : response.writeHead(200, { "content-encoding": "gzip", "content-length": 0 }).end()
      )
      yield* withClient({ baseUrl }, layer, ({ connections }) => connections.delete(id), quick)
    })
  )

  it.live(`A client over ${name} reads plain JSON with a Content-Encoding`, () =>
    Effect.gen(function* () {
      const baseUrl = yield* serve((_, response) => send(response, 200, "utf-8", Buffer.from(JSON.stringify(page))))
      const { data } = yield* withClient({ baseUrl }, layer, ({ connections }) => connections.list(), quick)
      assert.lengthOf(data, 1)
    })
  )
})
