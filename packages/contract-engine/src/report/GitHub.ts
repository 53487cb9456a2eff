/**
 * Reports for GitHub Actions: annotations of a run, and the summary of a job.
 *
 * @module
 */
import type * as Finding from "../Finding.ts"
import type { Report } from "../Report.ts"
import type { Result } from "../Result.ts"
import { summarize } from "../Report.ts"
import * as CoverageSummary from "./CoverageSummary.ts"
import * as Markdown from "./Markdown.ts"
import * as PlainText from "./PlainText.ts"
import * as Verdict from "./Verdict.ts"
import * as Formatting from "./Formatting.ts"

// GitHub shows ten annotations of each level per step, and truncates each at 4,096 characters.
const annotationsShown = 10
const partLimit = 700
const titlesShown = 10

/**
 * Formats a report as workflow commands for stdout: errors for new findings, warnings for drift, and notices for known
 * and fixed failures.
 *
 * **Details**
 *
 * GitHub shows ten annotations of each level. If there are more, the tenth states their number.
 *
 * **Example** (Annotating a run)
 *
 * ```ts
 * import type { Report } from "@effect-workos/contract-engine/Report"
 * import * as GitHub from "@effect-workos/contract-engine/report/GitHub"
 * import * as Console from "effect/Console"
 *
 * const annotate = (report: Report) => Console.log(GitHub.annotations(report))
 * ```
 *
 * @see https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */
export const annotations = (report: Report, options?: Verdict.Options): string => {
  const { drift, known, newFindings } = Verdict.findingsOf(report, options)
  const notices = [
    ...known.map(annotation("known: ")),
    ...report.fixed.map((known) => ({
      title: PlainText.title(known),
      message: `fixed: passed, so the entry can be removed from the baseline: ${Formatting.truncate(known.message, partLimit)}`
    }))
  ]
  return [
    ...commands("error", newFindings.map(annotation(""))),
    ...commands("warning", drift.map(annotation(""))),
    ...commands("notice", notices)
  ]
    .map((line) => `${line}\n`)
    .join("")
}

/**
 * Quotes text for stdout, so that GitHub runs no workflow commands in the text. `token` must be unguessable.
 *
 * **Example** (Quoting text)
 *
 * ```ts
 * import * as GitHub from "@effect-workos/contract-engine/report/GitHub"
 *
 * GitHub.quote("::error::no\n", "t7")
 * // => "::stop-commands::t7\n::error::no\n::t7::\n"
 * ```
 *
 * @see https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */
export const quote = (text: string, token: string): string =>
  `::stop-commands::${token}\n${text}${text.endsWith("\n") ? "" : "\n"}::${token}::\n`

const annotation =
  (prefix: string) =>
  (finding: Finding.Finding): Annotation => {
    const { result } = finding.failure
    const cause = PlainText.sameCause(finding, titlesShown)
    return {
      title: PlainText.title(result),
      message: `${prefix}${PlainText.describe(result, partLimit)}${cause === "" ? "" : `\n\n${cause}`}`
    }
  }

interface Annotation {
  readonly title: string
  readonly message: string
}

const commands = (level: "error" | "warning" | "notice", all: ReadonlyArray<Annotation>): ReadonlyArray<string> => {
  const command = ({ message, title }: Annotation) => `::${level} title=${property(title)}::${data(message)}`
  if (all.length <= annotationsShown) return all.map(command)
  const more = all.length - annotationsShown + 1
  return [
    ...all.slice(0, annotationsShown - 1).map(command),
    command({
      title: "Contract",
      message: `and ${Formatting.number(more)} more: GitHub shows ten at most, the report shows all`
    })
  ]
}

const data = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A")

const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C")

// GitHub accepts a summary of up to 1 MB.
const rowsShown = 100
const detailsShown = 30
const cellLimit = 200
const blockLimit = 2_000

/**
 * Formats a report as Markdown, for the file in `GITHUB_STEP_SUMMARY`.
 *
 * **Details**
 *
 * Text from the server is escaped. Long reports are truncated to the size that GitHub accepts.
 *
 * **Example** (The summary of a job)
 *
 * ```ts
 * import type { Report } from "@effect-workos/contract-engine/Report"
 * import * as GitHub from "@effect-workos/contract-engine/report/GitHub"
 * import * as Config from "effect/Config"
 * import * as Effect from "effect/Effect"
 * import * as FileSystem from "effect/FileSystem"
 *
 * const summarize = Effect.fn(function* (report: Report) {
 *   const fs = yield* FileSystem.FileSystem
 *   const file = yield* Config.String("GITHUB_STEP_SUMMARY")
 *   yield* fs.writeFileString(file, GitHub.summary(report), { flag: "a" })
 * })
 * ```
 */
