// For all generated cases: how laws try many, and come back with the smallest that fails.
import * as Arbitrary from "effect/Arbitrary"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Unanswered } from "../Exchange.ts"
import * as Law from "../Law.ts"
import { Session } from "../Session.ts"

/**
 * What one case says of a law: nothing against it, something against it, or nothing at all, because there was not the
 * data for it.
 */
export type Verdict = Law.Violation | "holds" | "vacuous"

export interface Options {
  /** Cases with the same seed are the same cases, whichever law they are for. */
  readonly seed: string
  /** As many as the session says, where nothing is said. */
  readonly runs?: number
  /** Why there may have been nothing to try. */
  readonly vacuous?: string
}

/** How long the smallest case is looked for. */
const patienceForShrinking = 10_000

/**
 * Tries generated cases until one fails, and then smaller ones.
 *
 * **Details**
 *
 * A case that gets no answer says nothing about a law: what is found out then is that the law could not be exercised.
 * When the time budget is spent, no more cases are tried, and those that were count.
 */
export const forAll = <Case>(
  cases: Arbitrary.Arbitrary<Case>,
  check: (value: Case) => Effect.Effect<Verdict, Unanswered, Session>,
  { runs, seed, vacuous = "the server has no data to check it on" }: Options
): Effect.Effect<Law.Finding, Unanswered, Session> =>
  Effect.gen(function* () {
    const session = yield* Session
    let tried = 0
    let firstFailure: number | undefined
    let unanswered: Unanswered | undefined

    const property = Effect.fnUntraced(function* (value: Case) {
      if (unanswered !== undefined || (yield* session.isOver)) return true
      const now = yield* Clock.currentTimeMillis
      if (firstFailure !== undefined && now - firstFailure > patienceForShrinking) return true
      const verdict = yield* Effect.catch(check(value), (error) => {
        // While a smaller case is looked for, one without an answer is none.
        if (firstFailure === undefined && error.reason !== "out-of-time") unanswered = error
        return Effect.succeed("vacuous" as const)
      })
      if (verdict === "vacuous") return true
      tried++
      if (verdict === "holds") return true
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
      return Law.broken(result.runs, result.failure.error)
    }
    if (unanswered !== undefined) return yield* unanswered
    if (tried > 0) return Law.held(tried)
    return Law.notExercised((yield* session.isOver) ? session.spent() : vacuous)
  })

/**
 * Goes through values one after the other until one fails.
 */
export const forEach = <A>(
  values: Iterable<A>,
  check: (value: A) => Effect.Effect<Verdict, Unanswered, Session>,
  { vacuous = "the server has no data to check it on" }: { readonly vacuous?: string } = {}
): Effect.Effect<Law.Finding, Unanswered, Session> =>
  Effect.gen(function* () {
    const session = yield* Session
    let tried = 0
    for (const value of values) {
      if (yield* session.isOver) break
      // Those before count.
      const verdict = yield* Effect.catchIf(
        check(value),
        ({ reason }) => reason === "out-of-time",
        () => Effect.succeed("vacuous" as const)
      )
      if (verdict === "vacuous") continue
      tried++
      if (verdict !== "holds") return Law.broken(tried, verdict)
    }
    if (tried > 0) return Law.held(tried)
    return Law.notExercised((yield* session.isOver) ? session.spent() : vacuous)
  })

/**
 * One finding after another, as one: the first that is broken, or how often all of them held.
 */
export const all = (
  ...findings: ReadonlyArray<Effect.Effect<Law.Finding, Unanswered, Session>>
): Effect.Effect<Law.Finding, Unanswered, Session> =>
  Effect.gen(function* () {
    let runs = 0
    let reason: Law.NotExercised | undefined
    for (const finding of findings) {
      const found = yield* finding
      if (found._tag === "Broken") return found
      if (found._tag === "Held") runs += found.runs
      else reason ??= found
    }
    return runs > 0 || reason === undefined ? Law.held(runs) : reason
  })
