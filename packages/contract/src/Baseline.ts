// Known failures: a file that people review, so that a job fails on news only.
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { KnownFailure, type Report } from "./Report.ts"
import type { Result } from "./Result.ts"

/**
 * The failures that are known, in the order of their laws.
 */
export const Baseline = Schema.Struct({ failures: Schema.Array(KnownFailure) })
export interface Baseline extends Schema.Schema.Type<typeof Baseline> {}

/**
 * A file that is no baseline.
 */
export class BaselineError extends Data.TaggedError("BaselineError")<{ readonly message: string }> {}

/**
 * A baseline that knows no failure.
 */
export const empty: Baseline = { failures: [] }

/**
 * Reads the text of a baseline.
 *
 * **Example** (Reading a file that may be none)
 *
 * ```ts
 * import * as Baseline from "@effect-workos/contract/Baseline"
 * import * as Effect from "effect/Effect"
 *
 * const program = Baseline.parse('{ "failures": [] }').pipe(
 *   Effect.catchTag("BaselineError", ({ message }) => Effect.die(message))
 * )
 * ```
 */
export const parse = (text: string): Effect.Effect<Baseline, BaselineError> =>
  Effect.mapError(
    Schema.decodeUnknownEffect(Schema.fromJsonString(Baseline))(text),
    () =>
      new BaselineError({
        message: "It is no baseline: JSON with a list of failures, each with law, operation and message."
      })
  )

/**
 * The text of a baseline: one failure a line, so that a change of one is a change of one line.
 */
export const format = ({ failures }: Baseline): string =>
  failures.length === 0
    ? '{\n  "failures": []\n}\n'
    : `{\n  "failures": [\n${failures.map(({ law, message, operation }) => `    ${JSON.stringify({ law, operation, message })}`).join(",\n")}\n  ]\n}\n`

/**
 * A report in which what is known is marked as known, and what is fixed is listed as fixed.
 *
 * **Details**
 *
 * Only what was looked at can be fixed: a law that was skipped may be broken still.
 *
 * **Example** (Failing on news)
 *
 * ```ts
 * import * as Baseline from "@effect-workos/contract/Baseline"
 * import type { Report } from "@effect-workos/contract/Report"
 * import * as Verdict from "@effect-workos/contract/report/Verdict"
 *
 * const hasNews = (report: Report, known: Baseline.Baseline) =>
 *   Baseline.apply(report, known).results.some((result) => Verdict.isNewFailure(result))
 * ```
 */
export const apply = (report: Report, { failures }: Baseline): Report => {
  const known = new Set(failures.map(keyOf))
  const passed = new Set(report.results.filter(({ status }) => status === "passed").map(keyOf))
  return {
    ...report,
    results: report.results.map((result) =>
      isFailure(result) && known.has(keyOf(result)) ? { ...result, isKnown: true as const } : result
    ),
    fixed: failures.filter((failure) => passed.has(keyOf(failure)))
  }
}

/**
 * The baseline after a report: what it found broken, and of what was known before, all that it did not look at.
 *
 * **Example** (Writing down what fails today)
 *
 * ```ts
 * import * as Baseline from "@effect-workos/contract/Baseline"
 * import type { Report } from "@effect-workos/contract/Report"
 *
 * const first = (report: Report): string => Baseline.format(Baseline.update(report, Baseline.empty))
 * ```
 */
export const update = ({ results }: Report, { failures }: Baseline): Baseline => {
  const checked = new Set(results.filter(({ status }) => status !== "skipped").map(keyOf))
  const failed = results.filter(isFailure).map(({ law, message, operation }) => ({ law, operation, message }))
  const kept = failures.filter((failure) => !checked.has(keyOf(failure)))
  return { failures: [...failed, ...kept].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)) }
}

const isFailure = ({ status }: Result): boolean => status === "failed" || status === "drift"

const keyOf = ({ law, operation }: { readonly law: string; readonly operation: string }): string =>
  `${law} ${operation}`
