// Retries, compared with a simple model of them.
import { assert, describe, it } from "@effect/vitest"
import { runs, seed as runSeed } from "@effect-workos/testing/Sample"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Headers from "effect/http/Headers"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import * as DateTime from "effect/DateTime"
import { TestClock } from "effect/testing"
import type { connections } from "@effect-workos/domain/sso/Connection"
import type * as Client from "../src/Client.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import type { WorkOs } from "../src/WorkOs.ts"
import { id } from "./samples.ts"
import { withClient, runToEnd, server, type Step } from "./scripted-server.ts"

type Call = (
  workos: WorkOs["Service"]
) => Effect.Effect<unknown, Client.Error<typeof connections, "create"> | Client.Error<typeof connections, "list">>

const operations: Readonly<Record<"get" | "list" | "create" | "delete", Call>> = {
  get: ({ connections }: WorkOs["Service"]) => connections.get(id),
  list: ({ connections }: WorkOs["Service"]) => connections.list(),
  create: ({ connections }: WorkOs["Service"]) =>
    connections.create({ organizationId: "org_01EHWNCE74X7JSDV0X3SZ3KJNY" }),
  delete: ({ connections }: WorkOs["Service"]) => connections.delete(id)
}

const names = ["get", "list", "create", "delete"] as const

const under = (policy: Partial<RetryPolicy.Policy>) =>
  Effect.provideService(RetryPolicy.RetryPolicy, { ...RetryPolicy.standard, ...policy })

const errorOf = (exit: Exit.Exit<unknown, unknown>): Record<string, unknown> => {
  const error = Option.getOrUndefined(Exit.findErrorOption(exit))
  if (!(error instanceof Error)) throw new Error(`Expected a failure: ${String(exit)}`)
  return { ...error, message: error.message }
}

const long = { deadline: "2 hours", maxDelay: "10 seconds" } as const

const transient: ReadonlyArray<unknown> = [
  408,
  425,
  429,
  500,
  502,
  503,
  504,
  522,
  529,
  "refused",
  "reset",
  "stall",
  "breaks"
]

const nameOf = (step: Step) => (typeof step === "string" ? step : "code" in step ? step.code : step.status)

const StepSchema = Schema.Union([
  Schema.Literals(["refused", "reset", "stall", "breaks"]),
  Schema.Struct({
    status: Schema.Literals([200, 400, 403, 404, 408, 409, 422, 425, 429, 500, 501, 502, 503, 504, 522, 529])
  })
])

