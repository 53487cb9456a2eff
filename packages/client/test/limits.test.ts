// The concurrency limit and the circuit breaker.
import { assert, describe, it } from "@effect/vitest"
import { runs, seed } from "@effect-workos/testing/Sample"
import * as Array from "effect/Array"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as CircuitBreaker from "effect/persistence/CircuitBreaker"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { TestClock } from "effect/testing"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import { WorkOs } from "../src/WorkOs.ts"
import { id } from "./samples.ts"
import { withClient, runToEnd, server, type Step } from "./scripted-server.ts"

const get = (workos: WorkOs["Service"]) => workos.connections.get(id)

const off = Effect.provideService(RetryPolicy.RetryPolicy, RetryPolicy.none)

/** A server that takes a second per request, and counts concurrent requests. */
const counting = () => {
  const count = { now: 0, most: 0 }
  const { client, received } = server([{ status: 200, after: 1_000 }])
  const counted = HttpClient.transform(client, (sending) =>
    Effect.acquireUseRelease(
      Effect.sync(() => (count.most = Math.max(count.most, ++count.now))),
      () => sending,
      () => Effect.sync(() => count.now--)
    )
  )
  return { client: counted, count, received }
}

describe("concurrent requests", () => {
  it.effect.prop(
    "The number of concurrent requests never exceeds maxConcurrency, and equals maxConcurrency while enough calls wait",
    [
      Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 20 })),
      Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 60 }))
    ],
    ([maxConcurrency, calls]) =>
      Effect.gen(function* () {
        const counted = counting()
        const all = withClient(
          counted,
          (workos) => Effect.all(Array.replicate(get(workos), calls), { concurrency: "unbounded", discard: true }),
          { maxConcurrency }
        )
        const exit = yield* runToEnd(
          all.pipe(Effect.provideService(RetryPolicy.RetryPolicy, { ...RetryPolicy.standard, deadline: "1 hour" }))
        )
        assert.isTrue(Exit.isSuccess(exit))
        assert.strictEqual(counted.count.most, Math.min(maxConcurrency, calls))
      }),
    { arbitrary: { runs: runs(100, 10), seed: `concurrency ${seed}` } }
  )

  it.effect("Interrupted requests release their permits before and after they are sent", () =>
    Effect.gen(function* () {
      const counted = counting()
      yield* withClient(
        counted,
        (workos) =>
          Effect.gen(function* () {
            const crowd = yield* Effect.forkChild(
              Effect.all(Array.replicate(get(workos), 50), { concurrency: "unbounded", discard: true })
            )
            yield* TestClock.adjust("500 millis")
            assert.strictEqual(counted.count.now, 2)
            yield* Fiber.interrupt(crowd)
            assert.strictEqual(counted.count.now, 0)
            const next = yield* Effect.forkChild(Effect.all([get(workos), get(workos)], { concurrency: 2 }))
            yield* TestClock.adjust("1 second")
            yield* Fiber.join(next)
            assert.lengthOf(counted.received, 4)
          }),
        { maxConcurrency: 2 }
      )
    })
  )

  it.effect("Calls use no permits while they wait for a retry", () =>
    Effect.gen(function* () {
      const scripted = server([{ status: 503, headers: { "retry-after": "20" } }, { status: 200 }])
      yield* withClient(
        scripted,
        (workos) =>
          Effect.gen(function* () {
            const waiting = yield* Effect.forkChild(get(workos), { startImmediately: true })
            yield* TestClock.adjust("1 second")
            yield* get(workos)
            assert.lengthOf(scripted.received, 2)
            yield* TestClock.adjust("20 seconds")
            yield* Fiber.join(waiting)
          }),
        { maxConcurrency: 1 }
      )
    })
  )
})

const guarded = <A, E>(
  steps: ReadonlyArray<Step>,
  use: (context: {
    readonly ask: Effect.Effect<string>
    readonly sent: () => number
  }) => Effect.Effect<A, E, CircuitBreaker.CircuitBreaker>
) => {
  const scripted = server(steps)
  return Effect.gen(function* () {
    const workos = yield* WorkOs
    const ask = Effect.match(off(get(workos)), { onFailure: ({ _tag }): string => _tag, onSuccess: () => "ok" })
    return yield* use({ ask, sent: () => scripted.received.length })
  }).pipe(
    Effect.provide(
      WorkOs.layer({ apiKey: Redacted.make("sk_test_guarded"), rateLimit: "unlimited" }).pipe(
        Layer.provide(Layer.succeed(HttpClient.HttpClient, scripted.client)),
        Layer.provideMerge(
          CircuitBreaker.layer({ tripPolicy: CircuitBreaker.consecutive(3), openDuration: "30 seconds" })
        ),
        Layer.provide(CircuitBreaker.layerStoreMemory())
      )
    )
  )
}

describe("a retry", () => {
  it.effect("A retry that cannot be sent in time leaves the previous TooManyRequests as the result", () =>
    Effect.gen(function* () {
      const scripted = server([{ status: 429, headers: { "retry-after": "1", "x-request-id": "req_first" } }])
      const breaker = yield* CircuitBreaker.make({ tripPolicy: CircuitBreaker.consecutive(1), openDuration: "1 hour" })
      const exit = yield* runToEnd(
        Effect.flip(
          // One request in 20 seconds: the second would be sent after the deadline.
          withClient(scripted, get, { rateLimit: { requests: 1, window: "20 seconds" } }).pipe(
            Effect.provideService(RetryPolicy.RetryPolicy, { ...RetryPolicy.standard, deadline: "10 seconds" }),
            Effect.provideService(CircuitBreaker.CircuitBreaker, breaker)
          )
        )
      )
      const error = Exit.isSuccess(exit) ? exit.value : undefined
      assert.deepStrictEqual(error?._tag === "TooManyRequests" && [error.attempts, error.elapsed, error.requestId], [
        1,
        Duration.seconds(10),
        "req_first"
      ])
      assert.lengthOf(scripted.received, 1)
      assert.strictEqual((yield* Effect.orDie(breaker.state("workos:api.workos.com")))._tag, "Closed")
    }).pipe(Effect.provide(CircuitBreaker.layerStoreMemory()))
  )
})

