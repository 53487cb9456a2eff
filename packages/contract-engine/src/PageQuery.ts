/**
 * Page queries: generated requests for a page of a list, with the rows that the page must contain according to the known
 * rows.
 *
 * @module
 */
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { areExclusive, type Filter, type Lists, type Row, urlSafe } from "./ApiConventions.ts"
import { describe, type Exchange, excerpt, type Request, shorten, type NoResponse } from "./Exchange.ts"
import * as Generate from "./internal/Generate.ts"
import * as Pagination from "./internal/Pagination.ts"
import * as Sampling from "./Sampling.ts"
import * as Law from "./Law.ts"
import type { Listing, Order, Page } from "./Listing.ts"
import type { ApiOperation } from "./ApiOperation.ts"
import * as Property from "./Property.ts"
import { Session } from "./Session.ts"

/**
 * Generated numbers that determine a page query. The smallest numbers give the first row, without filters.
 */
export interface Choices {
  readonly order: number
  readonly limit: number
  readonly start: number
  readonly row: number
  readonly value: number
  readonly mask: number
}

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
 * The number of filters of a page query: zero (`never`), zero or one (`maybe`), one (`once`), or several (`combined`).
 */
export type FilterCount = "never" | "maybe" | "once" | "combined"

/**
 * Options for checks of page queries.
 */
export interface Options {
  /** The reason to report if every query was inconclusive. */
  readonly skipReason?: string
  /** Returns the number of queries to try, from the session's runs. */
  readonly runs?: (runs: number) => number
}

/**
 * Makes the check of a law that applies to page queries.
 */
export const forEachPageQuery =
  (
    check: (sample: ListSample, choices: Choices) => Effect.Effect<Property.CaseResult, NoResponse, Session>,
    options: Options = {}
  ) =>
  (operation: ApiOperation): Effect.Effect<Law.Outcome, NoResponse | Law.CannotCheck, Session> =>
    Effect.gen(function* () {
      const { settings } = yield* Session
      const sample = yield* listSampleOf(operation)
      return yield* Property.forAll(choicesFor(sample.lists), (choices) => check(sample, choices), {
        seed: `${operation.id} windows`,
        ...(options.skipReason === undefined ? {} : { skipReason: options.skipReason }),
        ...(options.runs === undefined ? {} : { runs: options.runs(settings.runs) })
      })
    })

/**
 * Returns the sample of a list. Fails with `CannotCheck` if the list could not be read.
 */
const listSampleOf = Effect.fnUntraced(function* (operation: ApiOperation) {
  const { description } = yield* Session
  const lists = Sampling.listsOf(operation, description.conventions)
  if (lists === undefined) return yield* new Law.CannotCheck({ reason: "the operation is not a list" })
  const listing = yield* Sampling.listing(operation, lists)
  if (listing.unreadable !== undefined) return yield* new Law.CannotCheck({ reason: listing.unreadable })
  const filters = (description.conventions.filters?.[operation.id] ?? []).map(urlSafe)
  const firstPageOnly = new Set(
    filters
      .map(({ parameter }) => parameter)
      .filter((parameter) =>
        Pagination.parametersOf(lists.pagination)
          .slice(0, 1)
          .some((position) => areExclusive(description.conventions, operation.id, position, parameter))
      )
  )
  const sample: ListSample = { operation, lists, listing, filters, firstPageOnly }
  return sample
})

const choicesFor = ({ limit }: Lists): Arbitrary.Arbitrary<Choices> =>
  Arbitrary.all({
    order: Generate.intBelow(2),
    limit: Generate.intBelow(Math.ceil(2.2 * limit.maximum)),
    start: Generate.intBelow(1_000_000),
    row: Generate.intBelow(1_000_000),
    value: Generate.intBelow(1000),
    mask: Generate.intBelow(1024)
  })

/**
 * Judges a page.
 */
