// The admin API for faults.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import type { Fault } from "../src/Fault.ts"
import { FaultsApi } from "../src/internal/FaultsApi.ts"
import { base, LayerStore, start, textOf } from "./faults-fetch.ts"

describe("/_emulator/faults", () => {
  it.effect("`/_emulator/faults` adds, lists and removes faults without an API key, and is exempt from faults", () =>
    Effect.gen(function* () {
      const { send, fetch } = yield* start([{ kind: "reset", at: "request" }])
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
      assert.strictEqual((yield* send("/connections")).status, 200)
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
        "expected headers to be names of letters, digits and hyphens (but not content-length, transfer-encoding, trailer) with values in printable ASCII."
    },
    {
      body: '{"kind":"html","path":"connections"}',
      sentence: "expected path to be a path such as /connections, /connections/:id or /connections*."
    },
    { body: "{", sentence: "expected JSON, with the content type application/json." }
  ])("`/_emulator/faults` rejects $body with 422 and a message", ({ body, sentence }) =>
    Effect.gen(function* () {
      const { send, faults } = yield* start()
      const headers = { "content-type": "application/json" }
      const response = yield* send("/_emulator/faults", { method: "POST", body, headers })
      assert.strictEqual(response.status, 422)
      assert.deepStrictEqual(JSON.parse(yield* textOf(response)), { message: `The fault is invalid: ${sentence}` })
      assert.deepStrictEqual(yield* faults.list, [])
    }).pipe(Effect.provide(LayerStore))
  )

  it.effect("`/_emulator/faults` rejects bodies that are not a fault or not JSON", () =>
    Effect.gen(function* () {
      const { send } = yield* start()
      for (const body of ["1", "[]", "null", "{}", '{"kind":"x"}', '{"kind":7}']) {
        const headers = { "content-type": "application/json" }
        const response = yield* send("/_emulator/faults", { method: "POST", body, headers })
        assert.strictEqual(response.status, 422)
        assert.match(yield* textOf(response), /expected a kind of fault.*: one of status, latency, /)
      }
      const response = yield* send("/_emulator/faults", { method: "POST", body: '{"kind":"html"}' })
      assert.strictEqual(response.status, 422)
      assert.include(yield* textOf(response), "application/json")
    }).pipe(Effect.provide(LayerStore))
  )
})
