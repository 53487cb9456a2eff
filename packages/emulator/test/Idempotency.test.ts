// `Idempotency-Key` for clients whose responses get lost.
import { assert, describe, it } from "@effect/vitest"
import { runs } from "@effect-workos/testing/Sample"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Schema from "effect/Schema"
import { TestClock } from "effect/testing"
import * as Emulator from "../src/Emulator.ts"
import type { Fault } from "../src/Fault.ts"
import * as Faults from "../src/Faults.ts"
import * as Idempotency from "../src/internal/Idempotency.ts"
import * as Store from "../src/Store.ts"
import { sendRaw, authorization, served } from "./emulator-server.ts"

const LayerStore = Store.layer({ connections: 20, organizations: 3, seed: 3 })

const start = Effect.fnUntraced(function* (options: Emulator.Options = {}) {
  const { connections, organizations } = yield* Store.Store
  const faults = yield* Faults.make()
  const fetch = yield* Emulator.fetch({ faults, ...options })
  const create = Effect.fnUntraced(function* (key: string | undefined, name = "Foo", init: RequestInit = {}) {
    const response = yield* Effect.tryPromise(() =>
      fetch("http://workos.test/connections", {
        method: "POST",
        headers: {
          authorization,
          "content-type": "application/json",
          ...(key === undefined ? {} : { "idempotency-key": key })
        },
        body: JSON.stringify({ organization_id: organizations.rows[0]?.id, name }),
        ...init
      })
    )
    return { status: response.status, body: yield* Effect.promise(() => response.text()) }
  })
  return { create, faults, fetch, created: () => connections.rows.length - 20 }
})

describe("a POST with an Idempotency-Key", () => {
  it.effect("A POST with an Idempotency-Key is applied once, and retries receive the first response for 24 hours", () =>
    Effect.gen(function* () {
      const { create, created } = yield* start()
      const first = yield* create("a")
      assert.strictEqual(first.status, 201)
      yield* TestClock.adjust("23 hours")
      assert.deepStrictEqual(yield* create("a"), first)
      assert.strictEqual(created(), 1)
      assert.notDeepEqual(yield* create("b"), first)
      assert.strictEqual(created(), 2)
      yield* TestClock.adjust("1 hour")
      assert.notDeepEqual(yield* create("a"), first)
      assert.strictEqual(created(), 3)
    }).pipe(Effect.provide(LayerStore))
  )

  it.effect("A POST without an Idempotency-Key is applied every time", () =>
    Effect.gen(function* () {
      const { create, created } = yield* start()
      yield* create(undefined)
      yield* create(undefined)
      yield* create("")
      yield* create("")
      assert.strictEqual(created(), 4)
    }).pipe(Effect.provide(LayerStore))
  )

  it.effect("Concurrent POSTs with one Idempotency-Key are applied once", () =>
    Effect.gen(function* () {
      const { create, created } = yield* start()
      const responses = yield* Effect.all(
        Array.from({ length: 20 }, () => create("a")),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(created(), 1)
      assert.strictEqual(new Set(responses.map(({ body }) => body)).size, 1)
    }).pipe(Effect.provide(LayerStore))
  )

  it.effect("A POST with an Idempotency-Key is rejected if the key was used with another body or path", () =>
    Effect.gen(function* () {
      const { create, created, fetch } = yield* start()
      yield* create("a", "Foo")
      const other = yield* create("a", "Bar")
      assert.strictEqual(other.status, 422)
      assert.include(other.body, "Idempotency-Key was used for another request")
      const elsewhere = yield* Effect.promise(() =>
        fetch("http://workos.test/elsewhere", { method: "POST", headers: { authorization, "idempotency-key": "a" } })
      )
      assert.strictEqual(elsewhere.status, 422)
      assert.strictEqual(created(), 1)
    }).pipe(Effect.provide(LayerStore))
  )

  it.effect("A POST with an Idempotency-Key of another API key is applied", () =>
    Effect.gen(function* () {
      const { create, created } = yield* start()
      const headers = { "content-type": "application/json", "idempotency-key": "a", authorization: "Bearer other" }
      assert.strictEqual((yield* create("a", "Foo", { headers })).status, 401)
      assert.strictEqual((yield* create("a")).status, 201)
      assert.strictEqual((yield* create("a", "Foo", { headers })).status, 401)
      assert.strictEqual(created(), 1)
    }).pipe(Effect.provide(LayerStore))
  )

  it.effect("A POST with an Idempotency-Key is replayed after a fault has replaced or dropped the response", () =>
    Effect.gen(function* () {
      const { create, created, faults } = yield* start()
      const lost: ReadonlyArray<Fault> = [
        { kind: "reset", at: "response", times: 1 },
        { kind: "html", times: 1 },
        { kind: "truncated-json", times: 1 }
      ]
      for (const [index, fault] of lost.entries()) {
        yield* faults.add(fault)
        yield* Effect.exit(create(`key ${index}`))
        assert.strictEqual(created(), index + 1)
        assert.strictEqual((yield* create(`key ${index}`)).status, 201)
        assert.strictEqual(created(), index + 1)
      }
      yield* faults.add({ kind: "reset", at: "request", times: 1 })
      yield* faults.add({ kind: "status", status: 500, times: 1 })
      yield* Effect.exit(create("never"))
      assert.strictEqual((yield* create("never")).status, 500)
      assert.strictEqual(created(), 3)
      assert.strictEqual((yield* create("never")).status, 201)
    }).pipe(Effect.provide(LayerStore))
  )

  it.effect("A POST with an Idempotency-Key is applied on retry if the first response was 429", () =>
    Effect.gen(function* () {
      const { create, created } = yield* start({ rateLimit: { requests: 1, window: "1 minute" } })
      yield* create("a")
      assert.strictEqual((yield* create("b")).status, 429)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* create("b")).status, 201)
      assert.strictEqual(created(), 2)
    }).pipe(Effect.provide(LayerStore))
  )

  it.live("A POST with an Idempotency-Key is replayed over a real socket", () =>
    Effect.gen(function* () {
      const { faults, logged, url, store } = yield* served()
      const body = JSON.stringify({ organization_id: store.organizations.rows[0]?.id })
      const create = sendRaw(url, "/connections", { method: "POST", body, headers: { "idempotency-key": "a" } })
      yield* faults.add({ kind: "reset", at: "response", times: 1 })
      assert.strictEqual((yield* create).error, "ECONNRESET")
      const newest = store.connections.rows.at(-1)?.id
      const again = yield* create
      assert.strictEqual(again.status, 201)
      assert.include(again.body, newest ?? "?")
      assert.deepStrictEqual(logged, [])
    })
  )
})

