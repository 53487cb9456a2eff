// The size limit of responses.
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import type { ServerResponse } from "node:http"
import { gzipSync } from "node:zlib"
import * as RetryPolicy from "../../src/RetryPolicy.ts"
import { platforms } from "../platforms.ts"
import { page } from "../samples.ts"
import { withClient, serve } from "./servers.ts"

const limit = 200_000
const megabyte = 1024 * 1024

/** A kilobyte that expands to a megabyte. A sequence of such kilobytes is a compressed body too. */
const bomb = gzipSync(Buffer.alloc(megabyte, " "))

/** Writes a chunk repeatedly until the connection is closed. */
const pour = (response: ServerResponse, chunk: Buffer, poured: (bytes: number) => void): void => {
  let total = 0
  const more = () => {
    while (!response.destroyed) {
      poured((total += chunk.length))
      if (!response.write(chunk)) return void response.once("drain", more)
    }
  }
  more()
}

const used = () => {
  const { arrayBuffers, external, heapUsed } = process.memoryUsage()
  return heapUsed + Math.max(arrayBuffers, external)
}

/** The result of an effect and the maximum growth of the memory of this process. */
const growth = <A, E>(doing: Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    const start = used()
    let most = 0
    const watching = setInterval(() => (most = Math.max(most, used() - start)), 2)
    const result = yield* Effect.ensuring(
      doing,
      Effect.sync(() => clearInterval(watching))
    )
    return { result, most: Math.max(most, used() - start) }
  })

const bodies: ReadonlyArray<readonly [name: string, headers: Record<string, string>, chunk: Buffer]> = [
  ["with a Content-Length", { "content-length": "1000000000000" }, Buffer.alloc(65536, " ")],
  ["of endless large chunks", {}, Buffer.alloc(65536, " ")],
  ["of endless small chunks", {}, Buffer.alloc(1000, " ")]
]

const tooLarge = Effect.fnUntraced(function* (
  layerPlatform: (typeof platforms)[number]["layer"],
  status: number,
  headers: Record<string, string>,
  chunk: Buffer
) {
  const closed = yield* Deferred.make<void>()
  let sent = 0
  const baseUrl = yield* serve((_, response) => {
    response.on("close", () => Deferred.doneUnsafe(closed, Effect.void))
    response.writeHead(status, headers)
    pour(response, chunk, (bytes) => (sent = bytes))
  })
  const { most, result: error } = yield* growth(
    Effect.flip(
      withClient(
        { baseUrl, maxResponseBytes: limit },
        layerPlatform,
        ({ connections }) => connections.list(),
        RetryPolicy.none
      )
    )
  )
  assert.strictEqual(error._tag, "InvalidResponse")
  assert.deepStrictEqual("reason" in error && error.reason, { _tag: "TooLarge", limit })
  yield* Deferred.await(closed)
  assert.isBelow(most / megabyte, 100)
  return sent
})

describe.each(platforms)("over $name", ({ layer: layerPlatform, name: platform }) => {
  it.live.each(bodies)(
    `A body %s fails as TooLarge over ${platform}, and its connection is closed`,
    ([, headers, chunk]) =>
      Effect.gen(function* () {
        for (const status of [200, 422, 500]) {
          // Only the buffers of sockets are filled.
          assert.isBelow(yield* tooLarge(layerPlatform, status, headers, chunk), 40 * megabyte)
        }
      })
  )

  it.live(`A body whose length exceeds the limit fails as TooLarge over ${platform} before it is received`, () =>
    Effect.gen(function* () {
      const closed = yield* Deferred.make<void>()
      const baseUrl = yield* serve((_, response) => {
        response.on("close", () => Deferred.doneUnsafe(closed, Effect.void))
        response.writeHead(200, { "content-length": "1000000000000" }).flushHeaders()
      })
      const error = yield* Effect.flip(
        withClient({ baseUrl }, layerPlatform, ({ connections }) => connections.list(), RetryPolicy.none)
      )
      assert.strictEqual("reason" in error && error.reason._tag, "TooLarge")
      yield* Deferred.await(closed)
    })
  )

  it.live(`A body of exactly the limit is read over ${platform}, and one with one more byte is not`, () =>
    Effect.gen(function* () {
      const text = JSON.stringify(page)
      for (const isLong of [false, true]) {
        for (const headers of [{}, { "content-length": String(text.length + (isLong ? 1 : 0)) }]) {
          const baseUrl = yield* serve((_, response) => {
            response.writeHead(200, headers).write(text)
            response.end(isLong ? " " : "")
          })
          const result = yield* Effect.result(
            withClient({ baseUrl, maxResponseBytes: text.length }, layerPlatform, ({ connections }) =>
              connections.list()
            )
          )
          assert.strictEqual(result._tag, isLong ? "Failure" : "Success")
        }
      }
    })
  )
})

describe("a compressed body", () => {
  it.live("A compressed body that expands to gigabytes fails as TooLarge without using memory", () =>
    Effect.gen(function* () {
      const headers = { "content-encoding": "gzip", "content-type": "application/json" }
      for (const status of [200, 500]) {
        assert.isBelow(yield* tooLarge(FetchHttpClient.layer, status, headers, bomb), 10 * megabyte)
      }
    })
  )

  it.live("A body that is compressed twice fails as TooLarge, for any Content-Length", () =>
    Effect.gen(function* () {
      const twice = gzipSync(Buffer.concat(Array.from({ length: 128 }, () => bomb)))
      assert.isBelow(twice.length, 10_000)
      const headers = { "content-encoding": "gzip, gzip", "content-length": String(twice.length) }
      const baseUrl = yield* serve((_, response) => response.writeHead(200, headers).end(twice))
      const { most, result: error } = yield* growth(
        Effect.flip(
          withClient(
            { baseUrl, maxResponseBytes: limit },
            FetchHttpClient.layer,
            ({ connections }) => connections.list(),
            RetryPolicy.none
          )
        )
      )
      assert.deepStrictEqual("reason" in error && error.reason, { _tag: "TooLarge", limit })
      assert.isBelow(most / megabyte, 100)
    })
  )

  it.live("A compressed body within the limit is read", () =>
    Effect.gen(function* () {
      const body = gzipSync(JSON.stringify(page))
      const baseUrl = yield* serve((_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(body))
      const { data } = yield* withClient({ baseUrl }, FetchHttpClient.layer, ({ connections }) => connections.list())
      assert.lengthOf(data, 1)
    })
  )
})

describe("an error", () => {
  it.live("An error beyond the size of documented errors is not redacted text by text", () =>
    Effect.gen(function* () {
      for (const [length, tag] of [
        [100_000, "UnprocessableEntity"],
        [2_000_000, "InvalidResponse"]
      ] as const) {
        const body = JSON.stringify({ message: "No.", errors: [" ".repeat(length)] })
        const baseUrl = yield* serve((_, response) => response.writeHead(422).end(body))
        const error = yield* Effect.flip(
          withClient({ baseUrl }, FetchHttpClient.layer, ({ connections }) => connections.list())
        )
        assert.strictEqual(error._tag, tag)
      }
    })
  )
})
