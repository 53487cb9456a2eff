// One run against one target: how requests are sent, and what is remembered of them.
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
import type { ApiDescription } from "./internal/ApiDescription.ts"
import {
  type Response,
  type Attempt,
  encodeBody,
  type Exchange,
  keyOf,
  type Request,
  pathAndQuery,
  NoResponse
} from "./Exchange.ts"
import type { Listing } from "./internal/Listing.ts"
import * as Cache from "./internal/Cache.ts"
import * as RateLimiter from "./internal/RateLimiter.ts"
import * as ReadResponse from "./internal/ReadResponse.ts"
import type { ResolvedSettings } from "./internal/Settings.ts"
import * as Target from "./Target.ts"

/**
 * How many responses a check has looked at.
 */
export interface RequestCount {
  requests: number
}

/**
 * The requestCount of the check that is being made.
 *
 * **Example** (How many responses a part of a check has looked at)
 *
 * ```ts
 * import * as Session from "@effect-workos/contract/Session"
 * import * as Effect from "effect/Effect"
 *
 * const counted = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
 *   Effect.suspend(() => {
 *     const requestCount: Session.RequestCount = { requests: 0 }
 *     return Effect.map(Effect.provideService(effect, Session.CurrentRequestCount, requestCount), (value) => [value, requestCount] as const)
 *   })
 * ```
 */
export const CurrentRequestCount = Context.Reference<RequestCount>(
  "@effect-workos/contract/Session/CurrentRequestCount",
  {
    defaultValue: () => ({ requests: 0 })
  }
)

/**
 * A request whose response shows what was created, and requests to delete that, by id.
 */
export interface LostCreation {
  readonly search: Request
  readonly deletions: (exchange: Exchange) => ReadonlyArray<readonly [id: string, removal: Request]>
}

/**
 * Requests that succeed where those that are made up do not, and what they were answered; by operation. They are made
 * only where writing is allowed.
 *
 * **Example** (A token that a fake gives to everybody)
 *
 * ```ts
 * import type { Fixtures } from "@effect-workos/contract/Session"
 * import { Session } from "@effect-workos/contract/Session"
 * import * as Effect from "effect/Effect"
 *
 * const fixtures: Fixtures = {
 *   "tokens.create": Session.use(({ send }) =>
 *     Effect.map(
 *       send({ operation: "tokens.create", method: "POST", path: "/tokens", query: [], access: "granted" }),
 *       (exchange) => [exchange]
 *     )
 *   )
 * }
 *
 * const isKnown = Session.use(({ fixtures }) => Effect.succeed("tokens.create" in fixtures))
 * ```
 */
export type Fixtures = Readonly<Record<string, Effect.Effect<ReadonlyArray<Exchange>, NoResponse, Session>>>

/**
 * One run: how requests are sent, and what is remembered of them. A law's check has it.
 *
 * **Example** (Asking the same twice)
 *
 * ```ts
 * import * as Law from "@effect-workos/contract/Law"
 * import type { ApiOperation } from "@effect-workos/contract/ApiOperation"
 * import { Session } from "@effect-workos/contract/Session"
 * import * as Effect from "effect/Effect"
 *
 * const check = (operation: ApiOperation) =>
 *   Effect.gen(function* () {
 *     const { sendCached, credentials, description, send, settings } = yield* Session
 *     if (credentials === undefined || description.conventions.lists === undefined) {
 *       return Law.skipped("there is no key, or there are no lists")
 *     }
 *     const request = { operation: operation.id, method: "GET", path: operation.path, query: [], access: "granted" } as const
 *     const first = yield* sendCached(request)
 *     const again = yield* send({ ...request, headers: { "x-seed": String(settings.seed) } })
 *     return first.response.status === again.response.status
 *       ? Law.passed(1)
 *       : Law.failed(1, {
 *           message: "a header that means nothing changes the status",
 *           requests: [first.request, again.request],
 *           expected: String(first.response.status),
 *           actual: String(again.response.status)
 *         })
 *   })
 * ```
 */
