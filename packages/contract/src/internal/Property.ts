// For all generated cases: how laws try many, and come back with the smallest that fails.
import * as Arbitrary from "effect/Arbitrary"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { NoResponse } from "../Exchange.ts"
import * as Law from "../Law.ts"
import { Session } from "../Session.ts"

/**
 * What one case says of a law: nothing against it, something against it, or nothing at all, because there was not the
 * data for it.
 */
export type CaseResult = Law.Violation | "passed" | "inconclusive"

export interface Options {
  /** Cases with the same seed are the same cases, whichever law they are for. */
  readonly seed: string
  /** As many as the session says, where nothing is said. */
  readonly runs?: number
  /** Why there may have been nothing to try. */
  readonly inconclusive?: string
}

/** How long the smallest case is looked for. */
const shrinkTimeout = 10_000

/**
 * Tries generated cases until one fails, and then smaller ones.
 *
 * **Details**
 *
 * A case that gets no response says nothing about a law: what is found out then is that the law could not be exercised.
 * When the time budget is spent, no more cases are tried, and those that were count.
 */
export const forAll = <Case>(
  cases: Arbitrary.Arbitrary<Case>,
  check: (value: Case) => Effect.Effect<CaseResult, NoResponse, Session>,
  { runs, seed, inconclusive = "the server has no data to check it on" }: Options
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
        // While a smaller case is looked for, one without an response is none.
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
 * Goes through values one after the other until one fails.
 */
export const forEach = <A>(
  values: Iterable<A>,
  check: (value: A) => Effect.Effect<CaseResult, NoResponse, Session>,
  { inconclusive = "the server has no data to check it on" }: { readonly inconclusive?: string } = {}
): Effect.Effect<Law.Outcome, NoResponse, Session> =>
  Effect.gen(function* () {
    const session = yield* Session
    let tried = 0
    for (const value of values) {
      if (yield* session.isBudgetSpent) break
      // Those before count.
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
 * One finding after another, as one: the first that is broken, or how often all of them held.
 */
export const all = (
  ...findings: ReadonlyArray<Effect.Effect<Law.Outcome, NoResponse, Session>>
): Effect.Effect<Law.Outcome, NoResponse, Session> =>
  Effect.gen(function* () {
    let runs = 0
    let reason: Law.Skipped | undefined
    for (const finding of findings) {
      const found = yield* finding
      if (found._tag === "Failed") return found
      if (found._tag === "Passed") runs += found.runs
      else reason ??= found
    }
    return runs > 0 || reason === undefined ? Law.passed(runs) : reason
  })
