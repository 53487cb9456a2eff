/**
 * Property-based checks of laws: they try many cases, and shrink a failing one.
 *
 * @module
 */
import * as Arbitrary from "effect/Arbitrary"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { NoResponse } from "./Exchange.ts"
import * as Law from "./Law.ts"
import { Session } from "./Session.ts"

/**
 * The result of one case: passed, a violation, or inconclusive if the data for the case is missing.
 */
export type CaseResult = Passed | Inconclusive | Law.Violation

/**
 * The result of a case in which the law passed.
 */
export interface Passed {
  readonly _tag: "Passed"
}

/**
 * The result of a case that could not be decided.
 */
export interface Inconclusive {
  readonly _tag: "Inconclusive"
}

/**
 * The check of one case. A case that fails with `CannotCheck` is inconclusive, for the given reason.
 */
export type CaseCheck<Case> = (value: Case) => Effect.Effect<CaseResult, NoResponse | Law.CannotCheck, Session>

/**
 * The result of a case in which the law passed.
 */
export const passed: CaseResult = { _tag: "Passed" }

/**
 * The result of a case that could not be decided, for example because the server has no data for the case.
 */
export const inconclusive: CaseResult = { _tag: "Inconclusive" }

/**
 * Options for `forAll`.
 */
export interface Options {
  /** Equal seeds generate equal cases, in every law. */
  readonly seed: string
  /** Defaults to the session's runs. */
  readonly runs?: number
  /** The reason to report if every case was inconclusive. */
  readonly skipReason?: string
}

/** Time limit for shrinking, in milliseconds. */
const shrinkTimeout = 10_000

/**
 * Tries generated cases until one fails, and shrinks the failing case.
 *
 * **Details**
 *
 * If a case gets no response, the law is skipped. If the time budget ends, the outcome is based on
 * the cases until then.
 */
export const forAll = <Case>(
  cases: Arbitrary.Arbitrary<Case>,
  check: CaseCheck<Case>,
  { runs, seed, skipReason = "the server has no data for this check" }: Options
): Effect.Effect<Law.Outcome, NoResponse, Session> =>
  Effect.gen(function* () {
    const session = yield* Session
    let tried = 0
    let firstFailure: number | undefined
    let noResponse: NoResponse | undefined
    let reason: string | undefined
    const ended = yield* Deferred.make<undefined>()

    const property = Effect.fnUntraced(function* (value: Case) {
      if (noResponse !== undefined || (yield* session.isBudgetSpent)) {
        // No more cases are generated. A counterexample that is being shrunk stays.
        if (firstFailure === undefined) return yield* Effect.andThen(Deferred.succeed(ended, undefined), Effect.never)
        return true
      }
      const now = yield* Clock.currentTimeMillis
      if (firstFailure !== undefined && now - firstFailure > shrinkTimeout) return true
      const verdict = yield* Effect.catch(check(value), (error) => {
        if (error._tag === "CannotCheck") reason ??= error.reason
        // While shrinking, a case without a response is not a smaller counterexample.
        else if (firstFailure === undefined && error.reason !== "time-budget") noResponse = error
        return Effect.succeed(inconclusive)
      })
      if (verdict._tag === "Inconclusive") return true
      tried++
      if (verdict._tag === "Passed") return true
      firstFailure ??= now
      return yield* Effect.fail(verdict)
    })

    const search = Arbitrary.checkEffect(cases, property, {
      runs: runs ?? session.settings.runs,
      seed: `${session.settings.seed} ${seed}`,
      maxShrinks: 300,
      concurrency: 1
    })
    const result = yield* Effect.raceFirst(search, Deferred.await(ended))
    if (result?._tag === "Falsified" && result.failure._tag === "PropertyError") {
      return Law.failed(result.runs, ...Law.faultsOf(result.failure.error))
    }
    if (noResponse !== undefined) return yield* noResponse
    if (tried > 0) return Law.passed(tried)
    return Law.skipped((yield* session.isBudgetSpent) ? yield* session.budgetMessage : (reason ?? skipReason))
  })

/** The maximum number of violations in an outcome. */
const maxViolations = 100

