// The rate limit and the errors of both SDKs in one program.
import { WorkOs } from "@effect-workos/client/WorkOs"
import type { Fault } from "@effect-workos/emulator/Fault"
import * as Store from "@effect-workos/emulator/Store"
import { assert, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { BothLive, callSdk, organizationName } from "../src/using-both-sdks.ts"
import { type Exchange, layerTest, rateLimit } from "./both-sdks.ts"

// Promises need real time, which the `TestClock` does not simulate.
const immediate = Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))

/** Waits until every request has a response. */
const settle = (exchanges: ReadonlyArray<Exchange>): Effect.Effect<void> =>
  Effect.flatMap(immediate, () =>
    exchanges.every(({ status }) => status !== undefined) ? Effect.void : settle(exchanges)
  )

/** Advances the clock until an effect is done. */
const finish = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>, exchanges: Array<Exchange>) {
  const fiber = yield* Effect.forkChild(effect)
  while (fiber.pollUnsafe() === undefined) {
    yield* settle(exchanges)
    yield* TestClock.adjust("1 second")
  }
  return yield* Fiber.join(fiber)
})

it.effect("Both SDKs together send no more requests than the rate limit allows", () => {
  const exchanges: Array<Exchange> = []
  return Effect.gen(function* () {
    const { connections } = yield* WorkOs
    const calls = Array.from({ length: 12 }, () => [
      Effect.asVoid(connections.list()),
      Effect.asVoid(callSdk(({ sso }) => sso.listConnections()))
    ]).flat()
    yield* finish(Effect.all(calls, { concurrency: "unbounded" }), exchanges)

    assert.sameMembers([...new Set(exchanges.map(({ userAgent }) => userAgent))], ["effect-workos", "workos-node"])
    assert.deepStrictEqual([...new Set(exchanges.map(({ status }) => status))], [200])
    for (const [index, { sentAt }] of exchanges.entries()) {
      const later = exchanges[index + rateLimit.requests]
      if (later !== undefined) assert.isAtLeast(later.sentAt - sentAt, 10_000)
    }
  }).pipe(Effect.provide(layerTest(exchanges)))
})

it.effect("A 429 for the official SDK also delays requests of effect-workos", () => {
  const exchanges: Array<Exchange> = []
  const tooMany: Fault = { kind: "status", status: 429, headers: { "retry-after": "5" }, times: 1 }
  return Effect.gen(function* () {
    const { connections } = yield* WorkOs
    const error = yield* Effect.flip(callSdk((workos) => workos.get("/connections", { maxRetries: 0 })))
    assert.strictEqual(error._tag, "TooManyRequests")
    yield* finish(connections.list(), exchanges)
    assert.deepStrictEqual(exchanges[1], { userAgent: "effect-workos", sentAt: 5000, status: 200 })
  }).pipe(Effect.provide(layerTest(exchanges, { faults: [tooMany] })))
})

it.effect("Exceptions of the official SDK become the errors of effect-workos", () => {
  const exchanges: Array<Exchange> = []
  return Effect.gen(function* () {
    const { connections, organizations } = yield* Store.Store
    const connection = connections.rows.find(({ organizationId }) => organizationId !== undefined)
    assert.isDefined(connection)
    const [name, unknownName, error] = yield* finish(
      Effect.all([
        organizationName(connection.id),
        organizationName("conn_unknown"),
        Effect.flip(callSdk(({ sso }) => sso.getConnection("conn_unknown")))
      ]),
      exchanges
    )
    assert.strictEqual(name, organizations.get(connection.organizationId ?? "")?.name)
    assert.isUndefined(unknownName)
    assert.strictEqual(error._tag, "NotFound")
  }).pipe(Effect.provide(layerTest(exchanges)))
})

it.effect("Both SDKs read their configuration from the environment", () =>
  Effect.gen(function* () {
    const error = yield* Effect.flip(Effect.provide(WorkOs, BothLive))
    assert.include(String(error), "WORKOS_API_KEY")
  }).pipe(Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env: {} })))
)
