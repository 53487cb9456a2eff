// Renders a report of the contract suite for a terminal: failures and drift in detail, and all results in tables.
import type * as Finding from "@effect-workos/contract-engine/Finding"
import { familyOf } from "@effect-workos/contract-engine/Law"
import type { Report } from "@effect-workos/contract-engine/Report"
import * as Groups from "@effect-workos/contract-engine/report/Groups"
import * as CoverageSummary from "@effect-workos/contract-engine/report/CoverageSummary"
import * as PlainText from "@effect-workos/contract-engine/report/PlainText"
import * as Verdict from "@effect-workos/contract-engine/report/Verdict"
import * as Formatting from "@effect-workos/contract-engine/report/Formatting"
import type { Result, Status } from "@effect-workos/contract-engine/Result"
import * as CliOutput from "effect/cli/CliOutput"
import { wrapText } from "./WrapText.ts"
import * as TextTable from "./TextTable.ts"

export interface Options extends Verdict.Options {
  /** True to show the failures in the baseline. Defaults to their number. */
  readonly showKnown?: boolean
  /** The width of the terminal. */
  readonly columns: number
  readonly colours: boolean
}

/**
 * Renders a report as text.
 */
export const render = (report: Report, options: Options): string => {
  const { drift, known, newFindings } = Verdict.findingsOf(report, options)
  const sections = [
    ...newFindings.map((one) => finding(one, options)),
    ...drift.map((one) => finding(one, options, "drift")),
    ...(options.showKnown === true ? known.map((one) => finding(one, options, "known")) : []),
    ...tables(report, options),
    reasons(report.results, options),
    leftOut(report, options),
    report.fixed.flatMap(({ law, operation }) =>
      wrapText(`Fixed: ${law} ${operation} passed, but is in the baseline.`, options.columns)
    ),
    options.showKnown === true ? [] : knownCount(known, options),
    conclusion(report, options)
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => `${line}\n`).join(""))
    .join("\n")
}

type Lines = ReadonlyArray<string>

const marks: Readonly<Record<Status, string>> = { failed: "✕", drift: "◐", skipped: "–", passed: "✓" }

const colours: Readonly<Record<Status, (text: string) => string>> = {
  failed: TextTable.red,
  drift: TextTable.yellow,
  skipped: TextTable.dim,
  passed: TextTable.green
}

// -----------------------------------------------------------------------------
// Failures and drift
// -----------------------------------------------------------------------------

/** The maximum length of an excerpt of a response. Report files contain the full text. */
const longest = 300

/** The number of other cases, and of other checks with the same cause, that are listed. */
const othersShown = 4

const finding = (found: Finding.Finding, options: Options, note?: "drift" | "known"): Lines => {
  const { cases, result } = found.failure
  const [{ actual, curl, expected, message }] = cases
  const { counterexample, law, operation, sentence, source } = result
  const paint = (style: (text: string) => string, text: string) => (options.colours ? style(text) : text)
  const part = (label: string, text: string) => {
    const [first = "", ...rest] = wrapText(text, options.columns, `  ${label.padEnd(10)}`)
    return [`  ${paint(TextTable.dim, label)}${first.slice(2 + label.length)}`, ...rest]
  }
  const sentences = (text: string) => wrapText(text, options.columns, "  ")
  const title = paint(colours[found.status], `${marks[found.status]} ${law}`)
  const cause = PlainText.sameCause(found, othersShown)
  const head = [
    [paint(TextTable.bold, title), operation, ...(note === undefined ? [] : [paint(TextTable.dim, note)])].join("  "),
    ...sentences(sentence)
  ]
  const tail = cause === "" ? [] : sentences(`${cause}.`)
  if (note === "known" || counterexample === undefined) return [...head, ...sentences(message), ...tail]
  const shown = actual ?? counterexample.actual
  const others = PlainText.otherCases(found.failure, othersShown)
  return [
    ...head,
    ...(repeats(shown, message) ? [] : sentences(Formatting.truncate(message, longest * 2))),
    ...part("expected", Formatting.truncate(expected ?? counterexample.expected, longest)),
    ...part("actual", Formatting.truncate(shown, longest)),
    ...(others === "" ? [] : part("also", others)),
    ...part("source", `${source.text}${source.url === undefined ? "" : ` ${source.url}`}`),
    // Not wrapped, so that it can be copied.
    ...(curl ?? counterexample.curl).split("\n").map((line) => `  ${line}`),
    `  ${counterexample.replay}`,
    ...tail
  ]
}

