// Limits of paths, in addition to the overall limit.
import { assert, describe, it } from "@effect/vitest"
import * as Endpoint from "@effect-workos/domain/Endpoint"
import * as Resource from "@effect-workos/domain/Resource"
import { runs, seed } from "@effect-workos/testing/Sample"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { constFalse } from "effect/Function"
import * as Headers from "effect/http/Headers"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as PersistedRateLimiter from "effect/persistence/RateLimiter"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import * as Schema from "effect/Schema"
import { TestClock } from "effect/testing"
import * as Client from "../src/Client.ts"
import * as Operation from "../src/internal/Operation.ts"
import { Transport } from "../src/internal/Transport.ts"
import { Organizations } from "../src/Organizations.ts"
import { type PathLimit, RateLimit, type RateLimiter } from "../src/RateLimit.ts"
import * as SharedRateLimit from "../src/SharedRateLimit.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import * as WorkOsConfig from "../src/WorkOsConfig.ts"
import { server } from "./scripted-server.ts"

const layerConfig = (rateLimit: WorkOsConfig.RateLimitOptions | "unlimited", maxConcurrency = 100) =>
  WorkOsConfig.layer({ apiKey: Redacted.make("sk_test_paths"), rateLimit, maxConcurrency })

const layerLocal = (rateLimit: WorkOsConfig.RateLimitOptions | "unlimited") =>
  Layer.fresh(RateLimit.layer).pipe(Layer.provide(layerConfig(rateLimit)))

/** A request without a server: records the time at which it is sent in each of some lists. */
const sendAt = (
  rateLimiter: RateLimiter,
  limits: ReadonlyArray<PathLimit>,
  times: ReadonlyArray<Array<number>>,
  isRefused: () => boolean = constFalse
) =>
  rateLimiter.withLimits(limits, (acquire) =>
    Effect.gen(function* () {
      const number = yield* acquire
      const time = yield* Clock.currentTimeMillis
      for (const list of times) list.push(time)
      const response = isRefused() ? { status: 429, headers: { "retry-after": "3" } } : { status: 200, headers: {} }
      yield* rateLimiter.onResponse(number, 1, { ...response, headers: Headers.fromInput(response.headers) })
    })
  )

/** The highest number of times in any window. */
const most = (times: ReadonlyArray<number>, window: number): number =>
  Math.max(0, ...times.map((start) => times.filter((time) => time >= start && time < start + window).length))

const count = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const directoryUsers = (directory: string) => [{ requests: 4, window: 1_000, key: `directory_users:${directory}` }]

const tenPerSecond = (key: number) => [{ requests: 1, window: 100, key: String(key) }]

const withDeadline = (deadline: Duration.Input) =>
  Effect.provideService(RetryPolicy.RetryPolicy, { ...RetryPolicy.standard, deadline })

/** Sends requests continuously. */
const busy = (rateLimiter: RateLimiter, times: Array<number>) =>
  Effect.forkChild(Effect.forever(sendAt(rateLimiter, [], [times])), { startImmediately: true }).pipe(
    Effect.provideService(References.MinimumLogLevel, "None")
  )

const since = (times: ReadonlyArray<number>, start: number) => times.filter((time) => time >= start)

