/**
 * Verifies a server: runs all checks of a suite against a target, and returns a stream of results or a report.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import * as Outcome from "effect/Result"
import * as Stream from "effect/Stream"
import { type Attempt, describe, type Response } from "./Exchange.ts"
import * as ConnectionErrors from "./internal/ConnectionErrors.ts"
import * as NestedLists from "./internal/NestedLists.ts"
import * as Cost from "./Cost.ts"
import * as Coverage from "./Coverage.ts"
import * as Lifecycle from "./Lifecycle.ts"
import * as Sampling from "./Sampling.ts"
import * as Evidence from "./internal/Evidence.ts"
import * as Law from "./Law.ts"
import { type Report, summarize } from "./Report.ts"
import type { Result } from "./Result.ts"
import { CurrentRequestCount } from "./internal/RequestCount.ts"
import * as KnownValues from "./internal/KnownValues.ts"
import * as Probe from "./internal/Probe.ts"
import * as Workers from "./internal/Workers.ts"
import * as Selection from "./Selection.ts"
import type { SelectionError } from "./Selection.ts"
import * as Session from "./Session.ts"
import { type Settings, type ResolvedSettings, resolve } from "./Settings.ts"
import { type Check, checksOf, type Suite } from "./Suite.ts"
import * as Target from "./Target.ts"

/**
 * The target cannot be verified: the server is unreachable, does not accept the key, or implements no operation.
 *
 * **Example** (Waiting for a server to start)
 *
 * ```ts
 * import * as Contract from "@effect-workos/contract-engine/Contract"
 * import type { SelectionError } from "@effect-workos/contract-engine/Selection"
 * import * as WorkOs from "@effect-workos/contract/WorkOs"
 * import * as Effect from "effect/Effect"
 *
 * const isStarting = (error: Contract.TargetError | SelectionError): boolean =>
 *   error._tag === "TargetError" && error.reason === "unreachable"
 *
 * const program = Contract.verify(WorkOs.suite).pipe(Effect.retry({ while: isStarting, times: 10 }))
 * ```
 */
export class TargetError extends Data.TaggedError("TargetError")<{
  readonly reason: "unreachable" | "unauthorized" | "not-implemented"
  /** A sentence that states the problem and what to check. */
  readonly message: string
}> {}

/**
 * Verifies a target with a suite, and returns the results as a stream. Checks that only read run first. Then checks that
 * write run, if writing is allowed.
 *
 * **Details**
 *
 * The stream fails with a `TargetError` if the server is unreachable, does not accept the key, or implements no
 * selected operation, and with a
 * `SelectionError` if the settings contain an unknown operation or law. When the time budget is
 * spent, the remaining checks are skipped. Deleting the resources that the run created may take another minute.
 *
 * **Example** (Printing failures)
 *
 * ```ts
 * import * as Contract from "@effect-workos/contract-engine/Contract"
 * import * as Target from "@effect-workos/contract-engine/Target"
 * import * as WorkOs from "@effect-workos/contract/WorkOs"
 * import * as Console from "effect/Console"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
 * import * as Redacted from "effect/Redacted"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * const target = Target.layer({
 *   baseUrl: "http://127.0.0.1:4100",
 *   credentials: Target.bearer(Redacted.make("sk_test_emulator"), "WORKOS_API_KEY")
 * }).pipe(Layer.provide(FetchHttpClient.layer))
 *
 * const program = Contract.results(WorkOs.suite, { runs: 50 }).pipe(
 *   Stream.filter(({ status }) => status === "failed"),
 *   Stream.runForEach(({ law, message, operation }) => Console.log(`${law} ${operation}: ${message}`)),
 *   Effect.provide(target)
 * )
 * ```
 */
export const results = (
  suite: Suite,
  settings: Settings = {}
): Stream.Stream<Result, TargetError | SelectionError, Target.Target> =>
  Stream.unwrap(
    Effect.map(openSession(suite, resolve(settings)), (session) =>
      Stream.filter(inSession(suite, session), isReported(session.settings))
    )
  )

// Returns whether a report contains a result.
const isReported =
  ({ implemented }: ResolvedSettings) =>
  ({ notImplemented }: Result): boolean =>
    !implemented || notImplemented !== true

