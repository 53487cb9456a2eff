// Errors are kept, by whoever collects them; the answers that they tell of are not.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import * as Layer from "effect/Layer"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import * as Excerpt from "../../src/internal/Excerpt.ts"
import * as RetryPolicy from "../../src/RetryPolicy.ts"
import { withClient, serve } from "./servers.ts"

setFlagsFromString("--expose-gc")
const collect: unknown = runInNewContext("gc")

/** What is in use when everything is gone that nobody holds, and all that was under way is over. */
const used = Effect.gen(function* () {
  for (let times = 0; times < 2; times++) {
    yield* Effect.sleep(20)
    if (typeof collect === "function") collect()
  }
  const { external, heapUsed } = process.memoryUsage()
  return heapUsed + external
})

const size = 4_000_000
const large = "x".repeat(size)

describe("the memory that is kept of a large response", () => {
  it.live.each([
    ["a ServerError", 500, large],
    [
      "an error beyond the size of documented ones",
      422,
      JSON.stringify({ message: "No.", errors: ["a"], more: large })
    ],
    ["JSON of another shape", 200, JSON.stringify({ more: large })],
    ["a truncated body", 200, `{"more":"${large}`],
    ["an undocumented error", 418, large]
  ] as const)("by %s is that of its text only", ([, status, body]) =>
    Effect.gen(function* () {
      const baseUrl = yield* serve((_, response) => response.writeHead(status).end(body))
      const failing = Effect.flip(
        withClient({ baseUrl }, FetchHttpClient.layer, ({ connections }) => connections.list(), RetryPolicy.none)
      )
      yield* failing
      const before = yield* used
      const errors = yield* Effect.replicateEffect(failing, 5)
      assert.isBelow((yield* used) - before, 2 * size)
      assert.lengthOf(errors, 5)
    })
  )

  it.live("by an excerpt is that of its text only", () =>
    Effect.gen(function* () {
      const before = yield* used
      const excerpts = Array.from({ length: 5 }, (_, index) =>
        Excerpt.of(new TextDecoder().decode(new Uint8Array(size).fill(97 + index)), [])
      )
      assert.isBelow((yield* used) - before, 2 * size)
      assert.lengthOf(excerpts, 5)
    })
  )
})

describe("an error of the platform", () => {
  it.live("that is its own cause is reported like others", () =>
    Effect.gen(function* () {
      const cause = new Error("round and round")
      cause.cause = cause
      const layerBroken = Layer.succeed(
        HttpClient.HttpClient,
        HttpClient.make((request) =>
          Effect.fail(
            new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request, cause }) })
          )
        )
      )
      const error = yield* Effect.flip(
        withClient({ baseUrl: new URL("https://workos.test") }, layerBroken, ({ connections }) => connections.list())
      )
      assert.strictEqual(error._tag, "TransportError")
      assert.include(error.message, "(round and round)")
    })
  )
})
