// The toolbar of the HTML report: filters by status, and a search that is hidden without a script.
import type { Summary } from "../../Report.ts"
import { byUrgency } from "../../Result.ts"
import * as Formatting from "../../report/Formatting.ts"
import * as Mark from "./Mark.ts"
import { type Html, html } from "./Markup.ts"

export const render = (summary: Summary): Html => {
  const total = byUrgency.reduce((sum, status) => sum + summary[status], 0)
  const statuses = byUrgency.filter((status) => summary[status] > 0)
  return html`<div class="toolbar" role="search">
    <fieldset>
      <legend class="away">Show</legend>
      <label class="chip">
        <input type="radio" name="status" value="all" id="show-all" autocomplete="off" checked />
        <span>All ${number(total)}</span>
      </label>
      ${statuses.map(
        (status) =>
          html`<label class="chip ${status}">
            <input type="radio" name="status" value="${status}" id="show-${status}" autocomplete="off" />
            <span>
              ${Mark.icon(status)}
              <span class="word">${Mark.meanings[status]}</span>
              ${number(summary[status])}
            </span>
          </label>`
      )}
    </fieldset>
    <label class="search">
      <span class="away">Search laws, operations and messages</span>
      <input type="search" id="search" placeholder="Search" autocomplete="off" spellcheck="false" />
      <kbd aria-hidden="true">/</kbd>
    </label>
    <output class="shown" id="shown" for="search"></output>
  </div>`
}

const number = (value: number): Html => html`<span class="number">${Formatting.number(value)}</span>`
