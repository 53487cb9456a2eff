// The matrix of the HTML report: laws by operations, with a mark in each cell that links to its finding.
import * as Groups from "../../report/Groups.ts"
import * as Entry from "./Entry.ts"
import * as Mark from "./Mark.ts"
import { type Html, html } from "./Markup.ts"

// Longer names are rotated, so that their columns stay narrow.
const longestLevelName = 6

// Number of columns that fit on a phone.
const columnsOnPhone = 4

export const render = (entries: ReadonlyArray<Entry.Entry>): Html => {
  const operations = Array.from(Groups.by(entries, ({ result }) => result.operation).keys())
  const resources = Groups.by(operations, resourceOf)
  const columns = Array.from(resources.values()).flat()
  const families = Groups.by(entries, ({ result }) => familyOf(result.law))
  const isUpright = columns.some((operation) => nameOf(operation).length > longestLevelName)
  const classes = `matrix${isUpright ? " upright" : ""}${columns.length > columnsOnPhone ? " broad" : ""}`
  return html`<nav class="${classes}" aria-label="All checks">
    <table>
      <caption class="away">
        Results of each law on each operation
      </caption>
      <thead>
        <tr>
          <th class="corner" rowspan="2" scope="col">Law</th>
          ${Array.from(resources, ([resource, { length }]) => resourceHeading(resource, length))}
        </tr>
        <tr>
          ${columns.map(operationHeading)}
        </tr>
      </thead>
      ${Array.from(families, ([family, entries]) => body(family, entries, columns))}
    </table>
  </nav>`
}

const resourceHeading = (resource: string, columns: number): Html =>
  html`<th class="resource" colspan="${columns}" scope="colgroup"><span>${resource}</span></th>`

const operationHeading = (operation: string): Html =>
  html`<th class="name" scope="col" title="${operation}"><span>${nameOf(operation)}</span></th>`

const body = (family: string, entries: ReadonlyArray<Entry.Entry>, columns: ReadonlyArray<string>): Html =>
  html`<tbody>
    <tr class="family">
      <th colspan="${columns.length + 1}" scope="rowgroup"><span>${family}</span></th>
    </tr>
    ${Array.from(
      Groups.by(entries, ({ result }) => result.law),
      ([law, entries]) => row(law, entries, columns)
    )}
  </tbody> `

const row = (law: string, entries: ReadonlyArray<Entry.Entry>, columns: ReadonlyArray<string>): Html => {
  const cells = Groups.by(entries, ({ result }) => result.operation)
  return html`<tr class="law">
    <th scope="row" title="${entries[0]?.result.sentence}">
      ${law.slice(familyOf(law).length).replace(/^\//, "") || law}
    </th>
    ${columns.map((operation) => html`<td>${cells.get(operation)?.map(link)}</td>`)}
  </tr> `
}

const link = (entry: Entry.Entry): Html => {
  const { law, operation } = entry.result
  const words = `${law} on ${operation}: ${Mark.meanings[entry.kind]}`
  return html`<a class="mark ${Entry.classes(entry)}" href="#${entry.id}" aria-label="${words}" title="${words}">
    ${Mark.icon(entry.kind)}
  </a>`
}

const familyOf = (law: string): string => law.split("/", 1)[0] ?? ""

const nameOf = (operation: string): string => operation.slice(operation.lastIndexOf(".") + 1)

const resourceOf = (operation: string): string => operation.slice(0, Math.max(0, operation.lastIndexOf(".")))
