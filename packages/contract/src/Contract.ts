// Holding a server to its documents: all checks of a suite against a target, as a stream of results or as a report.
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { curl, describe, type Request } from "./Exchange.ts"
import * as Lifecycle from "./internal/Lifecycle.ts"
import * as Sampling from "./internal/Sampling.ts"
import * as Law from "./Law.ts"
import { type Report, summarize } from "./Report.ts"
import type { Counterexample, Result } from "./Result.ts"
import * as Session from "./Session.ts"
import { type Settings, type ResolvedSettings, resolve } from "./internal/Settings.ts"
import { type Check, checksOf, type Suite } from "./Suite.ts"
import * as Target from "./Target.ts"

/**
 * There is no server to hold to anything: nothing responses, or the key is not accepted.
 *
 * **Example** (Waiting for a server that is about to start)
 *
 * ```ts
 * import * as Contract from "@effect-workos/contract/Contract"
 * import * as WorkOs from "@effect-workos/contract/WorkOs"
 * import * as Effect from "effect/Effect"
 *
 * const isStarting = (error: Contract.TargetError): boolean => error.reason === "unreachable"
 *
 * const program = Contract.verify(WorkOs.suite).pipe(Effect.retry({ while: isStarting, times: 10 }))
 * ```
 */
export class TargetError extends Data.TaggedError("TargetError")<{
  readonly reason: "unreachable" | "unauthorized"
  /** A sentence that says what to do. */
  readonly message: string
}> {}

/**
 * The results of a suite against a target, as they come: those of checks that only read first, and then those of checks
 * that write, where writing is allowed.
 *
 * **Details**
 *
 * The stream fails when the target can't be reached at all. It ends within the time budget: what could not be checked
 * until then is skipped, and says so.
 *
 * **Example** (Printing what does not hold)
 *
 * ```ts
 * import * as Contract from "@effect-workos/contract/Contract"
 * import * as Target from "@effect-workos/contract/Target"
 * import * as WorkOs from "@effect-workos/contract/WorkOs"
 * import * as Console from "effect/Console"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import * as Layer from "effect/Layer"
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
export const results = (suite: Suite, settings: Settings = {}): Stream.Stream<Result, TargetError, Target.Target> =>
  Stream.unwrap(Effect.map(openSession(suite, resolve(settings)), (session) => inSession(suite, session)))

/**
 * The report of a suite against a target. `onResult` is called with each result as it comes.
 *
 * **Example** (A check in a deployment)
 *
 * ```ts
 * import * as Contract from "@effect-workos/contract/Contract"
 * import * as WorkOs from "@effect-workos/contract/WorkOs"
 * import * as Effect from "effect/Effect"
 *
 * const isSound = Effect.map(Contract.verify(WorkOs.suite), ({ summary }) => summary.failed === 0)
 * ```
 */
export const verify = (
  suite: Suite,
  settings: Settings = {},
  onResult: (result: Result) => Effect.Effect<void> = () => Effect.void
): Effect.Effect<Report, TargetError, Target.Target> =>
  Effect.gen(function* () {
    const started = yield* Clock.currentTimeMillis
    const { baseUrl } = yield* Target.Target
    const settled = resolve(settings)
    const session = yield* openSession(suite, settled)
    const { only, seed } = settled
    const found = yield* Stream.runCollect(Stream.tap(inSession(suite, session), onResult))
    const interrupted = session.interrupted()
    const place = new Map(
      checksOf(suite, only).map(({ law, operation }, index) => [`${law.id} ${operation.id}`, index])
    )
    const placeOf = ({ law, operation }: Result) => place.get(`${law} ${operation}`) ?? 0
    const ordered = found.toSorted((a, b) => placeOf(a) - placeOf(b))
    return {
      target: baseUrl,
      seed,
      startedAt: DateTime.formatIso(DateTime.makeUnsafe(started)),
      durationMillis: (yield* Clock.currentTimeMillis) - started,
      requests: session.requestsSent(),
      ...(interrupted === undefined ? {} : { interrupted: redact(session, interrupted) }),
      summary: summarize(ordered),
      results: ordered,
      fixed: []
    }
  }).pipe(Effect.scoped)