describe("limits of paths", () => {
  const Arrival = Schema.Struct({
    at: count(0, 5_000),
    count: count(1, 20),
    paths: Schema.Array(Schema.Literals(["a", "b"])).check(Schema.isMaxLength(2), Schema.isUnique()),
    patience: Schema.Literals([1_000_000, 300, 2_000])
  })

  const Pattern = Schema.Struct({
    overall: count(1, 60),
    a: count(1, 20),
    b: count(1, 60),
    window: Schema.Literals([500, 1_000, 10_000]),
    arrivals: Schema.Array(Arrival).check(Schema.isMinLength(1), Schema.isMaxLength(6)),
    refused: Schema.Array(count(0, 40)).check(Schema.isMaxLength(3))
  })

  it.effect.prop(
    "Requests never exceed the limits of paths and the overall limit in any window, also after pauses and interruptions",
    [Pattern],
    ([{ a, arrivals, b, overall, refused, window }]) =>
      Effect.gen(function* () {
        const rateLimiter = yield* RateLimit
        const limits = { a: { requests: a, window: 1_000, key: "a" }, b: { requests: b, window: 2_000, key: "b" } }
        const times = { overall: new Array<number>(), a: new Array<number>(), b: new Array<number>() }
        const isRefused = () => refused.includes(times.overall.length)
        const requests = arrivals.flatMap(({ at, count, paths, patience }) => {
          const lists = [times.overall, ...paths.map((path) => times[path])]
          const request = sendAt(
            rateLimiter,
            paths.map((path) => limits[path]),
            lists,
            isRefused
          )
          return Array.from({ length: count }, () => request.pipe(Effect.timeoutOption(patience), Effect.delay(at)))
        })
        const all = yield* Effect.forkChild(Effect.all(requests, { concurrency: "unbounded", discard: true }))
        for (let minute = 0; minute < 300 && all.pollUnsafe() === undefined; minute++) {
          yield* TestClock.adjust("1 minute")
        }
        yield* Fiber.join(all)
        assert.isAtMost(most(times.overall, window), overall)
        assert.isAtMost(most(times.a, 1_000), a)
        assert.isAtMost(most(times.b, 2_000), b)
      }).pipe(Effect.provide(layerLocal({ requests: overall, window }))),
    { arbitrary: { runs: runs(100, 25), seed: `paths ${seed}` } }
  )

  it.effect("A limit of a path allows a few requests immediately, and spreads the others evenly", () =>
    Effect.gen(function* () {
      const rateLimiter = yield* RateLimit
      const limits = [{ requests: 50, window: "60 seconds", key: "organizations.delete" }] as const
      const times: Array<number> = []
      const all = yield* Effect.forkChild(
        Effect.all(
          Array.from({ length: 51 }, () => sendAt(rateLimiter, limits, [times])),
          { concurrency: "unbounded", discard: true }
        )
      )
      yield* TestClock.adjust("61 seconds")
      yield* Fiber.join(all)
      assert.strictEqual(times.filter((time) => time === 0).length, 5)
      const gaps = times.slice(5).map((time, index) => time - (times[index + 4] ?? NaN))
      assert.isAtLeast(Math.min(...gaps), 1_300)
      assert.isAtMost(Math.max(...gaps), 1_400)
    }).pipe(Effect.provide(layerLocal({ requests: 6_000, window: "60 seconds" })))
  )

  it.effect("A limit of a path delays only requests with its key", () =>
    Effect.gen(function* () {
      const rateLimiter = yield* RateLimit
      const [first, second, other]: [Array<number>, Array<number>, Array<number>] = [[], [], []]
      const crowd = yield* Effect.forkChild(
        Effect.all(
          Array.from({ length: 100 }, () => sendAt(rateLimiter, directoryUsers("a"), [first])),
          { concurrency: "unbounded", discard: true }
        ),
        { startImmediately: true }
      )
      yield* sendAt(rateLimiter, directoryUsers("b"), [second])
      yield* sendAt(rateLimiter, [], [other])
      assert.deepStrictEqual([first.length, second, other], [1, [0], [0]])
      yield* Fiber.interrupt(crowd)
      const late = yield* Effect.forkChild(sendAt(rateLimiter, directoryUsers("a"), [first]))
      yield* TestClock.adjust("275 millis")
      yield* Fiber.join(late)
      assert.deepStrictEqual(first, [0, 275])
    }).pipe(Effect.provide(layerLocal({ requests: 6_000, window: "60 seconds" })))
  )

  it.effect("Requests under several limits of paths do not block each other, in any order of the limits", () =>
    Effect.gen(function* () {
      const rateLimiter = yield* RateLimit
      const times: Array<number> = []
      const limits = ["a", "b"].map((key) => ({ requests: 1, window: 1_000, key }))
      const all = yield* Effect.forkChild(
        Effect.all(
          [limits, limits, limits.toReversed(), limits].map((limits) => sendAt(rateLimiter, limits, [times])),
          { concurrency: "unbounded", discard: true }
        )
      )
      yield* TestClock.adjust("4 seconds")
      yield* Fiber.join(all)
      assert.deepStrictEqual(times, [0, 1_100, 2_200, 3_300])
    }).pipe(Effect.provide(layerLocal({ requests: 6_000, window: "60 seconds" })))
  )

  it.effect("Limits of paths do not apply to an unlimited client, and are removed when they are not in use", () =>
    Effect.gen(function* () {
      const times: Array<number> = []
      yield* RateLimit.use((rateLimiter) =>
        Effect.all(
          Array.from({ length: 10 }, () =>
            sendAt(rateLimiter, [{ requests: 1, window: "1 minute", key: "a" }], [times])
          )
        )
      ).pipe(Effect.provide(layerLocal("unlimited")))
      assert.lengthOf(times, 10)
      yield* Effect.gen(function* () {
        const rateLimiter = yield* RateLimit
        const clock = yield* Clock.Clock
        yield* sendAt(rateLimiter, tenPerSecond(0), [times])
        assert.isAbove(rateLimiter.delayMillis(clock, tenPerSecond(0)), 100)
        yield* TestClock.adjust("1 second")
        for (let directory = 1; directory < 1_000; directory++)
          yield* sendAt(rateLimiter, tenPerSecond(directory), [times])
        // The first bucket is full again and is removed; the others are kept.
        yield* sendAt(rateLimiter, tenPerSecond(1_000), [times])
        assert.isAbove(rateLimiter.delayMillis(clock, tenPerSecond(1)), 100)
      }).pipe(Effect.provide(layerLocal({ requests: 6_000_000, window: "1 second" })))
    })
  )
})

