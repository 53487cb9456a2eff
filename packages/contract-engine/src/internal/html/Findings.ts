// The findings of the HTML report: a section for each kind of result, most urgent first.
import * as Finding from "../../Finding.ts"
import type { KnownFailure, Report } from "../../Report.ts"
import type { Result, Source } from "../../Result.ts"
import * as Groups from "../../report/Groups.ts"
import * as Formatting from "../../report/Formatting.ts"
import type * as Verdict from "../../report/Verdict.ts"
import * as CoverageTable from "./CoverageTable.ts"
import * as Code from "./Code.ts"
import * as Entry from "./Entry.ts"
import * as Mark from "./Mark.ts"
import { type Html, html } from "./Markup.ts"

export const render = (
  entries: ReadonlyArray<Entry.Entry>,
  { drift, known, newFindings }: Verdict.Findings,
  { coverage, fixed }: Pick<Report, "coverage" | "fixed">
): Html => {
  const of = (kind: Entry.Kind) => entries.filter((entry) => entry.kind === kind)
  const entryOf = new Map(entries.map((entry) => [entry.result, entry]))
  const cards = (findings: ReadonlyArray<Finding.Finding>) =>
    html`<div class="cards">${findings.map((finding) => group(finding, entryOf))}</div>`
  return html`<div class="findings" id="findings">
    <p class="nothing" role="status" hidden>Nothing matches. <button type="button" class="reset">Show all</button></p>
    ${section("Findings", newFindings, cards)}
    ${section(
      "Drift",
      drift,
      cards,
      "The server returns undocumented data, returns data on which parts of the documentation disagree, or accepts a request that one part of the documentation forbids."
    )}
    ${section("Known failures", known, cards, "The baseline lists these failures.")}
    ${fixed.length === 0 ? undefined : fixedSection(fixed)} ${section("Skipped", of("skipped"), skipped)}
    ${section("Passed", of("passed"), passed)} ${coverage === undefined ? undefined : CoverageTable.render(coverage)}
  </div>`
}

const section = <A>(
  heading: string,
  items: ReadonlyArray<A>,
  content: (items: ReadonlyArray<A>) => Html,
  lead?: string
): Html | undefined =>
  items.length === 0
    ? undefined
    : html`<section class="filtered">
        <h2>${heading} <span class="number">${Formatting.number(items.length)}</span></h2>
        ${lead === undefined ? undefined : html`<p class="lead">${lead}</p>`} ${content(items)}
      </section> `

// A finding is the card of its most specific failure, followed by smaller cards of the failures with the same cause.
const group = ({ failure, others }: Finding.Finding, entryOf: ReadonlyMap<Result, Entry.Entry>): Html => {
  const cardOf = (failure: Finding.Failure) => {
    const entry = entryOf.get(failure.result)
    return entry === undefined ? [] : [card(entry, failure)]
  }
  if (others.length === 0) return html`${cardOf(failure)}`
  const same = Formatting.count(others.length, "more failure has the same cause", "more failures have the same cause")
  return html`<div class="finding">
    ${cardOf(failure)}
    <div class="same group">
      <h3>${same}</h3>
      ${others.flatMap(cardOf)}
    </div>
  </div>`
}

// The id is on the collapsed content, so that browsers expand the card for a link without a script. A result whose cases
// fail in several ways has several cards, of which the first has the id of the result.
const card = (entry: Entry.Entry, { cases: [first, ...others], kind }: Finding.Failure): Html => {
  const { counterexample, requests, runs, sentence, source } = entry.result
  const position = Finding.failuresOf(entry.result).findIndex((failure) => failure.kind === kind)
  const id = position > 0 ? `${entry.id}-${position + 1}` : entry.id
  return html`<details class="result card ${Entry.classes(entry)}" data-result="${id}">
    <summary>
      <span class="mark ${Entry.classes(entry)}">${Mark.icon(entry.kind)}</span>
      <span class="title">${subject(entry.result)} <span class="away">${Mark.meanings[entry.kind]}</span></span>
      <span class="message">${first.message}</span>
    </summary>
    <div class="body" id="${id}">
      <p class="sentence">${Code.withCode(sentence)}</p>
      ${sourceOf(source)}
      ${
        counterexample === undefined
          ? undefined
          : html`${Code.compared(first.expected ?? counterexample.expected, first.actual ?? counterexample.actual)}
            ${otherCases(others)} ${Code.copyable("Reproduce", first.curl ?? counterexample.curl)}
            ${Code.copyable("Replay", counterexample.replay)}`
      }
      <p class="effort">${Formatting.count(runs, "case")} · ${Formatting.count(requests, "response")}</p>
    </div>
  </details> `
}

