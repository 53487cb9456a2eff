// The pace of requests.
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import * as RateLimiter from "../../src/internal/RateLimiter.ts"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

describe("a rate limiter without a maximum rate", () => {
  it.effect.prop(
    "never exceeds the limit that the server states, and uses it up",
    [between(2, 60), between(1, 30), between(1, 8)],
    ([limit, seconds, concurrent]) =>
      Effect.gen(function* () {
        const limiter = RateLimiter.make({ maxRate: undefined, defaultRate: undefined })
        const started = yield* Clock.currentTimeMillis
        const perWindow: Array<number> = []
        // A server with fixed windows, which counts each request when it arrives.
        const send = Effect.gen(function* () {
          const now = (yield* Clock.currentTimeMillis) - started
          const window = Math.floor(now / (seconds * 1000))
          const count = (perWindow[window] = (perWindow[window] ?? 0) + 1)
          const headers = {
            "ratelimit-limit": String(limit),
            "ratelimit-remaining": String(Math.max(0, limit - count)),
            "ratelimit-reset": String(((window + 1) * seconds * 1000 - now) / 1000)
          }
          yield* Effect.sleep(5)
          yield* limiter.onResponse({ status: 200, headers, text: "", json: undefined, millis: 5 })
        })
        const request = limiter.run(Infinity, Effect.interruptible)(send)
        const first = yield* Effect.forkChild(request)
        yield* TestClock.adjust(6)
        yield* Fiber.join(first)
        const workers = yield* Effect.forEach(Array.from({ length: concurrent }), () =>
          Effect.forkChild(Effect.forever(request))
        )
        yield* TestClock.adjust(seconds * 3000 - 10)
        yield* Fiber.interruptAll(workers)
        for (const count of perWindow) assert.isAtMost(count, limit, JSON.stringify(perWindow))
        const total = perWindow.reduce((sum, count) => sum + count, 0)
        assert.isAtLeast(total, Math.min(limit, 100), JSON.stringify(perWindow))
      })
  )

  it.effect("uses the default rate until the server states a limit", () =>
    Effect.gen(function* () {
      const limiter = RateLimiter.make({ maxRate: undefined, defaultRate: 60 })
      assert.strictEqual(yield* limiter.rate, 60)
      const headers = { "ratelimit-limit": "1000", "ratelimit-remaining": "999", "ratelimit-reset": "60" }
      yield* limiter.onResponse({ status: 200, headers, text: "", json: undefined, millis: 5 })
      assert.strictEqual(yield* limiter.rate, 1000)
      // Without a delay.
      yield* Effect.forEach([1, 2, 3], () => limiter.run(Infinity, Effect.interruptible)(Effect.void))
    })
  )

  it.effect("keeps the maximum rate for any limit that the server states", () =>
    Effect.gen(function* () {
      const limiter = RateLimiter.make({ maxRate: 120, defaultRate: undefined })
      const headers = { "ratelimit-limit": "1000", "ratelimit-remaining": "999", "ratelimit-reset": "60" }
      yield* limiter.onResponse({ status: 200, headers, text: "", json: undefined, millis: 5 })
      assert.strictEqual(yield* limiter.rate, 120)
    })
  )
})
