/**
 * Reports as a self-contained HTML page.
 *
 * @module
 */
import { type Report, summarize } from "../Report.ts"
import * as Entry from "../internal/html/Entry.ts"
import * as Findings from "../internal/html/Findings.ts"
import * as Head from "../internal/html/Head.ts"
import * as Mark from "../internal/html/Mark.ts"
import { type Html, html, trusted } from "../internal/html/Markup.ts"
import * as Matrix from "../internal/html/Matrix.ts"
import { script } from "../internal/html/Script.ts"
import { style } from "../internal/html/Style.ts"
import * as Toolbar from "../internal/html/Toolbar.ts"
import * as Verdict from "./Verdict.ts"

/**
 * Formats a report as an HTML page.
 *
 * **Details**
 *
 * The page includes its style and script, and its content security policy forbids loading anything. Text from the
 * server is escaped. Reading, filtering by status and printing work without a script; search and copy buttons need one.
 *
 * **Example** (Writing a page)
 *
 * ```ts
 * import type { Report } from "@effect-workos/contract-engine/Report"
 * import * as Html from "@effect-workos/contract-engine/report/Html"
 * import * as Effect from "effect/Effect"
 * import * as FileSystem from "effect/FileSystem"
 *
 * const write = Effect.fn(function* (report: Report) {
 *   const fs = yield* FileSystem.FileSystem
 *   yield* fs.writeFileString("report.html", Html.render(report))
 * })
 * ```
 */
export const render = (report: Report, options?: Verdict.Options): string => {
  const entries = Entry.ofReport(report)
  const summary = summarize(report.results)
  const verdict = Verdict.make(report, options)
  return page(
    html`${verdict.sentence} ${report.target}`,
    html`<a class="skip" href="#findings">Skip to findings</a>
      ${Mark.shapes}
      <div class="page">
        ${Head.render(report, summary, verdict)} ${entries.length === 0 ? undefined : Toolbar.render(summary)}
        <main class="columns">
          ${entries.length === 0 ? undefined : html`<div class="overview">${Matrix.render(entries)}${legend(entries)}</div>`}
          ${Findings.render(entries, Verdict.findingsOf(report), report)}
        </main>
      </div>`
  ).source
}

// Forbids every request, even if the page contained injected markup.
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

const page = (title: Html, body: Html): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${trusted(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          ${trusted(style)}
        </style>
      </head>
      <body>
        ${body}
        <script>
          ${trusted(script)}
        </script>
      </body>
    </html> `

const legend = (entries: ReadonlyArray<Entry.Entry>): Html | undefined =>
  entries.some(({ kind }) => kind === "known")
    ? html`<p class="legend">
        <span><span class="mark known">${Mark.icon("known")}</span> failed, in the baseline</span>
      </p>`
    : undefined