describe("a call under the limit of a path", () => {
  const limit: PathLimit = { requests: 1, window: "20 seconds", key: "organizations.delete" }

  const calling = Effect.gen(function* () {
    const scripted = server([{ status: 200 }])
    const context = yield* Layer.build(
      Layer.fresh(Transport.layer).pipe(
        Layer.provide(Layer.fresh(RateLimit.layer)),
        Layer.provide(layerConfig({ requests: 6_000, window: "60 seconds" }, 1)),
        Layer.provide(Layer.succeed(HttpClient.HttpClient, scripted.client))
      )
    )
    const run = Operation.run<void, never>({
      operation: "organizations.delete",
      transport: Context.get(context, Transport),
      success: Operation.empty,
      errors: new Map()
    })
    const call = (rateLimits: ReadonlyArray<PathLimit>) =>
      run(Effect.succeed(HttpClientRequest.delete("https://api.workos.com/organizations/org_1")), { rateLimits })
    return { call, received: scripted.received }
  })

  it.effect("A call that waits for the limit of a path uses no permit of the concurrency limit", () =>
    Effect.gen(function* () {
      const { call, received } = yield* calling
      yield* call([limit])
      const waiting = yield* Effect.forkChild(call([limit]), { startImmediately: true })
      yield* call([])
      assert.deepStrictEqual(
        received.map(({ time }) => time),
        [0, 0]
      )
      yield* TestClock.adjust("30 seconds")
      yield* Fiber.join(waiting)
      assert.strictEqual(received.at(-1)?.time, 20_500)
    }).pipe(Effect.scoped)
  )

  it.effect(
    "A call under the limit of a path fails immediately if its deadline is too early, and at the deadline if calls before it are too slow",
    () =>
      Effect.gen(function* () {
        const { call, received } = yield* calling
        yield* call([limit])
        const late = yield* Effect.flip(withDeadline("10 seconds")(call([limit])))
        assert.deepStrictEqual(late._tag === "RequestTimeout" && [late.limit, late.attempts, late.elapsed], [
          "deadline",
          0,
          Duration.zero
        ])
        const waiting = yield* Effect.forkChild(call([limit]), { startImmediately: true })
        const queued = yield* Effect.forkChild(Effect.flip(withDeadline("30 seconds")(call([limit]))))
        yield* TestClock.adjust("1 minute")
        yield* Fiber.join(waiting)
        const error = yield* Fiber.join(queued)
        assert.deepStrictEqual(error._tag === "RequestTimeout" && [error.attempts, error.elapsed], [
          0,
          Duration.seconds(30)
        ])
        assert.lengthOf(received, 2)
      }).pipe(Effect.scoped)
  )
})

