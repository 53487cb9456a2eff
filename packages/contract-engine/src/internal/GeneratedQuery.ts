// Page queries from generated numbers.
import * as Arbitrary from "effect/Arbitrary"
import type { Filter, Lists, Row } from "../ApiConventions.ts"
import type { Choices, Kind, ListSample, PageQuery } from "../PageQuery.ts"
import * as Generate from "./Generate.ts"
import * as Pagination from "./Pagination.ts"

/**
 * The numbers that every other choice shrinks to.
 */
export const smallest: Choices = {
  order: 0,
  limit: 0,
  position: 0,
  start: 0,
  direction: 0,
  row: 0,
  value: 0,
  filters: 0
}

/**
 * Generates the numbers of page queries of a list.
 */
export const choicesFor = ({ limit }: Lists): Arbitrary.Arbitrary<Choices> =>
  Arbitrary.all({
    order: Generate.intBelow(2),
    limit: Generate.intBelow(Math.ceil(2.2 * limit.maximum)),
    position: Generate.intBelow(4),
    start: Generate.intBelow(1_000_000),
    direction: Generate.intBelow(3),
    row: Generate.intBelow(1_000_000),
    value: Generate.intBelow(1000),
    filters: Generate.intBelow(1024)
  })

/**
 * Makes a page query from generated numbers. Returns `undefined` if the list has no suitable rows.
 */
export const make = (
  { filters, firstPageOnly, listing, lists }: ListSample,
  kind: Kind,
  choices: Choices
): PageQuery | undefined => {
  const order = lists.order === undefined || choices.order === 0 ? "descending" : "ascending"
  const known = listing.known[order]
  if (known.length === 0) return undefined
  const isSequence = kind === "sequence"
  const maximum = isSequence ? Math.floor(lists.limit.maximum / partsOf(choices)) : lists.limit.maximum
  // Half of the pages are short, so that they have neighbours; a few have the maximum size.
  const limit =
    choices.limit >= 2 * lists.limit.maximum
      ? maximum
      : 1 + ((choices.limit >> 1) % (isEven(choices.limit) ? Math.min(10, maximum) : maximum))
  // Filters that exclude a cursor are possible on a first page only.
  const usable = isSequence ? filters.filter(({ parameter }) => !firstPageOnly.has(parameter)) : filters
  const chosen = chooseFilters(usable, known, kind, choices)
  if (chosen === undefined) return undefined
  const rows =
    chosen.length === 0 ? known : known.filter((row) => chosen.every(({ filter, value }) => filter.matches(row, value)))
  const isFirst = chosen.some(({ filter }) => firstPageOnly.has(filter.parameter))
  const wanted = isFirst ? 0 : startOf(choices, rows.length, limit, isSequence)
  const start = Pagination.align(lists.pagination, wanted, limit)
  const ids = rows.slice(start, start + limit).map((row) => String(row[lists.id]))
  const hasBefore = Pagination.beforeOf(lists.pagination) !== undefined
  const isBackward = !isSequence && !isFirst && hasBefore && choices.direction === 2
  const following = isBackward ? rows[start + limit] : undefined
  return {
    order,
    limit,
    filters: chosen.map(({ filter, value }) => [filter.parameter, value]),
    rows,
    start,
    after: Pagination.positionAt(lists, rows, start, limit),
    before: following === undefined ? undefined : String(following[lists.id]),
    ids,
    isComplete: listing.isComplete,
    isLast: listing.isComplete && start + limit >= rows.length
  }
}

/**
 * Returns the number of pages of a sequence whose rows fit on one page.
 */
export const partsOf = ({ value }: Choices): number => 2 + (value % 2)

const startOf = ({ position, start }: Choices, count: number, limit: number, isSequence: boolean) => {
  if (position === 0) return 0
  // The last page begins at one of the last rows, and the last pages of a sequence a few pages before.
  if (position === 1) return count - (start % (Math.min(isSequence ? 3 * limit : limit, count) + 1))
  if (isSequence && count > limit) return start % (count - limit)
  // Only one of the positions is after the last row, since empty pages reveal little.
  return start % (count + 1)
}

const chooseFilters = (filters: ReadonlyArray<Filter>, known: ReadonlyArray<Row>, kind: Kind, choices: Choices) => {
  if (kind === "plain" || (kind === "sequence" && isEven(choices.filters))) return []
  const row = Generate.elementAt(isEven(choices.row) ? known : rowsWithMostValues(filters, known), choices.row >> 1)
  if (row === undefined) return undefined
  const possible = filters.flatMap((filter) => {
    const near = (choices.value >> 1) % 4 === 3 ? (filter.nearMisses?.(row) ?? []) : []
    const value = Generate.elementAt(near.length === 0 ? filter.sample(row) : near, choices.value >> 3)
    return value === undefined ? [] : [{ filter, value }]
  })
  if (kind === "combined") {
    if (possible.length < 2) return undefined
    // Usually any two filters, and sometimes all.
    const pairs = possible.flatMap((one, index) => possible.slice(index + 1).map((other) => [one, other]))
    return choices.filters >= 768 ? possible : Generate.elementAt(pairs, choices.filters)
  }
  const one = Generate.elementAt(possible, choices.filters >> 1)
  return one === undefined ? undefined : [one]
}

const isEven = (number: number) => (number & 1) === 0

// Servers tend to filter wrongly for the rows with the most values, so these are tried as often as all other rows
// together.
const rowsWithMostValues = (filters: ReadonlyArray<Filter>, known: ReadonlyArray<Row>): ReadonlyArray<Row> => {
  const cached = rowsWithMostValuesCache.get(known)
  if (cached !== undefined) return cached
  const valueCount = new Map(
    known.map((row) => [row, filters.reduce((sum, { sample }) => sum + sample(row).length, 0)])
  )
  const sorted = known.toSorted((a, b) => (valueCount.get(b) ?? 0) - (valueCount.get(a) ?? 0))
  const found = sorted.slice(0, Math.ceil(sorted.length / 4))
  rowsWithMostValuesCache.set(known, found)
  return found
}

const rowsWithMostValuesCache = new WeakMap<ReadonlyArray<Row>, ReadonlyArray<Row>>()
