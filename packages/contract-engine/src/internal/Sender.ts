// Sends requests: concurrently, within rate limits and the time budget, and again after a transient failure.
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { constTrue, identity } from "effect/Function"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpMethod from "effect/http/HttpMethod"
import * as Result from "effect/Result"
import { type Attempt, encodeBody, type Exchange, NoResponse, pathAndQuery, type Request } from "../Exchange.ts"
import type { ResolvedSettings } from "../Settings.ts"
import * as Target from "../Target.ts"
import * as RateLimiter from "./RateLimiter.ts"
import * as ReadResponse from "./ReadResponse.ts"
import * as TransientFailures from "./TransientFailures.ts"
import * as Workers from "./Workers.ts"

export interface Sender {
  /** Sends a request within the time budget. Requests with smaller turns are sent first. */
  readonly send: (request: Request, turn: number) => Effect.Effect<Exchange, NoResponse>
  /** Sends a request after the time budget, until a deadline. */
  readonly sendUntil: (request: Request, deadline: number) => Effect.Effect<Exchange, NoResponse>
  /** Waits until a worker is free. */
  readonly awaitWorker: Effect.Effect<void>
  readonly transientFailures: TransientFailures.TransientFailures
  readonly budgetMessage: Effect.Effect<string>
  readonly requestsSent: Effect.Effect<number>
  /** The reason why no more requests are sent, if the server stopped responding. */
  readonly interrupted: Effect.Effect<string | undefined>
  /** Allows requests again to a server that stopped responding. */
  readonly resume: Effect.Effect<void>
  /** The current rate limit in requests per minute, if any. */
  readonly rate: Effect.Effect<number | undefined>
}

/** Number of consecutive requests without a response after which no more are sent. */
const maxConsecutiveFailures = 4

/** Number of consecutive 429 responses after which a request is abandoned. */
const maxRateLimitedAttempts = 5

/**
 * Makes a sender for a target. `operationRates` limits single operations, in requests per minute.
 */
