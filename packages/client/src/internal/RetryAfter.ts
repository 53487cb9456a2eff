// `Retry-After`, as a number.
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Headers from "effect/http/Headers"
import * as Result from "effect/Result"

/**
 * The milliseconds from now that a `Retry-After` asks for, in seconds or as a date: `undefined` where it says neither.
 *
 * @see https://workos.com/docs/reference/rate-limits
 */
export const millis = (clock: Clock.Clock, headers: Headers.Headers): number | undefined => {
  const value = headers["retry-after"]
  const parsed = value === undefined ? undefined : Result.getOrUndefined(Headers.parseRetryAfter(value))
  return parsed && Duration.toMillis(Headers.retryAfterDelay(parsed, clock.currentTimeMillisUnsafe()))
}
