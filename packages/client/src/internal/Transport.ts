// Sends requests: the retries, limits and timeouts that all calls of a client share.
//
// A request waits for a permit and for the rate limiter. Then it is sent, and the response is read. A failed attempt is
// retried if that is safe, may help, and fits into the deadline. Each step returns a value: an attempt returns its
// outcome, the retries return the list of attempts, and `send` returns the response.
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { constTrue } from "effect/Function"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Semaphore from "effect/Semaphore"
import * as Attempt from "./Attempt.ts"
import { fromHeaders, retryAfterMillis } from "./BufferedResponse.ts"
import type { Call, Received } from "./Call.ts"
import * as Circuit from "./Circuit.ts"
import type { CircuitOpen, InvalidResponse, RequestTimeout, TransportError } from "../ClientError.ts"
import * as Excerpt from "./Excerpt.ts"
import * as Failure from "./Failure.ts"
import { RateLimit } from "../RateLimit.ts"
import * as Retry from "./Retry.ts"
import { RetryPolicy } from "../RetryPolicy.ts"
import * as Telemetry from "./Telemetry.ts"
import * as Timer from "./Timer.ts"
import { WorkOsConfig } from "../WorkOsConfig.ts"

/**
 * The errors of calls for which no response could be read.
 */
export type NoResponse = TransportError | RequestTimeout | InvalidResponse | CircuitOpen

type Attempts = ReadonlyArray<Attempt.Attempt>

/** A call with its retry policy. */
interface Sending {
  readonly call: Call
  readonly execute: Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError>
  readonly policy: Retry.PolicyMillis
  /** The deadline of the call by `monotonicMillis`. */
  readonly deadline: number
}

