// Confirmation of failures: a failure counts if it occurs again.
import * as Effect from "effect/Effect"
import * as Law from "../Law.ts"
import * as Sampling from "../Sampling.ts"
import { Session } from "../Session.ts"
import type { Check } from "../Suite.ts"
import * as KnownValues from "./KnownValues.ts"

/** The maximum number of confirmations of a failure. */
const maxConfirmations = 6

/**
 * Checks a law, and repeats a failure. Data may change during a check, so a failure counts only if it is repeated while
 * the lists stay the same; if lists were seen to change, it has to be repeated more often.
 */
export const confirm = Effect.fnUntraced(function* ({ law, operation }: Check) {
  const { description, hasChanged, isBudgetSpent, withFreshResponses } = yield* Session
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
