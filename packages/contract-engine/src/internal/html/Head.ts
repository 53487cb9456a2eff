// The header of the HTML report: the verdict, the counts as a bar, and the facts of the run.
import { type Report, type Summary } from "../../Report.ts"
import { byUrgency } from "../../Result.ts"
import type * as Verdict from "../../report/Verdict.ts"
import * as Formatting from "../../report/Formatting.ts"
import type { Kind } from "./Entry.ts"
import * as Mark from "./Mark.ts"
import { type Html, html } from "./Markup.ts"

export const render = (report: Report, summary: Summary, verdict: Verdict.Verdict): Html =>
  html`<header>
    <p class="target"><span>Contract of</span> <bdi>${report.target}</bdi></p>
    <h1>
      <span class="mark ${outcomes[verdict.outcome]}">${Mark.icon(outcomes[verdict.outcome])}</span> ${verdict.sentence}
    </h1>
    ${verdict.notes === "" ? undefined : html`<p class="notes">${verdict.notes}</p>`} ${bar(summary)}
    <dl class="run">
      ${fact("Started", html`<time datetime="${report.startedAt}">${Formatting.timestamp(report.startedAt)}</time>`)}
      ${fact("Took", html`${Formatting.duration(report.durationMillis)}`)}
      ${fact("Requests", html`${Formatting.number(report.requests)}`)}
      ${report.seed === undefined ? undefined : fact("Seed", html`${report.seed}`)}
    </dl>
  </header>`

const outcomes: Record<Verdict.Verdict["outcome"], Kind> = {
  failed: "failed",
  passed: "passed",
  inconclusive: "skipped"
}

const bar = (summary: Summary): Html =>
  html`<div class="bar" aria-hidden="true">
    ${byUrgency
      .filter((status) => summary[status] > 0)
      .map((status) => html`<span class="${status}" style="flex-grow: ${summary[status]}"></span>`)}
  </div>`

const fact = (name: string, value: Html): Html =>
  html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`
