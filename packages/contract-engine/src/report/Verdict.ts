/**
 * The verdict on a whole run: its outcome, which results are new failures, and a summary sentence.
 *
 * @module
 */
import * as Finding from "../Finding.ts"
import type { Report } from "../Report.ts"
import type { Result } from "../Result.ts"
import * as Formatting from "./Formatting.ts"

/**
 * Options of a verdict.
 *
 * - `strict`: drift counts as a failure. Defaults to false.
 */
export interface Options {
  readonly strict?: boolean | undefined
}

/**
 * Returns whether a result makes the run fail: the law failed, and the failure is not in the baseline.
 *
 * **Example** (Failures that are not in the baseline)
 *
 * ```ts
 * import type { Report } from "@effect-workos/contract-engine/Report"
 * import * as Verdict from "@effect-workos/contract-engine/report/Verdict"
 *
 * const news = (report: Report) => report.results.filter((result) => Verdict.isNewFailure(result))
 * ```
 */
export const isNewFailure = (result: Result, options?: Options): boolean =>
  result.isKnown !== true && (result.status === "failed" || (options?.strict === true && result.status === "drift"))

/**
 * The findings of a report by their effect on the verdict.
 *
 * **Details**
 *
 * - `newFindings`: findings with a failure that makes the run fail.
 * - `drift`: findings that are no failures.
 * - `known`: findings whose failures are all in the baseline.
 *
 * **Example** (Listing the laws of the new findings)
 *
 * ```ts
 * import type { Report } from "@effect-workos/contract-engine/Report"
 * import * as Verdict from "@effect-workos/contract-engine/report/Verdict"
 *
 * const sorted = (report: Report): Verdict.Findings => Verdict.findingsOf(report)
 *
 * const laws = (report: Report) => sorted(report).newFindings.map(({ failure }) => failure.result.law)
 * ```
 */
export interface Findings {
  readonly newFindings: ReadonlyArray<Finding.Finding>
  readonly drift: ReadonlyArray<Finding.Finding>
  readonly known: ReadonlyArray<Finding.Finding>
}

/**
 * Returns the findings of a report by their effect on the verdict.
 */
export const findingsOf = ({ results }: Pick<Report, "results">, options?: Options): Findings => {
  const effectOf = ({ failure, isKnown, others, status }: Finding.Finding): keyof Findings => {
    const isNew = [failure, ...others].some(
      ({ isKnown, result: { status } }) => !isKnown && (status === "failed" || options?.strict === true)
    )
    if (isNew) return "newFindings"
    return isKnown || status === "failed" ? "known" : "drift"
  }
  return { newFindings: [], drift: [], known: [], ...Object.groupBy(Finding.ofResults(results), effectOf) }
}

/**
 * The outcome of a run, a sentence that states the outcome, and further remarks (`""` if none).
 *
 * **Example** (The exit code of a run)
 *
 * ```ts
 * import type { Report } from "@effect-workos/contract-engine/Report"
 * import * as Verdict from "@effect-workos/contract-engine/report/Verdict"
 *
 * const options: Verdict.Options = { strict: true }
 *
 * const codeOf = ({ outcome }: Verdict.Verdict): number => (outcome === "passed" ? 0 : 1)
 *
 * const exitCode = (report: Report): number => codeOf(Verdict.make(report, options))
 * ```
 */
export interface Verdict {
  readonly outcome: "failed" | "passed" | "inconclusive"
  readonly sentence: string
  readonly notes: string
}

/**
 * The verdict on a run.
 *
 * **Details**
 *
 * A run in which every check was skipped is inconclusive, not passed.
 *
 * **Example** (One line for a log)
 *
 * ```ts
 * import type { Report } from "@effect-workos/contract-engine/Report"
 * import * as Verdict from "@effect-workos/contract-engine/report/Verdict"
 *
 * const line = (report: Report) => `${report.target}: ${Verdict.make(report).sentence}`
 * ```
 */
export const make = (report: Report, options?: Options): Verdict => {
  const count = (matches: (result: Result) => boolean) => report.results.filter(matches).length
  const skipped = count(({ status }) => status === "skipped")
  const checked = report.results.length - skipped
  const newFailures = count((result) => isNewFailure(result, options))
  const known = count(({ isKnown, status }) => status === "failed" && isKnown === true)
  const drift = count((result) => result.status === "drift" && !isNewFailure(result, options))
  const fixed = report.fixed.length
  const transient = report.transientFailures ?? 0
  const findings = findingsOf(report, options).newFindings.length
  return {
    ...summarize(checked, findings, newFailures, known, report.interrupted),
    notes: join([
      newFailures > 0 && report.interrupted !== undefined && report.interrupted,
      newFailures > 0 && known > 0 && `${Formatting.count(known, "more check")} failed as in the baseline`,
      drift > 0 && `${Formatting.number(drift)} showed drift`,
      skipped > 0 && `${Formatting.number(skipped)} ${skipped === 1 ? "was" : "were"} skipped`,
      transient > 0 && `${Formatting.count(transient, "request")} failed, and succeeded when repeated`,
      fixed > 0 && `${Formatting.count(fixed, "baseline entry", "baseline entries")} passed`
    ])
  }
}

const summarize = (
  checked: number,
  findings: number,
  newFailures: number,
  known: number,
  interrupted: string | undefined
): Omit<Verdict, "notes"> => {
  if (checked === 0) return { outcome: "inconclusive", sentence: "Nothing was checked." }
  if (newFailures > 0) {
    const failures = `${Formatting.number(newFailures)} of ${Formatting.count(checked, "check")} failed.`
    const sentence = `${Formatting.count(findings, "finding")}: ${failures}`
    return { outcome: "failed", sentence }
  }
  // The checks that were not run might have failed.
  if (interrupted !== undefined) return { outcome: "failed", sentence: `The run was interrupted: ${interrupted}.` }
  if (known > 0) {
    const failures = known === 1 ? "the one failure is" : `the ${Formatting.number(known)} failures are`
    return { outcome: "passed", sentence: `No new failures: ${failures} in the baseline.` }
  }
  return {
    outcome: "passed",
    sentence: checked === 1 ? "The one check passed." : `All ${Formatting.number(checked)} checks passed.`
  }
}

const join = (phrases: ReadonlyArray<string | false>): string => {
  const text = phrases.filter((phrase) => phrase !== false).join("; ")
  return text === "" ? "" : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
