/**
 * Sessions: a session sends the requests of one run against one target, and caches responses.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { constTrue, identity } from "effect/Function"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpMethod from "effect/http/HttpMethod"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import type { ApiDescription } from "./ApiDescription.ts"
import { type Attempt, encodeBody, type Exchange, type Request, pathAndQuery, NoResponse } from "./Exchange.ts"
import type { Listing } from "./Listing.ts"
import * as Cache from "./internal/Cache.ts"
import type { Implementation } from "./internal/Implementation.ts"
import * as CreatedResources from "./internal/CreatedResources.ts"
import { countRequests, withoutCounting } from "./internal/RequestCount.ts"
import * as RateLimiter from "./internal/RateLimiter.ts"
import * as ReadResponse from "./internal/ReadResponse.ts"
import * as SharedResponses from "./internal/SharedResponses.ts"
import type { ResolvedSettings } from "./Settings.ts"
import * as Target from "./Target.ts"

/**
 * An effect that sends successful requests for an operation whose inputs cannot be generated.
 *
 * `writes` is true if the requests create, change or delete resources. Such a fixture runs only if writing is allowed.
 */
export interface Fixture {
  readonly writes: boolean
  readonly send: Effect.Effect<ReadonlyArray<Exchange>, NoResponse, Session>
}

/**
 * Fixtures by operation id.
 *
 * **Example** (Creating a token on a fake server)
 *
 * ```ts
 * import type { Fixture, Fixtures } from "@effect-workos/contract-engine/Session"
 * import { Session } from "@effect-workos/contract-engine/Session"
 * import * as Effect from "effect/Effect"
 *
 * const fixtures: Fixtures = {
 *   "tokens.create": {
 *     writes: true,
 *     send: Session.use(({ send }) =>
 *       Effect.map(
 *         send({ operation: "tokens.create", method: "POST", path: "/tokens", query: [], access: "granted" }),
 *         (exchange) => [exchange]
 *       )
 *     )
 *   }
 * }
 *
 * const isReadOnly = ({ writes }: Fixture): boolean => !writes
 * ```
 */
export type Fixtures = Readonly<Record<string, Fixture>>

/**
 * One run against one target. The check of a law requires this service.
 *
 * **Example** (Comparing two responses)
 *
 * ```ts
 * import * as Law from "@effect-workos/contract-engine/Law"
 * import type { ApiOperation } from "@effect-workos/contract-engine/ApiOperation"
 * import { Session } from "@effect-workos/contract-engine/Session"
 * import * as Effect from "effect/Effect"
 *
 * const check = (operation: ApiOperation) =>
 *   Effect.gen(function* () {
 *     const { sendCached, credentials, description, send, settings } = yield* Session
 *     if (credentials === undefined || description.conventions.lists === undefined) {
 *       return Law.skipped("the target has no key, or the API has no lists")
 *     }
 *     const request = { operation: operation.id, method: "GET", path: operation.path, query: [], access: "granted" } as const
 *     const first = yield* sendCached(request)
 *     const again = yield* send({ ...request, headers: { "x-seed": String(settings.seed) } })
 *     return first.response.status === again.response.status
 *       ? Law.passed(1)
 *       : Law.failed(
 *           1,
 *           Law.violation({
 *             message: "an unknown header changes the status",
 *             requests: [first.request, again.request],
 *             expected: String(first.response.status),
 *             actual: String(again.response.status)
 *           })
 *         )
 *   })
 * ```
 */
