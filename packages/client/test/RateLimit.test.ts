// The rate limiter of a client, and its reaction to 429 responses.
import { assert, describe, it } from "@effect/vitest"
import * as Emulator from "@effect-workos/emulator/Emulator"
import { runs, seed } from "@effect-workos/testing/Sample"
import * as Array from "effect/Array"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Headers from "effect/http/Headers"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as PersistedRateLimiter from "effect/persistence/RateLimiter"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { Connections } from "../src/Connections.ts"
import { type PathLimit, RateLimit, type RateLimiter } from "../src/RateLimit.ts"
import * as SharedRateLimit from "../src/SharedRateLimit.ts"
import { WorkOs } from "../src/WorkOs.ts"
import * as WorkOsConfig from "../src/WorkOsConfig.ts"
import { recordSpans } from "./recorded-spans.ts"
import { middleRandom } from "./random.ts"
import { withClient } from "./scripted-server.ts"
import { counting, pageCount, serverOf } from "./counting-server.ts"

const baseUrl = new URL("https://workos.test")

const layerConfig = (rateLimit: WorkOsConfig.RateLimitOptions | "unlimited" = WorkOsConfig.defaultRateLimit) =>
  WorkOsConfig.layer({ apiKey: Emulator.defaultApiKey, baseUrl, rateLimit })

/** Advances the clock second by second. */
const pass = (seconds: number) => Effect.repeat(TestClock.adjust("1 second"), { times: seconds - 1 })

const steady = () => serverOf(() => ({}))

/** The maximum number of requests in any window of time. */
const most = (times: ReadonlyArray<number>, window: number): number => {
  let first = 0
  let most = 0
  for (const [index, time] of times.entries()) {
    while ((times[first] ?? time) <= time - window) first++
    most = Math.max(most, index - first + 1)
  }
  return most
}

/** Sends a request until its response is not a 429, at most six times. */
const askThrough = (
  rateLimiter: RateLimiter,
  client: HttpClient.HttpClient,
  attempts: number,
  limits: ReadonlyArray<PathLimit> = []
): Effect.Effect<number> =>
  Effect.gen(function* () {
    const response = yield* rateLimiter.withLimits(limits, (acquire) =>
      Effect.gen(function* () {
        const number = yield* acquire
        const response = yield* Effect.orDie(client.get("https://workos.test/"))
        yield* rateLimiter.onResponse(number, attempts, response)
        return response
      })
    )
    return response.status === 429 && attempts < 6
      ? yield* askThrough(rateLimiter, client, attempts + 1, limits)
      : response.status
  })

const limited = <A, E>(
  client: HttpClient.HttpClient,
  rateLimit: WorkOsConfig.RateLimitOptions | "unlimited",
  use: (rateLimiter: {
    readonly ask: Effect.Effect<number>
    readonly totalWait: Effect.Effect<Duration.Duration>
  }) => Effect.Effect<A, E>
) =>
  Effect.gen(function* () {
    const rateLimiter = yield* RateLimit
    const ask = askThrough(rateLimiter, client, 1)
    return yield* use({ ask, totalWait: rateLimiter.totalWait })
  }).pipe(
    Effect.provideService(Random.Random, middleRandom),
    Effect.provide(Layer.fresh(RateLimit.layer).pipe(Layer.provide(layerConfig(rateLimit))))
  )

const soon = (time: number, seconds: number) =>
  Headers.formatRetryAfter(Headers.retryAfterDateTime(DateTime.makeUnsafe(time + seconds * 1000)))