/**
 * An estimate of a run: the number of requests, and the duration in milliseconds, which follows from the time of the first
 * response and from the rate limit.
 */
export interface Estimate {
  readonly requests: number
  readonly millis: number
}

/**
 * Functions that are called during a run: with an estimate before the first check, with each result when its check ends,
 * and with each request that was sent and its outcome. `stopReason` is called with the failures so far, and returns a reason to end the run early, if any.
 * `stopWhen` ends the run early when it completes, with the reason. The checks that have not ended by then are skipped.
 */
export interface Observer {
  readonly onStart?: (estimate: Estimate) => Effect.Effect<void>
  readonly onResult?: (result: Result) => Effect.Effect<void>
  readonly onAttempt?: (attempt: Attempt) => Effect.Effect<void>
  readonly stopReason?: (failures: ReadonlyArray<Result>) => string | undefined
  readonly stopWhen?: Effect.Effect<string>
}

/**
 * Verifies a target with a suite, and returns the report.
 *
 * **Example** (Verifying a deployment)
 *
 * ```ts
 * import * as Contract from "@effect-workos/contract-engine/Contract"
 * import * as WorkOs from "@effect-workos/contract/WorkOs"
 * import * as Console from "effect/Console"
 * import * as Effect from "effect/Effect"
 *
 * const observer: Contract.Observer = { onResult: ({ law, status }) => Console.log(`${status} ${law}`) }
 *
 * const isConforming = Effect.map(Contract.verify(WorkOs.suite, {}, observer), ({ summary }) => summary.failed === 0)
 * ```
 */
export const verify = (
  suite: Suite,
  settings: Settings = {},
  {
    onAttempt = () => Effect.void,
    onResult = () => Effect.void,
    onStart = () => Effect.void,
    stopReason = () => undefined,
    stopWhen = Effect.never
  }: Observer = {}
): Effect.Effect<Report, TargetError | SelectionError, Target.Target> =>
  Effect.gen(function* () {
    const started = yield* Clock.currentTimeMillis
    const { baseUrl } = yield* Target.Target
    const resolved = resolve(settings)
    const exercised = yield* Ref.make(Coverage.empty)
    const record = Coverage.recorder(suite.operations)
    const fastest = yield* Ref.make(Infinity)
    const session = yield* openSession(suite, resolved, (attempt) =>
      Effect.andThen(
        Ref.update(exercised, (parts) => record(parts, attempt)),
        Effect.andThen(
          Ref.update(fastest, (millis) => Math.min(millis, millisOf(attempt))),
          onAttempt(attempt)
        )
      )
    )
    const { runs, seed, selection } = resolved
    yield* onStart(yield* estimate(suite, session, yield* Ref.get(fastest)))
    const stopped = yield* Ref.make<string | undefined>(undefined)
    const ended = yield* Ref.make<string | undefined>(undefined)
    const failures = yield* Ref.make<ReadonlyArray<Result>>([])
    const found = yield* inSession(suite, session).pipe(
      Stream.interruptWhen(Effect.tap(stopWhen, (reason) => Ref.set(ended, reason))),
      Stream.tap(onResult),
      Stream.tap((result) =>
        Effect.gen(function* () {
          if (result.status !== "failed" && result.status !== "drift") return
          const reason = stopReason(yield* Ref.updateAndGet(failures, (before) => [...before, result]))
          yield* Ref.set(stopped, reason)
        })
      ),
      Stream.takeUntilEffect(() => Effect.map(Ref.get(stopped), (reason) => reason !== undefined)),
      Stream.runCollect
    )
    const interrupted = (yield* session.interrupted) ?? (yield* Ref.get(ended)) ?? (yield* Ref.get(stopped))
    const transient = session.transientFailures.of().length
    const byCheck = new Map(found.map((result) => [`${result.law} ${result.operation}`, result]))
    const hasEnded = (yield* Ref.get(ended)) !== undefined
    const all = checksOf(suite, selection).flatMap((check) => {
      const result = byCheck.get(`${check.law.id} ${check.operation.id}`)
      return result !== undefined ? [result] : hasEnded ? [interruptedResult(check)] : []
    })
    const leftOut = new Set(all.filter((result) => !isReported(resolved)(result)).map(({ operation }) => operation))
    const ordered = all.filter(({ operation }) => !leftOut.has(operation))
    return {
      target: baseUrl,
      seed,
      startedAt: DateTime.formatIso(DateTime.makeUnsafe(started)),
      durationMillis: (yield* Clock.currentTimeMillis) - started,
      requests: yield* session.requestsSent,
      ...(interrupted === undefined ? {} : { interrupted: session.redact(interrupted) }),
      ...(transient === 0 ? {} : { transientFailures: transient }),
      ...(leftOut.size === 0 ? {} : { notImplemented: [...leftOut] }),
      summary: summarize(ordered),
      results: ordered,
      runs,
      fixed: [],
      coverage: Coverage.make(
        suite.operations.filter(Selection.hasOperation(selection)),
        yield* Ref.get(exercised),
        ordered
      )
    }
  }).pipe(Effect.scoped)

