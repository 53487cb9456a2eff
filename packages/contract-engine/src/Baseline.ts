/**
 * Baselines: files of known failures, so that a run fails only on new ones.
 *
 * @module
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Finding from "./Finding.ts"
import { KnownFailure, type Report } from "./Report.ts"
import * as Groups from "./report/Groups.ts"
import type { Result } from "./Result.ts"

/**
 * The known failures, sorted by law and operation. Drift counts as a failure.
 *
 * **Details**
 *
 * An entry with a `kind` lists the failing cases of this kind only, so that another fault of the same law on the same
 * operation is new. An entry without a kind lists every failure of the law on the operation.
 */
export const Baseline = Schema.Struct({ failures: Schema.Array(KnownFailure) })
export interface Baseline extends Schema.Schema.Type<typeof Baseline> {}

/**
 * A file is not a valid baseline.
 */
export class BaselineError extends Data.TaggedError("BaselineError")<{ readonly message: string }> {}

/**
 * A baseline without failures.
 */
export const empty: Baseline = { failures: [] }

/**
 * Parses the text of a baseline. Fails with a `BaselineError` if the text is not a valid baseline.
 *
 * **Example** (Parsing a file)
 *
 * ```ts
 * import * as Baseline from "@effect-workos/contract-engine/Baseline"
 * import * as Effect from "effect/Effect"
 *
 * const program = Baseline.parse('{ "failures": [] }').pipe(
 *   Effect.catchTag("BaselineError", ({ message }) => Effect.die(message))
 * )
 * ```
 */
export const parse = (text: string): Effect.Effect<Baseline, BaselineError> =>
  Effect.mapError(
    // Some editors add a byte order mark, which JSON does not allow.
    Schema.decodeUnknownEffect(Schema.fromJsonString(Baseline))(text.replace(/^\uFEFF/, "")),
    () =>
      new BaselineError({
        message: "The baseline is invalid: expected JSON with a list of failures, each with law, operation and message."
      })
  )

/**
 * Formats a baseline with one failure per line, so that diffs are small.
 */
export const format = ({ failures }: Baseline): string =>
  failures.length === 0
    ? '{\n  "failures": []\n}\n'
    : `{\n  "failures": [\n${failures.map(({ kind, law, message, operation }) => `    ${JSON.stringify({ law, operation, kind, message })}`).join(",\n")}\n  ]\n}\n`

/**
 * Marks the known failures of a report and lists the fixed ones.
 *
 * **Details**
 *
 * An entry is fixed if its law passed on its operation, but not if the law was skipped.
 *
 * **Example** (Failing on new failures)
 *
 * ```ts
 * import * as Baseline from "@effect-workos/contract-engine/Baseline"
 * import type { Report } from "@effect-workos/contract-engine/Report"
 * import * as Verdict from "@effect-workos/contract-engine/report/Verdict"
 *
 * const hasNewFailures = (report: Report, known: Baseline.Baseline) =>
 *   Baseline.apply(report, known).results.some((result) => Verdict.isNewFailure(result))
 * ```
 */
export const apply = (report: Report, baseline: Baseline): Report => {
  const { failures } = baseline
  const passed = new Set(report.results.filter(({ status }) => status === "passed").map(keyOf))
  return {
    ...report,
    results: mark(report.results, baseline),
    fixed: failures.filter((failure) => passed.has(keyOf(failure)))
  }
}

/**
 * Marks the known failures of results.
 *
 * **Example** (Counting new findings during a run)
 *
 * ```ts
 * import * as Baseline from "@effect-workos/contract-engine/Baseline"
 * import type { Result } from "@effect-workos/contract-engine/Result"
 * import * as Verdict from "@effect-workos/contract-engine/report/Verdict"
 *
 * const countNew = (results: ReadonlyArray<Result>, known: Baseline.Baseline): number =>
 *   Verdict.findingsOf({ results: Baseline.mark(results, known) }).newFindings.length
 * ```
 */
export const mark = (results: ReadonlyArray<Result>, { failures }: Baseline): ReadonlyArray<Result> => {
  const entries = Groups.by(failures, keyOf)
  return results.map((result) => markOne(result, entries.get(keyOf(result)) ?? []))
}

const markOne = (result: Result, entries: ReadonlyArray<KnownFailure>): Result => {
  const kinds = Finding.failuresOf(result).map(({ kind }) => kind)
  const known = kinds.filter((kind) => entries.some((entry) => entry.kind === undefined || entry.kind === kind))
  if (known.length === 0) return result
  return known.length === kinds.length ? { ...result, isKnown: true } : { ...result, knownKinds: known }
}

/**
 * Returns the baseline after a run: the failures of the report, and the previous entries that the run did not check.
 *
 * **Example** (Creating a baseline)
 *
 * ```ts
 * import * as Baseline from "@effect-workos/contract-engine/Baseline"
 * import type { Report } from "@effect-workos/contract-engine/Report"
 *
 * const first = (report: Report): string => Baseline.format(Baseline.update(report, Baseline.empty))
 * ```
 */
export const update = ({ results }: Report, { failures }: Baseline): Baseline => {
  const checked = new Set(results.filter(({ status }) => status !== "skipped").map(keyOf))
  const failed = results.flatMap(Finding.failuresOf).map(({ cases, kind, result: { law, operation } }) => ({
    law,
    operation,
    message: cases[0].message,
    ...(kind === "" ? {} : { kind })
  }))
  const kept = failures.filter((failure) => !checked.has(keyOf(failure)))
  return { failures: [...failed, ...kept].toSorted((a, b) => (sortKeyOf(a) < sortKeyOf(b) ? -1 : 1)) }
}

const keyOf = ({ law, operation }: { readonly law: string; readonly operation: string }): string =>
  `${law} ${operation}`

const sortKeyOf = (failure: KnownFailure): string => `${keyOf(failure)} ${failure.kind ?? ""}`
