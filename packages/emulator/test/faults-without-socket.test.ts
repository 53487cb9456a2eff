// Faults without a socket, matching of faults with requests, and the admin API for faults.
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { TestClock } from "effect/testing"
import * as Emulator from "../src/Emulator.ts"
import type { Fault } from "../src/Fault.ts"
import * as Faults from "../src/Faults.ts"
import { FaultsApi } from "../src/internal/FaultsApi.ts"
import * as Store from "../src/Store.ts"
import { authorization } from "./emulator-server.ts"

const LayerStore = Store.layer({ connections: 60, organizations: 5, seed: 3 })

const base = "http://workos.test"

const start = Effect.fnUntraced(function* (initial: ReadonlyArray<Fault> = []) {
  const faults = yield* Faults.make(initial)
  const fetch = yield* Emulator.fetch({ faults })
  const ask = (path: string, init: RequestInit = {}) =>
    Effect.tryPromise((signal) => fetch(`${base}${path}`, { signal, headers: { authorization }, ...init }))
  return { faults, fetch, ask }
})

const rejection = Effect.fnUntraced(function* (asked: Effect.Effect<unknown, Cause.UnknownError>) {
  const { cause: error } = yield* Effect.flip(asked)
  assert.instanceOf(error, TypeError)
  assert.isTrue(error.cause instanceof Error && "code" in error.cause && error.cause.code === "ECONNRESET")
  return error.message
})

const textOf = (response: Response) => Effect.tryPromise(() => response.text())

describe("a fault without a socket", () => {
  it.effect.each<{ readonly name: string; readonly fault: Fault }>([
    { name: "A reset at the request", fault: { kind: "reset", at: "request" } },
    { name: "A reset at the response", fault: { kind: "reset", at: "response" } },
    { name: "An outage", fault: { kind: "outage", seconds: 1 } }
  ])("$name without a socket fails fetch with the error of Node's fetch", ({ fault }) =>
    Effect.gen(function* () {
      const { ask } = yield* start([{ ...fault, times: 1 }])
      assert.strictEqual(yield* rejection(ask("/connections")), "fetch failed")
      assert.strictEqual((yield* ask("/connections")).status, 200)
    }).pipe(Effect.provide(LayerStore))
  )

  it.effect("A reset at the body without a socket fails the body", () =>
    Effect.gen(function* () {
      const { ask } = yield* start([{ kind: "reset", at: "body", times: 1 }])
      const response = yield* ask("/connections")
      assert.strictEqual(response.status, 200)
      assert.strictEqual(yield* rejection(textOf(response)), "terminated")
      assert.include(yield* textOf(yield* ask("/connections")), "list_metadata")
    }).pipe(Effect.provide(LayerStore))
  )

  it.effect("The fault stale without a socket fails every second matching request", () =>
    Effect.gen(function* () {
      const { ask } = yield* start([{ kind: "stale", path: "/connections" }])
      for (let i = 0; i < 3; i++) {
        assert.strictEqual((yield* ask("/connections")).status, 200)
        assert.strictEqual((yield* ask("/elsewhere")).status, 404)
        yield* rejection(ask("/connections"))
      }
    }).pipe(Effect.provide(LayerStore))
  )

  it.effect("An outage without a socket ends by the clock", () =>
    Effect.gen(function* () {
      const { ask } = yield* start([{ kind: "outage", seconds: 5, as: "503" }])
      assert.strictEqual((yield* ask("/connections")).status, 503)
      yield* TestClock.adjust("4999 millis")
      assert.strictEqual((yield* ask("/connections")).status, 503)
      yield* TestClock.adjust("1 millis")
      assert.strictEqual((yield* ask("/connections")).status, 200)
    }).pipe(Effect.provide(LayerStore))
  )

  it.effect("Latency, jitter and trickle without a socket use the clock", () =>
    Effect.gen(function* () {
      const { ask } = yield* start([
        { kind: "latency", millis: 1000, jitter: 500, times: 1 },
        { kind: "trickle", millis: 1000, times: 1 }
      ])
      const asked = yield* Effect.forkChild(Effect.flatMap(ask("/nowhere"), textOf))
      yield* TestClock.adjust("999 millis")
      assert.isUndefined(asked.pollUnsafe())
      yield* TestClock.adjust("501 millis")
      // {"message":"Not Found"}: six pieces, and five pauses.
      for (let i = 0; i < 5; i++) {
        assert.isUndefined(asked.pollUnsafe())
        yield* Effect.promise(() => new Promise(setImmediate))
        yield* TestClock.adjust("1 second")
      }
      assert.strictEqual(yield* Fiber.join(asked), JSON.stringify({ message: "Not Found" }))
    }).pipe(Effect.provide(LayerStore))
  )

  it.effect(
    "The fault stall without a socket never responds, and an aborted request rejects with the reason of the abort",
    () =>
      Effect.gen(function* () {
        const { fetch } = yield* start([{ kind: "stall", times: 1 }])
        const going = new AbortController()
        const asked = fetch(`${base}/connections`, { signal: going.signal }).catch((error: unknown) => error)
        const reason = new Error("enough")
        going.abort(reason)
        assert.strictEqual(yield* Effect.promise(() => asked), reason)
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
      const { ask } = yield* start([{ kind: "endless" }])
      const reader = (yield* ask("/connections")).body?.getReader()
      assert.isDefined(reader)
      let length = 0
      while (length < 1_000_000) length += (yield* Effect.promise(() => reader.read())).value?.length ?? 0
      yield* Effect.promise(() => reader.cancel())
    }).pipe(Effect.provide(LayerStore))
  )
})

