// The memory of errors, which programs may keep in collections.
import { assert, describe, it } from "@effect/vitest"
import { isExhaustive } from "@effect-workos/testing/Sample"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import * as Layer from "effect/Layer"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import * as RetryPolicy from "../../src/RetryPolicy.ts"
import { withClient, serve } from "./servers.ts"

setFlagsFromString("--expose-gc")
const collect: unknown = runInNewContext("gc")

/** The bytes in use after a garbage collection. */
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

const responses: ReadonlyArray<readonly [name: string, status: number, body: string]> = [
  ["a failing server", 500, large],
  ["an error that is longer than documented ones", 422, JSON.stringify({ message: "No.", errors: ["a"], more: large })],
  ["JSON of another shape", 200, JSON.stringify({ more: large })],
  ["a truncated body", 200, `{"more":"${large}`],
  ["an undocumented error", 418, large]
]

// Garbage collections are slow in a process with many tests, so short runs measure all responses together.
const groups = isExhaustive
  ? responses.map((response) => ({ name: response[0], group: [response] }))
  : [{ name: "any response", group: responses }]

describe("errors with large responses", () => {
  it.live.each(groups)("An error for $name does not keep the response in memory", ({ group }) =>
    Effect.gen(function* () {
      let current = { status: 0, body: "" }
      const baseUrl = yield* serve((_, response) => response.writeHead(current.status).end(current.body))
      const failing = Effect.flip(
        withClient({ baseUrl }, FetchHttpClient.layer, ({ connections }) => connections.list(), RetryPolicy.none)
      )
      const failEach = (times: number) =>
        Effect.forEach(group, ([, status, body]) => {
          current = { status, body }
          return Effect.replicateEffect(failing, times)
        })
      yield* failEach(1)
      const before = yield* used
      const errors = yield* failEach(3)
      assert.isBelow((yield* used) - before, 2 * size)
      assert.lengthOf(errors.flat(), 3 * group.length)
    })
  )
})

describe("errors of the platform", () => {
  it.live("An error of the platform that is its own cause is reported like others", () =>
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