const millisOf = (attempt: Attempt): number => ("exchange" in attempt ? attempt.exchange.response.millis : Infinity)

const estimate = Effect.fnUntraced(function* (suite: Suite, session: Session.Session["Service"], roundTrip: number) {
  const { rate, settings } = session
  const checks = checksOf(suite, settings.selection).filter((check) => settings.writes || !writes(check))
  const requests = Cost.ofChecks(checks, suite, settings.runs)
  const perMinute = (yield* rate) ?? Infinity
  const slowest = Math.max(roundTrip / settings.workers, millisOfChecks, 60_000 / perMinute)
  return { requests, millis: Math.min(requests * slowest, Duration.toMillis(settings.timeBudget)) }
})

/** The time for generating a request and checking its response, in milliseconds. */
const millisOfChecks = 1.5

const interruptedResult = ({ law, operation }: Check): Result => ({
  law: law.id,
  operation: operation.id,
  status: "skipped",
  message: "interrupted",
  runs: 0,
  requests: 0,
  sentence: law.sentence,
  source: law.source
})

/**
 * Provides a session for test runners, which run the checks one by one with `runCheck`.
 *
 * **Example** (Running checks one by one)
 *
 * ```ts
 * import * as Contract from "@effect-workos/contract-engine/Contract"
 * import * as Suite from "@effect-workos/contract-engine/Suite"
 * import * as WorkOs from "@effect-workos/contract/WorkOs"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.forEach(
 *   Suite.checksOf(WorkOs.suite, { laws: ["lists"] }).filter((check) => !Contract.writes(check)),
 *   (check) => Contract.runCheck(WorkOs.suite, check)
 * ).pipe(Effect.provide(Contract.layerSession(WorkOs.suite, { seed: 1 })))
 * ```
 */
export const layerSession = (
  suite: Suite,
  settings: Settings = {}
): Layer.Layer<Session.Session, TargetError | SelectionError, Target.Target> =>
  Layer.effect(Session.Session, openSession(suite, resolve(settings)))

// Checks the names of the selection, opens a session, and verifies that the server responds.
const openSession = Effect.fnUntraced(function* (
  suite: Suite,
  settings: ResolvedSettings,
  onAttempt?: Observer["onAttempt"]
) {
  yield* Effect.fromResult(Selection.check(suite, settings.selection))
  const session = yield* Session.make(suite, settings, suite.fixtures, onAttempt)
  yield* Effect.provideService(checkReachable, Session.Session, session)
  return { ...session, description: yield* Effect.provideService(NestedLists.bind, Session.Session, session) }
})

const inSession = (suite: Suite, session: Session.Session["Service"]): Stream.Stream<Result> => {
  const checks = checksOf(suite, session.settings.selection)
  const run = (some: ReadonlyArray<Check>, concurrency: number | "unbounded") =>
    Stream.mapEffect(Stream.fromIterable(some), (check) => runCheck(suite, check), {
      concurrency,
      unordered: true
    }).pipe(Stream.provideService(Session.Session, session))
  return Stream.concat(
    // The workers take turns with all checks, so that each law is tried a little if the time budget ends early.
    run(
      checks.filter((check) => !writes(check)),
      "unbounded"
    ),
    run(checks.filter(writes), session.settings.workers)
  )
}

/**
 * Returns whether a check sends requests that write. Such checks are skipped unless writing is allowed.
 */
