// A rate limiter for requests, and the delay after a 429.
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import * as Result from "effect/Result"
import type { Response } from "../Exchange.ts"

/**
 * Returns a function that waits for the next slot, but not beyond the deadline. Slots are spaced evenly, so that no
 * minute has more requests than `maxRate`.
 */
export const make = (maxRate: number | undefined) => {
  const interval = maxRate === undefined ? 0 : 60_000 / maxRate
  let next = 0
  return (deadline: number): Effect.Effect<void> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const slot = Math.max(now, next)
      if (slot < deadline) next = slot + interval
      return slot > now ? Effect.sleep(Math.min(slot, deadline) - now) : Effect.void
    })
}

/**
 * Returns the delay before a retry of a 429, from its `Retry-After` header. Defaults to one second.
 */
export const retryDelay = (response: Response): Effect.Effect<Duration.Duration> =>
  Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const retryAfter = Result.getOrUndefined(Headers.parseRetryAfter(response.headers["retry-after"] ?? ""))
    const millis =
      retryAfter === undefined
        ? 1000
        : retryAfter._tag === "Duration"
          ? Duration.toMillis(retryAfter.duration)
          : DateTime.toEpochMillis(retryAfter.dateTime) - now
    return Duration.millis(Math.max(0, millis))
  })
