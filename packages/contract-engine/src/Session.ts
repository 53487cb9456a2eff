/**
 * Sessions: a session sends the requests of one run against one target, and caches responses.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { ApiDescription } from "./ApiDescription.ts"
import type { Attempt, Exchange, NoResponse, Request } from "./Exchange.ts"
import type { Listing } from "./Listing.ts"
import * as Cache from "./internal/Cache.ts"
import type { Implementation } from "./internal/Implementation.ts"
import * as CreatedResources from "./internal/CreatedResources.ts"
import { countRequests } from "./internal/RequestCount.ts"
import * as Sender from "./internal/Sender.ts"
import * as SharedResponses from "./internal/SharedResponses.ts"
import type { TransientFailures } from "./internal/TransientFailures.ts"
import * as Workers from "./internal/Workers.ts"
import { settingsOf } from "./Selection.ts"
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
    /** Waits until a worker is free. A check that begins earlier would only delay the responses to others. */
    readonly awaitWorker: Effect.Effect<void>
    /** Failures that did not occur again when the request was repeated. */
    readonly transientFailures: Pick<TransientFailures, "of" | "requestsOf">
    /** The current rate limit in requests per minute, if any. */
    readonly rate: Effect.Effect<number | undefined>
    /** The number of requests that were sent. */
    readonly requestsSent: Effect.Effect<number>
    /** The reason why the run stopped sending requests, if the server stopped responding. */
    readonly interrupted: Effect.Effect<string | undefined>
  }
>()("@effect-workos/contract-engine/Session") {}

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
    const target = yield* Target.Target
    const { baseUrl, credentials } = target
    const scope = yield* Effect.scope
    const started = yield* Clock.currentTimeMillis
    const deadline = started + Duration.toMillis(settings.timeBudget)
    const isLimited = settings.maxRate !== undefined || settings.defaultRate !== undefined
    const limits = operationLimits(description, settings, isLimited)
    const sender = Sender.make(target, settings, deadline, limits, onAttempt)
    const responses = SharedResponses.make(scope)
    const { created, removeAll } = CreatedResources.make(sender.sendUntil, settings.workers)
    yield* Effect.addFinalizer(() => Effect.andThen(sender.resume, removeAll))
    const secrets = new Set<string>()
    let hasChanged = false

    return Session.of({
      description,
      settings,
      fixtures,
      baseUrl,
      credentials,
      send: (request) =>
        Effect.andThen(
          countRequests(1),
          Effect.flatMap(Workers.nextTurn, (turn) => sender.send(request, turn))
        ),
      sendCached: (request, number = 1) =>
        Effect.andThen(
          countRequests(1),
          Effect.flatMap(Workers.nextTurn, (turn) => responses.get(request, number, sender.send(request, turn)))
        ),
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
      budgetMessage: sender.budgetMessage,
      awaitWorker: sender.awaitWorker,
      transientFailures: sender.transientFailures,
      requestsSent: sender.requestsSent,
      rate: sender.rate,
      interrupted: sender.interrupted
    })
  })

/** A faulty server may return an empty token. Redacting texts that are shorter would garble a report. */
const shortestSecret = 4

// The limits of the settings have precedence over those of the conventions, which apply only to runs with a limit.
const operationLimits = (
  { conventions, operations }: ApiDescription,
  { selection }: ResolvedSettings,
  isLimited: boolean
): Sender.OperationLimits => {
  const single = operations.map((operation) => [operation.id, settingsOf(selection, operation)] as const)
  const rates = single.flatMap(([id, { maxRate }]) => (maxRate === undefined ? [] : [[id, maxRate] as const]))
  return {
    operationRates: { ...(isLimited ? conventions.rateLimits : {}), ...Object.fromEntries(rates) },
    operationTimeouts: new Map(
      single.flatMap(([id, { requestTimeout }]) =>
        requestTimeout === undefined ? [] : [[id, Duration.fromInputUnsafe(requestTimeout)] as const]
      )
    )
  }
}
