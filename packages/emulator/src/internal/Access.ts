// API key and rate limit: the emulator's implementation of `ApiKey`.
import * as ApiError from "@effect-workos/domain/ApiError"
import { ApiKey } from "@effect-workos/domain/ApiKey"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import * as Layer from "effect/Layer"
import * as RateLimiter from "effect/persistence/RateLimiter"
import * as Redacted from "effect/Redacted"

/**
 * A rate limit of `requests` per fixed `window`. Further requests receive 429 with `Retry-After`. WorkOS documents 6,000
 * requests per 60 seconds.
 *
 * @see https://workos.com/docs/reference/rate-limits
 */
export interface RateLimit {
  readonly requests: number
  readonly window: Duration.Input
}

export interface Options {
  readonly apiKey: Redacted.Redacted
  readonly rateLimit?: RateLimit | undefined
}

/**
 * Accepts requests with the API key, up to the rate limit.
 */
export const layer = ({ apiKey, rateLimit }: Options): Layer.Layer<ApiKey> =>
  Layer.effect(
    ApiKey,
    Effect.gen(function* () {
      const limiter = yield* RateLimiter.RateLimiter
      const admit =
        rateLimit === undefined
          ? Effect.void
          : limiter
              .consume({
                algorithm: "fixed-window",
                key: "api-key",
                limit: rateLimit.requests,
                window: rateLimit.window,
                onExceeded: "fail"
              })
              .pipe(
                Effect.catchTag("RateLimiterError", ({ reason }) =>
                  reason._tag === "RateLimitExceeded"
                    ? Effect.fail(
                        new ApiError.TooManyRequests({
                          message: "Too many requests",
                          retryAfter: Headers.retryAfterDuration(reason.retryAfter)
                        })
                      )
                    : Effect.die(reason)
                )
              )
      return ApiKey.of({
        bearer: (httpEffect, { credential }) =>
          Redacted.value(credential) === Redacted.value(apiKey)
            ? Effect.andThen(admit, httpEffect)
            : Effect.fail(new ApiError.Unauthorized({ message: "Unauthorized" }))
      })
    })
  ).pipe(Layer.provide(RateLimiter.layer), Layer.provide(RateLimiter.layerStoreMemory))