// -----------------------------------------------------------------------------
// Matching of faults with requests
// -----------------------------------------------------------------------------

const methods = Schema.Literals(["GET", "POST", "DELETE"])
const small = Schema.Literals([0, 1, 2, 3])

const Where = Schema.Struct({
  method: Schema.optionalKey(methods),
  path: Schema.optionalKey(
    Schema.Literals(["/a", "/a/:id", "/:any/b", "/a/*", "/a*", "/*", "/a/b?x", "/a.b", "/:a/:b"])
  ),
  skip: Schema.optionalKey(small),
  times: Schema.optionalKey(small),
  isLatency: Schema.Boolean
})

const Case = Schema.Struct({
  faults: Schema.Array(Where).check(Schema.isMaxLength(5)),
  requests: Schema.Array(
    Schema.Struct({ method: methods, path: Schema.Literals(["/a", "/a/b", "/b/b", "/a/b/c", "/ab", "/a.b", "/axb"]) })
  ).check(Schema.isMaxLength(12))
})

const fits: Readonly<Record<string, ReadonlyArray<string>>> = {
  "/a": ["/a"],
  "/a/:id": ["/a/b"],
  "/:any/b": ["/a/b", "/b/b"],
  "/a/*": ["/a/b", "/a/b/c"],
  "/a*": ["/a", "/a/b", "/a/b/c", "/ab", "/a.b", "/axb"],
  "/*": ["/a", "/a/b", "/b/b", "/a/b/c", "/ab", "/a.b", "/axb"],
  "/a.b": ["/a.b"],
  "/:a/:b": ["/a/b", "/b/b"]
}

// A simple model of matching: the indexes of the faults of each request.
const expected = ({ faults, requests }: typeof Case.Type) => {
  const matched = faults.map(() => 0)
  return requests.map((request) => {
    const met: Array<number> = []
    for (const [index, { isLatency, method, path, skip = 0, times = Infinity }] of faults.entries()) {
      if (method !== undefined && method !== request.method) continue
      if (path !== undefined && fits[path]?.includes(request.path) !== true) continue
      const place = matched[index]!
      if (place >= skip + times) continue
      matched[index] = place + 1
      if (place < skip) continue
      met.push(index)
      if (!isLatency) break
    }
    return met
  })
}

describe("Faults", () => {
  it.effect("Faults match the documented requests: the first in order, and every latency before it", () =>
    Effect.gen(function* () {
      const check = Effect.fnUntraced(function* (one: typeof Case.Type) {
        const faults = yield* Faults.make(
          one.faults.map(({ isLatency, ...where }, index): Fault =>
            isLatency ? { ...where, kind: "latency", millis: index } : { ...where, kind: "trickle", millis: index }
          )
        )
        const met: Array<ReadonlyArray<number>> = []
        for (const { method, path } of one.requests) {
          const request = HttpServerRequest.fromWeb(new Request(`${base}${path}?limit=1`, { method }))
          met.push((yield* faults.match(request)).map((fault) => ("millis" in fault ? fault.millis : -1)))
        }
        const model = expected(one)
        assert.deepStrictEqual(met, model)
        assert.deepStrictEqual(
          (yield* faults.list).map(({ matched }) => matched),
          one.faults.map((_, index) => model.flat().filter((place) => place === index).length)
        )
        return true
      })
      const result = yield* Arbitrary.checkEffect(Arbitrary.schema(Case), check, { runs: 400, seed: "faults" })
      assert.isUndefined(Arbitrary.formatCheckFailure(result))
    })
  )

  it.effect("Removed faults no longer match", () =>
    Effect.gen(function* () {
      const { ask, faults } = yield* start([{ kind: "status", status: 500 }])
      const { id } = yield* faults.add({ kind: "status", status: 501 })
      const [first] = yield* faults.list
      assert.isTrue(yield* faults.remove(first?.id ?? ""))
      assert.isFalse(yield* faults.remove(first?.id ?? ""))
      assert.strictEqual((yield* ask("/connections")).status, 501)
      assert.deepStrictEqual(yield* faults.list, [{ id, matched: 1, fault: { kind: "status", status: 501 } }])
      yield* faults.clear
      assert.strictEqual((yield* ask("/connections")).status, 200)
    }).pipe(Effect.provide(LayerStore))
  )
})

