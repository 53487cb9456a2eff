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
import type { Description } from "./internal/Description.ts"
import {
  type Answer,
  type Attempt,
  encodeBody,
  type Exchange,
  keyOf,
  type Request,
  target,
  Unanswered
} from "./Exchange.ts"
import type { Listing } from "./internal/Listing.ts"
import * as Memo from "./internal/Memo.ts"
import * as Pace from "./internal/Pace.ts"
import * as Reading from "./internal/Reading.ts"
import type { Settled } from "./internal/Settings.ts"
import * as Target from "./Target.ts"

/**
 * How many answers a check has looked at.
 */
export interface Tally {
  requests: number
}

/**
 * The tally of the check that is being made.
 *
 * **Example** (How many answers a part of a check has looked at)
 *
 * ```ts
 * import * as Session from "@effect-workos/contract/Session"
 * import * as Effect from "effect/Effect"
 *
 * const counted = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
 *   Effect.suspend(() => {
 *     const tally: Session.Tally = { requests: 0 }
 *     return Effect.map(Effect.provideService(effect, Session.CurrentTally, tally), (value) => [value, tally] as const)
 *   })
 * ```
 */
export const CurrentTally = Context.Reference<Tally>("@effect-workos/contract/Session/CurrentTally", {
  defaultValue: () => ({ requests: 0 })
})

/**
 * A request whose answer shows what was created, and requests to delete that, by id.
 */
export interface Lost {
  readonly search: Request
  readonly found: (exchange: Exchange) => ReadonlyArray<readonly [id: string, removal: Request]>
}

/**
 * Requests that succeed where those that are made up do not, and what they were answered; by operation. They are made
 * only where writing is allowed.
 *
 * **Example** (A token that a fake gives to everybody)
 *
 * ```ts
 * import type { Exercises } from "@effect-workos/contract/Session"
 * import { Session } from "@effect-workos/contract/Session"
 * import * as Effect from "effect/Effect"
 *
 * const exercises: Exercises = {
 *   "tokens.create": Session.use(({ send }) =>
 *     Effect.map(
 *       send({ operation: "tokens.create", method: "POST", path: "/tokens", query: [], access: "granted" }),
 *       (exchange) => [exchange]
 *     )
 *   )
 * }
 *
 * const isKnown = Session.use(({ known }) => Effect.succeed("tokens.create" in known))
 * ```
 */
export type Exercises = Readonly<Record<string, Effect.Effect<ReadonlyArray<Exchange>, Unanswered, Session>>>

/**
 * One run: how requests are sent, and what is remembered of them. A law's check has it.
 *
 * **Example** (Asking the same twice)
 *
 * ```ts
 * import * as Law from "@effect-workos/contract/Law"
 * import type { Operation } from "@effect-workos/contract/Operation"
 * import { Session } from "@effect-workos/contract/Session"
 * import * as Effect from "effect/Effect"
 *
 * const check = (operation: Operation) =>
 *   Effect.gen(function* () {
 *     const { ask, credentials, description, send, settings } = yield* Session
 *     if (credentials === undefined || description.convention.lists === undefined) {
 *       return Law.notExercised("there is no key, or there are no lists")
 *     }
 *     const request = { operation: operation.id, method: "GET", path: operation.path, query: [], access: "granted" } as const
 *     const first = yield* ask(request)
 *     const again = yield* send({ ...request, headers: { "x-seed": String(settings.seed) } })
 *     return first.answer.status === again.answer.status
 *       ? Law.held(1)
 *       : Law.broken(1, {
 *           message: "a header that means nothing changes the status",
 *           requests: [first.request, again.request],
 *           expected: String(first.answer.status),
 *           actual: String(again.answer.status)
 *         })
 *   })
 * ```
 */
export class Session extends Context.Service<
  Session,
  {
    /** The API, and its words. */
    readonly description: Description
    /** How the run was asked to go about it. */
    readonly settings: Settled
    /** Requests that are known to succeed. */
    readonly known: Exercises
    /** Where the server is. */
    readonly baseUrl: string
    /** The key that the server was said to open for, if any. */
    readonly credentials: Target.Credentials | undefined
    /** Sends a request now. */
    readonly send: (request: Request) => Effect.Effect<Exchange, Unanswered>
    /** The answer to a request that changes nothing: sent once, however many ask. */
    readonly ask: (request: Request) => Effect.Effect<Exchange, Unanswered>
    /** Lists that were read, by operation. */
    readonly listings: Memo.Memo<Listing, never>
    /** Lists that were seen to change, by operation. */
    readonly changing: Set<string>
    /** What came of creating and deleting, by collection. */
    readonly exercises: Memo.Memo<ReadonlyArray<Attempt>, never>
    /** Requests that delete what this run has created and not deleted yet. They are sent when it ends, however it ends. */
    readonly leftovers: Map<string, Request>
    /** Where to look for what may have been created without anybody knowing of it, when it ends. */
    readonly lost: Array<Lost>
    /** Texts from answers that are shown to nobody: tokens. */
    readonly secrets: Set<string>
    /** When it began, in milliseconds. */
    readonly started: number
    /** Whether the time budget is spent. */
    readonly isOver: Effect.Effect<boolean>
    /** That it is, and on what, for whoever comes too late. */
    readonly spent: () => string
    /** How many requests were sent. */
    readonly sent: () => number
    /** Why nothing more was sent, where that is the server's doing. */
    readonly interrupted: () => string | undefined
  }
