// A rate limiter for requests: a fixed rate, or the rate limit that the server states in its responses.
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import * as Result from "effect/Result"
import type { Response } from "../Exchange.ts"
import { type Allowance, allowanceOf } from "./RateLimitHeaders.ts"

export interface RateLimiter {
  /** Runs an effect that sends a request, in the next slot, but not after the deadline. */
  readonly run: (
    deadline: number,
    wait: typeof Effect.interruptible
  ) => <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** Adapts to the rate limit that the response to a running request states. */
  readonly onResponse: (response: Response) => Effect.Effect<void>
  /** The current limit in requests per minute, if any. */
  readonly rate: Effect.Effect<number | undefined>
}

export interface Options {
  /** The maximum number of requests per minute. The server's statements are ignored. */
  readonly maxRate: number | undefined
  /** The number of requests per minute until the server states a limit. */
  readonly defaultRate: number | undefined
}

/**
 * Makes a rate limiter. Slots of a fixed rate are spaced evenly, so that no minute has more requests.
 *
 * The first half of the server's limit is used without delay, and the rest is spread until the limit resets.
 */
export const make = ({ defaultRate, maxRate }: Options): RateLimiter => {
  let last = -Infinity
  let running = 0
  let allowance: Allowance | undefined
  const fixed = () => maxRate ?? (allowance === undefined ? defaultRate : undefined)

  // Slots of a fixed rate are reserved. Otherwise, what a response states while waiting counts.
  const acquire = (deadline: number): Effect.Effect<void> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const rate = fixed()
      allowance = renew(allowance, running, now)
      const slot = Math.max(now, rate === undefined ? slotOf(allowance, last, now) : last + 60_000 / rate)
      if (slot <= now || (rate !== undefined && slot < deadline)) {
        last = slot
        if (allowance !== undefined) allowance = { ...allowance, remaining: allowance.remaining - 1 }
      }
      if (slot <= now) return Effect.void
      const wait = Effect.sleep(Math.ceil(Math.min(slot, deadline) - now))
      return rate !== undefined || slot >= deadline ? wait : Effect.andThen(wait, acquire(deadline))
    })

  return {
    run: (deadline, wait) => (effect) =>
      Effect.andThen(
        wait(acquire(deadline)),
        Effect.suspend(() => {
          running++
          return Effect.ensuring(
            effect,
            Effect.sync(() => running--)
          )
        })
      ),
    onResponse: (response) =>
      Effect.map(allowanceOf(response), (stated) => {
        // The server may not have counted the other running requests.
        if (stated !== undefined) allowance = { ...stated, remaining: stated.remaining - (running - 1) }
      }),
    rate: Effect.sync(() => {
      const rate = fixed()
      if (rate !== undefined || allowance?.limit === undefined) return rate
      return (allowance.limit * 60) / allowance.windowSeconds
    })
  }
}

const slotOf = (allowance: Allowance | undefined, last: number, now: number): number => {
  if (allowance === undefined) return now
  const { limit, remaining, resetsAt } = allowance
  if (remaining <= 0) return resetsAt
  return limit !== undefined && remaining > limit / 2 ? now : last + (resetsAt - now) / remaining
}

// After the reset, the whole limit is available, until a response states the rest.
const renew = (allowance: Allowance | undefined, running: number, now: number): Allowance | undefined => {
  if (allowance === undefined || now < allowance.resetsAt) return allowance
  const { limit, windowSeconds } = allowance
  return limit === undefined
    ? undefined
    : { ...allowance, remaining: limit - running, resetsAt: now + windowSeconds * 1000 }
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