describe("RateLimit", () => {
  it.effect(
    "The rate limiter sends a burst immediately, and all requests within slightly more than the window of the limit",
    () =>
      Effect.gen(function* () {
        const { client, times } = steady()
        yield* limited(client, { requests: 600, window: "60 seconds" }, ({ ask, totalWait }) =>
          Effect.gen(function* () {
            const asking = yield* Effect.forkChild(
              Effect.all(Array.replicate(ask, 700), { concurrency: 10, discard: true })
            )
            yield* TestClock.adjust(0)
            // The requests of half a second.
            assert.strictEqual(times.length, 4)
            yield* TestClock.adjust("60 seconds")
            assert.isAtMost(times.length, 600)
            assert.isAtLeast(times.length, 590)
            assert.strictEqual(Duration.toSeconds(yield* totalWait), 60)
            yield* TestClock.adjust("15 seconds")
            yield* Fiber.join(asking)
            assert.isAtMost(most(times, 60_000), 600)
            assert.isAtMost(most(times, 1_000), 15)
            assert.isAtMost(Duration.toSeconds(yield* totalWait), 72)
          })
        )
      })
  )

  const Pattern = Schema.Struct({
    requests: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 120 })),
    window: Schema.Literals([1_000, 10_000, 60_000]),
    /** The time of simultaneous requests and the time after which they are interrupted, in windows. */
    arrivals: Schema.Array(
      Schema.Struct({
        at: Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 3 })),
        count: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 60 })),
        patience: Schema.Literals([1_000_000, 0.01, 0.3, 1])
      })
    ).check(Schema.isMinLength(1), Schema.isMaxLength(8))
  })

  it.effect.prop(
    "The rate limiter never exceeds the limit in any window, for any times of requests and interruptions",
    [Pattern],
    ([pattern]) =>
      Effect.gen(function* () {
        const { arrivals, requests, window } = pattern
        const { client, times } = steady()
        yield* limited(client, { requests, window }, ({ ask }) =>
          Effect.gen(function* () {
            const patient = arrivals.flatMap(({ at, count, patience }) =>
              Array.replicate(
                ask.pipe(Effect.timeoutOption(Math.ceil(patience * window)), Effect.delay(Math.floor(at * window))),
                count
              )
            )
            const asking = yield* Effect.forkChild(Effect.all(patient, { concurrency: "unbounded", discard: true }))
            // Long enough for all requests.
            yield* TestClock.adjust((4 + (3 * patient.length) / requests) * window)
            yield* Fiber.join(asking)
          })
        )
        assert.isAtMost(most(times, window), requests)
      }),
    { arbitrary: { runs: runs(100, 20), seed: `patterns ${seed}` } }
  )

  it.effect("The default rate limit sends the requests of half a second immediately", () =>
    Effect.gen(function* () {
      const { client, times } = steady()
      yield* limited(client, WorkOsConfig.defaultRateLimit, ({ ask }) =>
        Effect.gen(function* () {
          const asking = yield* Effect.forkChild(Effect.all(Array.replicate(ask, 100), { concurrency: "unbounded" }))
          yield* TestClock.adjust(0)
          assert.strictEqual(times.length, 49)
          yield* Fiber.interrupt(asking)
        })
      )
    })
  )

  it.effect("The rate limiter does not wait for interrupted requests", () =>
    Effect.gen(function* () {
      const { client, times } = steady()
      yield* limited(client, { requests: 60, window: "60 seconds" }, ({ ask }) =>
        Effect.gen(function* () {
          const crowd = yield* Effect.forkChild(Effect.all(Array.replicate(ask, 1_000), { concurrency: "unbounded" }))
          yield* TestClock.adjust(0)
          assert.strictEqual(times.length, 1)
          yield* Fiber.interrupt(crowd)
          const late = yield* Effect.forkChild(ask)
          yield* TestClock.adjust("3 seconds")
          assert.strictEqual(yield* Fiber.join(late), 200)
          assert.strictEqual(times.length, 2)
        })
      )
    })
  )

  it.effect("The rate limiter releases an interrupted request immediately, without sending it", () =>
    Effect.gen(function* () {
      const { client, times } = steady()
      yield* limited(client, { requests: 1, window: "60 seconds" }, ({ ask, totalWait }) =>
        Effect.gen(function* () {
          yield* ask
          const waiting = yield* Effect.forkChild(ask, { startImmediately: true })
          yield* TestClock.adjust("10 seconds")
          yield* Fiber.interrupt(waiting)
          assert.strictEqual(times.length, 1)
          assert.strictEqual(Duration.toSeconds(yield* totalWait), 10)
        })
      )
    })
  )

  it.effect("The rate limiter keeps sending requests when the store fails", () =>
    Effect.gen(function* () {
      const { client, times } = steady()
      const broken = new PersistedRateLimiter.RateLimiterError({
        reason: new PersistedRateLimiter.RateLimitStoreError({ message: "gone" })
      })
      yield* RateLimit.use((rateLimiter) => askThrough(rateLimiter, client, 1)).pipe(
        Effect.provide(
          SharedRateLimit.layer.pipe(
            Layer.provide(
              Layer.succeed(PersistedRateLimiter.RateLimiter, {
                [PersistedRateLimiter.TypeId]: PersistedRateLimiter.TypeId,
                consume: () => Effect.fail(broken),
                adaptiveConsume: () => Effect.fail(broken),
                adaptiveFeedback: () => Effect.fail(broken)
              })
            ),
            Layer.provide(layerConfig())
          )
        )
      )
      assert.lengthOf(times, 1)
    })
  )
})