describe("a failed attempt", () => {
  it.effect.prop(
    "A failed attempt is retried only if another attempt may have another outcome",
    [Schema.Array(StepSchema).check(Schema.isMinLength(1), Schema.isMaxLength(8)), Schema.Literals(names)],
    ([steps, name]) =>
      Effect.gen(function* () {
        const policy = { ...RetryPolicy.standard, ...long, maxAttempts: 6 }
        const scripted = server(steps)
        const exit = yield* runToEnd(withClient(scripted, operations[name]).pipe(under(policy)))
        const seen = Array.from({ length: policy.maxAttempts }, (_, index) =>
          nameOf(steps[Math.min(index, steps.length - 1)] ?? "reset")
        )
        const last = seen.findIndex((step) => !transient.includes(step))
        const expected = last === -1 ? policy.maxAttempts : last + 1
        assert.strictEqual(scripted.received.length, expected)
        const outcome = seen[expected - 1]
        // True if the server may have applied the request in an earlier attempt without a response.
        const isLost = seen.slice(0, expected - 1).some((step) => !["refused", 408, 429].includes(step))
        const isDone = outcome === 200 || (name === "delete" && outcome === 404 && isLost)
        assert.strictEqual(Exit.isSuccess(exit), isDone)
        if (!isDone) assert.strictEqual(errorOf(exit)["attempts"], expected)
      }),
    { arbitrary: { runs: runs(300, 40), seed: `steps ${runSeed}` } }
  )

  it.effect.prop(
    "A retry follows after a random delay whose maximum doubles up to maxDelay",
    [Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1_000_000 }))],
    ([seed]) =>
      Effect.gen(function* () {
        const scripted = server(["refused"])
        yield* runToEnd(
          withClient(scripted, operations.get).pipe(
            under({ ...long, maxAttempts: 9, baseDelay: "200 millis", maxDelay: "5 seconds" }),
            Random.withSeed(seed)
          )
        )
        const times = scripted.received.map(({ time }) => time)
        for (const [index, most] of [200, 400, 800, 1600, 3200, 5000, 5000, 5000].entries()) {
          const wait = (times[index + 1] ?? NaN) - (times[index] ?? NaN)
          assert.isAtLeast(wait, 0)
          assert.isAtMost(wait, most)
        }
      }),
    { arbitrary: { runs: runs(100, 15), seed: `delays ${runSeed}` } }
  )

  it.effect("Delays of retries spread over their whole range, so that clients do not retry simultaneously", () =>
    Effect.gen(function* () {
      const scripted = server(["refused"])
      yield* runToEnd(
        withClient(scripted, (workos) =>
          Effect.forEach(Array(300).keys(), (seed) => Random.withSeed(Effect.exit(operations.get(workos)), seed))
        ).pipe(under({ maxAttempts: 2, baseDelay: "1 second" }))
      )
      const times = scripted.received.map(({ time }) => time)
      const waits = times.flatMap((time, index) => (index % 2 === 0 ? [] : [time - (times[index - 1] ?? NaN)]))
      assert.lengthOf(waits, 300)
      for (let tenth = 0; tenth < 10; tenth++) {
        const count = waits.filter((wait) => wait >= tenth * 100 && wait < (tenth + 1) * 100).length
        assert.isAbove(count, 10)
      }
    })
  )

  it.effect("All attempts of a POST have the same Idempotency-Key, and other calls have other keys", () =>
    Effect.gen(function* () {
      const scripted = server([{ status: 503 }, "reset", { status: 200 }])
      yield* runToEnd(
        withClient(scripted, (workos) => Effect.all([operations.create(workos), operations.create(workos)]))
      )
      const keys = scripted.received.map(({ request }) => request.headers["idempotency-key"])
      assert.lengthOf(keys, 4)
      assert.strictEqual(new Set(keys.slice(0, 3)).size, 1)
      assert.strictEqual(new Set(keys).size, 2)
      for (const key of keys) assert.match(String(key), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    })
  )

  it.effect.each(["get", "list", "delete"] as const)("A request of %s has no Idempotency-Key", (name) =>
    Effect.gen(function* () {
      const scripted = server([{ status: 200 }])
      yield* withClient(scripted, operations[name])
      assert.isUndefined(scripted.received[0]?.request.headers["idempotency-key"])
    })
  )
})

const waitAfter = (status: number, value: string) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.UTC(2026, 0, 15))
    const scripted = server([{ status, headers: { "retry-after": value } }, { status: 200 }])
    const exit = yield* runToEnd(withClient(scripted, operations.get).pipe(under({ ...long, baseDelay: 0 })))
    assert.isTrue(Exit.isSuccess(exit))
    const [first, second] = scripted.received
    return ((second?.time ?? NaN) - (first?.time ?? NaN)) / 1000
  })

const at = (seconds: number) =>
  Headers.formatRetryAfter(Headers.retryAfterDateTime(DateTime.makeUnsafe(Date.UTC(2026, 0, 15) + seconds * 1000)))

