// The laws of filters: a filtered list has all matching rows and no others.
import * as Law from "../../../Law.ts"
import type { Lists } from "../../../ApiConventions.ts"
import * as Property from "../../../Property.ts"
import * as PageChecks from "../../../PageChecks.ts"
import * as PageQuery from "../../../PageQuery.ts"
import type { Page } from "../../../Listing.ts"
import { hasFilters } from "../../../Applies.ts"
import * as RecordedPage from "../../RecordedPage.ts"

const matches: PageChecks.Judge = (page, query, { filters, lists }) => {
  const wanted = query.filters.flatMap(([parameter, value]) => {
    const filter = filters.find((filter) => filter.parameter === parameter)
    return filter === undefined ? [] : [[filter, value] as const]
  })
  const other = findOther(page, wanted, lists)
  if (other !== undefined) return other
  return page.rows.length === 0 && query.ids.length > 0 ? Property.inconclusive : Property.passed
}

// Returns the violation of a page with a row that does not match.
const findOther = (
  { exchange, rows }: Page,
  filters: ReadonlyArray<PageQuery.FilterValue>,
  { id }: Lists
): Law.Violation | undefined => {
  for (const row of rows) {
    const failed = filters.find(([filter, value]) => !filter.matches(row, value))
    if (failed === undefined) continue
    const [{ parameter }, value] = failed
    const violation = PageQuery.mismatch(
      exchange,
      `${String(row[id])} does not match ${parameter}=${value}`,
      `rows that match ${filters.map(([filter, value]) => `${filter.parameter}=${value}`).join(" and ")}`,
      JSON.stringify(row)
    )
    return filters.length > 1 ? violation : { ...violation, at: { parameter } }
  }
  return undefined
}

const recordedMatches = (isAbout: (filters: number) => boolean) =>
  RecordedPage.forPage((page, { filters, lists }) =>
    isAbout(filters.length) && page.rows.length > 0
      ? (findOther(page, filters, lists) ?? Property.passed)
      : Property.inconclusive
  )

const isComplete: PageChecks.Judge = (page, query, sample) => {
  // Another law covers rows that do not match, which may displace others.
  if (!PageQuery.rowsMatchFilters(page, query, sample)) return Property.inconclusive
  const missing = query.ids.find((id) => !page.ids.includes(id))
  if (missing === undefined) return Property.passed
  const violation = PageQuery.mismatch(
    page.exchange,
    `${missing} matches, but is missing`,
    PageQuery.describeIds(query.ids, page.ids),
    PageQuery.describeIds(page.ids, query.ids)
  )
  const [filter, ...others] = query.filters
  return filter === undefined || others.length > 0 ? violation : { ...violation, at: { parameter: filter[0] } }
}

// The rows of a backward page also depend on the backward cursor, which other laws check.
const isCompleteForward: PageChecks.Judge = (page, query, sample) =>
  query.before === undefined ? isComplete(page, query, sample) : Property.inconclusive

const singleFilter = (judge: PageChecks.Judge) =>
  PageChecks.forEachPage(judge, { kinds: ["filtered"], skipReason: "no row has a value to filter by" })

const combinedFilters = (judge: PageChecks.Judge) =>
  PageChecks.forEachPage(judge, { kinds: ["combined"], skipReason: "no row has values for two filters" })

const filterMatches: Law.Law = {
  id: "lists/filter-matches",
  sentence: "Every row of a filtered list matches the filter, on every page.",
  source: Law.expected("A row that does not match may belong to another customer."),
  severity: "error",
  cost: { base: 0, perRun: 0.5, perFilter: 16, shares: "pages" },
  appliesTo: hasFilters(1),
  check: singleFilter(matches),
  response: recordedMatches((count) => count === 1)
}

const filterComplete: Law.Law = {
  id: "lists/filter-complete",
  sentence: "A filtered list contains every row that matches the filter.",
  source: Law.expected("A filter keeps every matching row."),
  severity: "error",
  comparesLists: true,
  cost: { base: 0, perRun: 0.5, perFilter: 16, shares: "pages" },
  appliesTo: hasFilters(1),
  check: singleFilter(isCompleteForward)
}

const combinedFiltersMatch: Law.Law = {
  id: "lists/combined-filters-match",
  sentence: "With several filters, every row matches all of them.",
  source: Law.expected("A filter applies regardless of the other parameters."),
  severity: "error",
  cost: { base: 0, perRun: 0.5, perFilter: 9, shares: "pages" },
  appliesTo: hasFilters(2),
  check: combinedFilters(matches),
  response: recordedMatches((count) => count > 1)
}

const combinedFiltersComplete: Law.Law = {
  id: "lists/combined-filters-complete",
  sentence: "With several filters, a list contains every row that matches all of them.",
  source: Law.expected("A filter applies regardless of the other parameters."),
  severity: "error",
  comparesLists: true,
  cost: { base: 0, perRun: 0.5, perFilter: 9, shares: "pages" },
  appliesTo: hasFilters(2),
  check: combinedFilters(isCompleteForward)
}

export const filters: ReadonlyArray<Law.Law> = [
  filterMatches,
  filterComplete,
  combinedFiltersMatch,
  combinedFiltersComplete
]