export const writes = ({ law, operation }: Check): boolean => law.writes ?? !operation.isSafe

// -----------------------------------------------------------------------------
// One check
// -----------------------------------------------------------------------------

/**
 * Runs one check and returns its result.
 */
export const runCheck = (suite: Suite, check: Check): Effect.Effect<Result, never, Session.Session> =>
  Effect.updateService(runInSession(suite, check), Session.Session, (session) => {
    const { runs } = Selection.settingsOf(session.settings.selection, check.operation)
    return runs === undefined ? session : { ...session, settings: { ...session.settings, runs } }
  })

const runInSession = (suite: Suite, check: Check): Effect.Effect<Result, never, Session.Session> =>
  Effect.gen(function* () {
    const { law, operation } = check
    const session = yield* Session.Session
    const requestCount = yield* Ref.make(0)
    const isAllowed = !writes(check) || session.settings.writes
    if (isAllowed) yield* session.awaitWorker
    const isTooLate = isAllowed && (yield* session.isBudgetSpent)
    const isMissing = isAllowed && !isTooLate && (yield* Probe.isLeftOut(operation))
    const checked = isTooLate ? Effect.map(session.budgetMessage, Law.skipped) : outcomeOf(check, isAllowed, isMissing)
    const outcome = yield* checked.pipe(
      Workers.takingTurns,
      Effect.provideService(CurrentRequestCount, requestCount),
      Effect.catchTags({
        CannotCheck: ({ reason }) => Effect.succeed(Law.skipped(reason)),
        NoResponse: ({ message, request }) => Effect.succeed(Law.skipped(`${describe(request)}: ${message}`))
      })
    )
    const base = {
      law: law.id,
      operation: operation.id,
      requests: yield* Ref.get(requestCount),
      sentence: law.sentence,
      source: law.source,
      ...(isMissing ? { notImplemented: true as const } : {})
    }
    switch (outcome._tag) {
      case "Passed": {
        const cutShort = (yield* session.isBudgetSpent) ? "; stopped early, since the time budget was spent" : ""
        const message = `passed in ${outcome.runs} ${outcome.runs === 1 ? "case" : "cases"}${yield* describeCoverage(check)}${cutShort}`
        return { ...base, status: "passed", message, runs: outcome.runs }
      }
      case "Skipped":
        return { ...base, status: "skipped", message: session.redact(outcome.reason), runs: 0 }
      case "Failed":
        return {
          ...base,
          status: law.severity === "drift" ? "drift" : "failed",
          message: session.redact(outcome.violations[0].message),
          runs: outcome.runs,
          ...(yield* Evidence.of(suite, check, outcome.violations)),
          ...(law.impliedBy === undefined ? {} : { impliedBy: law.impliedBy })
        }
    }
  })

// One law reports an operation that is not implemented, and other laws are not checked on it.
const outcomeOf = (check: Check, isAllowed: boolean, isMissing: boolean) => {
  if (!isAllowed)
    return Effect.succeed(
      Law.skipped("writing is not allowed; allow it with --writes, or with `writes: true` in a program")
    )
  return isMissing && check.law.id !== Probe.lawId
    ? Effect.succeed(Law.skipped("the server does not implement the operation"))
    : confirm(check)
}

// Data may change during a check. A failure therefore counts only if it is repeated while the lists stay the same; if
// lists were seen to change, it has to be repeated more often.
const confirm = Effect.fnUntraced(function* ({ law, operation }: Check) {
  const { description, hasChanged, isBudgetSpent, withFreshResponses } = yield* Session.Session
  // Laws about path parameters do not apply to a nested list of one parent, so they check the operation itself.
  const bound = description.operations.find(({ id }) => id === operation.id) ?? operation
  const subject = law.appliesTo(bound, description) ? bound : operation
  const all = law.comparesLists === true ? KnownValues.comparedLists(bound, description) : []
  const first = yield* law.check(subject)
  if (first._tag !== "Failed" || first.violations[0].isConclusive === true || all.length === 0) return first
  let outcome: Law.Outcome = first
  let confirmed = 0
  for (let left = maxConfirmations; left > 0 && !(yield* isBudgetSpent); left--) {
    const changes = yield* Effect.forEach(all, ({ list, lists }) => Sampling.refresh(list, lists))
    if (changes.includes(true)) confirmed = 0
    else if (confirmed >= ((yield* hasChanged) ? 3 : 1)) return outcome
    else confirmed++
    outcome = yield* withFreshResponses(law.check(subject))
    if (outcome._tag === "Skipped") return outcome
    if (outcome._tag === "Passed") {
      // The failure compared a shared response with rows that changed, or the law failed once without a change of the rows.
      return (yield* hasChanged)
        ? outcome
        : Law.skipped(`a failure could not be reproduced: ${first.violations[0].message}`)
    }
  }
  // The time budget ended before the failure was confirmed.
  return (yield* hasChanged) ? Law.skipped("the data changed during every check") : outcome
})