export class Session extends Context.Service<
  Session,
  {
    /** The API, and its words. */
    readonly description: ApiDescription
    /** How the run was asked to go about it. */
    readonly settings: ResolvedSettings
    /** Requests that are known to succeed. */
    readonly fixtures: Fixtures
    /** Where the server is. */
    readonly baseUrl: string
    /** The key that the server was said to open for, if any. */
    readonly credentials: Target.Credentials | undefined
    /** Sends a request now. */
    readonly send: (request: Request) => Effect.Effect<Exchange, NoResponse>
    /** The response to a request that changes nothing: sent once, however many ask. */
    readonly sendCached: (request: Request) => Effect.Effect<Exchange, NoResponse>
    /** Lists that were read, by operation. */
    readonly listings: Cache.Cache<Listing, never>
    /** Lists that were seen to change, by operation. */
    readonly changingLists: Set<string>
    /** What came of creating and deleting, by collection. */
    readonly lifecycles: Cache.Cache<ReadonlyArray<Attempt>, never>
    /** Requests that delete what this run has created and not deleted yet. They are sent when it ends, however it ends. */
    readonly pendingDeletions: Map<string, Request>
    /** Where to look for what may have been created without anybody knowing of it, when it ends. */
    readonly lostCreations: Array<LostCreation>
    /** Texts from responses that are shown to nobody: tokens. */
    readonly secrets: Set<string>
    /** When it began, in milliseconds. */
    readonly started: number
    /** Whether the time budget is spent. */
    readonly isBudgetSpent: Effect.Effect<boolean>
    /** That it is, and on what, for whoever comes too late. */
    readonly budgetMessage: () => string
    /** How many requests were sent. */
    readonly requestsSent: () => number
    /** Why nothing more was sent, where that is the server's doing. */
    readonly interrupted: () => string | undefined
  }
>()("@effect-workos/contract/Session") {}

/** So many requests in a row without an response, and there is no point in sending more. */
const maxConsecutiveFailures = 4

/** So many times in a row answered with 429, and a request is given up. */
const maxRateLimitedAttempts = 5

/** How long, at most, a run cleans up after itself, in milliseconds. */
const cleanUpTimeout = 60_000

/**
 * Whether an response to deleting something says that it is not there any more.
 */
export const isDeleted = ({ status }: Response): boolean => status < 300 || status === 404

/**
 * A session, for as long as its scope lasts.
 *
 * **Example** (What a run has done)
 *
 * ```ts
 * import * as Session from "@effect-workos/contract/Session"
 * import * as Effect from "effect/Effect"
 *
 * declare const session: ReturnType<typeof Session.make>
 *
 * const told = Effect.gen(function* () {
 *   const run = yield* session
 *   const open = [...run.pendingDeletions.keys(), ...run.lostCreations.map(({ search }: Session.LostCreation) => search.path)]
 *   const over = (yield* run.isBudgetSpent) ? run.budgetMessage() : (run.interrupted() ?? "it goes on")
 *   return [
 *     `${run.requestsSent()} requests to ${run.baseUrl} since ${run.started}: ${over}`,
 *     `${open.length} things to delete, ${run.secrets.size} tokens to hide, ${run.changingLists.size} lists that change`
 *   ]
 * })
 *
 * const invalidate = ({ lifecycles, listings }: Session.Session["Service"], operation: string) =>
 *   [listings, lifecycles].forEach((cache) => cache.invalidate(operation))
 *
 * const isDeleted = Session.isDeleted({ status: 404, headers: {}, text: "", json: undefined, millis: 0 }) // => true
 * ```
 */