export type Judge = (page: Page, query: PageQuery, sample: ListSample) => Property.CaseResult

const judgeQuery = (
  judge: Judge,
  query: PageQuery,
  sample: ListSample
): Effect.Effect<Property.CaseResult, NoResponse, Session> =>
  Effect.map(fetchPage(sample, requestFor(sample, query)), (page) =>
    page === undefined ? Property.inconclusive : judge(page, query, sample)
  )

/**
 * Makes the check of a law that applies to single pages.
 *
 * **Example** (Requiring names)
 *
 * ```ts
 * import * as PageQuery from "@effect-workos/contract-engine/PageQuery"
 * import * as Property from "@effect-workos/contract-engine/Property"
 *
 * const check = PageQuery.forEachPage(({ exchange, rows }) =>
 *   rows.every(({ name }) => name !== undefined)
 *     ? Property.passed
 *     : PageQuery.mismatch(exchange, "a row has no name", "rows with names")
 * )
 * ```
 */
export const forEachPage = (judge: Judge, options: Parameters<typeof make>[2] & Options = {}) =>
  forEachPageQuery((sample, choices) => {
    const query = make(sample, choices, { backward: true, isSingle: true, ...options })
    return query === undefined ? Effect.succeed(Property.inconclusive) : judgeQuery(judge, query, sample)
  }, options)

/**
 * Makes the check of a law that applies to the pages of given queries.
 */
export const forEachQuery = (
  queriesOf: (sample: ListSample) => ReadonlyArray<PageQuery>,
  judge: Judge,
  options: Pick<Options, "skipReason"> = {}
): ((operation: ApiOperation) => Effect.Effect<Law.Outcome, NoResponse | Law.CannotCheck, Session>) =>
  Effect.fnUntraced(function* (operation) {
    const sample = yield* listSampleOf(operation)
    return yield* Property.forEach(queriesOf(sample), (query) => judgeQuery(judge, query, sample), options)
  })

/**
 * Makes a page query from generated numbers. Returns `undefined` if the list has no suitable rows.
 */