const post = (key: number) =>
  HttpServerRequest.fromWeb(
    new Request("http://workos.test/", { method: "POST", headers: { "idempotency-key": String(key) }, body: "x" })
  )

describe("Idempotency.make", () => {
  it.effect("Idempotency.make replays successes and client errors, but not server errors", () =>
    Effect.gen(function* () {
      const check = Effect.fnUntraced(function* (statuses: ReadonlyArray<number>) {
        const doOnce = yield* Idempotency.make()
        let done = 0
        const handled = Effect.sync(() => HttpServerResponse.empty({ status: statuses[done++] ?? 200 }))
        const said: Array<number> = []
        for (let i = 0; i <= statuses.length; i++) {
          const response = yield* Effect.provideService(doOnce(handled), HttpServerRequest.HttpServerRequest, post(1))
          said.push(response.status)
        }
        const first = statuses.findIndex((status) => status < 500 && status !== 429)
        const model = [...statuses, 200].map((status, index, all) =>
          first >= 0 && index > first ? all[first] : status
        )
        assert.deepStrictEqual(said, model)
        return true
      })
      const statuses = Arbitrary.schema(Schema.Array(Schema.Literals([200, 201, 422, 429, 500, 503])))
      const result = yield* Arbitrary.checkEffect(statuses, check, { runs: runs(100, 25), seed: "statuses" })
      assert.isUndefined(Arbitrary.formatCheckFailure(result))
    })
  )

  it.effect("Idempotency.make keeps the latest keys up to its capacity", () =>
    Effect.gen(function* () {
      const capacity = runs(10_000, 100)
      const doOnce = yield* Idempotency.make(capacity)
      let done = 0
      const handled = Effect.sync(() => {
        done++
        return HttpServerResponse.empty()
      })
      const send = (key: number) =>
        Effect.provideService(doOnce(handled), HttpServerRequest.HttpServerRequest, post(key))
      for (let key = 0; key <= capacity; key++) yield* send(key)
      for (const key of [1, capacity / 2, capacity]) yield* send(key)
      assert.strictEqual(done, capacity + 1)
      yield* send(0)
      assert.strictEqual(done, capacity + 2)
    })
  )
})
