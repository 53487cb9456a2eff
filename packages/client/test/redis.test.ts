// A rate limit that programs share through a real Redis.
import * as NodeRedis from "@effect/platform-node/NodeRedis"
import { assert, describe, it } from "@effect/vitest"
import { redis } from "@effect-workos/testing/Services"
import * as Arr from "effect/Array"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as RateLimiter from "effect/persistence/RateLimiter"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import { TestClock } from "effect/testing"
import { Connections } from "../src/Connections.ts"
import * as SharedRateLimit from "../src/SharedRateLimit.ts"
import * as WorkOsConfig from "../src/WorkOsConfig.ts"
import { counting } from "./counting-server.ts"

/** Commands that wait for Redis. */
interface Pending {
  count: number
}

const layerCounted = (pending: Pending) =>
  Layer.effect(
    RateLimiter.RateLimiter,
    Effect.map(RateLimiter.make, (limiter) => ({
      ...limiter,
      consume: (options) =>
        Effect.acquireUseRelease(
          Effect.sync(() => pending.count++),
          () => limiter.consume(options),
          () => Effect.sync(() => pending.count--)
        )
    }))
  )

/** The client of a program that has its own connection to Redis. */
const makeProgram = (client: HttpClient.HttpClient, pending: Pending) =>
  Effect.map(
    Layer.build(
      Layer.fresh(
        Connections.layerNoDeps.pipe(
          Layer.provide(SharedRateLimit.layer),
          Layer.provide(layerCounted(pending)),
          Layer.provide(RateLimiter.layerStoreRedis()),
          Layer.provide(NodeRedis.layer({ socket: { path: redis?.socket ?? "", tls: false } })),
          Layer.provide(
            WorkOsConfig.layer({
              apiKey: Redacted.make("sk_test_redis"),
              rateLimit: { requests: 80, window: "1 second" }
            })
          ),
          Layer.provide(Layer.succeed(HttpClient.HttpClient, client))
        )
      )
    ),
    (context) => Context.get(context, Connections)
  )

const nextTurn = Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))

/** Runs an effect to its end. The clock advances only when no command waits for Redis, unless Redis is stopped. */
const runToEnd = <A, E, R>(effect: Effect.Effect<A, E, R>, pending: Pending) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect)
    while (fiber.pollUnsafe() === undefined) {
      yield* TestClock.adjust("5 millis")
      do yield* nextTurn
      while (pending.count > 0)
    }
    return yield* Fiber.join(fiber)
  })

const signal = (name: NodeJS.Signals) => Effect.sync(() => redis !== undefined && process.kill(redis.pid, name))

describe.skipIf(redis === undefined)("programs that share a Redis", () => {
  it.effect("Programs with one Redis share the rate limit, and apply the limit separately while Redis is stopped", () =>
    Effect.gen(function* () {
      const server = counting(() => 100, 1_000)
      const pending: Pending = { count: 0 }
      const one = yield* makeProgram(server.client, pending)
      const two = yield* makeProgram(server.client, pending)
      const list = ({ list }: typeof one, times: number) =>
        Effect.all(Arr.replicate(list({ limit: 1 }), times), { concurrency: "unbounded", discard: true })
      const both = Effect.all([list(one, 150), list(two, 150)], { concurrency: "unbounded" })

      yield* runToEnd(both, pending)
      assert.deepStrictEqual([server.times.length, server.refused()], [300, 0])

      yield* signal("SIGSTOP")
      // The connection closes only after the responses to its commands.
      yield* Effect.addFinalizer(() => signal("SIGCONT"))
      yield* runToEnd(list(one, 200), { count: 0 })
      assert.deepStrictEqual([server.times.length, server.refused()], [500, 0])

      yield* signal("SIGCONT")
      // The store is skipped for five seconds after a failure.
      yield* TestClock.adjust("5500 millis")
      yield* runToEnd(Effect.all([list(one, 1), list(two, 1)]), pending)
      yield* runToEnd(both, pending)
      assert.deepStrictEqual([server.times.length, server.refused()], [802, 0])
      // The expected warning stays out of the output.
    }).pipe(Effect.scoped, Effect.provideService(References.MinimumLogLevel, "Error"))
  )
})