>()("@effect-workos/contract/Session") {}

/** So many requests in a row without an answer, and there is no point in sending more. */
const patience = 4

/** So many times in a row answered with 429, and a request is given up. */
const attemptsWhenLimited = 5

/** How long, at most, a run cleans up after itself, in milliseconds. */
const timeToCleanUp = 60_000

/**
 * Whether an answer to deleting something says that it is not there any more.
 */
export const isGone = ({ status }: Answer): boolean => status < 300 || status === 404

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
 *   const open = [...run.leftovers.keys(), ...run.lost.map(({ search }: Session.Lost) => search.path)]
 *   const over = (yield* run.isOver) ? run.spent() : (run.interrupted() ?? "it goes on")
 *   return [
 *     `${run.sent()} requests to ${run.baseUrl} since ${run.started}: ${over}`,
 *     `${open.length} things to delete, ${run.secrets.size} tokens to hide, ${run.changing.size} lists that change`
 *   ]
 * })
 *
 * const forget = ({ exercises, listings }: Session.Session["Service"], operation: string) =>
 *   [listings, exercises].forEach((memo) => memo.forget(operation))
 *
 * const isDeleted = Session.isGone({ status: 404, headers: {}, text: "", json: undefined, millis: 0 }) // => true
 * ```
 */
export const make = (
  description: Description,
  settings: Settled,
  known: Exercises = {}
): Effect.Effect<Session["Service"], never, Target.Target | Scope.Scope> =>
  Effect.gen(function* () {
    const { baseUrl, credentials, http } = yield* Target.Target
    const scope = yield* Effect.scope
    const started = yield* Clock.currentTimeMillis
    const deadline = started + Duration.toMillis(settings.timeBudget)
    const inFlight = Semaphore.makeUnsafe(settings.concurrency)
    const answers = Memo.make<Exchange, Unanswered>(scope)
    let sent = 0
    let unanswered = 0
    let lastUnanswered = ""
    let interrupted: string | undefined
    let hasWaited = false
    const spent = () =>
      `the time budget was spent before it could be checked${hasWaited ? ", some of it waiting, as answers with 429 ask to" : ""}`

    const toHttp = (request: Request) => {
      const headers: Record<string, string> = { accept: "application/json", ...request.headers }
      const authorization = credentials && Target.headerOf(credentials, request.access)
      if (credentials !== undefined && authorization !== undefined) {
        headers[credentials.header.toLowerCase()] = authorization
      }
      const method = HttpMethod.isHttpMethod(request.method) ? request.method : "GET"
      const bare = HttpClientRequest.make(method)(`${baseUrl}${target(request)}`, { headers })
      if (request.body === undefined) return bare
      const { text, type } = encodeBody(request.body)
      return HttpClientRequest.setBody(bare, HttpBody.text(text, type))
    }

    const attempt = Effect.fnUntraced(function* (request: Request) {
      sent++
      const started = yield* Clock.currentTimeMillis
      const response = yield* http.execute(toHttp(request))
      const text = yield* Reading.readText(response)
      const millis = (yield* Clock.currentTimeMillis) - started
      return { request, answer: Reading.toAnswer(response, text, millis) }
    })

    const toNoAvail = ({ message, reason }: Unanswered) =>
      Effect.sync(() => {
        if (reason === "out-of-time" || reason === "given-up") return
        unanswered++
        lastUnanswered = message
      })

    const once = (request: Request, deadline: number): Effect.Effect<Exchange, Unanswered> =>
      Effect.gen(function* () {
        const left = deadline - (yield* Clock.currentTimeMillis)
        if (left <= 0) return yield* new Unanswered({ request, reason: "out-of-time", message: spent() })
        if (unanswered >= patience) {
          const message = `nothing more was sent, since ${patience} requests in a row got no answer: ${lastUnanswered}`
          interrupted = message
          return yield* new Unanswered({ request, reason: "given-up", message })
        }
        const patienceForOne = Math.min(left, Duration.toMillis(settings.requestTimeout))
        return yield* attempt(request).pipe(
          Effect.timeoutOrElse({
            duration: patienceForOne,
            orElse: () => Effect.fail(Reading.tooSlow(request, patienceForOne, patienceForOne === left))
          }),
          Effect.mapError((error) => (error._tag === "Unanswered" ? error : Reading.toUnanswered(request, error))),
          Effect.tap(({ answer }) => Effect.sync(() => answer.status === 429 || (unanswered = 0)))
        )
      })

    const pace = Pace.make(settings.maxRate)
    // What is bounded by itself waits twice.
    const paces = new Map(
      Object.entries(settings.maxRate === undefined ? {} : (description.convention.rates ?? {})).map(
        ([operation, rate]) => [operation, Pace.make(rate)] as const
      )
    )
    const inTurn = ({ operation }: Request, deadline: number) =>
      Effect.andThen(paces.get(operation)?.(deadline) ?? Effect.void, pace(deadline))

    // Waiting is interrupted even where sending is not, but for those who clean up.
    const sendUntil = (request: Request, deadline: number, wait: typeof Effect.interruptible = Effect.interruptible) =>
      Effect.gen(function* () {
        for (let left = attemptsWhenLimited; ; left--) {
          const exchange = yield* inFlight.withPermit(
            Effect.andThen(wait(inTurn(request, deadline)), once(request, deadline))
          )
          if (exchange.answer.status !== 429) return exchange
          // Being asked to wait is no fault of the server's; and an answer that says no more is none to judge.
          hasWaited = true
          const delay = yield* Pace.delayOf(exchange.answer)
          const isInTime = (yield* Clock.currentTimeMillis) + Duration.toMillis(delay) < deadline
          if (left > 1 && isInTime) yield* wait(Effect.sleep(delay))
          else return yield* limited(request, isInTime ? undefined : delay)
        }
      }).pipe(
        Effect.tapError(toNoAvail),
        Effect.provideService(HttpClient.TracerDisabledWhen, constTrue),
        // A redirect is an answer; and what follows it would take the key along.
        Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" })
      )

    const send = (request: Request): Effect.Effect<Exchange, Unanswered> =>
      Effect.flatMap(CurrentTally, (tally) => {
        tally.requests++
        return sendUntil(request, deadline)
      })

    const leftovers = new Map<string, Request>()
    const lost: Array<Lost> = []
    const cleanUp = Effect.gen(function* () {
      unanswered = 0
      const deadline = (yield* Clock.currentTimeMillis) + timeToCleanUp
      for (const search of new Map(lost.map(({ search }) => [keyOf(search), search])).values()) {
        const exchange = yield* Effect.catch(sendUntil(search, deadline, identity), () => Effect.undefined)
        if (exchange === undefined) continue
        for (const one of lost.filter((one) => keyOf(one.search) === keyOf(search))) {
          for (const [id, removal] of one.found(exchange)) leftovers.set(id, removal)
        }
      }
      yield* Effect.forEach(
        leftovers.values(),
        (request) =>
          sendUntil(request, deadline, identity).pipe(
            Effect.match({ onFailure: () => false, onSuccess: ({ answer }) => isGone(answer) }),
            Effect.flatMap((isGone) =>
              isGone ? Effect.void : Effect.logWarning(`It may be there still, and is this run's: ${target(request)}`)
            )
          ),
        { concurrency: settings.concurrency, discard: true }
      )
    })
    yield* Effect.addFinalizer(() => cleanUp)

    return Session.of({
      description,
      settings,
      known,
      baseUrl,
      credentials,
      send,
      ask: (request) =>
        Effect.flatMap(CurrentTally, (tally) => {
          tally.requests++
          return answers.get(keyOf(request), Effect.provideService(send(request), CurrentTally, { requests: 0 }))
        }),
      listings: Memo.make(scope),
      changing: new Set(),
      exercises: Memo.make(scope),
      leftovers,
      lost,
      secrets: new Set(),
      started,
      isOver: Effect.map(Clock.currentTimeMillis, (now) => now >= deadline),
      spent,
      sent: () => sent,
      interrupted: () => interrupted
    })
  })

const limited = (request: Request, delay: Duration.Duration | undefined): Unanswered =>
  new Unanswered({
    request,
    reason: "limited",
    message:
      delay === undefined
        ? `it was answered with 429, ${attemptsWhenLimited} times in a row`
        : `it was answered with 429, and to wait for ${Duration.format(delay)} is longer than the time budget lasts`
  })
