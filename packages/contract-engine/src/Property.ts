// Property-based checks: try many cases, and shrink a failing one.
import * as Arbitrary from "effect/Arbitrary"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { NoResponse } from "./Exchange.ts"
import * as Law from "./Law.ts"
import { Session } from "./Session.ts"

/**
 * The result of one case: passed, a violation, or inconclusive if the data for the case is missing.
 */
export type CaseResult = Law.Violation | "passed" | "inconclusive"

export interface Options {
  /** Equal seeds generate equal cases, in every law. */
  readonly seed: string
  /** Defaults to the session's runs. */
  readonly runs?: number
  /** The reason to report if every case was inconclusive. */
  readonly inconclusive?: string
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
  check: (value: Case) => Effect.Effect<CaseResult, NoResponse, Session>,
  { runs, seed, inconclusive = "the server has no data for this check" }: Options
): Effect.Effect<Law.Outcome, NoResponse, Session> =>
  Effect.gen(function* () {
    const session = yield* Session
    let tried = 0
    let firstFailure: number | undefined
    let noResponse: NoResponse | undefined

    const property = Effect.fnUntraced(function* (value: Case) {
      if (noResponse !== undefined || (yield* session.isBudgetSpent)) return true
      const now = yield* Clock.currentTimeMillis
      if (firstFailure !== undefined && now - firstFailure > shrinkTimeout) return true
      const verdict = yield* Effect.catch(check(value), (error) => {
        // While shrinking, a case without a response is not a smaller counterexample.
        if (firstFailure === undefined && error.reason !== "time-budget") noResponse = error
        return Effect.succeed("inconclusive" as const)
      })
      if (verdict === "inconclusive") return true
      tried++
      if (verdict === "passed") return true
      firstFailure ??= now
      return yield* Effect.fail(verdict)
    })

    const result = yield* Arbitrary.checkEffect(cases, property, {
      runs: runs ?? session.settings.runs,
      seed: `${session.settings.seed} ${seed}`,
      maxShrinks: 300,
      concurrency: 1
    })
    if (result._tag === "Falsified" && result.failure._tag === "PropertyError") {
      return Law.failed(result.runs, result.failure.error)
    }
    if (noResponse !== undefined) return yield* noResponse
    if (tried > 0) return Law.passed(tried)
    return Law.skipped((yield* session.isBudgetSpent) ? session.budgetMessage() : inconclusive)
  })

/**
 * Tries values in order until one fails.
 */
export const forEach = <A>(
  values: Iterable<A>,
  check: (value: A) => Effect.Effect<CaseResult, NoResponse, Session>,
  { inconclusive = "the server has no data for this check" }: { readonly inconclusive?: string } = {}
): Effect.Effect<Law.Outcome, NoResponse, Session> =>
  Effect.gen(function* () {
    const session = yield* Session
    let tried = 0
    for (const value of values) {
      if (yield* session.isBudgetSpent) break
      // The cases before the end of the time budget count.
      const verdict = yield* Effect.catchIf(
        check(value),
        ({ reason }) => reason === "time-budget",
        () => Effect.succeed("inconclusive" as const)
      )
      if (verdict === "inconclusive") continue
      tried++
      if (verdict !== "passed") return Law.failed(tried, verdict)
    }
    if (tried > 0) return Law.passed(tried)
    return Law.skipped((yield* session.isBudgetSpent) ? session.budgetMessage() : inconclusive)
  })

/**
 * Combines outcomes: the first failure, or the total number of passed cases.
 */
export const all = (
  ...checks: ReadonlyArray<Effect.Effect<Law.Outcome, NoResponse, Session>>
): Effect.Effect<Law.Outcome, NoResponse, Session> =>
  Effect.gen(function* () {
    let runs = 0
    let skipped: Law.Skipped | undefined
    for (const check of checks) {
      const outcome = yield* check
      if (outcome._tag === "Failed") return outcome
      if (outcome._tag === "Passed") runs += outcome.runs
      else skipped ??= outcome
    }
    return runs > 0 || skipped === undefined ? Law.passed(runs) : skipped
  })