/**
 * A session for single checks, for a test runner that makes them one by one.
 *
 * **Example** (One check, in a test runner of one's own)
 *
 * ```ts
 * import * as Contract from "@effect-workos/contract/Contract"
 * import * as Suite from "@effect-workos/contract/Suite"
 * import * as WorkOs from "@effect-workos/contract/WorkOs"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.forEach(
 *   Suite.checksOf(WorkOs.suite, ["lists"]).filter((check) => !Contract.writes(check)),
 *   (check) => Contract.runCheck(WorkOs.suite, check)
 * ).pipe(Effect.provide(Contract.layerSession(WorkOs.suite, { seed: 1 })))
 * ```
 */
export const layerSession = (
  suite: Suite,
  settings: Settings = {}
): Layer.Layer<Session.Session, TargetError, Target.Target> =>
  Layer.effect(Session.Session, openSession(suite, resolve(settings)))

// A session with somebody at the other end.
const openSession = (suite: Suite, settings: ResolvedSettings) =>
  Effect.tap(Session.make(suite, settings, suite.fixtures), (session) =>
    Effect.provideService(checkReachable, Session.Session, session)
  )

const inSession = (suite: Suite, session: Session.Session["Service"]): Stream.Stream<Result> => {
  const checks = checksOf(suite, session.settings.only)
  const run = (some: ReadonlyArray<Check>) =>
    Stream.mapEffect(Stream.fromIterable(some), (check) => runCheck(suite, check), {
      concurrency: session.settings.concurrency,
      unordered: true
    }).pipe(Stream.provideService(Session.Session, session))
  return Stream.concat(run(checks.filter((check) => !writes(check))), run(checks.filter(writes)))
}

/**
 * Whether a check creates and deletes.
 */
export const writes = ({ law, operation }: Check): boolean => law.writes === true || !operation.isSafe

// -----------------------------------------------------------------------------
// One check
// -----------------------------------------------------------------------------

/**
 * The result of one check.
 */
export const runCheck = (suite: Suite, check: Check): Effect.Effect<Result, never, Session.Session> =>
  Effect.gen(function* () {
    const { law, operation } = check
    const session = yield* Session.Session
    const requestCount: Session.RequestCount = { requests: 0 }
    const finding =
      writes(check) && !session.settings.writes
        ? Law.skipped("writing is not allowed; it is checked with --writes")
        : yield* confirm(check).pipe(
            Effect.provideService(Session.CurrentRequestCount, requestCount),
            Effect.catch(({ message, request }) => Effect.succeed(Law.skipped(`${describe(request)}: ${message}`)))
          )
    const base = {
      law: law.id,
      operation: operation.id,
      requests: requestCount.requests,
      sentence: law.sentence,
      source: law.source
    }
    switch (finding._tag) {
      case "Passed": {
        const cutShort = (yield* session.isBudgetSpent) ? "; the time budget cut it short" : ""
        const message = `held in ${finding.runs} ${finding.runs === 1 ? "case" : "cases"}${yield* describeCoverage(check)}${cutShort}`
        return { ...base, status: "passed", message, runs: finding.runs }
      }
      case "Skipped":
        return { ...base, status: "skipped", message: redact(session, finding.reason), runs: 0 }
      case "Failed":
        return {
          ...base,
          status: law.severity === "drift" ? "drift" : "failed",
          message: redact(session, finding.message),
          runs: finding.runs,
          counterexample: yield* counterexampleOf(suite, check, finding)
        }
    }
  })