/**
 * Tries values in order, and reports every value that fails.
 *
 * **Example** (Refusing unknown formats)
 *
 * ```ts
 * import type { ApiOperation } from "@effect-workos/contract-engine/ApiOperation"
 * import * as Exchange from "@effect-workos/contract-engine/Exchange"
 * import * as Law from "@effect-workos/contract-engine/Law"
 * import * as Property from "@effect-workos/contract-engine/Property"
 * import { Session } from "@effect-workos/contract-engine/Session"
 * import * as Effect from "effect/Effect"
 *
 * const check = ({ id: operation, method, path }: ApiOperation) =>
 *   Property.forEach(["xml", "csv"], (format) =>
 *     Effect.gen(function* () {
 *       const { sendCached } = yield* Session
 *       const request = { operation, method, path, query: [["format", format]], access: "granted" } as const
 *       const { response } = yield* sendCached(request)
 *       return response.status === 400
 *         ? Property.passed
 *         : Law.violation({
 *             message: `${format} is accepted`,
 *             requests: [request],
 *             expected: "400",
 *             actual: Exchange.excerpt(response)
 *           })
 *     })
 *   )
 * ```
 */
export const forEach = <A>(
  values: Iterable<A>,
  check: CaseCheck<A>,
  { skipReason = "the server has no data for this check", stopAtFirst = false }: EachOptions = {}
): Effect.Effect<Law.Outcome, NoResponse, Session> =>
  Effect.gen(function* () {
    const session = yield* Session
    let tried = 0
    let reason: string | undefined
    let violations: ReadonlyArray<Law.Violation> = []
    for (const value of values) {
      if ((yield* session.isBudgetSpent) || violations.length >= (stopAtFirst ? 1 : maxViolations)) break
      const verdict = yield* Effect.catch(check(value), (error) => {
        if (error._tag === "CannotCheck") reason ??= error.reason
        // The cases before the end of the time budget count, and so do violations before a missing response.
        else if (error.reason !== "time-budget" && violations.length === 0) return Effect.fail(error)
        return Effect.succeed(inconclusive)
      })
      if (verdict._tag === "Inconclusive") continue
      tried++
      if (verdict._tag === "Violation") violations = [...violations, ...Law.faultsOf(verdict)]
    }
    const [first, ...others] = violations
    if (first !== undefined) return Law.failed(tried, first, ...others)
    if (tried > 0) return Law.passed(tried)
    return Law.skipped((yield* session.isBudgetSpent) ? yield* session.budgetMessage : (reason ?? skipReason))
  })

/**
 * Options for `forEach`.
 */
export interface EachOptions {
  /** The reason to report if every case was inconclusive. */
  readonly skipReason?: string
  /** True if the other values are not tried after a failure, because each of them may take long. Defaults to false. */
  readonly stopAtFirst?: boolean
}

/**
 * Combines outcomes like `all`, but reports the failures of all checks.
 */
export const each = (
  ...checks: ReadonlyArray<Effect.Effect<Law.Outcome, NoResponse | Law.CannotCheck, Session>>
): Effect.Effect<Law.Outcome, NoResponse, Session> =>
  Effect.gen(function* () {
    const outcomes = yield* Effect.forEach(checks, (check) => all(check))
    const [first, ...others] = outcomes.flatMap((outcome) => (outcome._tag === "Failed" ? outcome.violations : []))
    if (first === undefined) return yield* all(...outcomes.map((outcome) => Effect.succeed(outcome)))
    const runs = outcomes.reduce((sum, outcome) => sum + (outcome._tag === "Skipped" ? 0 : outcome.runs), 0)
    return Law.failed(runs, first, ...others)
  })

/**
 * Combines outcomes: the first failure, or the total number of passed cases.
 */
export const all = (
  ...checks: ReadonlyArray<Effect.Effect<Law.Outcome, NoResponse | Law.CannotCheck, Session>>
): Effect.Effect<Law.Outcome, NoResponse, Session> =>
  Effect.gen(function* () {
    let runs = 0
    let skipped: Law.Skipped | undefined
    for (const check of checks) {
      const outcome = yield* Effect.catchTag(check, "CannotCheck", ({ reason }) => Effect.succeed(Law.skipped(reason)))
      if (outcome._tag === "Failed") return outcome
      if (outcome._tag === "Passed") runs += outcome.runs
      else skipped ??= outcome
    }
    return runs > 0 || skipped === undefined ? Law.passed(runs) : skipped
  })
