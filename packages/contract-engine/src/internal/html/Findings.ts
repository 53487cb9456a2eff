// The findings of the HTML report: a section for each kind of result, most urgent first.
import type { KnownFailure } from "../../Report.ts"
import type { Source } from "../../Result.ts"
import * as Groups from "../../report/Groups.ts"
import * as Formatting from "../../report/Formatting.ts"
import * as Code from "./Code.ts"
import * as Entry from "./Entry.ts"
import * as Mark from "./Mark.ts"
import { type Html, html } from "./Markup.ts"

export const render = (entries: ReadonlyArray<Entry.Entry>, fixed: ReadonlyArray<KnownFailure>): Html => {
  const of = (kind: Entry.Kind) => entries.filter((entry) => entry.kind === kind)
  return html`<div class="findings" id="findings">
    <p class="nothing" role="status" hidden>Nothing matches. <button type="button" class="reset">Show all</button></p>
    ${section("Failed", of("failed"), cards)}
    ${section(
      "Drift",
      of("drift"),
      cards,
      "The server returns undocumented data, returns data on which parts of the documentation disagree, or accepts a request that one part of the documentation forbids."
    )}
    ${section("Known failures", of("known"), cards, "The baseline lists these failures.")}
    ${fixed.length === 0 ? undefined : fixedSection(fixed)} ${section("Skipped", of("skipped"), skipped)}
    ${section("Passed", of("passed"), passed)}
  </div>`
}

const section = (
  heading: string,
  entries: ReadonlyArray<Entry.Entry>,
  content: (entries: ReadonlyArray<Entry.Entry>) => Html,
  lead?: string
): Html | undefined =>
  entries.length === 0
    ? undefined
    : html`<section class="filtered">
        <h2>${heading} <span class="number">${Formatting.number(entries.length)}</span></h2>
        ${lead === undefined ? undefined : html`<p class="lead">${lead}</p>`} ${content(entries)}
      </section> `

const cards = (entries: ReadonlyArray<Entry.Entry>): Html => html`<div class="cards">${entries.map(card)}</div>`

// The id is on the collapsed content, so that browsers expand the card for a link without a script.
const card = (entry: Entry.Entry): Html => {
  const { counterexample, message, requests, runs, sentence, source } = entry.result
  return html`<details class="result card ${Entry.classes(entry)}" data-result="${entry.id}">
    <summary>
      <span class="mark ${Entry.classes(entry)}">${Mark.icon(entry.kind)}</span>
      <span class="title">${subject(entry.result)} <span class="away">${Mark.meanings[entry.kind]}</span></span>
      <span class="message">${message}</span>
    </summary>
    <div class="body" id="${entry.id}">
      <p class="sentence">${Code.withCode(sentence)}</p>
      ${sourceOf(source)}
      ${
        counterexample === undefined
          ? undefined
          : html`${Code.compared(counterexample.expected, counterexample.actual)}
            ${Code.copyable("Reproduce", counterexample.curl)} ${Code.copyable("Replay", counterexample.replay)}`
      }
      <p class="effort">${Formatting.count(runs, "case")} · ${Formatting.count(requests, "response")}</p>
    </div>
  </details> `
}

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
