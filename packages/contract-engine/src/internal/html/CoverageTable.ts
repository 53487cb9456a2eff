// The coverage of the HTML report: a row for each operation, with the reasons why parts were not exercised.
import type * as Coverage from "../../Coverage.ts"
import * as CoverageSummary from "../../report/CoverageSummary.ts"
import * as Groups from "../../report/Groups.ts"
import * as Formatting from "../../report/Formatting.ts"
import * as Code from "./Code.ts"
import { type Html, html } from "./Markup.ts"

export const render = (coverage: Coverage.Coverage): Html => {
  const { operations } = CoverageSummary.shares(coverage)
  const count = html`${share(operations)} ${CoverageSummary.noun("operations", operations.total)}`
  return html`<section class="coverage">
    <h2>Coverage <span class="number">${count}</span></h2>
    <p class="lead">The documented parts of the API that the run exercised.</p>
    <div class="card shares">
      <table>
        <thead>
          <tr>
            <th scope="col">Operation</th>
            <th scope="col" class="number">Requests</th>
            ${CoverageSummary.measures.map((measure) => html`<th scope="col" class="number">${headings[measure]}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${coverage.map(row)}
        </tbody>
      </table>
    </div>
    ${unexercised(coverage)}
  </section> `
}

const headings: Record<CoverageSummary.Measure, string> = {
  parameters: "Parameters",
  statuses: "Statuses",
  fields: "Fields",
  values: "Values"
}

const row = (operation: Coverage.OperationCoverage): Html => {
  const own = CoverageSummary.shares([operation])
  return html`<tr>
    <th scope="row" class="operation">${operation.operation}</th>
    <td class="number">${Formatting.number(operation.requests)}</td>
    ${CoverageSummary.measures.map((measure) => html`<td class="number">${cell(own[measure])}</td>`)}
  </tr> `
}

const cell = (own: CoverageSummary.Share): Html =>
  own.total === 0
    ? html`<span class="none">–</span>`
    : own.exercised === own.total
      ? share(own)
      : html`<b>${share(own)}</b>`

const share = ({ exercised, total }: CoverageSummary.Share): Html =>
  html`${Formatting.number(exercised)} of ${Formatting.number(total)}`

// The parts that were not exercised, by reason.
const unexercised = (coverage: Coverage.Coverage): Html | undefined => {
  const missing = CoverageSummary.missing(coverage)
  return missing.length === 0
    ? undefined
    : html`<h3>Not exercised</h3>
        <div class="cards">
          ${Array.from(
            Groups.by(missing, ({ reason }) => reason),
            ([reason, parts]) =>
              html`<details class="card">
                <summary>
                  <span class="title">${Code.withCode(reason)}</span>
                  <span class="number">${Formatting.number(parts.length)}</span>
                </summary>
                <div class="body">
                  ${Array.from(
                    Groups.by(parts, ({ operation }) => operation),
                    ([operation, own]) =>
                      html`<h3 class="operation">${operation}</h3>
                        <ul>
                          ${own.map(({ text }) => html`<li>${text}</li>`)}
                        </ul>`
                  )}
                </div>
              </details>`
          )}
        </div>`
}