export const make = (
  { baseUrl, credentials, decodeBody, headers, http }: Target.Target["Service"],
  settings: ResolvedSettings,
  deadline: number,
  { operationRates, operationTimeouts }: OperationLimits,
  onAttempt: (attempt: Attempt) => Effect.Effect<void>
): Sender => {
  const workers = Workers.make(settings.workers)
  const rateLimiter = RateLimiter.make(settings)
  const operationLimiters = new Map(
    Object.entries(operationRates).map(
      ([operation, maxRate]) => [operation, RateLimiter.make({ maxRate, defaultRate: undefined })] as const
    )
  )
  const transientFailures = TransientFailures.make()
  let sent = 0
  let failuresInARow = 0
  let lastFailure = ""
  let interrupted: string | undefined
  let hasWaited = false
  const budgetMessage = () =>
    `the time budget was spent before the check${hasWaited ? "; the run had to wait after 429 responses" : ""}`

  const toHttp = (request: Request) => {
    const authorization = Target.authorize(credentials, request.access)
    const sent = { ...headers, accept: "application/json", ...request.headers, ...authorization.headers }
    const query = [...request.query, ...authorization.query]
    const method = HttpMethod.isHttpMethod(request.method) ? request.method : "GET"
    const withoutBody = HttpClientRequest.make(method)(`${baseUrl}${pathAndQuery({ ...request, query })}`, {
      headers: sent
    })
    if (request.body === undefined) return withoutBody
    const { text, type } = encodeBody(request.body)
    return HttpClientRequest.setBody(withoutBody, HttpBody.text(text, type))
  }

  const attempt = Effect.fnUntraced(function* (request: Request) {
    sent++
    const started = yield* Clock.currentTimeMillis
    const response = yield* http.execute(toHttp(request))
    const text = yield* ReadResponse.readText(response, decodeBody)
    const millis = (yield* Clock.currentTimeMillis) - started
    return { request, response: ReadResponse.toResponse(response, text, millis) }
  })

  const recordFailure = ({ message, reason }: NoResponse) =>
    Effect.sync(() => {
      // The client did not send the request.
      if (reason === "unsupported") sent--
      if (reason === "time-budget" || reason === "aborted" || reason === "unsupported") return
      failuresInARow++
      lastFailure = message
    })

  const sendOnce = (request: Request, deadline: number): Effect.Effect<Exchange, NoResponse> =>
    Effect.gen(function* () {
      const left = deadline - (yield* Clock.currentTimeMillis)
      if (left <= 0) return yield* new NoResponse({ request, reason: "time-budget", message: budgetMessage() })
      if (failuresInARow >= maxConsecutiveFailures) {
        const message = `the run was stopped after ${maxConsecutiveFailures} consecutive requests without a response: ${lastFailure}`
        interrupted = message
        return yield* new NoResponse({ request, reason: "aborted", message })
      }
      const timeout = Math.min(
        left,
        Duration.toMillis(operationTimeouts.get(request.operation) ?? settings.requestTimeout)
      )
      return yield* attempt(request).pipe(
        Effect.timeoutOrElse({
          duration: timeout,
          orElse: () => Effect.fail(ReadResponse.timedOut(request, timeout, timeout === left))
        }),
        Effect.mapError((error) => (error._tag === "NoResponse" ? error : ReadResponse.toNoResponse(request, error))),
        Effect.tap(({ response }) => {
          if (response.status !== 429) failuresInARow = 0
          return rateLimiter.onResponse(response)
        }),
        Effect.tap((exchange) => onAttempt({ request, exchange })),
        Effect.tapError((noResponse) =>
          noResponse.reason === "unsupported" ? Effect.void : onAttempt({ request, noResponse })
        )
      )
    })

  // An operation with its own limit waits for both limiters.
  const withinRate = <A, E>(effect: Effect.Effect<A, E>, { operation }: Request, { deadline, wait }: Urgency) => {
    const limiter = operationLimiters.get(operation)
    const limited = rateLimiter.run(deadline, wait)(effect)
    return limiter === undefined ? limited : limiter.run(deadline, wait)(limited)
  }

  // Sends a request until the response is no 429.
  const sendLimited = (request: Request, urgency: Urgency): Effect.Effect<Exchange, NoResponse> =>
    Effect.gen(function* () {
      const { deadline, turn, wait } = urgency
      for (let left = maxRateLimitedAttempts; ; left--) {
        const exchange = yield* workers.run(turn)(withinRate(sendOnce(request, deadline), request, urgency))
        if (exchange.response.status !== 429) return exchange
        // A 429 is no violation and gives laws nothing to check.
        hasWaited = true
        const delay = yield* RateLimiter.retryDelay(exchange.response)
        const isInTime = (yield* Clock.currentTimeMillis) + Duration.toMillis(delay) < deadline
        if (left > 1 && isInTime) yield* wait(Effect.sleep(delay))
        else return yield* rateLimited(request, isInTime ? undefined : delay)
      }
    })

  // Sends a request again if its failure may be transient.
  const sendReliably = (request: Request, urgency: Urgency): Effect.Effect<Exchange, NoResponse> =>
    Effect.gen(function* () {
      const first = yield* Effect.result(sendLimited(request, urgency))
      if (!transientFailures.isWorthRepeating(request, first)) return yield* Effect.fromResult(first)
      yield* urgency.wait(Effect.sleep(TransientFailures.delay))
      const second = yield* Effect.result(sendLimited(request, urgency))
      // After the end of the time budget, the first outcome is all that is known.
      if (Result.isFailure(second) && second.failure.reason === "time-budget") return yield* Effect.fromResult(first)
      transientFailures.record(request, first, second)
      return yield* Effect.fromResult(second)
    }).pipe(
      Effect.tapError(recordFailure),
      Effect.provideService(HttpClient.TracerDisabledWhen, constTrue),
      // Laws check the redirect itself; following it would send the key to another server.
      Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" })
    )

  return {
    send: (request, turn) => sendReliably(request, { deadline, turn, wait: Effect.interruptible }),
    sendUntil: (request, deadline) => sendReliably(request, { deadline, turn: 0, wait: identity }),
    awaitWorker: workers.run(0)(Effect.void),
    transientFailures,
    budgetMessage: Effect.sync(budgetMessage),
    requestsSent: Effect.sync(() => sent),
    interrupted: Effect.sync(() => interrupted),
    resume: Effect.sync(() => void (failuresInARow = 0)),
    rate: rateLimiter.rate
  }
}

/** The limits of single operations: the requests per minute, and the time limit of a request. */
export interface OperationLimits {
  readonly operationRates: Readonly<Record<string, number>>
  readonly operationTimeouts: ReadonlyMap<string, Duration.Duration>
}

interface Urgency {
  readonly deadline: number
  readonly turn: number
  /** Waiting stays interruptible inside uninterruptible regions, except while cleaning up. */
  readonly wait: typeof Effect.interruptible
}

const rateLimited = (request: Request, delay: Duration.Duration | undefined): NoResponse =>
  new NoResponse({
    request,
    reason: "rate-limited",
    message:
      delay === undefined
        ? `the server returned 429 ${maxRateLimitedAttempts} times in a row`
        : `the server returned 429, and the delay of ${Duration.format(delay)} exceeds the time budget`
  })