describe("a circuit breaker", () => {
  it.effect("A circuit breaker opens after failures, blocks requests while open, and closes when WorkOS recovers", () =>
    guarded(["refused", { status: 500 }, { status: 503 }, { status: 200 }], ({ ask, sent }) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* Effect.all([ask, ask, ask]), ["TransportError", "ServerError", "ServerError"])
        assert.deepStrictEqual(yield* Effect.all([ask, ask]), ["CircuitOpen", "CircuitOpen"])
        assert.strictEqual(sent(), 3)
        yield* TestClock.adjust("30 seconds")
        assert.deepStrictEqual(yield* Effect.all([ask, ask]), ["ok", "ok"])
      })
    )
  )

  it.effect.each([
    ["50", 50],
    ["86400", 60]
  ] as const)("A circuit breaker stays open for the Retry-After of WorkOS, %s s, at most a minute", ([said, seconds]) =>
    guarded(
      [{ status: 500 }, { status: 500 }, { status: 503, headers: { "retry-after": said } }, { status: 200 }],
      ({ ask }) =>
        Effect.gen(function* () {
          yield* Effect.all([ask, ask, ask])
          yield* TestClock.adjust(Duration.seconds(seconds - 1))
          assert.strictEqual(yield* ask, "CircuitOpen")
          yield* TestClock.adjust("1 second")
          assert.strictEqual(yield* ask, "ok")
        })
    )
  )

  it.effect.each<readonly [string, Step]>([
    ["NotFound", { status: 404 }],
    ["Unauthorized", { status: 401 }],
    ["Forbidden", { status: 403 }]
  ])("A circuit breaker counts %s as a success", ([tag, step]) =>
    guarded([step], ({ ask }) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* Effect.all(Array.replicate(ask, 10)), Array.replicate(tag, 10))
      })
    )
  )

  it.effect("A circuit breaker counts a response beyond the size limit as a success", () =>
    guarded([{ status: 200, headers: { "content-length": "99999999999" } }], ({ ask }) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* Effect.all(Array.replicate(ask, 5)), Array.replicate("InvalidResponse", 5))
      })
    )
  )

  it.effect("A circuit breaker ignores 429s and interrupted calls", () =>
    guarded([{ status: 429, headers: { "retry-after": "1" } }, { status: 429 }, "stall"], ({ ask, sent }) =>
      Effect.gen(function* () {
        const asking = yield* Effect.forkChild(Effect.all([ask, ask]))
        yield* TestClock.adjust("5 seconds")
        assert.deepStrictEqual(yield* Fiber.join(asking), ["TooManyRequests", "TooManyRequests"])
        for (let i = 0; i < 5; i++) {
          const leaving = yield* Effect.forkChild(ask, { startImmediately: true })
          yield* TestClock.adjust("2 seconds")
          yield* Fiber.interrupt(leaving)
        }
        assert.strictEqual(sent(), 7)
        const breaker = yield* CircuitBreaker.CircuitBreaker
        assert.strictEqual((yield* Effect.orDie(breaker.state("workos:api.workos.com")))._tag, "Closed")
      })
    )
  )

  it.effect("An error of an open circuit breaker contains the time until the next request", () =>
    guarded(["refused"], ({ ask }) =>
      Effect.gen(function* () {
        yield* Effect.all([ask, ask, ask])
        yield* TestClock.adjust("10 seconds")
        const breaker = yield* CircuitBreaker.CircuitBreaker
        assert.strictEqual((yield* Effect.orDie(breaker.state("workos:api.workos.com")))._tag, "Open")
        const scripted = server([{ status: 200 }])
        const error = yield* Effect.flip(
          withClient(scripted, get).pipe(Effect.provideService(CircuitBreaker.CircuitBreaker, breaker))
        )
        assert.strictEqual(error._tag, "CircuitOpen")
        assert.deepStrictEqual(error._tag === "CircuitOpen" && error.retryAfter, Duration.seconds(20))
        assert.strictEqual(
          error.message,
          "connections.get: not sent, because earlier calls failed and the circuit workos:api.workos.com is open. " +
            "Try again in 20 s."
        )
        assert.isEmpty(scripted.received)
      })
    )
  )

  it.effect("A circuit breaker counts a call with retries once", () => {
    const scripted = server([{ status: 503 }, { status: 503 }, { status: 200 }])
    return Effect.gen(function* () {
      const breaker = yield* CircuitBreaker.make({
        tripPolicy: CircuitBreaker.consecutive(1),
        openDuration: "30 seconds"
      })
      const fiber = yield* Effect.forkChild(
        withClient(scripted, get).pipe(Effect.provideService(CircuitBreaker.CircuitBreaker, breaker))
      )
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.join(fiber)
      assert.strictEqual((yield* Effect.orDie(breaker.state("workos:api.workos.com")))._tag, "Closed")
    }).pipe(Effect.provide(CircuitBreaker.layerStoreMemory()))
  })
})
