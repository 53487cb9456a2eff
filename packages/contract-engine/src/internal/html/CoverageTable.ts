// The coverage of the HTML report: a row for each operation, with the reasons why parts were not exercised.
import * as Coverage from "../../Coverage.ts"
import * as Groups from "../../report/Groups.ts"
import * as Formatting from "../../report/Formatting.ts"
import * as Code from "./Code.ts"
import { type Html, html } from "./Markup.ts"

export const render = (coverage: Coverage.Coverage): Html => {
  const total = Coverage.shares(coverage)
  return html`<section class="coverage">
    <h2>
      Coverage
      <span class="number">${share(total.operations)} ${Coverage.noun("operations", total.operations.total)}</span>
    </h2>
    <p class="lead">The documented parts of the API that the run exercised.</p>
    <div class="card shares">
      <table>
        <thead>
          <tr>
            <th scope="col">Operation</th>
            <th scope="col" class="number">Requests</th>
            ${Coverage.measures.map((measure) => html`<th scope="col" class="number">${headings[measure]}</th>`)}
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

const headings: Record<Coverage.Measure, string> = {
  parameters: "Parameters",
  statuses: "Statuses",
  fields: "Fields",
  values: "Values"
}

const row = (operation: Coverage.OperationCoverage): Html => {
  const own = Coverage.shares([operation])
  return html`<tr>
    <th scope="row" class="operation">${operation.operation}</th>
    <td class="number">${Formatting.number(operation.requests)}</td>
    ${Coverage.measures.map((measure) => html`<td class="number">${cell(own[measure])}</td>`)}
  </tr> `
}

const cell = (own: Coverage.Share): Html =>
  own.total === 0
    ? html`<span class="none">–</span>`
    : own.exercised === own.total
      ? share(own)
      : html`<b>${share(own)}</b>`

const share = ({ exercised, total }: Coverage.Share): Html =>
  html`${Formatting.number(exercised)} of ${Formatting.number(total)}`

// The parts that were not exercised, by reason.
const unexercised = (coverage: Coverage.Coverage): Html | undefined => {
  const missing = Coverage.missing(coverage)
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
