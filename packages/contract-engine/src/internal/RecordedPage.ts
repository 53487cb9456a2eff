// Pages of lists in recorded traffic, with the query that their requests express.
import * as Result from "effect/Result"
import { areExclusive, type Filter, type Lists, urlSafe } from "../ApiConventions.ts"
import { type Exchange, queryParameter } from "../Exchange.ts"
import type { ResponseCheck } from "../Law.ts"
import type { Order, Page } from "../Listing.ts"
import * as Pagination from "./Pagination.ts"
import * as Property from "../Property.ts"
import * as Sampling from "../Sampling.ts"

/**
 * The query of a recorded page. A field is absent if its parameter is.
 */
export interface RecordedQuery {
  readonly lists: Lists
  readonly limit: number | undefined
  readonly order: Order | undefined
  readonly after: string | undefined
  readonly before: string | undefined
  readonly filters: ReadonlyArray<readonly [filter: Filter, value: string]>
}

/**
 * Makes the check of a single page. The check is inconclusive for other responses, and for requests that a server may
 * refuse or interpret in several ways.
 */
export const forPage =
  (check: (page: Page, query: RecordedQuery) => Property.CaseResult): ResponseCheck =>
  (exchange, operation, { conventions }) => {
    const lists = Sampling.listsOf(operation, conventions)
    const { request } = exchange
    const names = request.query.map(([name]) => name)
    const isClear =
      new Set(names).size === names.length &&
      !names.some((name) => names.some((other) => areExclusive(conventions, operation.id, name, other))) &&
      operation.query.every(({ accepts, name }) => {
        const value = queryParameter(request, name)
        return value === undefined || accepts(value)
      })
    if (lists === undefined || !isClear) return Property.inconclusive
    const filters = (conventions.filters?.[operation.id] ?? []).map(urlSafe)
    const query = toQuery(exchange, lists, filters)
    // The cursors of another order have another meaning.
    if (query.order === undefined && lists.order !== undefined && names.includes(lists.order.parameter))
      return Property.inconclusive
    return Result.match(Sampling.toPage(lists, exchange), {
      onFailure: () => Property.inconclusive,
      onSuccess: (page) => check(page, query)
    })
  }

const toQuery = ({ request }: Exchange, lists: Lists, filters: ReadonlyArray<Filter>): RecordedQuery => {
  const given = (name: string | undefined) => (name === undefined ? undefined : queryParameter(request, name))
  const limit = given(lists.limit.parameter)
  const order = given(lists.order?.parameter)
  const [after, before] = Pagination.parametersOf(lists.pagination)
  const orders: ReadonlyArray<Order> = ["ascending", "descending"]
  return {
    lists,
    limit: limit === undefined ? undefined : Number(limit),
    order: orders.find((one) => lists.order !== undefined && lists.order[one] === order),
    after: given(after),
    before: given(before),
    filters: filters.flatMap((filter) => {
      const value = given(filter.parameter)
      return value === undefined ? [] : [[filter, value] as const]
    })
  }
}