describe("services", () => {
  it.effect("A client applies the limits of an endpoint for several windows", () =>
    Effect.gen(function* () {
      const endpoint = Endpoint.get("/notes", {
        summary: "List notes",
        success: Schema.Unknown,
        rateLimits: [
          { requests: 2, seconds: 1 },
          { requests: 4, seconds: 60 },
          { requests: 4, seconds: 60 }
        ]
      })
      class Notes extends Client.Service<Notes>()("test/Notes", Resource.make("notes", { list: endpoint })) {}
      const scripted = server([{ status: 200 }])
      const layer = Notes.layer.pipe(
        Layer.provide(layerConfig({ requests: 6_000, window: "60 seconds" })),
        Layer.provide(Layer.succeed(HttpClient.HttpClient, scripted.client))
      )
      const { list } = yield* Notes.pipe(Effect.provide(Layer.fresh(layer)))
      const calls = yield* Effect.forkChild(
        Effect.all(
          Array.from({ length: 5 }, () => list()),
          { concurrency: "unbounded", discard: true }
        ).pipe(withDeadline("10 minutes"))
      )
      yield* TestClock.adjust("10 minutes")
      yield* Fiber.join(calls)
      const times = scripted.received.map(({ time }) => time)
      assert.lengthOf(times, 5)
      assert.isAtMost(most(times, 1_000), 2)
      assert.isAtMost(most(times, 60_000), 4)
    })
  )

  const directoryUsers = Resource.make("directoryUsers", {
    list: Endpoint.get("/directory_users", {
      summary: "List users",
      query: Schema.Struct({ directory: Schema.String }),
      success: Schema.Unknown,
      rateLimits: [{ requests: 4, seconds: 1, per: "directory" }]
    }),
    get: Endpoint.get("/directories/:directory/users", {
      summary: "Get users",
      params: { directory: Schema.String },
      success: Schema.Unknown,
      rateLimits: [{ requests: 4, seconds: 1, per: "directory", shared: "directoryUsers.list" }]
    })
  })

  class DirectoryUsers extends Client.Service<DirectoryUsers>()("test/DirectoryUsers", directoryUsers) {}

  it.effect("A client applies the limits of endpoints per parameter, and shares limits with the same name", () =>
    Effect.gen(function* () {
      const scripted = server([{ status: 200 }])
      const layer = Layer.mergeAll(DirectoryUsers.layer, Organizations.layer).pipe(
        Layer.provide(layerConfig({ requests: 6_000, window: "60 seconds" })),
        Layer.provide(Layer.succeed(HttpClient.HttpClient, scripted.client))
      )
      const { organizations, users } = yield* Effect.all({ users: DirectoryUsers, organizations: Organizations }).pipe(
        Effect.provide(Layer.fresh(layer))
      )
      const calls = yield* Effect.forkChild(
        Effect.all(
          [
            users.list({ directory: "a" }),
            users.list({ directory: "b" }),
            users.get("a"),
            ...Array.from({ length: 6 }, () => organizations.delete("org_01EHWNCE74X7JSDV0X3SZ3KJNY"))
          ],
          { concurrency: "unbounded", discard: true }
        )
      )
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.join(calls)
      assert.deepStrictEqual(
        scripted.received.map(({ time }) => time),
        [0, 0, 0, 0, 0, 0, 0, 275, 1_316]
      )
    })
  )
})

describe("the store of a shared limit", () => {
  const failure = new PersistedRateLimiter.RateLimiterError({
    reason: new PersistedRateLimiter.RateLimitStoreError({ message: "gone" })
  })

  /** A shared limit over a store that can fail or become slow. */
  const sharing = Effect.gen(function* () {
    const store: { state: "up" | "down" | "slow"; requests: number } = { state: "up", requests: 0 }
    const limiter = yield* PersistedRateLimiter.make
    const layer = SharedRateLimit.layer.pipe(
      Layer.provide(layerConfig({ requests: 60, window: "10 seconds" })),
      Layer.provide(
        Layer.succeed(PersistedRateLimiter.RateLimiter, {
          ...limiter,
          consume: (options) =>
            Effect.suspend(() => {
              store.requests++
              if (store.state === "down") return Effect.fail(failure)
              return store.state === "slow" ? Effect.never : limiter.consume(options)
            })
        })
      )
    )
    const program = Effect.map(Layer.build(Layer.fresh(layer)), (context) => Context.get(context, RateLimit))
    return { store, program }
  }).pipe(
    Effect.provide(PersistedRateLimiter.layerStoreMemory),
    Effect.provideService(References.MinimumLogLevel, "None")
  )

  it.effect.each(["down", "slow"] as const)(
    "A store of a shared limit that is %s is replaced by local limits, and is used again later",
    (state) =>
      Effect.gen(function* () {
        const { program, store } = yield* sharing
        const [one, two]: [Array<number>, Array<number>] = [[], []]
        const first = yield* busy(yield* program, one)
        const second = yield* busy(yield* program, two)
        const pass = Effect.repeat(TestClock.adjust("250 millis"), { times: 79 })

        yield* pass
        assert.isAtMost(most([...one, ...two], 10_000), 60)
        assert.isAtLeast(one.length + two.length, 100)

        store.state = state
        const before = store.requests
        yield* pass
        assert.isAtMost(most(one, 10_000), 60)
        assert.isAtMost(most(two, 10_000), 60)
        assert.isAtLeast(since(one, 20_000).length, 100)
        // One request when the store fails, and then one request of each program in five seconds.
        assert.isAtMost(store.requests - before, 12)

        store.state = "up"
        yield* pass
        yield* pass
        // The shared limit applies again, after a few seconds in which not both programs use it.
        assert.isAtMost(most(since([...one, ...two], 47_000), 10_000), 60)
        assert.isAtLeast(since([...one, ...two], 47_000).length, 150)
        yield* Fiber.interruptAll([first, second])
      }).pipe(Effect.scoped)
  )
})