export const summary = (report: Report, options?: Verdict.Options): string => {
  const { notes, outcome, sentence } = Verdict.make(report, options)
  const { drift, known, newFailures, skipped } = sort(report, options)
  const findings = Verdict.findingsOf(report, options)
  const { passed } = summarize(report.results)
  const run = [
    Markdown.code(Formatting.truncate(report.target, cellLimit)),
    ...(report.seed === undefined ? [] : [`seed ${report.seed}`]),
    Markdown.text(Formatting.timestamp(Formatting.truncate(report.startedAt, cellLimit))),
    Formatting.duration(report.durationMillis),
    Formatting.count(report.requests, "request")
  ]
  return [
    `## ${symbols[outcome]} ${Markdown.text(sentence)}`,
    notes === "" ? "" : Markdown.text(notes),
    run.join(" · "),
    Markdown.table(
      ["✕ failed", "✕ known", "◐ drift", "– skipped", "✓ passed"],
      [
        [newFailures, known, drift, skipped]
          .map(({ length }) => Formatting.number(length))
          .concat(Formatting.number(passed))
      ]
    ),
    ...section("Findings", findings.newFindings),
    ...section("Drift", findings.drift),
    ...section("Known failures", findings.known),
    ...fixed(report),
    ...(report.coverage === undefined ? [] : [`Coverage: ${Markdown.text(CoverageSummary.describe(report.coverage))}`]),
    ...(skipped.length === 0 ? [] : ["### Skipped", table(skipped)])
  ]
    .filter((block) => block !== "")
    .map((block) => `${block}\n\n`)
    .join("")
}

const symbols = { failed: "❌", passed: "✅", inconclusive: "⚠️" }

const section = (heading: string, findings: ReadonlyArray<Finding.Finding>): ReadonlyArray<string> =>
  findings.length === 0
    ? []
    : [
        `### ${heading}`,
        rowsUpTo(["Law", "Operation", "Message", "Same cause"], findings, ({ failure: { cases, result }, others }) => [
          cell(result.law, Markdown.code),
          cell(result.operation, Markdown.code),
          cell(cases[0].message),
          others.length === 0 ? "" : Formatting.count(others.length, "more failure")
        ]),
        ...findings.slice(0, detailsShown).map(details)
      ]

const table = (results: ReadonlyArray<Result>): string =>
  rowsUpTo(["Law", "Operation", "Reason"], results, ({ law, message, operation }) => [
    cell(law, Markdown.code),
    cell(operation, Markdown.code),
    cell(message)
  ])

const rowsUpTo = <A>(
  headings: ReadonlyArray<string>,
  items: ReadonlyArray<A>,
  toRow: (item: A) => ReadonlyArray<string>
): string => {
  const rows = items.slice(0, rowsShown).map(toRow)
  const more = items.length - rows.length
  const last = headings.map((_, column) =>
    column === 0 ? "…" : column === 2 ? `and ${Formatting.number(more)} more` : ""
  )
  return Markdown.table(headings, more === 0 ? rows : [...rows, last])
}

const cell = (text: string, as = Markdown.text): string => as(Formatting.truncate(text, cellLimit))

const details = (finding: Finding.Finding): string => {
  const { counterexample, others = [], sentence, source } = finding.failure.result
  return Markdown.details(cell(PlainText.title(finding.failure.result)), [
    cell(sentence),
    cell(PlainText.source(source)),
    ...(counterexample === undefined
      ? []
      : [
          ...block("Expected", counterexample.expected),
          ...block("Actual", counterexample.actual),
          ...(others.length === 0 ? [] : block("Others", others.map(({ message }) => message).join("\n"))),
          ...block("Reproduce", counterexample.curl, "sh"),
          ...block("Replay", counterexample.replay, "sh")
        ]),
    ...(finding.others.length === 0
      ? []
      : block(
          "Same cause",
          finding.others.map(({ cases, result }) => `${PlainText.title(result)}: ${cases[0].message}`).join("\n")
        ))
  ])
}

const block = (heading: string, text: string, language?: string): ReadonlyArray<string> => [
  `**${heading}**`,
  Markdown.block(Formatting.truncate(text, blockLimit), language)
]

const fixed = ({ fixed }: Report): ReadonlyArray<string> =>
  fixed.length === 0
    ? []
    : [
        "### Fixed: remove from the baseline",
        Markdown.table(
          ["Law", "Operation", "Baseline"],
          fixed
            .slice(0, rowsShown)
            .map(({ law, message, operation }) => [
              cell(law, Markdown.code),
              cell(operation, Markdown.code),
              cell(message)
            ])
        )
      ]

const sort = ({ results }: Report, options?: Verdict.Options) => ({
  newFailures: results.filter((result) => Verdict.isNewFailure(result, options)),
  known: results.filter(isKnown),
  drift: results.filter(
    (result) => result.status === "drift" && !isKnown(result) && !Verdict.isNewFailure(result, options)
  ),
  skipped: results.filter(({ status }) => status === "skipped")
})

const isKnown = ({ isKnown, status }: Result): boolean =>
  isKnown === true && (status === "failed" || status === "drift")
