// Slow servers, rate limits and maximum rates: a run waits as long as it should, within its time budget.
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import type { Settings } from "@effect-workos/contract-engine/Settings"
import type { Report } from "@effect-workos/contract-engine/Report"
import { linesOf, ofLaw } from "@effect-workos/testing/Results"
import { advancing, report, smallStore, type Wrap } from "./running.ts"

const idsOf = ({ results }: Report, status: string) => [
  ...new Set(results.filter((result) => result.status === status).map(({ law }) => law))
]

/** A server that responds to some requests in place of the emulator. */
const replacing =
  (respond: (request: Request, serve: (request: Request) => Promise<Response>) => Promise<Response>): Wrap =>
  (serve) =>
  (input, init) => {
    const request = new Request(input, init)
    return respond(request, (request) => serve(request))
  }

/** Responds when the request is aborted. */
const never = ({ signal }: Request): Promise<Response> =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }))

const verify = Effect.fnUntraced(function* (settings: Settings, wrap: Wrap) {
  const store = yield* smallStore(25)
  return yield* advancing(report(store, { runs: 3, requestTimeout: 10_000, timeBudget: 15_000, ...settings }, wrap))
})

describe("a slow server", () => {
  it.effect("a server that takes too long fails the law about time within the time budget", () =>
    Effect.gen(function* () {
      const found = yield* verify({ requestTimeout: 300, timeBudget: 3000, writes: true }, replacing(never))
      assert.isAtMost(found.durationMillis, 3000)
      assert.deepStrictEqual(idsOf(found, "failed"), ["responses/time"])
      assert.include(ofLaw(found, "responses/time")[0]?.message, "no complete response within 300ms")
      assert.deepStrictEqual(idsOf(found, "passed"), [])
      assert.include(linesOf(found, "skipped").join("\n"), "consecutive requests without a response")
    })
  )

  it.effect("slow creations do not delay the end or the interruption of a run", () =>
    Effect.gen(function* () {
      const posts = yield* Queue.unbounded<void>()
      const slow = replacing((request, serve) => {
        if (request.method !== "POST") return serve(request)
        Queue.offerUnsafe(posts, undefined)
        return never(request)
      })
      const settings = { laws: ["lifecycle/created-in-get"], writes: true, requestTimeout: 800 }
      const found = yield* verify(settings, slow)
      assert.isBelow(found.durationMillis, 3000)
      assert.match(linesOf(found, "skipped")[0] ?? "", /POST \/connections: no complete response within 800ms/)

      yield* Queue.takeAll(posts)
      const store = yield* smallStore(25)
      const running = yield* Effect.forkChild(report(store, settings, slow))
      yield* Queue.take(posts)
      const started = yield* Clock.currentTimeMillis
      yield* advancing(Fiber.interrupt(running))
      assert.isAtMost((yield* Clock.currentTimeMillis) - started, 3000)
    })
  )
})

const limited = (retryAfter: string | undefined): Response =>
  Response.json(
    { message: "Too many requests" },
    { status: 429, headers: retryAfter === undefined ? {} : { "retry-after": retryAfter } }
  )

describe("a server with rate limits", () => {
  it.effect("a server with rate limits fails no law, since the run waits as requested", () =>
    Effect.gen(function* () {
      let requests = 0
      const found = yield* verify(
        {},
        replacing(async (request, serve) => (++requests === 1 || requests === 60 ? limited("1") : serve(request)))
      )
      assert.isAtLeast(found.durationMillis, 2000)
      assert.strictEqual(requests, found.requests)
      assert.deepStrictEqual(idsOf(found, "failed"), [])
      assert.isAbove(found.summary.passed, 50)
    })
  )

  for (const [retryAfter, reason] of [
    ["1", /429/],
    ["0", /the server returned 429 5 times in a row/],
    ["3600", /the server returned 429, and the delay of 1h exceeds the time budget/],
    [undefined, /429/]
  ] as const) {
    it.effect(`a server that always returns 429 with Retry-After: ${retryAfter} is abandoned with the reason`, () =>
      Effect.gen(function* () {
        const found = yield* verify(
          { timeBudget: 3000, writes: true },
          replacing(async () => limited(retryAfter))
        )
        assert.isAtMost(found.durationMillis, 3000)
        assert.deepStrictEqual([...idsOf(found, "passed"), ...idsOf(found, "failed")], [])
        assert.match(linesOf(found, "skipped").join("\n"), reason)
      })
    )
  }
})

describe("a maximum rate", () => {
  it.effect("a maximum rate is never exceeded", () =>
    Effect.gen(function* () {
      const clock = yield* Clock.Clock
      const times: Array<number> = []
      const found = yield* verify(
        { maxRate: 1200, timeBudget: 1200 },
        replacing((request, serve) => {
          times.push(clock.currentTimeMillisUnsafe())
          return serve(request)
        })
      )
      assert.isAtMost(found.durationMillis, 1200)
      assert.isAbove(times.length, 10)
      // 50 ms apart, apart from the time between the limiter and the server.
      const windows = times.map((from) => times.filter((time) => time >= from && time < from + 500).length)
      assert.isAtMost(Math.max(...windows), 11)
    })
  )

  it.effect("a maximum rate that allows only a few requests does not extend the time budget", () =>
    Effect.gen(function* () {
      const found = yield* verify(
        { maxRate: 2, timeBudget: 700 },
        replacing((request, serve) => serve(request))
      )
      assert.isAtMost(found.durationMillis, 700)
      assert.isAtMost(found.requests, 2)
      assert.deepStrictEqual(idsOf(found, "failed"), [])
    })
  )
})
