// A call of an operation: the immutable values that the steps of the request pipeline share.
import type * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as Tracer from "effect/Tracer"
import * as Attempt from "./Attempt.ts"
import type { BufferedResponse } from "./BufferedResponse.ts"
import type { PathLimit } from "../RateLimit.ts"
import { monotonicMillis } from "./Timer.ts"

/**
 * A call whose request is ready to be sent.
 */
export interface Call {
  /** The operation, for example `connections.get`. */
  readonly operation: string
  readonly request: HttpClientRequest.HttpClientRequest
  /** Texts that no error and no span may contain: the API key, and secrets from the request. */
  readonly secrets: ReadonlyArray<string>
  /** The server must apply the request only once, so the request is not retried if it may have been applied. */
  readonly retryUnsafe: boolean
  /** Successful responses contain personal data, so errors never quote them. */
  readonly containsPii: boolean
  /** Limits for these requests, in addition to the overall limit. */
  readonly rateLimits: ReadonlyArray<PathLimit>
  /** The context of the calling fiber: its metrics, tracer and random numbers. */
  readonly context: Context.Context<never>
  /** The span of the call, if the program traces. */
  readonly span: Tracer.Span | undefined
  readonly clock: Clock.Clock
  /** The start of the call by {@link monotonicMillis}. */
  readonly startedAt: number
}

/**
 * The response to a call, with the attempts that it took. The response is that of the last attempt that was sent.
 */
export interface Received {
  readonly call: Call
  readonly attempts: ReadonlyArray<Attempt.Attempt>
  readonly response: BufferedResponse
}

/**
 * Formats a duration in seconds. `Duration.format` would add half a percent to a small bundle.
 */
export const formatSeconds = (duration: Duration.Duration): string =>
  `${Math.round(Duration.toMillis(duration) / 100) / 10} s`

/**
 * Returns the number of requests sent and the elapsed time, for errors.
 */
export const effort = ({ clock, startedAt }: Call, attempts: ReadonlyArray<Attempt.Attempt>) => ({
  attempts: Attempt.sent(attempts).length,
  elapsed: Duration.millis(Math.round(monotonicMillis(clock) - startedAt))
})

/**
 * Returns the origin to which the request is sent.
 */
export const origin = ({ request }: Call): string => new URL(request.url).origin