export class Session extends Context.Service<
  Session,
  {
    /** The operations of the API and its conventions. */
    readonly description: ApiDescription
    /** The settings of the run. */
    readonly settings: ResolvedSettings
    /** Effects that send successful requests. */
    readonly fixtures: Fixtures
    /** The base URL of the server. */
    readonly baseUrl: string
    /** The target's key, if any. */
    readonly credentials: Target.Credentials | undefined
    /** Sends a request. */
    readonly send: (request: Request) => Effect.Effect<Exchange, NoResponse>
    /**
     * Sends a safe request, or returns the response that an earlier check received. `number` distinguishes equal requests
     * that have to be sent several times, and defaults to 1.
     */
    readonly sendCached: (request: Request, number?: number) => Effect.Effect<Exchange, NoResponse>
    /** Runs an effect that does not use the responses that other checks received. */
    readonly withFreshResponses: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
    /** Lists that were read, by operation. */
    readonly listings: Cache.Cache<Listing, never>
    /** Notes that a list changed during the run, and forgets the responses received before. */
    readonly noteChange: Effect.Effect<void>
    /** True if a list changed during the run. */
    readonly hasChanged: Effect.Effect<boolean>
    /** The results of probes, by operation. */
    readonly implementations: Cache.Cache<Implementation, never>
    /** The requests that create, change and delete resources, with their outcomes, by the path of the collection. */
    readonly lifecycles: Cache.Cache<ReadonlyArray<Attempt>, never>
    /** The resources created by this run, which are deleted when the session ends. */
    readonly created: CreatedResources.CreatedResources
    /** Adds secrets from responses, such as tokens, that reports must not contain. Ignores values that are not text. */
    readonly addSecrets: (values: ReadonlyArray<unknown>) => Effect.Effect<void>
    /** Redacts the key of the target and all secrets from a text. */
    readonly redact: (text: string) => string
    /** The start of the run, in milliseconds since the epoch. */
    readonly started: number
    /** True if the time budget is spent. */
    readonly isBudgetSpent: Effect.Effect<boolean>
    /** The reason for skipping a check when the time budget is spent. */
    readonly budgetMessage: Effect.Effect<string>
    /** The number of requests that were sent. */
    readonly requestsSent: Effect.Effect<number>
    /** The reason why the run stopped sending requests, if the server stopped responding. */
    readonly interrupted: Effect.Effect<string | undefined>
  }
>()("@effect-workos/contract-engine/Session") {}

/** Number of consecutive requests without a response after which no more are sent. */
const maxConsecutiveFailures = 4

/** Number of consecutive 429 responses after which a request is abandoned. */
const maxRateLimitedAttempts = 5

/**
 * Opens a session for the lifetime of its scope. Closing the scope deletes what the run created.
 *
 * **Example** (Describing the progress of a run)
 *
 * ```ts
 * import * as Session from "@effect-workos/contract-engine/Session"
 * import * as Effect from "effect/Effect"
 *
 * declare const session: ReturnType<typeof Session.make>
 *
 * const progress = Effect.gen(function* () {
 *   const run = yield* session
 *   const over = (yield* run.isBudgetSpent) ? yield* run.budgetMessage : ((yield* run.interrupted) ?? "running")
 *   const changes = (yield* run.hasChanged) ? ", the lists change" : ""
 *   return run.redact(`${yield* run.requestsSent} requests to ${run.baseUrl} since ${run.started}: ${over}${changes}`)
 * })
 * ```
 */