export const make = (
  description: ApiDescription,
  settings: ResolvedSettings,
  fixtures: Fixtures = {}
): Effect.Effect<Session["Service"], never, Target.Target | Scope.Scope> =>
  Effect.gen(function* () {
    const { baseUrl, credentials, http } = yield* Target.Target
    const scope = yield* Effect.scope
    const started = yield* Clock.currentTimeMillis
    const deadline = started + Duration.toMillis(settings.timeBudget)
    const inFlight = Semaphore.makeUnsafe(settings.concurrency)
    const cachedResponses = Cache.make<Exchange, NoResponse>(scope)
    let sent = 0
    let failuresInARow = 0
    let lastFailure = ""
    let interrupted: string | undefined
    let hasWaited = false
    const budgetMessage = () =>
      `the time budget was spent before it could be checked${hasWaited ? ", some of it waiting, as responses with 429 ask to" : ""}`

    const toHttp = (request: Request) => {
      const headers: Record<string, string> = { accept: "application/json", ...request.headers }
      const authorization = credentials && Target.headerValue(credentials, request.access)
      if (credentials !== undefined && authorization !== undefined) {
        headers[credentials.header.toLowerCase()] = authorization
      }
      const method = HttpMethod.isHttpMethod(request.method) ? request.method : "GET"
      const withoutBody = HttpClientRequest.make(method)(`${baseUrl}${pathAndQuery(request)}`, { headers })
      if (request.body === undefined) return withoutBody
      const { text, type } = encodeBody(request.body)
      return HttpClientRequest.setBody(withoutBody, HttpBody.text(text, type))
    }

    const attempt = Effect.fnUntraced(function* (request: Request) {
      sent++
      const started = yield* Clock.currentTimeMillis
      const response = yield* http.execute(toHttp(request))
      const text = yield* ReadResponse.readText(response)
      const millis = (yield* Clock.currentTimeMillis) - started
      return { request, response: ReadResponse.toResponse(response, text, millis) }
    })

    const recordFailure = ({ message, reason }: NoResponse) =>
      Effect.sync(() => {
        if (reason === "time-budget" || reason === "aborted") return
        failuresInARow++
        lastFailure = message
      })

    const sendOnce = (request: Request, deadline: number): Effect.Effect<Exchange, NoResponse> =>
      Effect.gen(function* () {
        const left = deadline - (yield* Clock.currentTimeMillis)
        if (left <= 0) return yield* new NoResponse({ request, reason: "time-budget", message: budgetMessage() })
        if (failuresInARow >= maxConsecutiveFailures) {
          const message = `nothing more was sent, since ${maxConsecutiveFailures} requests in a row got no response: ${lastFailure}`
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
          Effect.tap(({ response }) => Effect.sync(() => response.status === 429 || (failuresInARow = 0)))
        )
      })

    const acquire = RateLimiter.make(settings.maxRate)
    // What is bounded by itself waits twice.
    const operationLimiters = new Map(
      Object.entries(settings.maxRate === undefined ? {} : (description.conventions.rateLimits ?? {})).map(
        ([operation, rate]) => [operation, RateLimiter.make(rate)] as const
      )
    )
    const waitForRate = ({ operation }: Request, deadline: number) =>
      Effect.andThen(operationLimiters.get(operation)?.(deadline) ?? Effect.void, acquire(deadline))

    // Waiting is interrupted even where sending is not, but for those who clean up.
    const sendUntil = (request: Request, deadline: number, wait: typeof Effect.interruptible = Effect.interruptible) =>
      Effect.gen(function* () {
        for (let left = maxRateLimitedAttempts; ; left--) {
          const exchange = yield* inFlight.withPermit(
            Effect.andThen(wait(waitForRate(request, deadline)), sendOnce(request, deadline))
          )
          if (exchange.response.status !== 429) return exchange
          // Being asked to wait is no fault of the server's; and an response that says no more is none to judge.
          hasWaited = true
          const delay = yield* RateLimiter.retryDelay(exchange.response)
          const isInTime = (yield* Clock.currentTimeMillis) + Duration.toMillis(delay) < deadline
          if (left > 1 && isInTime) yield* wait(Effect.sleep(delay))
          else return yield* rateLimited(request, isInTime ? undefined : delay)
        }
      }).pipe(
        Effect.tapError(recordFailure),
        Effect.provideService(HttpClient.TracerDisabledWhen, constTrue),
        // A redirect is an response; and what follows it would take the key along.
        Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" })
      )

    const send = (request: Request): Effect.Effect<Exchange, NoResponse> =>
      Effect.flatMap(CurrentRequestCount, (requestCount) => {
        requestCount.requests++
        return sendUntil(request, deadline)
      })

    const pendingDeletions = new Map<string, Request>()
    const lostCreations: Array<LostCreation> = []
    const cleanUp = Effect.gen(function* () {
      failuresInARow = 0
      const deadline = (yield* Clock.currentTimeMillis) + cleanUpTimeout
      for (const search of new Map(lostCreations.map(({ search }) => [keyOf(search), search])).values()) {
        const exchange = yield* Effect.catch(sendUntil(search, deadline, identity), () => Effect.undefined)
        if (exchange === undefined) continue
        for (const one of lostCreations.filter((one) => keyOf(one.search) === keyOf(search))) {
          for (const [id, removal] of one.deletions(exchange)) pendingDeletions.set(id, removal)
        }
      }
      yield* Effect.forEach(
        pendingDeletions.values(),
        (request) =>
          sendUntil(request, deadline, identity).pipe(
            Effect.match({ onFailure: () => false, onSuccess: ({ response }) => isDeleted(response) }),
            Effect.flatMap((isGone) =>
              isGone
                ? Effect.void
                : Effect.logWarning(`It may be there still, and is this run's: ${pathAndQuery(request)}`)
            )
          ),
        { concurrency: settings.concurrency, discard: true }
      )
    })
    yield* Effect.addFinalizer(() => cleanUp)

    return Session.of({
      description,
      settings,
      fixtures,
      baseUrl,
      credentials,
      send,
      sendCached: (request) =>
        Effect.flatMap(CurrentRequestCount, (requestCount) => {
          requestCount.requests++
          return cachedResponses.get(
            keyOf(request),
            Effect.provideService(send(request), CurrentRequestCount, { requests: 0 })
          )
        }),
      listings: Cache.make(scope),
      changingLists: new Set(),
      lifecycles: Cache.make(scope),
      pendingDeletions,
      lostCreations,
      secrets: new Set(),
      started,
      isBudgetSpent: Effect.map(Clock.currentTimeMillis, (now) => now >= deadline),
      budgetMessage,
      requestsSent: () => sent,
      interrupted: () => interrupted
    })
  })

const rateLimited = (request: Request, delay: Duration.Duration | undefined): NoResponse =>
  new NoResponse({
    request,
    reason: "rate-limited",
    message:
      delay === undefined
        ? `it was answered with 429, ${maxRateLimitedAttempts} times in a row`
        : `it was answered with 429, and to wait for ${Duration.format(delay)} is longer than the time budget lasts`
  })
