/**
 * Page queries: generated requests for a page of a list, with the rows that the page must contain according to the known
 * rows.
 *
 * @module
 */
import type { Filter, Lists, Row } from "./ApiConventions.ts"
import { describe, type Exchange, excerpt, type Request, shorten } from "./Exchange.ts"
import * as Sampling from "./Sampling.ts"
import * as Law from "./Law.ts"
import type { Listing, Order, Page } from "./Listing.ts"
import type { ApiOperation } from "./ApiOperation.ts"

/**
 * Generated numbers that determine a page query. The smallest numbers give the first row.
 */
export interface Choices {
  readonly order: number
  readonly limit: number
  readonly position: number
  readonly start: number
  readonly direction: number
  readonly row: number
  readonly value: number
  readonly filters: number
}

/**
 * The kinds of page queries. All laws share the queries of each kind, and therefore the responses.
 *
 * **Details**
 *
 * - `plain`: a page without filters, in any direction.
 * - `filtered`: a page with one filter, in any direction.
 * - `combined`: a page with several filters, in any direction.
 * - `sequence`: a short page with at most one filter, after which laws request the next pages.
 */
export type Kind = "plain" | "filtered" | "combined" | "sequence"

/**
 * A request for a page of a list, and the rows that the page must contain.
 */
export interface PageQuery {
  readonly order: Order
  readonly limit: number
  readonly filters: ReadonlyArray<readonly [parameter: string, value: string]>
  /** The known rows that match the filters, in the order of the query. */
  readonly rows: ReadonlyArray<Row>
  /** The number of matching rows before the page. */
  readonly start: number
  /** The position of the page: the id of the row before the page, an offset or a page number. */
  readonly after: string | undefined
  /** The id of the row after the page, if the page is requested backwards. */
  readonly before: string | undefined
  /** The ids of the known rows on the page. */
  readonly ids: ReadonlyArray<string>
  /** True if all matching rows are known. */
  readonly isComplete: boolean
  /** True if the page is the last one. */
  readonly isLast: boolean
}

/**
 * A list with its known rows, from which page queries are made.
 */
export interface ListSample {
  readonly operation: ApiOperation
  readonly lists: Lists
  readonly listing: Listing
  readonly filters: ReadonlyArray<Filter>
  /** The parameters of filters that a request with a cursor must not have. */
  readonly firstPageOnly: ReadonlySet<string>
}

/**
 * A filter with a value.
 */
export type FilterValue = readonly [filter: Filter, value: string]

/**
 * Returns the request for a page query.
 */
export const requestFor = ({ lists, operation }: ListSample, query: PageQuery): Request =>
  Sampling.pageRequest(operation, lists, {
    order: query.order,
    limit: query.limit,
    filters: query.filters,
    ...(query.before === undefined ? { after: query.after } : { before: query.before })
  })

/**
 * Returns whether a page has exactly the expected rows, as far as they are known.
 */
export const hasExpectedRows = (page: Page, query: PageQuery): boolean => {
  const known = query.isComplete ? page.ids : page.ids.slice(0, query.ids.length)
  return sameIds(known, query.ids)
}

/**
 * Returns whether all rows of a page match the filters of its query.
 */
export const rowsMatchFilters = ({ rows }: Page, query: PageQuery, { filters }: ListSample): boolean =>
  rows.every((row) =>
    query.filters.every(([parameter, value]) =>
      filters.every((filter) => filter.parameter !== parameter || filter.matches(row, value))
    )
  )

/**
 * Returns whether two lists of ids are equal.
 */
export const sameIds = (some: ReadonlyArray<string>, others: ReadonlyArray<string>): boolean =>
  some.length === others.length && some.every((id, index) => id === others[index])

/**
 * Describes ids briefly, beginning at the first difference from other ids.
 */
export const describeIds = (ids: ReadonlyArray<string>, others: ReadonlyArray<string> = []): string => {
  const position = ids.findIndex((id, index) => id !== others[index])
  const from = Math.max(0, (position === -1 ? Math.min(ids.length, others.length) : position) - 1)
  const shown = ids.slice(from, from + 4).join(", ")
  const start = from === 0 ? "" : `, from row ${from + 1} on`
  return ids.length === 0
    ? "no rows"
    : `${ids.length} ${ids.length === 1 ? "row" : "rows"}${start}: ${shown}${from + 4 < ids.length ? ", …" : ""}`
}

/**
 * Returns the violation of a page that differs from the expected one.
 */
export const mismatch = (
  exchange: Exchange,
  message: string,
  expected: string,
  actual: string = excerpt(exchange.response),
  before: ReadonlyArray<Request> = []
): Law.Violation => {
  const [first, ...rest] = [...before, exchange.request]
  return Law.violation({
    message: `${describe(exchange.request)}: ${shorten(message, 300)}`,
    requests: first === undefined ? [exchange.request] : [first, ...rest],
    expected,
    actual
  })
}
