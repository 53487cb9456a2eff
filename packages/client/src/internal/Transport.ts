// How a request is brought to its answer: attempt after attempt, each in its turn and within its time.
//
// A call waits for a free place and then before the rate limit's gate; when it has passed, its request is sent and all of
// the answer is read. What did not go well is done again, if that is safe, if it may help, and if there is time for it.
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { constTrue } from "effect/Function"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Semaphore from "effect/Semaphore"
import * as Attempt from "./Attempt.ts"
import { Call, millisOf, sends, type State } from "./Call.ts"
import * as Circuit from "./Circuit.ts"
import type { CircuitOpen } from "../ClientError.ts"
import * as Excerpt from "./Excerpt.ts"
import * as Failure from "./Failure.ts"
import { prepared } from "./Outgoing.ts"
import { RateLimit } from "../RateLimit.ts"
import * as Repetition from "./Repetition.ts"
import * as RetryAfter from "./RetryAfter.ts"
import { RetryPolicy } from "../RetryPolicy.ts"
import * as Telemetry from "./Telemetry.ts"
import * as Timer from "./Timer.ts"
import { WorkOsConfig } from "../WorkOsConfig.ts"

/**
 * Why a call has no answer that could be read.
 */
export type Unanswered = Circuit.Unanswered | CircuitOpen

/** A call, its request, and what it may take. */
interface Sending {
  readonly call: State
  readonly request: HttpClientRequest.HttpClientRequest
  readonly execute: Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError>
  readonly policy: Repetition.Millis
  /** When its time is over, by `millisOf`. */
  readonly deadline: number
}

