// Filters: what they leave, alone and together.
import * as Effect from "effect/Effect"
import type { Unanswered } from "../../../Exchange.ts"
import * as Law from "../../../Law.ts"
import type { Page } from "../../Listing.ts"
import type { Operation } from "../../../Operation.ts"
import * as Property from "../../Property.ts"
import type { Session } from "../../../Session.ts"
import * as Window from "../../Window.ts"
import { hasFilters } from "./applies.ts"

const vacuous = (filtered: "once" | "combined") =>
  filtered === "once" ? "no row has a value to filter by" : "no row has values for two filters at once"

type Judge = (page: Page, window: Window.Window, view: Window.View) => Law.Violation | "vacuous" | undefined

const matches: Judge = ({ exchange, rows }, window, { filters, lists }) => {
  for (const row of rows) {
    for (const [parameter, value] of window.filters) {
      const filter = filters.find((filter) => filter.parameter === parameter)
      if (filter === undefined || filter.matches(row, value)) continue
      return Window.mismatch(
        exchange,
        `${String(row[lists.id])} does not match ${parameter}=${value}`,
        `rows that match ${window.filters.map((entry) => entry.join("=")).join(" and ")}`,
        JSON.stringify(row)
      )
    }
  }
  return rows.length === 0 && window.ids.length > 0 ? "vacuous" : undefined
}

const isWhole: Judge = (page, window, view) => {
  // Rows that do not match take the place of others: another law's matter.
  if (!Window.allMatch(page, window, view)) return "vacuous"
  const missing = window.ids.find((id) => !page.ids.includes(id))
  if (missing === undefined) return undefined
  return Window.mismatch(
    page.exchange,
    `${missing} matches, and is missing`,
    Window.tell(window.ids, page.ids),
    Window.tell(page.ids, window.ids)
  )
}

/** How many values of a filter are tried for certain. */
const values = 15

// Values of each filter from all over the list, and what is on the first page.
const everyFilter =
  (judge: Judge) =>
  (operation: Operation): Effect.Effect<Law.Finding, Unanswered, Session> =>
    Effect.gen(function* () {
      const view = yield* Window.viewOf(operation)
      if (typeof view === "string") return Law.notExercised(view)
      const chosen = view.filters.flatMap((filter) => {
        const all = [...new Set(view.listing.known.descending.flatMap(filter.valuesOf))]
        const count = Math.min(values, all.length)
        return Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)] ?? "").map(
          (value) => Window.filtered(view, filter, value)
        )
      })
      return yield* Property.forEach(
        chosen,
        (window) =>
          Effect.map(Window.pageOf(view, Window.requestFor(view, window)), (page) =>
            page === undefined ? "vacuous" : (judge(page, window, view) ?? "holds")
          ),
        { vacuous: vacuous("once") }
      )
    })

// From behind, a page depends on what its cursor means as well: which rows there should be is asked from before.
const one = (judge: Judge, backward: boolean) => (operation: Operation) =>
  Property.all(
    everyFilter(judge)(operation),
    Window.everyPage(judge, { filtered: "once", backward, vacuous: vacuous("once") })(operation)
  )

const several = (judge: Judge, backward: boolean) =>
  Window.everyPage(judge, { filtered: "combined", backward, vacuous: vacuous("combined") })

const filterMatches: Law.Law = {
  id: "lists/filter-matches",
  sentence: "Every row of a filtered list matches the filter, on every page.",
  source: Law.expected("A row that does not match may be another customer's."),
  severity: "error",
  appliesTo: hasFilters(1),
  check: one(matches, true)
}

const filterComplete: Law.Law = {
  id: "lists/filter-complete",
  sentence: "No row that matches a filter is missing from the filtered list, on any page.",
  source: Law.expected("A filter leaves what matches."),
  severity: "error",
  overLists: true,
  appliesTo: hasFilters(1),
  check: one(isWhole, false)
}

const combinedFiltersMatch: Law.Law = {
  id: "lists/combined-filters-match",
  sentence: "Every row matches all filters that are given at once.",
  source: Law.expected("Each filter holds whatever else is asked."),
  severity: "error",
  appliesTo: hasFilters(2),
  check: several(matches, true)
}

const combinedFiltersComplete: Law.Law = {
  id: "lists/combined-filters-complete",
  sentence: "No row that matches all filters that are given at once is missing.",
  source: Law.expected("Each filter holds whatever else is asked."),
  severity: "error",
  overLists: true,
  appliesTo: hasFilters(2),
  check: several(isWhole, false)
}

export const filters: ReadonlyArray<Law.Law> = [
  filterMatches,
  filterComplete,
  combinedFiltersMatch,
  combinedFiltersComplete
]