export const make = (
  { filters, firstPageOnly, listing, lists }: ListSample,
  choices: Choices,
  options: {
    readonly filtered?: FilterCount
    /** The position of the page: anywhere, at the first row, at the end, or with rows after the page (`inside`). */
    readonly at?: "anywhere" | "first" | "end" | "inside"
    readonly maxLimit?: number
    readonly order?: Order
    /** True if half of the queries use the backward cursor. */
    readonly backward?: boolean
    /** True if no further pages are requested, so that the first page may have filters that exclude a cursor. */
    readonly isSingle?: boolean
  } = {}
): PageQuery | undefined => {
  const order = options.order ?? (lists.order === undefined || choices.order === 0 ? "descending" : "ascending")
  const known = listing.known[order]
  if (known.length === 0) return undefined
  const maximum = Math.min(lists.limit.maximum, options.maxLimit ?? lists.limit.maximum)
  // Half of the pages are short, so that they have neighbours; a few have the maximum size.
  const limit =
    choices.limit >= 2 * lists.limit.maximum
      ? maximum
      : 1 + ((choices.limit >> 1) % (isEven(choices.limit) ? Math.min(10, maximum) : maximum))
  const usable = options.isSingle === true ? filters : filters.filter(({ parameter }) => !firstPageOnly.has(parameter))
  const chosen = chooseFilters(usable, known, choices, options.filtered ?? "never")
  if (chosen === undefined) return undefined
  const rows =
    chosen.length === 0 ? known : known.filter((row) => chosen.every(({ filter, value }) => filter.matches(row, value)))
  const isFirst = chosen.some(({ filter }) => firstPageOnly.has(filter.parameter))
  const wanted = isFirst ? 0 : startOf(options.at ?? "anywhere", rows.length, limit, choices.start)
  if (wanted === undefined) return undefined
  const start = Pagination.align(lists.pagination, wanted, limit)
  const ids = rows.slice(start, start + limit).map((row) => String(row[lists.id]))
  const hasBefore = Pagination.beforeOf(lists.pagination) !== undefined
  const isBackward = options.backward === true && hasBefore && (choices.value & 1) === 1
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
 * A filter with a value.
 */
export type FilterValue = readonly [filter: Filter, value: string]

/**
 * Returns the query for the first page of a filtered list, with the maximum size.
 */
export const forFilters = ({ listing, lists }: ListSample, ...filters: ReadonlyArray<FilterValue>): PageQuery => {
  const limit = lists.limit.maximum
  const rows = listing.known.descending.filter((row) => filters.every(([filter, value]) => filter.matches(row, value)))
  return {
    order: "descending",
    limit,
    filters: filters.map(([{ parameter }, value]) => [parameter, value]),
    rows,
    start: 0,
    after: undefined,
    before: undefined,
    ids: rows.slice(0, limit).map((row) => String(row[lists.id])),
    isComplete: listing.isComplete,
    isLast: listing.isComplete && rows.length <= limit
  }
}

/**
 * Returns a query for each filter: the first page of one row, with the value that the most rows have. More rows follow.
 */
export const smallestFiltered = (sample: ListSample): ReadonlyArray<PageQuery> =>
  sample.filters.flatMap((filter) => {
    const value = mostFrequent(sample.listing.known.descending.flatMap(filter.sample))
    if (value === undefined) return []
    const query = forFilters(sample, [filter, value])
    return query.rows.length < 2 ? [] : [{ ...query, limit: 1, ids: query.ids.slice(0, 1), isLast: false }]
  })

const mostFrequent = (values: ReadonlyArray<string>): string | undefined => {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].reduce<readonly [string | undefined, number]>((a, b) => (b[1] > a[1] ? b : a), [undefined, 0])[0]
}

const startOf = (at: "anywhere" | "first" | "end" | "inside", count: number, limit: number, number: number) => {
  if (at === "first") return 0
  // Only one of the positions is after the last row, since empty pages reveal little.
  if (at === "anywhere") return number % (count + 1)
  // The last page begins at one of the last rows.
  if (at === "end") return count - (number % (Math.min(limit, count) + 1))
  return count <= limit ? undefined : number % (count - limit)
}

const chooseFilters = (
  filters: ReadonlyArray<Filter>,
  known: ReadonlyArray<Row>,
  choices: Choices,
  filtered: FilterCount
) => {
  if (filtered === "never" || (filtered === "maybe" && isEven(choices.mask))) return []
  const row = Generate.elementAt(isEven(choices.row) ? known : rowsWithMostValues(filters, known), choices.row >> 1)
  if (row === undefined) return undefined
  const possible = filters.flatMap((filter) => {
    const near = (choices.value >> 1) % 4 === 3 ? (filter.nearMisses?.(row) ?? []) : []
    const value = Generate.elementAt(near.length === 0 ? filter.sample(row) : near, choices.value >> 3)
    return value === undefined ? [] : [{ filter, value }]
  })
  if (filtered === "combined") {
    if (possible.length < 2) return undefined
    // Usually any two filters, and sometimes all.
    const pairs = possible.flatMap((one, index) => possible.slice(index + 1).map((other) => [one, other]))
    return choices.mask >= 768 ? possible : Generate.elementAt(pairs, choices.mask)
  }
  const one = Generate.elementAt(possible, choices.mask >> 1)
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
 * Sends a request for a page. Returns `undefined` for a response that is not a page: other laws check that.
 */
export const fetchPage = (
  { lists }: ListSample,
  request: Request
): Effect.Effect<Page | undefined, NoResponse, Session> =>
  Effect.gen(function* () {
    const { send } = yield* Session
    const page = Sampling.toPage(lists, yield* send(request))
    return Result.getOrUndefined(page)
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