const make = Effect.gen(function* () {
  const { apiKey, baseUrl, maxConcurrency, maxResponseBytes } = yield* WorkOsConfig
  const client = yield* HttpClient.HttpClient
  const gate = yield* RateLimit
  const guarded = yield* Circuit.make
  const requestInit = Option.getOrUndefined(yield* Effect.serviceOption(FetchHttpClient.RequestInit))

  // What the platform is told of a request. It follows no redirect: a request goes to no other address, with its key or
  // without, and neither does what it holds. And it makes no span of its own, which would say the same once more, for a
  // third of the price of the request. Both are added, since a merge would copy the whole context for each request.
  const alone = (context: Context.Context<never>): Context.Context<never> => {
    const given = Context.getOrUndefined(context, FetchHttpClient.RequestInit) ?? requestInit
    return Context.add(
      Context.add(context, HttpClient.TracerDisabledWhen, constTrue),
      FetchHttpClient.RequestInit,
      given === undefined ? manual : { ...given, ...manual }
    )
  }
  const timer = Timer.make()
  const places = Semaphore.makeUnsafe(Math.max(1, maxConcurrency))
  const server: Failure.Server = { origin: baseUrl.origin, secrets: Excerpt.formsOf(Redacted.value(apiKey)) }

  // -----------------------------------------------------------------------------
  // One attempt
  // -----------------------------------------------------------------------------

  const attempt = ({ call, deadline, execute, policy }: Sending): Effect.Effect<Attempt.Outcome> => {
    const { clock } = call
    const came = millisOf(clock)
    // Nobody is kept waiting for what can't be in time.
    if (came + gate.closedFor(clock) >= deadline) return Effect.succeed(tooLate)
    let sentAt: number | undefined

    const inItsTurn = places.withPermit(
      Effect.flatMap(gate.pass, (number) => {
        sentAt = millisOf(clock)
        call.heldBack += sentAt - came
        const attempts = sends(call)
        const outcome = Effect.matchEffect(execute, {
          onFailure: (error) => Effect.succeed(Attempt.broken(error)),
          onSuccess: (response) => {
            const head = Attempt.headOf(response)
            return Effect.andThen(gate.learn(number, attempts, head), Attempt.read(head, maxResponseBytes))
          }
        })
        return attempts === 1 ? outcome : Effect.andThen(Telemetry.again(call), outcome)
      })
    )

    // Until the request is sent it is the deadline alone that counts.
    const end = () => Math.min(deadline, (sentAt ?? millisOf(clock)) + policy.attemptTimeout)
    return timer.within(inItsTurn, clock, end, () => {
      const now = millisOf(clock)
      if (sentAt === undefined) call.heldBack += now - came
      return now >= deadline ? tooLate : tooSlow
    })
  }

  // -----------------------------------------------------------------------------
  // And again
  // -----------------------------------------------------------------------------

  // How many milliseconds to wait for the next attempt; `undefined` where there is to be none.
  const waitAfter = Effect.fnUntraced(function* (
    { call, deadline, policy, request }: Sending,
    outcome: Attempt.Outcome
  ): Effect.fn.Return<number | undefined> {
    if (call.attempts >= policy.attempts || Attempt.isFinal(outcome)) return undefined
    if (Attempt.mayBeDone(outcome) && !Repetition.isRepeatable(request)) return undefined
    const answer = outcome._tag === "Answered" ? outcome.answer : undefined
    // After a 429 it is the gate that is waited for, with everybody else.
    const wait =
      answer?.status === 429
        ? 0
        : Repetition.delayAfter(
            policy,
            call.attempts,
            yield* Random.next,
            answer && RetryAfter.millis(call.clock, answer.headers)
          )
    const next = millisOf(call.clock) + Math.max(wait, gate.closedFor(call.clock))
    return next < deadline ? wait : undefined
  })

  const attempts = (sending: Sending): Effect.Effect<Attempt.Outcome> => {
    const { call } = sending
    return Effect.flatMap(attempt(sending), (outcome) => {
      // What was not sent has come to nothing.
      if (call.outcome !== "") call.outcome = Attempt.nameOf(outcome)
      return Attempt.isFinal(outcome) && call.attempts < 2 ? Effect.succeed(outcome) : attemptsAfter(sending, outcome)
    })
  }

  const attemptsAfter = Effect.fnUntraced(function* (
    sending: Sending,
    outcome: Attempt.Outcome
  ): Effect.fn.Return<Attempt.Outcome> {
    const { call } = sending
    const wait = yield* waitAfter(sending, outcome)
    if (call.outcome !== "" && (wait !== undefined || call.attempts > 1)) {
      yield* Telemetry.attempted(call, Attempt.isSuccess(outcome))
    }
    if (wait === undefined) return outcome
    call.mayBeDone ||= Attempt.mayBeDone(outcome)
    yield* Telemetry.repeating(call, wait)
    yield* Effect.sleep(Math.ceil(wait))
    const before = call.attempts
    const next = yield* attempts(sending)
    // What was not sent any more says less than the answer before it.
    return call.attempts === before ? outcome : next
  })

  // -----------------------------------------------------------------------------
  // The client
  // -----------------------------------------------------------------------------

  // What is asked need not be where the rest is.
  const asked = ({ url }: HttpClientRequest.HttpClientRequest): Failure.Server => ({
    ...server,
    origin: new URL(url).origin
  })

  const answerOf = (
    { call, request }: Sending,
    outcome: Attempt.Outcome
  ): Effect.Effect<HttpClientResponse.HttpClientResponse, Circuit.Unanswered> => {
    switch (outcome._tag) {
      case "Answered":
        call.answer = outcome.answer
        return Effect.succeed(outcome.answer.response)
      case "Truncated":
        return Effect.fail(Failure.invalidResponse(call, asked(request), outcome.answer, { _tag: "Truncated" }))
      case "TooLarge":
        return Effect.fail(
          Failure.invalidResponse(call, asked(request), outcome.answer, { _tag: "TooLarge", limit: maxResponseBytes })
        )
      case "Broken":
        return Effect.fail(Failure.transportError(call, asked(request), outcome.cause))
      case "TimedOut":
        return Effect.fail(Failure.requestTimeout(call, asked(request), outcome.limit))
    }
  }

  const send = (
    made: HttpClientRequest.HttpClientRequest
  ): Effect.Effect<HttpClientResponse.HttpClientResponse, Unanswered, Call> =>
    Effect.withFiber((fiber) => {
      const call = Context.getUnsafe(fiber.context, Call)
      const request = prepared(made, call.isOnce)
      const policy = Repetition.inMillis(fiber.getRef(RetryPolicy))
      const execute = Effect.updateContext(client.execute(request), alone)
      const sending = { call, request, execute, policy, deadline: call.began + policy.deadline }
      return guarded(
        call,
        Effect.flatMap(attempts(sending), (outcome) => answerOf(sending, outcome))
      )
    })

  return Transport.of({ server, send })
})

const manual = { redirect: "manual" } as const

const tooLate: Attempt.Outcome = { _tag: "TimedOut", limit: "deadline" }
const tooSlow: Attempt.Outcome = { _tag: "TimedOut", limit: "attempt" }

/**
 * The way to WorkOS that all operations of a program share, and with it places, rate limit and circuit breaker.
 */
export class Transport extends Context.Service<
  Transport,
  {
    readonly server: Failure.Server
    /** Sends a request for the {@link Call} that it is part of, which has its answer then. */
    readonly send: (
      request: HttpClientRequest.HttpClientRequest
    ) => Effect.Effect<HttpClientResponse.HttpClientResponse, Unanswered, Call>
  }
>()("@effect-workos/client/Transport") {
  static readonly layer: Layer.Layer<Transport, never, HttpClient.HttpClient | RateLimit | WorkOsConfig> = Layer.effect(
    this,
    make
  )
}
