/**
 * Retry policies: how often requests are retried, with which delays, and how long a call may take.
 *
 * @module
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"

/**
 * A retry policy.
 *
 * **Details**
 *
 * Retries use exponential backoff with full jitter: the delay is random, up to `baseDelay` after the first attempt and
 * twice as much after each further attempt, and at most `maxDelay`. The `Retry-After` of a response, up to
 * `maxRetryAfter`, is added. After a 429, the rate limiter sets the delay instead. A call fails immediately
 * if the next attempt could only be sent after the deadline.
 *
 * `deadline` limits the whole call, including waits for the rate limiter, for the concurrency limit and between attempts.
 *
 * **Example** (A policy for a nightly job)
 *
 * ```ts
 * import * as RetryPolicy from "@effect-workos/client/RetryPolicy"
 * import * as Effect from "effect/Effect"
 *
 * const nightly: RetryPolicy.Policy = { ...RetryPolicy.longRunning, deadline: "1 hour" }
 *
 * declare const job: Effect.Effect<void>
 *
 * const program = Effect.provideService(job, RetryPolicy.RetryPolicy, nightly)
 * ```
 *
 * @see https://workos.com/docs/reference/rate-limits
 */
export interface Policy {
  /** The maximum number of requests per call: 1 disables retries. */
  readonly maxAttempts: number
  /** The maximum delay after the first attempt. */
  readonly baseDelay: Duration.Input
  /** The maximum delay after any attempt, not counting `Retry-After`. */
  readonly maxDelay: Duration.Input
  /**
   * The maximum wait for a `Retry-After`. A longer `Retry-After` is shortened to this time. The `Retry-After` of a 429
   * delays all calls of the client by at most one minute, independently of their policies.
   */
  readonly maxRetryAfter: Duration.Input
  /** The time limit from sending a request until its response has been read. */
  readonly attemptTimeout: Duration.Input
  /** The time limit from the call to its result. An `HttpClient` that cannot be interrupted may exceed it. */
  readonly deadline: Duration.Input
}

/**
 * The default policy, for interactive programs: at most five attempts of 20 seconds each, within a minute.
 */
export const standard: Policy = {
  maxAttempts: 5,
  baseDelay: "200 millis",
  maxDelay: "10 seconds",
  maxRetryAfter: "1 minute",
  attemptTimeout: "20 seconds",
  deadline: "1 minute"
}

/**
 * A policy for batch jobs: at most twenty attempts, which survive an outage of about three minutes, or longer if the server
 * sends `Retry-After`.
 */
export const longRunning: Policy = {
  ...standard,
  maxAttempts: 20,
  maxDelay: "30 seconds",
  attemptTimeout: "1 minute",
  deadline: "15 minutes"
}

/**
 * A policy without retries, with the time limits of {@link standard}.
 */
export const none: Policy = { ...standard, maxAttempts: 1 }

/**
 * The retry policy of calls. Defaults to {@link standard}. Provide another policy for the calls of one effect.
 *
 * **Example** (A short deadline for a login page)
 *
 * ```ts
 * import { Connections } from "@effect-workos/client/Connections"
 * import * as RetryPolicy from "@effect-workos/client/RetryPolicy"
 * import * as Effect from "effect/Effect"
 *
 * const login = Connections.use(({ get }) => get("conn_01E4ZCR3C56J083X43JQXF3JK5")).pipe(
 *   Effect.provideService(RetryPolicy.RetryPolicy, {
 *     ...RetryPolicy.standard,
 *     maxAttempts: 3,
 *     attemptTimeout: "2 seconds",
 *     deadline: "5 seconds"
 *   })
 * )
 * ```
 *
 * **Example** (Disabling retries)
 *
 * ```ts
 * import { Connections } from "@effect-workos/client/Connections"
 * import * as RetryPolicy from "@effect-workos/client/RetryPolicy"
 * import * as Effect from "effect/Effect"
 *
 * const once = Connections.use(({ list }) => list()).pipe(
 *   Effect.provideService(RetryPolicy.RetryPolicy, RetryPolicy.none)
 * )
 * ```
 */
export const RetryPolicy = Context.Reference<Policy>("@effect-workos/client/RetryPolicy", {
  defaultValue: () => standard
})