// True for a message that only repeats the request and the response, which other lines show.
const repeats = (actual: string, message: string): boolean => message.endsWith(`: ${actual}`)

const knownCount = (known: ReadonlyArray<Finding.Finding>, { columns }: Options): Lines =>
  known.length === 0
    ? []
    : wrapText(
        `The baseline lists ${Formatting.count(known.length, "known finding")}. Add --show-known to print the failures.`,
        columns
      )

// -----------------------------------------------------------------------------
// Summary
// -----------------------------------------------------------------------------

/** The minimum width of a column. */
const narrowest = 12

const order: ReadonlyArray<Status> = ["passed", "failed", "drift", "skipped"]

// One table per group of operations.
const tables = ({ results }: Report, options: Options): ReadonlyArray<Lines> =>
  Array.from(
    Groups.by(results, ({ operation }) => operation.slice(0, operation.lastIndexOf(".") + 1)),
    ([group, own]) => table(group, own, options)
  )

const table = (group: string, results: ReadonlyArray<Result>, options: Options): Lines => {
  const families = [...new Set(results.map(({ law }) => familyOf(law)))]
  const operations = [...new Set(results.map(({ operation }) => operation))]
  const column = (heading: string, of: (family: string) => string) => {
    const width = Math.max(...[heading, ...families.map(of)].map(CliOutput.displayWidth))
    return { heading, width, of }
  }
  const { heading, row } = TextTable.make<string>(
    [
      // The first heading is the common prefix of the operations.
      column(group.slice(0, -1), (family) => family),
      ...operations.map((operation) => {
        const own = column(operation.slice(group.length), (family) => statusCounts(results, family, operation))
        return { ...own, minimum: Math.min(own.width, narrowest), paint: paintCounts }
      })
    ],
    options.columns,
    options.colours
  )
  return [heading, ...families.map(row)]
}

const statusCounts = (results: ReadonlyArray<Result>, family: string, operation: string): string => {
  const own = results.filter((result) => familyOf(result.law) === family && result.operation === operation)
  return order
    .map((status) => [status, own.filter((result) => result.status === status).length] as const)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${marks[status]} ${count}`)
    .join("  ")
}

const paintCounts = (shown: string): string =>
  order.reduce((painted, status) => painted.replace(new RegExp(`${marks[status]} \\d+…?`, "u"), colours[status]), shown)

// Prints a reason once for all checks that were skipped because of it.
const reasons = (results: ReadonlyArray<Result>, { columns }: Options): Lines => {
  const skipped = results.filter(({ status }) => status === "skipped")
  return [...Map.groupBy(skipped, ({ message }) => message)].flatMap(([message, checks]) => {
    const which =
      checks.length > 3
        ? `${checks.length} checks`
        : checks.map(({ law, operation }) => `${law} ${operation}`).join(", ")
    return wrapText(`Skipped ${which}: ${message}.`, columns)
  })
}

const leftOut = ({ notImplemented = [] }: Report, { columns }: Options): Lines =>
  notImplemented.length === 0
    ? []
    : wrapText(
        `Left out, since the server does not implement ${notImplemented.length === 1 ? "it" : "them"}: ${notImplemented.join(", ")}.`,
        columns
      )

const conclusion = (report: Report, options: Options): Lines => {
  const { notes, outcome, sentence } = Verdict.make(report, options)
  const status = outcome === "passed" ? "passed" : outcome === "failed" ? "failed" : "drift"
  const { drift, failed, passed, skipped } = report.summary
  const verdict = wrapText(`${sentence} ${notes}`, options.columns)
  const counts = `${passed} passed, ${failed} failed, ${drift} drift, ${skipped} skipped`
  const seed = report.seed === undefined ? "" : `, seed ${report.seed}`
  const effort = `${Formatting.count(report.requests, "request")} in ${Formatting.duration(report.durationMillis)}`
  return [
    ...(options.colours ? verdict.map((line) => line.replace(sentence, colours[status])) : verdict),
    ...wrapText(`${counts}: ${effort}${seed}`, options.columns),
    ...(report.coverage === undefined
      ? []
      : wrapText(`Coverage: ${CoverageSummary.describe(report.coverage)}`, options.columns))
  ]
}