const make = Effect.gen(function* () {
  const { apiKey, maxConcurrency, maxResponseBytes } = yield* WorkOsConfig
  const client = yield* HttpClient.HttpClient
  const rateLimiter = yield* RateLimit
  const withCircuitBreaker = yield* Circuit.make
  const requestInit = Option.getOrUndefined(yield* Effect.serviceOption(FetchHttpClient.RequestInit))
  const timer = Timer.make()
  const permits = Semaphore.makeUnsafe(Math.max(1, maxConcurrency))

  // Redirects are not followed, because they would send the key to another address. The spans of `HttpClient` are disabled,
  // because they repeat the span of the call and take a third of the request's CPU time.
  const withRequestOptions = (context: Context.Context<never>): Context.Context<never> => {
    const given = Context.getOrUndefined(context, FetchHttpClient.RequestInit) ?? requestInit
    return Context.add(
      Context.add(context, HttpClient.TracerDisabledWhen, constTrue),
      FetchHttpClient.RequestInit,
      given === undefined ? manualRedirect : { ...given, ...manualRedirect }
    )
  }

  // -----------------------------------------------------------------------------
  // One attempt: concurrency limit, rate limiter and timeout
  // -----------------------------------------------------------------------------

  // Returns the previous attempts and this one. `onSent` is called when the request is sent, with a function that returns
  // the attempts in case this one is interrupted.
  const attempt = (
    { call, deadline, execute, policy }: Sending,
    previous: Attempts,
    onSent: (interrupted: () => Attempts) => void
  ): Effect.Effect<Attempt.Attempted> => {
    const { clock } = call
    const queuedAt = Timer.monotonicMillis(clock)
    // A variable, because the timer must know when the request was sent: the timeout of an attempt starts then.
    let sentAt: number | undefined

    const record = (outcome: Attempt.Attempt["outcome"]): Attempts => {
      const endedAt = Timer.monotonicMillis(clock)
      return [...previous, { outcome, sentAt, endedAt, queuedMillis: (sentAt ?? endedAt) - queuedAt }]
    }
    const ended = (outcome: Attempt.Outcome): Attempt.Attempted => ({ attempts: record(outcome), outcome })

    // Fail now if the deadline will pass before the rate limiter opens.
    if (queuedAt + rateLimiter.delayMillis(clock, call.rateLimits) >= deadline)
      return Effect.succeed(ended(deadlineExceeded))

    const send = (number: number): Effect.Effect<Attempt.Outcome> => {
      sentAt = Timer.monotonicMillis(clock)
      onSent(() => record({ _tag: "Interrupted" }))
      if (previous.length > 0) Telemetry.retrySent(call, previous)
      return Effect.matchEffect(execute, {
        onFailure: (error) => Effect.succeed(Attempt.connectionFailed(error)),
        onSuccess: (response) => {
          const head = fromHeaders(response)
          return Effect.andThen(
            rateLimiter.onResponse(number, previous.length + 1, head),
            Attempt.read(head, response, maxResponseBytes)
          )
        }
      })
    }
    // The order matters: requests that wait for the limit of a path must not hold permits.
    const queued = rateLimiter.withLimits(call.rateLimits, (acquire) =>
      permits.withPermit(Effect.flatMap(acquire, send))
    )

    // Before the request is sent, only the deadline applies.
    const end = () => Math.min(deadline, (sentAt ?? Timer.monotonicMillis(clock)) + policy.attemptTimeout)
    const onTimeout = () => (Timer.monotonicMillis(clock) >= deadline ? deadlineExceeded : attemptTimedOut)
    return Effect.map(timer.timeoutTo(queued, call.context, clock, end, onTimeout), ended)
  }

  // -----------------------------------------------------------------------------
  // Retries
  // -----------------------------------------------------------------------------

  // Returns milliseconds, or `undefined` if the request is not retried.
  const delayBeforeRetry = (
    { call, deadline, policy }: Sending,
    { attempts, outcome }: Attempt.Attempted
  ): number | undefined => {
    const { clock, context, rateLimits } = call
    if (attempts.length >= policy.maxAttempts || !Attempt.isRetryable(outcome)) return undefined
    if (Attempt.maybeApplied(outcome) && !Retry.isIdempotent(call.request, call.retryUnsafe)) return undefined
    const response = outcome._tag === "Responded" ? outcome.response : undefined
    // After a 429, the rate limiter delays all calls.
    const delay =
      response?.status === 429
        ? 0
        : Retry.delayAfter(
            policy,
            attempts.length,
            Context.get(context, Random.Random).nextDoubleUnsafe(),
            response && retryAfterMillis(clock, response.headers)
          )
    const next = Timer.monotonicMillis(clock) + Math.max(delay, rateLimiter.delayMillis(clock, rateLimits))
    return next < deadline ? delay : undefined
  }

  const withRetries = (sending: Sending): Effect.Effect<Attempt.Attempted> =>
    Effect.suspend(() => {
      const { call } = sending
      // An interrupted effect returns no value, so telemetry reads the attempts from this variable.
      let latest = noAttempts

      const attemptAfter = (previous: Attempts): Effect.Effect<Attempt.Attempted> =>
        Effect.flatMap(
          attempt(sending, previous, (interrupted) => (latest = interrupted)),
          (attempted) => {
            const { attempts, outcome } = attempted
            const delay = delayBeforeRetry(sending, attempted)
            Telemetry.attemptEnded(call, attempts, delay !== undefined)
            latest = () => attempts
            if (delay === undefined) return Effect.succeed(attempted)
            return Telemetry.retryScheduled(call, attempts, delay).pipe(
              Effect.andThen(Effect.sleep(Math.ceil(delay))),
              Effect.andThen(Effect.suspend(() => attemptAfter(attempts))),
              // If the retry was not sent in time, the previous outcome is the result, because it says more.
              Effect.map((next) => (Attempt.sent(next.attempts).length > attempts.length ? next : { ...next, outcome }))
            )
          }
        )

      return Effect.onExit(attemptAfter([]), () => {
        const attempts = latest()
        if (attempts.at(-1)?.outcome._tag === "Interrupted") Telemetry.attemptEnded(call, attempts, false)
        Telemetry.attemptsEnded(call, attempts)
        return Effect.void
      })
    })

  // -----------------------------------------------------------------------------
  // The response
  // -----------------------------------------------------------------------------

  const receive = (call: Call, { attempts, outcome }: Attempt.Attempted): Effect.Effect<Received, NoResponse> => {
    switch (outcome._tag) {
      case "Responded":
        return Effect.succeed({ call, attempts, response: outcome.response })
      case "Truncated":
        return Effect.fail(
          Failure.invalidResponse({ call, attempts, response: outcome.response }, { _tag: "Truncated" })
        )
      case "TooLarge":
        return Effect.fail(
          Failure.invalidResponse(
            { call, attempts, response: outcome.response },
            { _tag: "TooLarge", limit: maxResponseBytes }
          )
        )
      case "ConnectionFailed":
        return Effect.fail(Failure.transportError(call, attempts, outcome.cause))
      case "TimedOut":
        return Effect.fail(Failure.requestTimeout(call, attempts, outcome.limit))
    }
  }

  const send = (call: Call): Effect.Effect<Received, NoResponse> =>
    Effect.suspend(() => {
      const policy = Retry.toMillis(Context.get(call.context, RetryPolicy))
      const execute = Effect.updateContext(client.execute(call.request), withRequestOptions)
      const sending = { call, execute, policy, deadline: call.startedAt + policy.deadline }
      return Effect.flatMap(withCircuitBreaker(call, withRetries(sending)), (attempted) => receive(call, attempted))
    })

  return Transport.of({ secrets: Excerpt.formsOf(Redacted.value(apiKey)), send })
})

const noAttempts = (): Attempts => []

const manualRedirect = { redirect: "manual" } as const

const deadlineExceeded: Attempt.Outcome = { _tag: "TimedOut", limit: "deadline" }
const attemptTimedOut: Attempt.Outcome = { _tag: "TimedOut", limit: "attempt" }

/**
 * Sends the requests of all services of a program, so that the services share limits and a circuit breaker.
 */
export class Transport extends Context.Service<
  Transport,
  {
    /** The API key, in the forms in which servers may repeat the key. */
    readonly secrets: ReadonlyArray<string>
    readonly send: (call: Call) => Effect.Effect<Received, NoResponse>
  }
>()("@effect-workos/client/Transport") {
  static readonly layer: Layer.Layer<Transport, never, HttpClient.HttpClient | RateLimit | WorkOsConfig> = Layer.effect(
    this,
    make
  )
}