describe("a 429", () => {
  it.effect.each<{
    readonly said: string
    readonly headers: (time: number) => Record<string, string>
    readonly seconds: number
  }>([
    { said: "Retry-After in seconds", headers: () => ({ "retry-after": "7" }), seconds: 7 },
    { said: "Retry-After as a date", headers: (time) => ({ "retry-after": soon(time, 9) }), seconds: 9 },
    { said: "Retry-After as a past date", headers: (time) => ({ "retry-after": soon(time, -100) }), seconds: 1 },
    { said: "a Retry-After of 0", headers: () => ({ "retry-after": "0" }), seconds: 1 },
    { said: "an invalid Retry-After", headers: () => ({ "retry-after": "tomorrow" }), seconds: 1 },
    { said: "no Retry-After", headers: () => ({}), seconds: 1 },
    { said: "a Retry-After of an hour", headers: () => ({ "retry-after": "3600" }), seconds: 60 },
    {
      said: "x-ratelimit-reset in seconds",
      headers: () => ({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "5" }),
      seconds: 5
    },
    {
      said: "x-ratelimit-reset as a time",
      headers: (time) => ({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(time / 1000 + 4) }),
      seconds: 4
    }
  ])("A 429 with $said pauses all requests for $seconds s", ({ headers, seconds }) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2026, 0, 15))
      const { client, times } = serverOf((time, index) => (index === 0 ? { status: 429, headers: headers(time) } : {}))
      yield* limited(client, WorkOsConfig.defaultRateLimit, ({ ask, totalWait }) =>
        Effect.gen(function* () {
          const asking = yield* Effect.forkChild(ask)
          yield* TestClock.adjust(0)
          const others = yield* Effect.forkChild(Effect.all([ask, ask], { concurrency: 2 }))
          yield* TestClock.adjust(seconds * 1000 - 1)
          assert.lengthOf(times, 1)
          yield* TestClock.adjust(1)
          assert.strictEqual(yield* Fiber.join(asking), 200)
          assert.deepStrictEqual(yield* Fiber.join(others), [200, 200])
          assert.strictEqual(Duration.toSeconds(yield* totalWait), seconds)
        })
      )
    })
  )

  it.effect("A 429 without Retry-After pauses requests for about a second, with jitter between programs", () =>
    Effect.gen(function* () {
      const waits: Array<number> = []
      for (let seed = 0; seed < 40; seed++) {
        const { client, times } = serverOf((_, index) => (index === 0 ? { status: 429 } : {}))
        yield* limited(client, WorkOsConfig.defaultRateLimit, ({ ask }) =>
          Effect.gen(function* () {
            const asking = yield* Effect.forkChild(Random.withSeed(ask, seed))
            yield* TestClock.adjust("2 seconds")
            yield* Fiber.join(asking)
          })
        )
        waits.push((times[1] ?? NaN) - (times[0] ?? NaN))
      }
      assert.isAtLeast(Math.min(...waits), 500)
      assert.isAtMost(Math.max(...waits), 1501)
      assert.isBelow(Math.min(...waits), 700)
      assert.isAbove(Math.max(...waits), 1300)
    })
  )

  it.effect("A persistent 429 is returned after the attempt limit", () =>
    Effect.gen(function* () {
      const { client, statuses } = serverOf(() => ({ status: 429, headers: { "retry-after": "2" } }))
      yield* limited(client, WorkOsConfig.defaultRateLimit, ({ ask }) =>
        Effect.gen(function* () {
          const asking = yield* Effect.forkChild(ask)
          yield* TestClock.adjust("10 seconds")
          assert.strictEqual(yield* Fiber.join(asking), 429)
          assert.lengthOf(statuses, 6)
        })
      )
    })
  )

  it.effect("A 429 slows requests down to the limit of the server, and the rate recovers with the server", () =>
    Effect.gen(function* () {
      let limit = 60
      const server = counting(() => limit, 60_000)
      yield* limited(server.client, { requests: 120, window: "60 seconds" }, ({ ask }) =>
        Effect.gen(function* () {
          const asking = yield* Effect.forkChild(
            Effect.all(Array.replicate(ask, 4_000), { concurrency: 8, discard: true })
          )
          yield* pass(600)
          // A client that does not slow down receives ten.
          assert.isAtMost(server.refused(), 5)
          const accepted = server.times.length - server.refused()
          assert.isAtLeast(accepted, 0.7 * 600)
          limit = 120
          yield* pass(600)
          const [refused, sent] = [server.refused(), server.times.length]
          yield* pass(60)
          assert.strictEqual(server.refused(), refused)
          assert.isAtLeast(server.times.length - sent, 116)
          yield* Fiber.interrupt(asking)
        })
      )
    })
  )

  it.effect("A client receives no 429 from a server that sends the remaining requests", () =>
    Effect.gen(function* () {
      // The server allows ten requests in ten seconds and sends the remaining number.
      const server = serverOf((time, index) => {
        const started = Math.floor(time / 10_000)
        count = started === current ? count + 1 : 1
        current = started
        const reset = String(Math.ceil(((started + 1) * 10_000 - time) / 1000))
        return count > 10 || index < 0
          ? { status: 429, headers: { "retry-after": reset } }
          : { headers: { "x-ratelimit-remaining": String(10 - count), "x-ratelimit-reset": reset } }
      })
      let count = 0
      let current = -1
      yield* limited(server.client, WorkOsConfig.defaultRateLimit, ({ ask }) =>
        Effect.gen(function* () {
          const asking = yield* Effect.forkChild(Effect.all(Array.replicate(ask, 45), { concurrency: 5 }))
          yield* TestClock.adjust("1 minute")
          yield* Fiber.join(asking)
          assert.strictEqual(server.refused(), 0)
          assert.lengthOf(server.times, 45)
        })
      )
    })
  )
})