const otherCases = (others: ReadonlyArray<Finding.Case>): Html | undefined =>
  others.length === 0
    ? undefined
    : Code.listed(
        Formatting.count(others.length, "other case fails as well", "other cases fail as well"),
        others.map(({ message }) => message)
      )

const subject = ({ law, operation }: { readonly law: string; readonly operation: string }): Html =>
  html`<bdi class="law">${law}</bdi> <bdi class="operation">${operation}</bdi>`

// Only documented sources are quotations.
const sourceOf = ({ kind, text, url }: Source): Html => {
  const statement =
    kind === "documented"
      ? html`<span class="kind">Documented</span> ${Code.withCode(text)}`
      : html`<span class="kind">Expected</span> ${Code.withCode(text)}`
  return html`<p class="source">${statement}${url === undefined ? undefined : html` ${link(url)}`}</p>`
}

// The source in one word.
const sourceLabel = ({ kind, text, url }: Source): Html =>
  url !== undefined && isOnTheWeb(url)
    ? html`<a href="${url}" rel="noreferrer" title="${text}">${kind}</a>`
    : html`<span title="${text}">(${kind})</span>`

// Only web URLs become links: a browser would run `javascript:` URLs.
const link = (url: string): Html => {
  const text = url.replace(/^https?:\/\/(www\.)?/i, "")
  return isOnTheWeb(url) ? html`<a href="${url}" rel="noreferrer">${text}</a>` : html`<span>${url}</span>`
}

const isOnTheWeb = (url: string): boolean => /^https?:\/\//i.test(url)

const fixedSection = (fixed: ReadonlyArray<KnownFailure>): Html =>
  html`<section class="fixed">
    <h2>Fixed <span class="number">${Formatting.number(fixed.length)}</span></h2>
    <p class="lead">These laws passed, so their entries can be removed from the baseline.</p>
    <ul class="card list">
      ${fixed.map((known) => html`<li>${subject(known)} <span class="message">Baseline: ${known.message}</span></li>`)}
    </ul>
  </section> `

const skipped = (entries: ReadonlyArray<Entry.Entry>): Html =>
  html`<div class="cards">
    ${Array.from(
      Groups.by(entries, ({ result }) => result.message),
      ([reason, entries]) =>
        html`<details class="card reason" open>
          <summary>
            <span class="mark skipped">${Mark.icon("skipped")}</span>
            <span class="title">${reason}</span>
            <span class="number">${Formatting.number(entries.length)}</span>
          </summary>
          <div class="body">
            ${Array.from(
              Groups.by(entries, ({ result }) => result.operation),
              ([operation, entries]) =>
                html`<div class="group">
                  <h3 class="operation">${operation}</h3>
                  <ul>
                    ${entries.map(skippedItem)}
                  </ul>
                </div>`
            )}
          </div>
        </details> `
    )}
  </div>`

const skippedItem = ({ id, result: { law, operation, sentence } }: Entry.Entry): Html =>
  html`<li class="result skipped" data-result="${id}" id="${id}" title="${sentence}">
    <bdi>${law}</bdi><span class="away"> on ${operation}</span>
  </li>`

const passed = (entries: ReadonlyArray<Entry.Entry>): Html => {
  const runs = entries.reduce((sum, { result }) => sum + result.runs, 0)
  const claim = `${Formatting.count(entries.length, "check passed", "checks passed")} in ${Formatting.count(runs, "case")}`
  return html`<details class="card passes">
    <summary>
      <span class="mark passed">${Mark.icon("passed")}</span>
      <span class="title">${claim}</span>
    </summary>
    <div class="body">
      <table>
        <thead>
          <tr>
            <th scope="col">Law and operation</th>
            <th scope="col" class="number">Cases</th>
            <th scope="col" class="number">Responses</th>
          </tr>
        </thead>
        <tbody>
          ${entries.map(passedRow)}
        </tbody>
      </table>
    </div>
  </details>`
}

const passedRow = (entry: Entry.Entry): Html => {
  const { requests, runs, sentence, source } = entry.result
  return html`<tr class="result passed" data-result="${entry.id}" id="${entry.id}">
    <th scope="row">
      ${subject(entry.result)}<span class="sentence">${Code.withCode(sentence)} ${sourceLabel(source)}</span>
    </th>
    <td class="number">${Formatting.number(runs)}</td>
    <td class="number">${Formatting.number(requests)}</td>
  </tr> `
}
