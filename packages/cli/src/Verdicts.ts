// A report in a terminal: what does not hold with all that it takes to see it, and the rest in a table.
import { familyOf } from "@effect-workos/contract/Law"
import type { Report } from "@effect-workos/contract/Report"
import * as Verdict from "@effect-workos/contract/report/Verdict"
import type { Result, Status } from "@effect-workos/contract/Result"
import * as TextTable from "./TextTable.ts"

export interface Options extends Verdict.Options {
  /** How wide the terminal is. */
  readonly columns: number
  readonly colours: boolean
}

/**
 * The report as text.
 */
export const describe = (report: Report, options: Options): string => {
  const paint = painter(options.colours)
  const shown = report.results.filter(({ status }) => status === "failed" || status === "drift")
  const sections = [
    ...shown.map((result) => finding(result, options, paint)),
    table(report, options, paint),
    reasons(report.results, options),
    ...report.fixed.map(({ law, operation }) => `Fixed: ${law} ${operation} is in the baseline, and holds.\n`),
    conclusion(report, options, paint)
  ]
  return sections.filter((section) => section !== "").join("\n")
}

const marks: Readonly<Record<Status, string>> = { failed: "✕", drift: "◐", skipped: "–", passed: "✓" }

type Painter = (status: Status, text: string) => string

const painter =
  (colours: boolean): Painter =>
  (status, text) => {
    if (!colours || status === "skipped") return text
    return { failed: TextTable.red, drift: TextTable.yellow, passed: TextTable.green }[status](text)
  }

// -----------------------------------------------------------------------------
// What does not hold
// -----------------------------------------------------------------------------

const finding = (result: Result, options: Options, paint: Painter): string => {
  const { counterexample, law, message, operation, sentence, source, status } = result
  const known = result.isKnown === true ? "  known" : ""
  const drift = status === "drift" && !Verdict.isNews(result, options) ? "  drift" : ""
  const lines = [
    `${paint(status, `${marks[status]} ${law}`)}  ${operation}${known}${drift}`,
    ...wrap(sentence, options.columns, "  "),
    ...wrap(message, options.columns, "  ")
  ]
  if (result.isKnown === true || counterexample === undefined) return `${lines.join("\n")}\n`
  lines.push(
    ...labelled("expected", counterexample.expected, options.columns),
    ...labelled("actual", TextTable.cut(counterexample.actual, 300), options.columns),
    ...labelled("source", `${source.text}${source.url === undefined ? "" : ` ${source.url}`}`, options.columns),
    // To be copied: never broken, whatever the width.
    ...counterexample.curl.split("\n").map((line) => `  ${line}`),
    `  ${counterexample.replay}`
  )
  return `${lines.join("\n")}\n`
}

const labelled = (label: string, text: string, columns: number): ReadonlyArray<string> => {
  const [first = "", ...rest] = wrap(text, columns, " ".repeat(12))
  return [`  ${label.padEnd(10)}${first.trimStart()}`, ...rest]
}

// -----------------------------------------------------------------------------
// All of it
// -----------------------------------------------------------------------------

const order: ReadonlyArray<Status> = ["passed", "failed", "drift", "skipped"]

const table = ({ results }: Report, { colours, columns }: Options, paint: Painter): string => {
  const families = [...new Set(results.map(({ law }) => familyOf(law)))]
  const operations = [...new Set(results.map(({ operation }) => operation))]
  const tally = (family: string, operation: string) => {
    const own = results.filter((result) => familyOf(result.law) === family && result.operation === operation)
    return order
      .map((status) => [status, own.filter((result) => result.status === status).length] as const)
      .filter(([, count]) => count > 0)
  }
  const { heading, row } = TextTable.make<string>(
    [
      { heading: "", width: 10, of: (family) => family },
      ...operations.map((operation) => ({
        heading: operation,
        width: Math.max(18, operation.length),
        minimum: 12,
        of: (family: string) =>
          tally(family, operation)
            .map(([status, count]) => `${marks[status]} ${count}`)
            .join("  "),
        paint: (shown: string, family: string) => paint(worst(tally(family, operation)), shown)
      }))
    ],
    columns,
    colours
  )
  return [heading, ...families.map(row)].map((line) => `${line}\n`).join("")
}

const worst = (tally: ReadonlyArray<readonly [Status, number]>): Status => {
  const found = tally.map(([status]) => status)
  if (found.includes("failed")) return "failed"
  if (found.includes("drift")) return "drift"
  return found.includes("passed") ? "passed" : "skipped"
}

// Many are skipped for one reason: it is told once.
const reasons = (results: ReadonlyArray<Result>, { columns }: Options): string => {
  const counts = new Map<string, Array<string>>()
  for (const { law, message, operation, status } of results) {
    if (status !== "skipped") continue
    const known = counts.get(message)
    if (known === undefined) counts.set(message, [`${law} ${operation}`])
    else known.push(`${law} ${operation}`)
  }
  return [...counts]
    .flatMap(([message, checks]) => {
      const which = checks.length > 3 ? `${checks.length} checks` : checks.join(", ")
      return wrap(`Skipped ${which}: ${message}.`, columns, "")
    })
    .map((line) => `${line}\n`)
    .join("")
}

const conclusion = (report: Report, options: Options, paint: Painter): string => {
  const { besides, outcome, sentence } = Verdict.make(report, options)
  const status = outcome === "holds" ? "passed" : outcome === "fails" ? "failed" : "skipped"
  const { drift, failed, passed, skipped } = report.summary
  const seconds = (report.durationMillis / 1000).toFixed(1)
  return [
    [paint(status, sentence), besides].filter((part) => part !== "").join(" "),
    `${passed} passed, ${failed} failed, ${drift} drift, ${skipped} skipped: ${report.requests.toLocaleString("en-US")} answers in ${seconds} s, seed ${report.seed}`
  ]
    .map((line) => `${line}\n`)
    .join("")
}

// Lines no wider than the terminal, broken between words.
const wrap = (text: string, columns: number, indent: string): ReadonlyArray<string> => {
  const width = Math.max(20, Math.min(columns, 120) - indent.length)
  const lines: Array<string> = []
  let line = ""
  const words = text.split(/\s+/).flatMap((word) => word.match(new RegExp(`.{1,${width}}`, "gu")) ?? [])
  for (const word of words) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === "" ? word : `${line} ${word}`
  }
  return [...lines, line].map((line) => `${indent}${line}`)
}