// Data may change while it is looked at. So what is broken has to be so again, and with the same rows in the lists all the
// while; where they have been seen to change, more than once again.
const confirm = Effect.fnUntraced(function* ({ law, operation }: Check) {
  const { changingLists, description, isBudgetSpent } = yield* Session.Session
  const { lists } = description.conventions
  const all = law.comparesLists === true ? description.operations.filter((other) => Sampling.isList(other, lists)) : []
  const first = yield* law.check(operation)
  if (first._tag !== "Failed" || first.isConclusive === true || lists === undefined || all.length === 0) return first
  let finding: Law.Outcome = first
  let confirmed = 0
  for (let left = maxConfirmations; left > 0 && !(yield* isBudgetSpent); left--) {
    const changes = yield* Effect.forEach(all, (list) => Sampling.refresh(list, lists))
    if (changes.includes(true)) confirmed = 0
    else if (confirmed >= (changingLists.size === 0 ? 1 : 3)) return finding
    else confirmed++
    finding = yield* law.check(operation)
    if (finding._tag === "Skipped") return finding
    // Whatever the reason: what was broken once has not held every time.
    if (finding._tag === "Passed") return Law.skipped(`it was broken once, and not again: ${first.message}`)
  }
  // There was no time to make sure.
  return changingLists.size === 0 ? finding : Law.skipped("the data changed each time while it was checked")
})

/** How often, at most, what is broken is looked at again. */
const maxConfirmations = 6

// Of a long list, rows from its ends are known.
const describeCoverage = Effect.fnUntraced(function* ({ law, operation }: Check) {
  const { description, settings } = yield* Session.Session
  const { lists } = description.conventions
  if (law.comparesLists !== true || !Sampling.isList(operation, lists)) return ""
  const { isComplete } = yield* Sampling.listing(operation, lists)
  if (isComplete) return ""
  const rows = `the first ${settings.maxRows.toLocaleString("en")} rows`
  return `, among ${rows}${lists.order === undefined ? "" : " from either end"}`
})

const counterexampleOf = Effect.fnUntraced(function* (
  suite: Suite,
  { law }: Check,
  { actual, expected, requests }: Law.Violation
) {
  const session = yield* Session.Session
  const { runs, seed, writes } = session.settings
  const shown = Target.shownCredentials(session.credentials)
  const found: Counterexample = {
    curl: redact(session, requests.map((request: Request) => curl(request, session.baseUrl, shown)).join("\n")),
    expected: redact(session, expected),
    actual: redact(session, actual),
    replay: suite.replay({ seed, runs, law: law.id, writes })
  }
  return found
})

const redact = (session: Session.Session["Service"], text: string): string =>
  [...session.secrets].reduce(
    (clean, secret) => clean.replaceAll(secret, "…"),
    Target.redactKey(session.credentials, text)
  )

// -----------------------------------------------------------------------------
// Whether there is anybody
// -----------------------------------------------------------------------------

// The plainest request there is, and the first of every law about responses. A server that does not response it is there all
// the same: that is what laws are for.
const checkReachable: Effect.Effect<void, TargetError, Session.Session> = Effect.gen(function* () {
  const { sendCached, baseUrl, description } = yield* Session.Session
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol)) {
    const message = `${baseUrl} is no address of a server: it has to begin with http:// or https://.`
    return yield* new TargetError({ reason: "unreachable", message })
  }
  const safe = description.operations.filter(({ isSafe }) => isSafe)
  const plain = safe.filter(({ params }) => params.length === 0)
  // Best one that wants the key.
  const operation = plain.find(({ isProtected }) => isProtected) ?? plain[0] ?? safe[0]
  if (operation === undefined) return
  const request = Lifecycle.unknownIdRequest(operation, description.conventions)
  const exchange = yield* Effect.catch(sendCached(request), (error) =>
    error.reason === "unreachable"
      ? Effect.fail(
          new TargetError({
            reason: "unreachable",
            message: `No response from ${baseUrl}: ${error.message}. Is it the right address, and is it up?`
          })
        )
      : Effect.undefined
  )
  if (exchange?.response.status === 401) {
    return yield* new TargetError({
      reason: "unauthorized",
      message: `${baseUrl} does not accept the key: ${describe(request)} was answered with 401.`
    })
  }
})