export const make = (
  description: ApiDescription,
  settings: ResolvedSettings,
  fixtures: Fixtures = {},
  onAttempt: (attempt: Attempt) => Effect.Effect<void> = () => Effect.void
): Effect.Effect<Session["Service"], never, Target.Target | Scope.Scope> =>
  Effect.gen(function* () {
    const { baseUrl, credentials, decodeBody, headers, http } = yield* Target.Target
    const scope = yield* Effect.scope
    const started = yield* Clock.currentTimeMillis
    const deadline = started + Duration.toMillis(settings.timeBudget)
    const inFlight = Semaphore.makeUnsafe(settings.concurrency)
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
        const timeout = Math.min(left, Duration.toMillis(settings.requestTimeout))
        return yield* attempt(request).pipe(
          Effect.timeoutOrElse({
            duration: timeout,
            orElse: () => Effect.fail(ReadResponse.timedOut(request, timeout, timeout === left))
          }),
          Effect.mapError((error) => (error._tag === "NoResponse" ? error : ReadResponse.toNoResponse(request, error))),
          Effect.tap(({ response }) => Effect.sync(() => response.status === 429 || (failuresInARow = 0))),
          Effect.tap((exchange) => onAttempt({ request, exchange })),
          Effect.tapError((noResponse) =>
            noResponse.reason === "unsupported" ? Effect.void : onAttempt({ request, noResponse })
          )
        )
      })

    const acquire = RateLimiter.make(settings.maxRate)
    // An operation with its own limit waits for both limiters.
    const operationLimiters = new Map(
      Object.entries(settings.maxRate === undefined ? {} : (description.conventions.rateLimits ?? {})).map(
        ([operation, rate]) => [operation, RateLimiter.make(rate)] as const
      )
    )
    const waitForRate = ({ operation }: Request, deadline: number) =>
      Effect.andThen(operationLimiters.get(operation)?.(deadline) ?? Effect.void, acquire(deadline))

    // Waiting stays interruptible inside uninterruptible regions, except while cleaning up.
    const sendUntil = (request: Request, deadline: number, wait: typeof Effect.interruptible = Effect.interruptible) =>
      Effect.gen(function* () {
        for (let left = maxRateLimitedAttempts; ; left--) {
          const exchange = yield* inFlight.withPermit(
            Effect.andThen(wait(waitForRate(request, deadline)), sendOnce(request, deadline))
          )
          if (exchange.response.status !== 429) return exchange
          // A 429 is no violation and gives laws nothing to check.
          hasWaited = true
          const delay = yield* RateLimiter.retryDelay(exchange.response)
          const isInTime = (yield* Clock.currentTimeMillis) + Duration.toMillis(delay) < deadline
          if (left > 1 && isInTime) yield* wait(Effect.sleep(delay))
          else return yield* rateLimited(request, isInTime ? undefined : delay)
        }
      }).pipe(
        Effect.tapError(recordFailure),
        Effect.provideService(HttpClient.TracerDisabledWhen, constTrue),
        // Laws check the redirect itself; following it would send the key to another server.
        Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" })
      )

    const send = (request: Request): Effect.Effect<Exchange, NoResponse> =>
      Effect.andThen(countRequests(1), sendUntil(request, deadline))

    const responses = SharedResponses.make(scope, (request) => withoutCounting(send(request)))

    const { created, removeAll } = CreatedResources.make(
      (request, deadline) => sendUntil(request, deadline, identity),
      settings.concurrency
    )
    yield* Effect.addFinalizer(() =>
      Effect.suspend(() => {
        failuresInARow = 0
        return removeAll
      })
    )
    const secrets = new Set<string>()
    let hasChanged = false

    return Session.of({
      description,
      settings,
      fixtures,
      baseUrl,
      credentials,
      send,
      sendCached: (request, number = 1) => Effect.andThen(countRequests(1), responses.get(request, number)),
      withFreshResponses: responses.withFresh,
      listings: Cache.make(scope),
      noteChange: Effect.suspend(() => {
        hasChanged = true
        return responses.clear
      }),
      hasChanged: Effect.sync(() => hasChanged),
      implementations: Cache.make(scope),
      lifecycles: Cache.make(scope),
      created,
      addSecrets: (values) =>
        Effect.sync(() => {
          for (const value of values) {
            if (typeof value === "string" && value.length >= shortestSecret) secrets.add(value)
          }
        }),
      redact: (text) =>
        [...secrets].reduce(
          (clean, secret) => clean.replaceAll(secret, () => "…"),
          Target.redactKey(credentials, text)
        ),
      started,
      isBudgetSpent: Effect.map(Clock.currentTimeMillis, (now) => now >= deadline),
      budgetMessage: Effect.sync(budgetMessage),
      requestsSent: Effect.sync(() => sent),
      interrupted: Effect.sync(() => interrupted)
    })
  })

/** A faulty server may return an empty token. Redacting texts that are shorter would garble a report. */
const shortestSecret = 4

const rateLimited = (request: Request, delay: Duration.Duration | undefined): NoResponse =>
  new NoResponse({
    request,
    reason: "rate-limited",
    message:
      delay === undefined
        ? `the server returned 429 ${maxRateLimitedAttempts} times in a row`
        : `the server returned 429, and the delay of ${Duration.format(delay)} exceeds the time budget`
  })
