/**
 * Verifies a server: runs all checks of a suite against a target, and returns a stream of results or a report.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import * as Stream from "effect/Stream"
import { type Attempt, describe } from "./Exchange.ts"
import * as NestedLists from "./internal/NestedLists.ts"
import * as Cost from "./Cost.ts"
import * as Coverage from "./Coverage.ts"
import * as Sampling from "./Sampling.ts"
import { confirm } from "./internal/Confirmation.ts"
import * as Evidence from "./internal/Evidence.ts"
import * as Reachability from "./internal/Reachability.ts"
import * as RequiredFilters from "./internal/RequiredFilters.ts"
import * as Law from "./Law.ts"
import { type Report, summarize } from "./Report.ts"
import type { Result } from "./Result.ts"
import { CurrentRequestCount } from "./internal/RequestCount.ts"
import * as Probe from "./internal/Probe.ts"
import * as Workers from "./internal/Workers.ts"
import * as Selection from "./Selection.ts"
import type { SelectionError } from "./Selection.ts"
import * as Session from "./Session.ts"
import { type Settings, type ResolvedSettings, resolve } from "./Settings.ts"
import { type Check, checksOf, type Suite } from "./Suite.ts"
import * as Target from "./Target.ts"
import type { TargetError } from "./TargetError.ts"

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
  yield* Effect.provideService(Reachability.check, Session.Session, session)
  const filtered = yield* RequiredFilters.bind(session)
  return { ...filtered, description: yield* Effect.provideService(NestedLists.bind, Session.Session, filtered) }
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
