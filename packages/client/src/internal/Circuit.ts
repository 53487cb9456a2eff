// A circuit breaker around calls, if the program provides one.
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type * as CircuitBreaker from "effect/persistence/CircuitBreaker"
import * as Attempt from "./Attempt.ts"
import { isServerError, retryAfterMillis } from "./BufferedResponse.ts"
import { type Call, effort, formatSeconds } from "./Call.ts"
import { CircuitOpen } from "../ClientError.ts"
import { WorkOsConfig } from "../WorkOsConfig.ts"

// The service is looked up by its key, because its module would load Redis and connection pools in every program.
const key: CircuitBreaker.TypeId = "~effect/persistence/CircuitBreaker"
const CircuitBreakerService = Context.Service<CircuitBreaker.CircuitBreaker>(key)

/**
 * Runs calls through the `CircuitBreaker` of `effect/persistence`, if the program provides one. All calls of a client share
 * one circuit, whose name is `workos:` and the host. A call has one outcome, even with several attempts: a response is a
 * success, except for 5xx, 408 and 425. Interrupted calls, calls that sent no request, and 429 are ignored.
 */
export const make = Effect.gen(function* () {
  const { baseUrl } = yield* WorkOsConfig
  const breaker = yield* Effect.serviceOption(CircuitBreakerService)
  const circuit = `workos:${baseUrl.host}`

  return (call: Call, self: Effect.Effect<Attempt.Attempted>): Effect.Effect<Attempt.Attempted, CircuitOpen> =>
    Option.isNone(breaker)
      ? self
      : breaker.value
          .execute(self, { key: circuit, classify: (exit) => classify(call, exit) })
          .pipe(Effect.mapError(({ reason }) => circuitOpen(call, circuit, reason)))
})

// A proxy's `Retry-After` of an hour must not stop all calls of a program for an hour.
const maxOpenMillis = 60_000

const classify = ({ clock }: Call, exit: Exit.Exit<Attempt.Attempted>): CircuitBreaker.Outcome => {
  if (Exit.isFailure(exit)) return Exit.hasInterrupts(exit) ? ignored : failure
  const { attempts, outcome } = exit.value
  if (Attempt.sent(attempts).length === 0) return ignored
  // A response beyond the size limit shows that the server works.
  if (outcome._tag === "TooLarge") return success
  if (outcome._tag !== "Responded") return failure
  const { response } = outcome
  if (response.status === 429) return ignored
  if (!isServerError(response)) return success
  const retryAfter = retryAfterMillis(clock, response.headers)
  return retryAfter === undefined
    ? failure
    : { ...failure, retryAfter: Duration.millis(Math.min(retryAfter, maxOpenMillis)) }
}

const success: CircuitBreaker.Outcome = { _tag: "Success" }
const ignored: CircuitBreaker.Outcome = { _tag: "Ignored" }
const failure: CircuitBreaker.Outcome.Failure = { _tag: "Failure", retryAfter: undefined }

const circuitOpen = (
  call: Call,
  circuit: string,
  reason: CircuitBreaker.CircuitBreakerError["reason"]
): CircuitOpen => {
  const problem =
    reason._tag === "CircuitBreakerStoreError"
      ? "the store of the circuit breaker failed"
      : `earlier calls failed and the circuit ${circuit} is open`
  const when = reason._tag === "CircuitOpen" ? `in ${formatSeconds(reason.retryAfter)}` : "in a moment"
  return new CircuitOpen({
    operation: call.operation,
    message: `${call.operation}: not sent, because ${problem}. Try again ${when}.`,
    ...effort(call, []),
    ...(reason._tag === "CircuitOpen" ? { retryAfter: reason.retryAfter } : {})
  })
}
