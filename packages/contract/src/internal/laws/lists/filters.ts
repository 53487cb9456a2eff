// Filters: what they leave, alone and together.
import * as Effect from "effect/Effect"
import type { NoResponse } from "../../../Exchange.ts"
import * as Law from "../../../Law.ts"
import type { Page } from "../../Listing.ts"
import type { ApiOperation } from "../../../ApiOperation.ts"
import * as Property from "../../Property.ts"
import type { Session } from "../../../Session.ts"
import * as PageQuery from "../../PageQuery.ts"
import { hasFilters } from "./applies.ts"

const inconclusive = (filtered: "once" | "combined") =>
  filtered === "once" ? "no row has a value to filter by" : "no row has values for two filters at once"

type PageCheck = (
  page: Page,
  window: PageQuery.PageQuery,
  view: PageQuery.ListSample
) => Law.Violation | "inconclusive" | undefined

const matches: PageCheck = ({ exchange, rows }, window, { filters, lists }) => {
  for (const row of rows) {
    for (const [parameter, value] of window.filters) {
      const filter = filters.find((filter) => filter.parameter === parameter)
      if (filter === undefined || filter.matches(row, value)) continue
      return PageQuery.mismatch(
        exchange,
        `${String(row[lists.id])} does not match ${parameter}=${value}`,
        `rows that match ${window.filters.map((entry) => entry.join("=")).join(" and ")}`,
        JSON.stringify(row)
      )
    }
  }
  return rows.length === 0 && window.ids.length > 0 ? "inconclusive" : undefined
}

const isComplete: PageCheck = (page, window, view) => {
  // Rows that do not match take the place of others: another law's matter.
  if (!PageQuery.rowsMatchFilters(page, window, view)) return "inconclusive"
  const missing = window.ids.find((id) => !page.ids.includes(id))
  if (missing === undefined) return undefined
  return PageQuery.mismatch(
    page.exchange,
    `${missing} matches, and is missing`,
    PageQuery.describeIds(window.ids, page.ids),
    PageQuery.describeIds(page.ids, window.ids)
  )
}

/** How many values of a filter are tried for certain. */
const values = 15

// Values of each filter from all over the list, and what is on the first page.
const forEachFilterValue =
  (judge: PageCheck) =>
  (operation: ApiOperation): Effect.Effect<Law.Outcome, NoResponse, Session> =>
    Effect.gen(function* () {
      const view = yield* PageQuery.listSampleOf(operation)
      if (typeof view === "string") return Law.skipped(view)
      const chosen = view.filters.flatMap((filter) => {
        const all = [...new Set(view.listing.known.descending.flatMap(filter.sample))]
        const count = Math.min(values, all.length)
        return Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)] ?? "").map(
          (value) => PageQuery.forFilter(view, filter, value)
        )
      })
      return yield* Property.forEach(
        chosen,
        (window) =>
          Effect.map(PageQuery.fetchPage(view, PageQuery.requestFor(view, window)), (page) =>
            page === undefined ? "inconclusive" : (judge(page, window, view) ?? "passed")
          ),
        { inconclusive: inconclusive("once") }
      )
    })

// From behind, a page depends on what its cursor means as well: which rows there should be is asked from before.
const singleFilter = (judge: PageCheck, backward: boolean) => (operation: ApiOperation) =>
  Property.all(
    forEachFilterValue(judge)(operation),
    PageQuery.forEachPage(judge, { filtered: "once", backward, inconclusive: inconclusive("once") })(operation)
  )

const combinedFilters = (judge: PageCheck, backward: boolean) =>
  PageQuery.forEachPage(judge, { filtered: "combined", backward, inconclusive: inconclusive("combined") })

const filterMatches: Law.Law = {
  id: "lists/filter-matches",
  sentence: "Every row of a filtered list matches the filter, on every page.",
  source: Law.expected("A row that does not match may be another customer's."),
  severity: "error",
  appliesTo: hasFilters(1),
  check: singleFilter(matches, true)
}

const filterComplete: Law.Law = {
  id: "lists/filter-complete",
  sentence: "No row that matches a filter is missing from the filtered list, on any page.",
  source: Law.expected("A filter leaves what matches."),
  severity: "error",
  comparesLists: true,
  appliesTo: hasFilters(1),
  check: singleFilter(isComplete, false)
}

const combinedFiltersMatch: Law.Law = {
  id: "lists/combined-filters-match",
  sentence: "Every row matches all filters that are given at once.",
  source: Law.expected("Each filter holds whatever else is asked."),
  severity: "error",
  appliesTo: hasFilters(2),
  check: combinedFilters(matches, true)
}

const combinedFiltersComplete: Law.Law = {
  id: "lists/combined-filters-complete",
  sentence: "No row that matches all filters that are given at once is missing.",
  source: Law.expected("Each filter holds whatever else is asked."),
  severity: "error",
  comparesLists: true,
  appliesTo: hasFilters(2),
  check: combinedFilters(isComplete, false)
}

export const filters: ReadonlyArray<Law.Law> = [
  filterMatches,
  filterComplete,
  combinedFiltersMatch,
  combinedFiltersComplete
]
