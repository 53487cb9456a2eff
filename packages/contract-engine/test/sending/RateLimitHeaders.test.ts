// The rate limits that servers state in headers.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { allowanceOf } from "../../src/internal/RateLimitHeaders.ts"

const now = Date.UTC(2026, 11, 1)

describe("the rate limit in headers", () => {
  it.effect.each([
    {
      form: "the IETF draft",
      headers: { ratelimit: '"default";r=50;t=30', "ratelimit-policy": '"default";q=100;w=60' },
      allowance: { remaining: 50, seconds: 30, limit: 100, windowSeconds: 60 }
    },
    {
      form: "the IETF draft with several policies, of which the strictest applies",
      headers: {
        ratelimit: '"hour";r=900;t=60, "burst";r=3;t=1',
        "ratelimit-policy": '"burst";q=10;w=1,"hour";q=1000;w=3600'
      },
      allowance: { remaining: 3, seconds: 1, limit: 10, windowSeconds: 1 }
    },
    {
      form: "an older draft in one header",
      headers: { ratelimit: "limit=100, remaining=50, reset=5", "ratelimit-policy": "100;w=10" },
      allowance: { remaining: 50, seconds: 5, limit: 100, windowSeconds: 10 }
    },
    {
      form: "an older draft in three headers",
      headers: { "ratelimit-limit": "100, 100;w=60", "ratelimit-remaining": "0", "ratelimit-reset": "7" },
      allowance: { remaining: 0, seconds: 7, limit: 100, windowSeconds: 60 }
    },
    {
      form: "headers with X- and seconds since the epoch",
      headers: {
        "x-ratelimit-limit": "5000",
        "x-ratelimit-remaining": "4999",
        "x-ratelimit-reset": String(now / 1000 + 90)
      },
      allowance: { remaining: 4999, seconds: 90, limit: 5000, windowSeconds: 90 }
    },
    {
      form: "headers with X- and milliseconds since the epoch",
      headers: { "x-rate-limit-remaining": "1", "x-rate-limit-reset": String(now + 2000) },
      allowance: { remaining: 1, seconds: 2, limit: undefined, windowSeconds: 60 }
    },
    {
      form: "a date",
      headers: { "x-ratelimit-remaining": "1", "x-ratelimit-reset": new Date(now + 3000).toUTCString() },
      allowance: { remaining: 1, seconds: 3, limit: undefined, windowSeconds: 60 }
    },
    { form: "a window that is longer than a run", headers: { "ratelimit-remaining": "5", "ratelimit-reset": "86400" } },
    { form: "no number", headers: { "ratelimit-remaining": "many", "ratelimit-reset": "soon" } },
    { form: "an empty header", headers: { ratelimit: "" } },
    { form: "no header", headers: {} }
  ])("is read from $form", ({ allowance, headers }) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(now)
      const found = yield* allowanceOf({ headers })
      const expected = allowance && {
        remaining: allowance.remaining,
        resetsAt: now + allowance.seconds * 1000,
        limit: allowance.limit,
        windowSeconds: allowance.windowSeconds
      }
      assert.deepStrictEqual(found, expected)
    })
  )
})