describe("Retry-After", () => {
  it.effect.each([
    [503, "7", 7],
    [503, "0", 0],
    [503, "tomorrow", 0],
    [503, "-5", 0],
    [503, "3600", 60],
    [503, "99999999999999999999", 60],
    [500, "2", 2],
    [408, "3", 3],
    [429, "4", 4],
    [429, "3600", 60]
  ] as const)("The Retry-After of a %d with the value %s delays the retry by %d s", ([status, value, seconds]) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* waitAfter(status, value), seconds)
    })
  )

  it.effect("A Retry-After may be a date", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* waitAfter(503, at(9)), 9)
      assert.strictEqual(yield* waitAfter(429, at(9)), 9)
      assert.strictEqual(yield* waitAfter(503, at(-900)), 0)
      assert.strictEqual(yield* waitAfter(503, at(9000)), 60)
    })
  )

  it.effect.each([429, 503])("A Retry-After of a %d beyond the deadline makes the call fail immediately", (status) =>
    Effect.gen(function* () {
      const scripted = server([{ status, headers: { "retry-after": "30" } }])
      const exit = yield* Effect.exit(withClient(scripted, operations.get).pipe(under({ deadline: "20 seconds" })))
      const error = errorOf(exit)
      assert.strictEqual(error["_tag"], status === 429 ? "TooManyRequests" : "ServerError")
      assert.deepStrictEqual([error["attempts"], error["elapsed"]], [1, Duration.zero])
    })
  )

  it.effect("The Retry-After of a 429 delays all calls, and calls with an earlier deadline fail immediately", () =>
    Effect.gen(function* () {
      const scripted = server([{ status: 429, headers: { "retry-after": "30" } }, { status: 200 }])
      yield* withClient(scripted, (workos) =>
        Effect.gen(function* () {
          yield* Effect.flip(operations.get(workos).pipe(under({ maxAttempts: 1 })))
          const error = yield* Effect.flip(operations.list(workos).pipe(under({ deadline: "20 seconds" })))
          assert.strictEqual(error._tag, "RequestTimeout")
          assert.include(
            error.message,
            "not sent before its deadline, because of the rate limit or the concurrency limit"
          )
          yield* runToEnd(operations.get(workos))
          assert.deepStrictEqual(
            scripted.received.map(({ time }) => time),
            [0, 30_000]
          )
        })
      )
    })
  )
})

describe("time limits", () => {
  const Slow = Schema.Struct({
    status: Schema.Literals([200, 404, 500, 503, 429]),
    after: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 40_000 }))
  })

  it.effect.prop(
    "Every call ends at its deadline, for any behaviour of the server",
    [
      Schema.Array(Schema.Union([Slow, Schema.Literals(["refused", "reset", "stall", "breaks"])])).check(
        Schema.isMinLength(1),
        Schema.isMaxLength(6)
      ),
      Schema.Literals(names),
      Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 90 }))
    ],
    ([steps, name, seconds]) =>
      Effect.gen(function* () {
        const scripted = server(steps)
        const call = withClient(scripted, operations[name]).pipe(
          under({ maxAttempts: 20, attemptTimeout: "10 seconds", deadline: Duration.seconds(seconds) }),
          Effect.timed
        )
        const exit = yield* runToEnd(Effect.flip(call).pipe(Effect.flip))
        if (Exit.isFailure(exit)) {
          const elapsed = errorOf(exit)["elapsed"]
          assert.isTrue(Duration.isDuration(elapsed) && Duration.toSeconds(elapsed) <= seconds)
        } else assert.isAtMost(Duration.toSeconds(exit.value[0]), seconds)
        const times = scripted.received.map(({ time }) => time)
        assert.isAtMost((times.at(-1) ?? 0) - (times[0] ?? 0), seconds * 1000)
      }),
    { arbitrary: { runs: runs(100, 25), seed: `limits ${runSeed}` } }
  )

  it.effect("Attempts that exceed their time limit fail with RequestTimeout after maxAttempts", () =>
    Effect.gen(function* () {
      const scripted = server(["stall"])
      const exit = yield* runToEnd(
        withClient(scripted, operations.get).pipe(under({ ...long, maxAttempts: 3, baseDelay: 0 }))
      )
      const error = errorOf(exit)
      assert.deepStrictEqual(
        [error["_tag"], error["limit"], error["attempts"], error["elapsed"]],
        ["RequestTimeout", "attempt", 3, Duration.seconds(60)]
      )
      assert.strictEqual(
        error["message"],
        "connections.get: no response from https://api.workos.com in time, 3 times in 60 s (previous attempt: timed_out). " +
          "Try again later, or set a longer timeout with RetryPolicy."
      )
    })
  )

  it.effect("A call fails with RequestTimeout at its deadline, also during an attempt", () =>
    Effect.gen(function* () {
      const scripted = server(["stall"])
      const exit = yield* runToEnd(
        withClient(scripted, operations.get).pipe(under({ deadline: "25 seconds", baseDelay: 0 }))
      )
      const error = errorOf(exit)
      assert.deepStrictEqual(
        [error["_tag"], error["limit"], error["attempts"], error["elapsed"]],
        ["RequestTimeout", "deadline", 2, Duration.seconds(25)]
      )
    })
  )

  it.effect("The deadline includes the wait for the rate limiter", () =>
    Effect.gen(function* () {
      const scripted = server(["stall"])
      yield* withClient(
        scripted,
        (workos) =>
          Effect.gen(function* () {
            const first = yield* Effect.forkChild(operations.get(workos).pipe(under({ deadline: "1 hour" })))
            const second = yield* runToEnd(Effect.flip(operations.get(workos).pipe(under({ deadline: "5 seconds" }))))
            const error = Exit.isSuccess(second) ? second.value : undefined
            assert.deepStrictEqual(error?._tag === "RequestTimeout" && [error.limit, error.attempts, error.elapsed], [
              "deadline",
              0,
              Duration.seconds(5)
            ])
            yield* Fiber.interrupt(first)
          }),
        { maxConcurrency: 1 }
      )
    })
  )
})