// -----------------------------------------------------------------------------
// The admin API
// -----------------------------------------------------------------------------

describe("/_emulator/faults", () => {
  it.effect("`/_emulator/faults` adds, lists and removes faults without an API key, and is exempt from faults", () =>
    Effect.gen(function* () {
      const { ask, fetch } = yield* start([{ kind: "reset", at: "request" }])
      const { faults } = yield* HttpApiClient.make(FaultsApi, { baseUrl: base }).pipe(
        Effect.provide(FetchHttpClient.layer),
        Effect.provideService(FetchHttpClient.Fetch, fetch)
      )
      const fault: Fault = { kind: "latency", millis: 60_000, jitter: 3 }
      const added = yield* faults.add({ payload: fault })
      assert.deepStrictEqual(added, { id: added.id, matched: 0, fault })
      const [reset] = yield* faults.list()
      assert.isDefined(reset)
      yield* faults.remove({ params: { id: reset.id } })
      assert.strictEqual((yield* Effect.flip(faults.remove({ params: { id: reset.id } })))._tag, "NotFound")
      assert.deepStrictEqual(yield* faults.list(), [added])
      yield* faults.clear()
      assert.deepStrictEqual(yield* faults.list(), [])
      assert.strictEqual((yield* ask("/connections")).status, 200)
    }).pipe(Effect.provide(LayerStore))
  )

  it.effect.each([
    { body: '{"kind":"status"}', sentence: "expected status to be a whole number from 200 to 599." },
    { body: '{"kind":"status","status":"503"}', sentence: "expected status to be a whole number from 200 to 599." },
    {
      body: '{"kind":"redirect","location":"/","status":200}',
      sentence: "expected status to be a whole number from 300 to 399."
    },
    { body: '{"kind":"reset","at":"once"}', sentence: "expected at to be one of request, response, body." },
    {
      body: '{"kind":"latency","millis":1.5}',
      sentence: "expected millis to be a whole number of milliseconds, at most 600000."
    },
    {
      body: '{"kind":"html","tims":1}',
      sentence: "expected an option of html instead of tims: one of method, path, skip, times."
    },
    {
      body: '{"kind":"status","status":200,"headers":{"content-length":"7"}}',
      sentence:
        "expected headers to be names of letters, digits and hyphens with values in printable ASCII, and no content-length, transfer-encoding, trailer among them."
    },
    {
      body: '{"kind":"html","path":"connections"}',
      sentence: "expected path to be a path such as /connections, /connections/:id or /connections*."
    },
    { body: "{", sentence: "expected JSON, with the content type application/json." }
  ])("`/_emulator/faults` rejects $body with 422 and a message", ({ body, sentence }) =>
    Effect.gen(function* () {
      const { ask, faults } = yield* start()
      const headers = { "content-type": "application/json" }
      const response = yield* ask("/_emulator/faults", { method: "POST", body, headers })
      assert.strictEqual(response.status, 422)
      assert.deepStrictEqual(JSON.parse(yield* textOf(response)), { message: `The fault is invalid: ${sentence}` })
      assert.deepStrictEqual(yield* faults.list, [])
    }).pipe(Effect.provide(LayerStore))
  )

  it.effect("`/_emulator/faults` rejects bodies that are not a fault or not JSON", () =>
    Effect.gen(function* () {
      const { ask } = yield* start()
      for (const body of ["1", "[]", "null", "{}", '{"kind":"x"}', '{"kind":7}']) {
        const headers = { "content-type": "application/json" }
        const response = yield* ask("/_emulator/faults", { method: "POST", body, headers })
        assert.strictEqual(response.status, 422)
        assert.match(yield* textOf(response), /expected a kind of fault.*: one of status, latency, /)
      }
      const response = yield* ask("/_emulator/faults", { method: "POST", body: '{"kind":"html"}' })
      assert.strictEqual(response.status, 422)
      assert.include(yield* textOf(response), "application/json")
    }).pipe(Effect.provide(LayerStore))
  )
})
