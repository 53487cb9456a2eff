// Effects of faults on a fetch without a socket.
import { assert, describe, it } from "@effect/vitest"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import { TestClock } from "effect/testing"
import * as Emulator from "../src/Emulator.ts"
import type { Fault } from "../src/Fault.ts"
import { base, LayerStore, start, textOf } from "./faults-fetch.ts"

const rejection = Effect.fnUntraced(function* (request: Effect.Effect<unknown, Cause.UnknownError>) {
  const { cause: error } = yield* Effect.flip(request)
  assert.instanceOf(error, TypeError)
  assert.isTrue(error.cause instanceof Error && "code" in error.cause && error.cause.code === "ECONNRESET")
  return error.message
})

describe("a fault without a socket", () => {
  it.effect.each<{ readonly name: string; readonly fault: Fault }>([
    { name: "A reset at the request", fault: { kind: "reset", at: "request" } },
    { name: "A reset at the response", fault: { kind: "reset", at: "response" } },
    { name: "An outage", fault: { kind: "outage", seconds: 1 } }
  ])("$name without a socket fails fetch with the error of Node's fetch", ({ fault }) =>
    Effect.gen(function* () {
      const { send } = yield* start([{ ...fault, times: 1 }])
      assert.strictEqual(yield* rejection(send("/connections")), "fetch failed")
      assert.strictEqual((yield* send("/connections")).status, 200)
    }).pipe(Effect.provide(LayerStore))
  )

  it.effect("A reset at the body without a socket fails the body", () =>
    Effect.gen(function* () {
      const { send } = yield* start([{ kind: "reset", at: "body", times: 1 }])
      const response = yield* send("/connections")
      assert.strictEqual(response.status, 200)
      assert.strictEqual(yield* rejection(textOf(response)), "terminated")
      assert.include(yield* textOf(yield* send("/connections")), "list_metadata")
    }).pipe(Effect.provide(LayerStore))
  )

  it.effect("The fault stale without a socket fails every second matching request", () =>
    Effect.gen(function* () {
      const { send } = yield* start([{ kind: "stale", path: "/connections" }])
      for (let i = 0; i < 3; i++) {
        assert.strictEqual((yield* send("/connections")).status, 200)
        assert.strictEqual((yield* send("/elsewhere")).status, 404)
        yield* rejection(send("/connections"))
      }
    }).pipe(Effect.provide(LayerStore))
  )

  it.effect("An outage without a socket ends by the clock", () =>
    Effect.gen(function* () {
      const { send } = yield* start([{ kind: "outage", seconds: 5, as: "503" }])
      assert.strictEqual((yield* send("/connections")).status, 503)
      yield* TestClock.adjust("4999 millis")
      assert.strictEqual((yield* send("/connections")).status, 503)
      yield* TestClock.adjust("1 millis")
      assert.strictEqual((yield* send("/connections")).status, 200)
    }).pipe(Effect.provide(LayerStore))
  )

  it.effect("Latency, jitter and trickle without a socket use the clock", () =>
    Effect.gen(function* () {
      const { send } = yield* start([
        { kind: "latency", millis: 1000, jitter: 500, times: 1 },
        { kind: "trickle", millis: 1000, times: 1 }
      ])
      const pending = yield* Effect.forkChild(Effect.flatMap(send("/nowhere"), textOf))
      yield* TestClock.adjust("999 millis")
      assert.isUndefined(pending.pollUnsafe())
      yield* TestClock.adjust("501 millis")
      // {"message":"Not Found"}: six pieces, and five pauses.
      for (let i = 0; i < 5; i++) {
        assert.isUndefined(pending.pollUnsafe())
        yield* Effect.promise(() => new Promise(setImmediate))
        yield* TestClock.adjust("1 second")
      }
      assert.strictEqual(yield* Fiber.join(pending), JSON.stringify({ message: "Not Found" }))
    }).pipe(Effect.provide(LayerStore))
  )

  it.effect(
    "The fault stall without a socket never responds, and an aborted request rejects with the reason of the abort",
    () =>
      Effect.gen(function* () {
        const { fetch } = yield* start([{ kind: "stall", times: 1 }])
        const going = new AbortController()
        const pending = fetch(`${base}/connections`, { signal: going.signal }).catch((error: unknown) => error)
        const reason = new Error("enough")
        going.abort(reason)
        assert.strictEqual(yield* Effect.promise(() => pending), reason)
      }).pipe(Effect.provide(LayerStore))
  )

  it.effect("An HttpClient without a socket fails with a transport error under its initial faults", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(HttpClient.get(`${base}/connections`))
      assert.strictEqual(error.reason._tag, "TransportError")
      assert.strictEqual((yield* HttpClient.get(`${base}/connections`)).status, 418)
    }).pipe(
      Effect.provide(
        Emulator.layerHttpClient({
          faults: [
            { kind: "reset", at: "request", times: 1 },
            { kind: "status", status: 418 }
          ]
        }).pipe(Layer.provide(LayerStore))
      )
    )
  )

  it.effect("The fault endless without a socket can be read without end", () =>
    Effect.gen(function* () {
      const { send } = yield* start([{ kind: "endless" }])
      const reader = (yield* send("/connections")).body?.getReader()
      assert.isDefined(reader)
      let length = 0
      while (length < 1_000_000) length += (yield* Effect.promise(() => reader.read())).value?.length ?? 0
      yield* Effect.promise(() => reader.cancel())
    }).pipe(Effect.provide(LayerStore))
  )
})