describe("a policy", () => {
  it.effect("A call uses the retry policy of its scope", () =>
    Effect.gen(function* () {
      const scripted = server(["refused"])
      const attempts = yield* withClient(scripted, (workos) =>
        Effect.gen(function* () {
          const call = Effect.map(Effect.flip(operations.get(workos)), (error) =>
            "attempts" in error ? error.attempts : undefined
          )
          const fiber = yield* Effect.forkChild(
            Effect.all([
              call,
              call.pipe(Effect.provideService(RetryPolicy.RetryPolicy, RetryPolicy.none)),
              call.pipe(under({ maxAttempts: 3 })),
              call.pipe(under({ maxAttempts: 0 })),
              call.pipe(under({ maxAttempts: NaN })),
              call.pipe(Effect.provideService(RetryPolicy.RetryPolicy, RetryPolicy.longRunning))
            ])
          )
          yield* TestClock.adjust("10 minutes")
          return yield* Fiber.join(fiber)
        })
      )
      assert.deepStrictEqual(attempts, [5, 1, 3, 1, 1, 20])
    })
  )
})

describe("a deletion", () => {
  it.effect.each<{ readonly steps: ReadonlyArray<Step>; readonly what: string; readonly isDone: boolean }>([
    { what: "succeeds with a 404 after a lost response", steps: ["reset"], isDone: true },
    { what: "succeeds with a 404 after a truncated response", steps: ["breaks"], isDone: true },
    { what: "succeeds with a 404 after a timeout", steps: ["stall"], isDone: true },
    { what: "succeeds with a 404 after a 502 of a proxy", steps: [{ status: 502 }], isDone: true },
    {
      what: "succeeds with a 404 if one of three attempts was lost",
      steps: ["refused", "reset", "refused"],
      isDone: true
    },
    { what: "fails with NotFound for a 404", steps: [], isDone: false },
    { what: "fails with NotFound for a 404 after a refused connection", steps: ["refused"], isDone: false },
    { what: "fails with NotFound for a 404 after a 429", steps: [{ status: 429 }], isDone: false }
  ])("A deletion $what", ({ isDone, steps }) =>
    Effect.gen(function* () {
      const exit = yield* runToEnd(withClient(server([...steps, { status: 404 }]), operations.delete))
      assert.strictEqual(Exit.isSuccess(exit), isDone)
      if (!isDone) assert.strictEqual(errorOf(exit)["_tag"], "NotFound")
    })
  )

  it.effect("A lookup fails with NotFound for a 404 after a lost response", () =>
    Effect.gen(function* () {
      const exit = yield* runToEnd(withClient(server(["reset", { status: 404 }]), operations.get))
      assert.strictEqual(errorOf(exit)["_tag"], "NotFound")
    })
  )
})
