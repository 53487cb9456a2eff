/**
 * Reports as JUnit XML, for CI systems.
 *
 * @module
 */
import * as Finding from "../Finding.ts"
import type { Report } from "../Report.ts"
import type { Result } from "../Result.ts"
import * as Groups from "./Groups.ts"
import * as PlainText from "./PlainText.ts"
import * as Verdict from "./Verdict.ts"
import * as Xml from "../internal/Xml.ts"

/**
 * Formats a report as JUnit XML.
 *
 * **Details**
 *
 * - Each operation is a `testsuite`, and each law is a `testcase` in it.
 * - Known failures are skipped `testcase`s with the message `known: …`.
 * - A failure with the same cause as another one names the other one, which is more specific.
 * - Drift passes with a `<system-out>`; with `strict` it fails.
 * - Single checks are not timed: each has the share of the duration that corresponds to its share of the requests.
 *
 * **Example** (Drift fails the build)
 *
 * ```ts
 * import type { Report } from "@effect-workos/contract-engine/Report"
 * import * as JUnit from "@effect-workos/contract-engine/report/JUnit"
 *
 * const strict = (report: Report) => JUnit.render(report, { strict: true })
 * ```
 *
 * @see https://github.com/testmoapp/junitxml
 */
export const render = (report: Report, options?: Verdict.Options): string => {
  const requests = total(report.results)
  const context: Context = {
    report,
    options,
    causes: new Map(
      Finding.ofResults(report.results).flatMap(({ failure, others }) =>
        others.flatMap(({ result }) => (result === failure.result ? [] : [[result, failure.result] as const]))
      )
    ),
    seconds: (results) => (requests === 0 ? "0" : seconds((report.durationMillis * total(results)) / requests))
  }
  const suites = Array.from(Groups.by(report.results, ({ operation }) => operation))
  const root = Xml.element(
    "testsuites",
    { name: `Contract of ${report.target}`, ...counts(report.results, options), time: seconds(report.durationMillis) },
    Xml.children(suites.map(([operation, results]) => suite(operation, results, context)))
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`
}

interface Context {
  readonly report: Report
  readonly options: Verdict.Options | undefined
  /** The results that explain others. */
  readonly causes: ReadonlyMap<Result, Result>
  readonly seconds: (results: ReadonlyArray<Result>) => string
}

const suite = (operation: string, results: ReadonlyArray<Result>, context: Context): string => {
  const { options, report, seconds } = context
  const properties = [
    Xml.element("property", { name: "target", value: report.target }),
    ...(report.seed === undefined ? [] : [Xml.element("property", { name: "seed", value: report.seed })])
  ]
  return Xml.element(
    "testsuite",
    {
      name: operation,
      ...counts(results, options),
      time: seconds(results),
      timestamp: report.startedAt
    },
    Xml.children([
      Xml.element("properties", {}, Xml.children(properties)),
      ...results.map((result) => {
        const { law, sentence } = result
        const attributes = { classname: operation, name: `${law}: ${sentence}`, time: seconds([result]) }
        return Xml.element("testcase", attributes, Xml.children(outcome(result, context)))
      })
    ])
  )
}

const outcome = (result: Result, { causes, options, report }: Context): ReadonlyArray<string> => {
  const { law, message, operation } = result
  const { fixed } = report
  const cause = causes.get(result)
  const note = cause === undefined ? "" : `same cause as ${PlainText.title(cause)}\n\n`
  const described = Xml.text(`${note}${PlainText.describe(result)}`)
  if (Verdict.isNewFailure(result, options)) return [Xml.element("failure", { message, type: law }, described)]
  if (isSkipped(result)) {
    const reason = result.status === "skipped" ? message : `known: ${message}`
    return [Xml.element("skipped", { message: reason })]
  }
  if (result.status === "drift") return [Xml.element("system-out", {}, `drift: ${described}`)]
  const known = fixed.find((known) => known.law === law && known.operation === operation)
  if (known === undefined) return []
  return [Xml.element("system-out", {}, Xml.text(`fixed: passed. The baseline lists: ${known.message}`))]
}

const isSkipped = ({ isKnown, status }: Result): boolean =>
  status === "skipped" || (status === "failed" && isKnown === true)

const counts = (results: ReadonlyArray<Result>, options?: Verdict.Options) => ({
  tests: results.length,
  failures: results.filter((result) => Verdict.isNewFailure(result, options)).length,
  errors: 0,
  skipped: results.filter(isSkipped).length
})

const total = (results: ReadonlyArray<Result>): number => results.reduce((sum, { requests }) => sum + requests, 0)

const seconds = (millis: number): string => (millis / 1000).toFixed(3)