/** Advances the clock until an effect ends. */
const advanced = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect)
    while (fiber.pollUnsafe() === undefined) yield* TestClock.adjust("50 millis")
    return yield* Fiber.join(fiber)
  })

describe("clients", () => {
  const rateLimit = { requests: 100, window: "1 second" } as const
  const crawl = Stream.runCount(
    Stream.unwrap(Effect.map(Connections, ({ list }) => list.encoded.pages({ pageSize: 1 })))
  )
  const crawls = (times: number) => Effect.all(Array.replicate(crawl, times), { concurrency: "unbounded" })

  it.effect(
    "Clients receive no 429 during twenty concurrent streams from a server that applies the limit exactly",
    () =>
      Effect.gen(function* () {
        const server = counting(() => 100, 1_000)
        yield* Effect.gen(function* () {
          assert.deepStrictEqual(yield* advanced(crawls(20)), Array.replicate(pageCount, 20))
          assert.deepStrictEqual([server.times.length, server.refused()], [20 * pageCount, 0])
          const { totalWait } = yield* RateLimit
          assert.isAbove(Duration.toSeconds(yield* totalWait), 0.5)
        }).pipe(
          Effect.provide(
            Connections.layer.pipe(
              Layer.provide(layerConfig(rateLimit)),
              Layer.provide(Layer.succeed(HttpClient.HttpClient, server.client))
            )
          )
        )
      })
  )

  it.effect("Clients in one program share one limit", () =>
    Effect.gen(function* () {
      const server = counting(() => 100, 1_000)
      yield* Effect.gen(function* () {
        const workos = yield* WorkOs
        const throughWorkOs = Stream.runCount(workos.connections.list.encoded.pages({ pageSize: 1 }))
        yield* advanced(
          Effect.all(Array.replicate([crawl, throughWorkOs], 4).flat(), { concurrency: "unbounded", discard: true })
        )
        assert.deepStrictEqual([server.times.length, server.refused()], [8 * pageCount, 0])
      }).pipe(
        Effect.provide(
          Layer.merge(Connections.layer, WorkOs.layerNoDeps).pipe(
            Layer.provide(RateLimit.layer),
            Layer.provide(layerConfig(rateLimit)),
            Layer.provide(Layer.succeed(HttpClient.HttpClient, server.client))
          )
        )
      )
    })
  )

  it.effect("Clients of several programs share one limit if they share a store", () =>
    Effect.gen(function* () {
      const server = counting(() => 100, 1_000)
      const store = yield* Effect.context<PersistedRateLimiter.RateLimiterStore>()
      const program = Effect.provide(
        crawls(5),
        Layer.fresh(
          Connections.layerNoDeps.pipe(
            Layer.provide(SharedRateLimit.layer),
            Layer.provide(PersistedRateLimiter.layer),
            Layer.provide(layerConfig(rateLimit)),
            Layer.provide(Layer.succeed(HttpClient.HttpClient, server.client)),
            Layer.provide(Layer.succeedContext(store))
          )
        )
      )
      yield* advanced(Effect.all([program, program], { concurrency: "unbounded" }))
      assert.deepStrictEqual([server.times.length, server.refused()], [10 * pageCount, 0])
    }).pipe(Effect.provide(PersistedRateLimiter.layerStoreMemory))
  )

  it.effect("Clients record the wait for the rate limiter in the span", () =>
    Effect.gen(function* () {
      const { spans, tracer } = recordSpans()
      yield* withClient(
        counting(() => 1, 42_000),
        ({ connections }) =>
          advanced(
            Effect.all([connections.list(), connections.list(), connections.list()]).pipe(Effect.withTracer(tracer))
          )
      )
      assert.deepStrictEqual(
        spans
          .filter(({ name }) => name === "connections.list")
          .map((span) => [span.name, span.attributes.get("workos.rate_limit.waited_ms")]),
        [
          ["connections.list", undefined],
          ["connections.list", 42_000],
          ["connections.list", 42_000]
        ]
      )
    })
  )
})
