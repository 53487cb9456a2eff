/**
 * A rate limit that several processes share through a store such as Redis.
 *
 * @module
 */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Hash from "effect/Hash"
import type * as Layer from "effect/Layer"
import * as PersistedRateLimiter from "effect/persistence/RateLimiter"
import * as Redacted from "effect/Redacted"
import { monotonicMillis } from "./internal/Timer.ts"
import { RateLimit, type TakeShared } from "./RateLimit.ts"
import * as WorkOsConfig from "./WorkOsConfig.ts"

// The time limit for the store, and the milliseconds during which the store is not used after a failure.
const storeTimeout = "250 millis"
const storePause = 5_000

// If the store fails, it is skipped for a while, and only the limits of this process apply. Then a single request tests
// whether the store works again.
const takeShared: Effect.Effect<TakeShared, never, WorkOsConfig.WorkOsConfig | PersistedRateLimiter.RateLimiter> =
  Effect.gen(function* () {
    const { apiKey, baseUrl } = yield* WorkOsConfig.WorkOsConfig
    const limiter = yield* PersistedRateLimiter.RateLimiter
    // A hash of 32 bits is too short to reveal the API key.
    const prefix = `workos:${baseUrl.host}:${Hash.string(Redacted.value(apiKey))}`
    let skippedUntil = -Infinity

    const failed = (clock: Clock.Clock, isNew: boolean, message: string) =>
      Effect.suspend(() => {
        skippedUntil = monotonicMillis(clock) + storePause
        return isNew
          ? Effect.as(
              Effect.logWarning(
                `The store of the shared rate limit failed, so only the limits of this process apply: ${message}`
              ),
              0
            )
          : Effect.succeed(0)
      })

    return (clock, key, { burst, perMilli }, tokens) => {
      const now = monotonicMillis(clock)
      if (now < skippedUntil) return Effect.succeed(0)
      const wasSkipped = skippedUntil > -Infinity
      if (wasSkipped) skippedUntil = now + storePause
      const consumed = limiter.consume({
        algorithm: "token-bucket",
        onExceeded: "delay",
        key: prefix + key,
        limit: burst,
        window: Duration.millis(burst / perMilli),
        tokens
      })
      return Effect.matchEffect(Effect.timeout(consumed, storeTimeout), {
        onSuccess: ({ delay }) =>
          Effect.sync(() => {
            skippedUntil = -Infinity
            return Duration.toMillis(delay)
          }),
        onFailure: ({ message }) => failed(clock, !wasSkipped, message)
      })
    }
  })

/**
 * A rate limit that processes with the same API key share through the store of the `RateLimiter` of `effect/persistence`.
 *
 * **Details**
 *
 * Each process also applies the limits by itself. If the store fails or takes longer than 250 ms, it is skipped for 5 s,
 * and only the limits of the process apply.
 *
 * **Example** (Sharing the limit of a key between processes)
 *
 * ```ts
 * import * as SharedRateLimit from "@effect-workos/client/SharedRateLimit"
 * import { WorkOs } from "@effect-workos/client/WorkOs"
 * import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import * as Layer from "effect/Layer"
 * import * as RateLimiter from "effect/persistence/RateLimiter"
 *
 * // Also requires `RateLimiter.layerStoreRedis()` and the platform's `Redis`.
 * const WorkOsLive = WorkOs.layerNoDeps.pipe(
 *   Layer.provide(SharedRateLimit.layer),
 *   Layer.provide(RateLimiter.layer),
 *   Layer.provide([WorkOsConfig.layerConfig, FetchHttpClient.layer])
 * )
 * ```
 *
 * @see https://workos.com/docs/reference/rate-limits
 */
export const layer: Layer.Layer<RateLimit, never, WorkOsConfig.WorkOsConfig | PersistedRateLimiter.RateLimiter> =
  RateLimit.layerWith(takeShared)
