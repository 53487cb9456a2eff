// The laws of filters: a filtered list has all matching rows and no others.
import * as Law from "../../../Law.ts"
import type { Filter, Lists } from "../../../ApiConventions.ts"
import type { ApiOperation } from "../../../ApiOperation.ts"
import * as Property from "../../../Property.ts"
import * as PageQuery from "../../../PageQuery.ts"
import type { Page } from "../../../Listing.ts"
import { hasFilters } from "../../../Applies.ts"
import * as RecordedPage from "../../RecordedPage.ts"

const skipReason = (filtered: "once" | "combined") =>
  filtered === "once" ? "no row has a value to filter by" : "no row has values for two filters"

const matches: PageQuery.Judge = (page, query, { filters, lists }) => {
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
    return { ...violation, at: { parameter } }
  }
  return undefined
}

const recordedMatches = (isAbout: (filters: number) => boolean) =>
  RecordedPage.forPage((page, { filters, lists }) =>
    isAbout(filters.length) && page.rows.length > 0
      ? (findOther(page, filters, lists) ?? Property.passed)
      : Property.inconclusive
  )

const isComplete: PageQuery.Judge = (page, query, sample) => {
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

/** Number of values that are tried for each filter. */
const valueCount = 15

/** Number of rows that are tried for each pair of filters. */
const rowCount = 2

// At most this number of items, from all over a list.
const spread = <A>(items: ReadonlyArray<A>, maximum: number): ReadonlyArray<A> => {
  const count = Math.min(maximum, items.length)
  const bucketOf = (index: number) => Math.floor((index * count) / items.length)
  return items.filter((_, index) => bucketOf(index) > bucketOf(index - 1))
}

const valuesOf = ({ listing }: PageQuery.ListSample, { sample }: Filter): ReadonlyArray<string> => [
  ...new Set(listing.known.descending.flatMap(sample))
]

// Values of each filter from all over the list, with the first page of their rows.
const valueQueries = (sample: PageQuery.ListSample): ReadonlyArray<PageQuery.PageQuery> =>
  sample.filters.flatMap((filter) =>
    spread(valuesOf(sample, filter), valueCount).map((value) => PageQuery.forFilters(sample, [filter, value]))
  )

// Each pair of filters, with a value of the second that excludes a row which the first selects: a server that ignores the
// second filter returns that row.
const contrastQueries = (sample: PageQuery.ListSample): ReadonlyArray<PageQuery.PageQuery> => {
  const filters = sample.filters.map((filter) => ({ filter, values: valuesOf(sample, filter) }))
  return filters.flatMap(({ filter: first }) =>
    filters.flatMap(({ filter: second, values }) => {
      if (first === second) return []
      const contrasts = sample.listing.known.descending.flatMap((row) => {
        const [value] = first.sample(row)
        const other = values.find((other) => !second.matches(row, other))
        return value === undefined || other === undefined ? [] : [{ value, other }]
      })
      return spread(contrasts, rowCount).map(({ other, value }) =>
        PageQuery.forFilters(sample, [first, value], [second, other])
      )
    })
  )
}

// The rows of a backward page also depend on the backward cursor, which other laws check, so completeness is checked on
// forward pages only.
const singleFilter = (judge: PageQuery.Judge, backward: boolean) => (operation: ApiOperation) =>
  Property.all(
    PageQuery.forEachQuery(valueQueries, judge, { skipReason: skipReason("once") })(operation),
    PageQuery.forEachPage(judge, { filtered: "once", backward, skipReason: skipReason("once") })(operation)
  )

const combinedFilters = (judge: PageQuery.Judge, backward: boolean) => (operation: ApiOperation) =>
  Property.all(
    PageQuery.forEachPage(judge, { filtered: "combined", backward, skipReason: skipReason("combined") })(operation),
    PageQuery.forEachQuery(contrastQueries, judge, { skipReason: skipReason("combined") })(operation)
  )

const filterMatches: Law.Law = {
  id: "lists/filter-matches",
  sentence: "Every row of a filtered list matches the filter, on every page.",
  source: Law.expected("A row that does not match may belong to another customer."),
  severity: "error",
  cost: { base: 0, perRun: 1, perFilter: 15 },
  appliesTo: hasFilters(1),
  check: singleFilter(matches, true),
  response: recordedMatches((count) => count === 1)
}

const filterComplete: Law.Law = {
  id: "lists/filter-complete",
  sentence: "A filtered list contains every row that matches the filter.",
  source: Law.expected("A filter keeps every matching row."),
  severity: "error",
  comparesLists: true,
  cost: { base: 0, perRun: 1, perFilter: 15 },
  appliesTo: hasFilters(1),
  check: singleFilter(isComplete, false)
}

const combinedFiltersMatch: Law.Law = {
  id: "lists/combined-filters-match",
  sentence: "With several filters, every row matches all of them.",
  source: Law.expected("A filter applies regardless of the other parameters."),
  severity: "error",
  cost: { base: 0, perRun: 1, perFilter: 6 },
  appliesTo: hasFilters(2),
  check: combinedFilters(matches, true),
  response: recordedMatches((count) => count > 1)
}

const combinedFiltersComplete: Law.Law = {
  id: "lists/combined-filters-complete",
  sentence: "With several filters, a list contains every row that matches all of them.",
  source: Law.expected("A filter applies regardless of the other parameters."),
  severity: "error",
  comparesLists: true,
  cost: { base: 0, perRun: 1, perFilter: 6 },
  appliesTo: hasFilters(2),
  check: combinedFilters(isComplete, false)
}

export const filters: ReadonlyArray<Law.Law> = [
  filterMatches,
  filterComplete,
  combinedFiltersMatch,
  combinedFiltersComplete
]
