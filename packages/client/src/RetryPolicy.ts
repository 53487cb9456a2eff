// How often requests are sent again, when, and how long a call may take: what a program can say of it.
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"

/**
 * How a client keeps at it.
 *
 * **Details**
 *
 * Between attempts it waits a random time, from none to `base` after the first and to twice as long after each one more,
 * but never more than `maxDelay`. Where the server says `Retry-After`, that comes first, if it is no more than
 * `maxRetryAfter`, to which it is cut; and where the wait would last beyond the deadline, the call fails at once.
 *
 * All of a call is within `deadline`: waits for the rate limit, for a free place, and between attempts included.
 *
 * **Example** (A policy of one's own for a nightly job)
 *
 * ```ts
 * import * as RetryPolicy from "@effect-workos/client/RetryPolicy"
 * import * as Effect from "effect/Effect"
 *
 * const nightly: RetryPolicy.Policy = { ...RetryPolicy.patient, deadline: "1 hour" }
 *
 * declare const job: Effect.Effect<void>
 *
 * const program = Effect.provideService(job, RetryPolicy.RetryPolicy, nightly)
 * ```
 *
 * @see https://workos.com/docs/reference/rate-limits
 */
export interface Policy {
  /** How many requests a call may send: 1 sends none again. */
  readonly attempts: number
  /** The longest that the first wait can be. */
  readonly base: Duration.Input
  /** The longest that any wait can be, `Retry-After` excepted. */
  readonly maxDelay: Duration.Input
  /**
   * The longest wait that a server can ask for. With a 429 it asks all calls of the client to wait, whatever their
   * policies are, and a minute is the longest then.
   */
  readonly maxRetryAfter: Duration.Input
  /** From the moment that a request is sent until all of its answer is there. */
  readonly attemptTimeout: Duration.Input
  /** From the call to its result. An `HttpClient` that can't be interrupted at once is waited for. */
  readonly deadline: Duration.Input
}

/**
 * For programs that somebody waits for: five attempts of 20 seconds at most, in a minute at most.
 */
export const standard: Policy = {
  attempts: 5,
  base: "200 millis",
  maxDelay: "10 seconds",
  maxRetryAfter: "1 minute",
  attemptTimeout: "20 seconds",
  deadline: "1 minute"
}

/**
 * For jobs that nobody waits for: twenty attempts, which outlast about three minutes in which nothing works, and more
 * where the server says when to come back.
 */
export const patient: Policy = {
  ...standard,
  attempts: 20,
  maxDelay: "30 seconds",
  attemptTimeout: "1 minute",
  deadline: "15 minutes"
}

/**
 * No request is sent twice; the times of {@link standard} hold.
 */
export const off: Policy = { ...standard, attempts: 1 }

/**
 * The policy of the calls in a scope; {@link standard} where nothing is said.
 *
 * **Example** (A login page that rather fails than keeps a user waiting)
 *
 * ```ts
 * import { Connections } from "@effect-workos/client/Connections"
 * import * as RetryPolicy from "@effect-workos/client/RetryPolicy"
 * import * as Effect from "effect/Effect"
 *
 * const login = Connections.use(({ get }) => get("conn_01E4ZCR3C56J083X43JQXF3JK5")).pipe(
 *   Effect.provideService(RetryPolicy.RetryPolicy, {
 *     ...RetryPolicy.standard,
 *     attempts: 3,
 *     attemptTimeout: "2 seconds",
 *     deadline: "5 seconds"
 *   })
 * )
 * ```
 *
 * **Example** (Doing it once)
 *
 * ```ts
 * import { Connections } from "@effect-workos/client/Connections"
 * import * as RetryPolicy from "@effect-workos/client/RetryPolicy"
 * import * as Effect from "effect/Effect"
 *
 * const once = Connections.use(({ list }) => list()).pipe(
 *   Effect.provideService(RetryPolicy.RetryPolicy, RetryPolicy.off)
 * )
 * ```
 */
export const RetryPolicy = Context.Reference<Policy>("@effect-workos/client/RetryPolicy", {
  defaultValue: () => standard
})
