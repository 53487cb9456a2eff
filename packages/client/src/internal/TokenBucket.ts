// A token bucket in memory.
import * as Duration from "effect/Duration"
import type { RateLimitOptions } from "../WorkOsConfig.ts"

/**
 * The parameters of a token bucket.
 */
export interface Parameters {
  /** The number of tokens in a full bucket. */
  readonly burst: number
  /** The number of tokens that are added per millisecond. */
  readonly perMilli: number
}

/**
 * Returns the parameters of a bucket that allows no more requests in any window than a limit.
 *
 * A bucket allows at most `burst + perMilli × w` requests in a window `w`. The window of the limit is extended by half a
 * second, or by a tenth if it is short, because requests of that time may reach the server within the window. In the
 * extended window, the parameters allow fewer than `limit + 1` requests. The burst is the number of requests in
 * the additional time, but at least `minBurst`.
 */
export const parametersOf = ({ requests, window }: RateLimitOptions, minBurst: number): Parameters => {
  const limit = Math.max(1, requests)
  const millis = Math.max(1, Duration.toMillis(Duration.fromInputUnsafe(window)))
  const jitter = Math.min(500, millis / 10)
  const burst = Math.max(1, Math.floor((limit / (millis + 2 * jitter)) * jitter), Math.floor(minBurst))
  return { burst, perMilli: (limit + 1 - burst) / (millis + jitter) }
}

/**
 * A token bucket. Times are milliseconds by `monotonicMillis`.
 */
export interface TokenBucket {
  /** Returns the milliseconds from `now` until a token is available. */
  readonly delay: (now: number) => number
  /** Takes tokens. A request that costs more than one token delays those after it. */
  readonly take: (now: number, tokens: number) => void
  readonly isFull: (now: number) => boolean
}

export const make = ({ burst, perMilli }: Parameters): TokenBucket => {
  // The number of tokens that were missing from a full bucket at the time `since`.
  let missing = 0
  let since = 0
  const missingAt = (now: number): number => Math.max(0, missing - (now - since) * perMilli)
  return {
    // 1e-9 tolerates rounding errors.
    delay: (now) => Math.max(0, missingAt(now) + 1 - 1e-9 - burst) / perMilli,
    take: (now, tokens) => {
      missing = missingAt(now) + tokens
      since = now
    },
    isFull: (now) => missingAt(now) === 0
  }
}