/** The maximum number of confirmations of a failure. */
const maxConfirmations = 6

// Of a long list, only the rows at its ends are read.
const describeCoverage = Effect.fnUntraced(function* ({ law, operation }: Check) {
  const { description, settings } = yield* Session.Session
  const lists = Sampling.listsOf(operation, description.conventions)
  if (law.comparesLists !== true || lists === undefined) return ""
  const { isComplete } = yield* Sampling.listing(operation, lists)
  if (isComplete) return ""
  const rows = `the first ${settings.maxRows.toLocaleString("en")} rows`
  return `, among ${rows}${lists.order === undefined ? "" : " from either end"}`
})

// -----------------------------------------------------------------------------
// Reachability
// -----------------------------------------------------------------------------

// Sends the plainest request, which every law about responses sends as well. If the server is reachable but does not
// respond, the run continues: a law reports the missing response.
const checkReachable: Effect.Effect<void, TargetError, Session.Session | Target.Target> = Effect.gen(function* () {
  const { sendCached, baseUrl, credentials, description, settings } = yield* Session.Session
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol)) {
    const message = `${baseUrl} is not a valid URL of a server: it must begin with http:// or https://.`
    return yield* new TargetError({ reason: "unreachable", message })
  }
  const all = description.operations.filter(({ isSafe }) => isSafe)
  const selected = all.filter(Selection.hasOperation(settings.selection))
  const safe = selected.length > 0 ? selected : all
  const plain = safe.filter(({ params }) => params.length === 0)
  // A protected operation, if any, shows whether the server accepts the key.
  const operation = plain.find(({ access, isProtected }) => isProtected && access === "granted") ?? plain[0] ?? safe[0]
  if (operation === undefined) return
  const request = Lifecycle.unknownIdRequest(operation, description.conventions)
  const unreachable = (reason: string) =>
    new TargetError({
      reason: "unreachable",
      message: `No response from ${baseUrl}: ${reason}. Check the URL, and whether the server is running.`
    })
  const result = yield* Effect.result(sendCached(request))
  if (Outcome.isFailure(result) && result.failure.reason === "unreachable")
    return yield* unreachable(result.failure.message)
  const exchange = Outcome.getOrUndefined(result)
  const maySpeakTls = Outcome.match(result, {
    onFailure: ({ reason }) => reason === "connection-error",
    onSuccess: ({ response }) => asksForHttps(response)
  })
  if (baseUrl.startsWith("http:") && maySpeakTls) {
    const { http } = yield* Target.Target
    if (yield* ConnectionErrors.speaksTls(http, baseUrl)) return yield* unreachable("the server speaks only https")
  }
  if (exchange?.response.status === 401) {
    const variable = credentials === undefined ? "" : ` Check ${credentials.variable}.`
    return yield* new TargetError({
      reason: "unauthorized",
      message: `${baseUrl} does not accept the key: ${describe(request)} returned 401.${variable}`
    })
  }
  if (exchange !== undefined && Probe.isAbsence(exchange.response)) {
    const missing = yield* Effect.filter(safe, Probe.isMissing)
    if (missing.length === safe.length) {
      return yield* new TargetError({
        reason: "not-implemented",
        message: `${baseUrl} implements none of the operations: ${describe(request)} returned ${exchange.response.status}. Check the URL.`
      })
    }
  }
})

// Servers respond to plain HTTP on a port for TLS with such sentences.
const asksForHttps = ({ status, text }: Response): boolean => status === 400 && /\bHTTPS\b/.test(text)
