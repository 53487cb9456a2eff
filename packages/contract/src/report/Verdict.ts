// What a run amounts to: which results are news, and all of them in a sentence or two.
import type { Report } from "../Report.ts"
import type { Result } from "../Result.ts"
import * as Words from "./Words.ts"

/**
 * - `strict`: drift is a failure.
 */
export interface Options {
  readonly strict?: boolean | undefined
}

/**
 * Whether a run fails because of this result: it does not hold, and no baseline says so already.
 *
 * **Example** (Failures that nobody knew)
 *
 * ```ts
 * import type { Report } from "@effect-workos/contract/Report"
 * import * as Verdict from "@effect-workos/contract/report/Verdict"
 *
 * const news = (report: Report) => report.results.filter((result) => Verdict.isNews(result))
 * ```
 */
export const isNews = (result: Result, options?: Options): boolean =>
  result.isKnown !== true && (result.status === "failed" || (options?.strict === true && result.status === "drift"))

/**
 * A verdict: whether the run is fine, the sentence that says so, and what there is to say besides (`""` if nothing).
 *
 * **Example** (The exit code of a run)
 *
 * ```ts
 * import type { Report } from "@effect-workos/contract/Report"
 * import * as Verdict from "@effect-workos/contract/report/Verdict"
 *
 * const options: Verdict.Options = { strict: true }
 *
 * const codeOf = ({ outcome }: Verdict.Verdict): number => (outcome === "holds" ? 0 : 1)
 *
 * const exitCode = (report: Report): number => codeOf(Verdict.make(report, options))
 * ```
 */
export interface Verdict {
  readonly outcome: "fails" | "holds" | "unchecked"
  readonly sentence: string
  readonly besides: string
}

/**
 * The verdict on a run.
 *
 * **Details**
 *
 * A run that checked nothing does not hold: it says that it checked nothing.
 *
 * **Example** (One line for a log)
 *
 * ```ts
 * import type { Report } from "@effect-workos/contract/Report"
 * import * as Verdict from "@effect-workos/contract/report/Verdict"
 *
 * const line = (report: Report) => `${report.target}: ${Verdict.make(report).sentence}`
 * ```
 */
export const make = (report: Report, options?: Options): Verdict => {
  const how = (matches: (result: Result) => boolean) => report.results.filter(matches).length
  const skipped = how(({ status }) => status === "skipped")
  const checked = report.results.length - skipped
  const news = how((result) => isNews(result, options))
  const known = how(({ isKnown, status }) => status === "failed" && isKnown === true)
  const drift = how((result) => result.status === "drift" && !isNews(result, options))
  const fixed = report.fixed.length
  return {
    ...judge(checked, news, known, report.interrupted),
    besides: sentence([
      news > 0 && known > 0 && `${Words.count(known, "more check fails", "more checks fail")} as the baseline says`,
      drift > 0 && Words.count(drift, "shows drift", "show drift"),
      skipped > 0 && `${Words.number(skipped)} could not be checked`,
      fixed > 0 && `${Words.count(fixed, "entry of the baseline holds", "entries of the baseline hold")} by now`
    ])
  }
}

const judge = (
  checked: number,
  news: number,
  known: number,
  interrupted: string | undefined
): Omit<Verdict, "besides"> => {
  if (checked === 0) return { outcome: "unchecked", sentence: "Nothing was checked." }
  if (news > 0) {
    const fail = news === 1 ? "fails" : "fail"
    return { outcome: "fails", sentence: `${Words.number(news)} of ${Words.count(checked, "check")} ${fail}.` }
  }
  // What was not looked at may be broken too.
  if (interrupted !== undefined) return { outcome: "fails", sentence: `It was cut short: ${interrupted}.` }
  if (known > 0) {
    const failures = known === 1 ? "the one failure is known" : `the ${Words.number(known)} failures are known`
    return { outcome: "holds", sentence: `Nothing new fails: ${failures}.` }
  }
  return {
    outcome: "holds",
    sentence: checked === 1 ? "The one check holds." : `All ${Words.number(checked)} checks hold.`
  }
}

const sentence = (phrases: ReadonlyArray<string | false>): string => {
  const said = phrases.filter((phrase) => phrase !== false)
  return said.length === 0 ? "" : `${said.join("; ")}.`
}
