// A circuit breaker around calls, where the program has one.
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as CircuitBreaker from "effect/persistence/CircuitBreaker"
import { effort, hasServerFailed, type State } from "./Call.ts"
import { CircuitOpen, type InvalidResponse, type RequestTimeout, type TransportError } from "../ClientError.ts"
import * as RetryAfter from "./RetryAfter.ts"
import { WorkOsConfig } from "../WorkOsConfig.ts"

/**
 * Why a call that was sent has no answer that could be read.
 */
export type Unanswered = TransportError | RequestTimeout | InvalidResponse

/**
 * Calls through the `CircuitBreaker` of `effect/persistence`, where one is provided: all of a client's through one
 * circuit, `workos:` and the host. Each is one outcome, however many attempts it takes; calls that WorkOS answers are
 * successes, 5xx and 408 excepted, and those that it had no part in say nothing.
 */
export const make = Effect.gen(function* () {
  const { baseUrl } = yield* WorkOsConfig
  const breaker = yield* Effect.serviceOption(CircuitBreaker.CircuitBreaker)
  const key = `workos:${baseUrl.host}`

  return <A>(call: State, self: Effect.Effect<A, Unanswered>): Effect.Effect<A, Unanswered | CircuitOpen> =>
    Option.isNone(breaker)
      ? self
      : breaker.value.execute(self, { key, classify: (exit) => classify(call, exit) }).pipe(
          Effect.mapError((error) => {
            if (!(error instanceof CircuitBreaker.CircuitBreakerError)) return error
            return circuitOpen(call, key, error.reason)
          })
        )
})

// However long a server says: a proxy's word does not keep all calls of a program back for an hour.
const longest = 60_000

const classify = (call: State, exit: Exit.Exit<unknown, Unanswered>): CircuitBreaker.Outcome => {
  if (Exit.isSuccess(exit)) {
    if (call.answer === undefined) return CircuitBreaker.ignored
    if (call.answer.status === 429) return CircuitBreaker.ignored
    if (!hasServerFailed(call.answer)) return CircuitBreaker.success
    const after = RetryAfter.millis(call.clock, call.answer.headers)
    return CircuitBreaker.failure(
      after === undefined ? undefined : { retryAfter: Duration.millis(Math.min(after, longest)) }
    )
  }
  const error = Option.getOrUndefined(Exit.findErrorOption(exit))
  // More than the client reads was an answer all the same.
  if (error?._tag === "InvalidResponse" && error.reason._tag === "TooLarge") return CircuitBreaker.success
  // A call whose time was over before it had sent anything has only waited for others.
  return call.attempts > 0 ? CircuitBreaker.failure() : CircuitBreaker.ignored
}

const circuitOpen = (call: State, key: string, reason: CircuitBreaker.CircuitBreakerError["reason"]): CircuitOpen => {
  const why =
    reason._tag === "CircuitBreakerStoreError"
      ? "the store of its circuit breaker can't be reached"
      : `calls before it failed and the circuit ${key} is open`
  const when = reason._tag === "CircuitOpen" ? `in ${Duration.format(reason.retryAfter)}` : "in a moment"
  return new CircuitOpen({
    operation: call.operation,
    message: `${call.operation}: not sent, since ${why}. Try again ${when}.`,
    ...effort(call),
    ...(reason._tag === "CircuitOpen" ? { retryAfter: reason.retryAfter } : {})
  })
}
