// A part of a list, as laws ask for it: where it begins, how many rows it has, in which order, of which rows; and what
// it must hold, going by the rows that were read before.
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import { type Filter, type Lists, type Row, urlSafe } from "../ApiConventions.ts"
import { describe, type Exchange, excerpt, type Request, shorten, type NoResponse } from "../Exchange.ts"
import * as Generate from "./Generate.ts"
import * as Sampling from "./Sampling.ts"
import * as Law from "../Law.ts"
import type { Listing, Order, Page } from "./Listing.ts"
import type { ApiOperation } from "../ApiOperation.ts"
import * as Property from "./Property.ts"
import { Session } from "../Session.ts"

/**
 * The numbers that a window is made from. The smallest are a list's first row, unfiltered.
 */
export interface Choices {
  readonly order: number
  readonly limit: number
  readonly start: number
  readonly row: number
  readonly value: number
  readonly mask: number
}

export interface PageQuery {
  readonly order: Order
  readonly limit: number
  readonly filters: ReadonlyArray<readonly [parameter: string, value: string]>
  /** All rows that match, in this order, as far as they are known. */
  readonly rows: ReadonlyArray<Row>
  /** How many of them come before the window. */
  readonly start: number
  /** The id of the row before it. */
  readonly after: string | undefined
  /** The id of the row after it, where it is to be reached from behind. */
  readonly before: string | undefined
  /** The ids of the rows that are in it, as far as they are known. */
  readonly ids: ReadonlyArray<string>
  /** Whether all that match are known. */
  readonly isComplete: boolean
  /** Whether no rows follow. */
  readonly isLast: boolean
}

/**
 * A list that windows are cut from.
 */
export interface ListSample {
  readonly operation: ApiOperation
  readonly lists: Lists
  readonly listing: Listing
  readonly filters: ReadonlyArray<Filter>
}

/**
 * How many filters a window has: none, exactly one, or several at once.
 */
export type FilterCount = "never" | "maybe" | "once" | "combined"

export interface Options {
  /** Why there may have been no window to try. */
  readonly inconclusive?: string
  /** How many are tried, of so many runs. */
  readonly runs?: (runs: number) => number
}

/**
 * A law about windows of a list.
 */
export const forEachPageQuery =
  (
    check: (view: ListSample, numbers: Choices) => Effect.Effect<Property.CaseResult, NoResponse, Session>,
    options: Options = {}
  ) =>
  (operation: ApiOperation): Effect.Effect<Law.Outcome, NoResponse, Session> =>
    Effect.gen(function* () {
      const { settings } = yield* Session
      const view = yield* listSampleOf(operation)
      if (typeof view === "string") return Law.skipped(view)
      return yield* Property.forAll(choicesFor(view.lists), (numbers) => check(view, numbers), {
        seed: `${operation.id} windows`,
        ...(options.inconclusive === undefined ? {} : { inconclusive: options.inconclusive }),
        ...(options.runs === undefined ? {} : { runs: options.runs(settings.runs) })
      })
    })

/**
 * The list that windows are cut from, or why there is none.
 */
export const listSampleOf = Effect.fnUntraced(function* (operation: ApiOperation) {
  const { description } = yield* Session
  const { filters, lists } = description.conventions
  if (!Sampling.isList(operation, lists)) return "it is no list"
  const listing = yield* Sampling.listing(operation, lists)
  if (listing.unreadable !== undefined) return listing.unreadable
  const view: ListSample = { operation, lists, listing, filters: (filters?.[operation.id] ?? []).map(urlSafe) }
  return view
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
 * A law about the pages that windows are, each for itself.
 */
export const forEachPage = (
  judge: (page: Page, window: PageQuery, view: ListSample) => Law.Violation | "inconclusive" | undefined,
  options: Parameters<typeof make>[2] & Options = {}
) =>
  forEachPageQuery((view, numbers) => {
    const window = make(view, numbers, { backward: true, ...options })
    if (window === undefined) return Effect.succeed("inconclusive")
    return Effect.map(fetchPage(view, requestFor(view, window)), (page) =>
      page === undefined ? "inconclusive" : (judge(page, window, view) ?? "passed")
    )
  }, options)

/**
 * The window that numbers stand for; nothing where the list has no rows for it.
 */
export const make = (
  { filters, listing, lists }: ListSample,
  numbers: Choices,
  options: {
    readonly filtered?: FilterCount
    /** Where it may begin: anywhere, at the first row, or so that rows follow it or precede it. */
    readonly at?: "anywhere" | "first" | "end" | "inside"
    readonly maxLimit?: number
    readonly order?: Order
    /** Whether half of them are reached from behind, by the cursor that goes back. */
    readonly backward?: boolean
  } = {}
): PageQuery | undefined => {
  const order = options.order ?? (lists.order === undefined || numbers.order === 0 ? "descending" : "ascending")
  const known = listing.known[order]
  if (known.length === 0) return undefined
  const maximum = Math.min(lists.limit.maximum, options.maxLimit ?? lists.limit.maximum)
  // Short pages, half of the time: they have neighbours. And now and then the longest.
  const limit =
    numbers.limit >= 2 * lists.limit.maximum
      ? maximum
      : 1 + ((numbers.limit >> 1) % (isEven(numbers.limit) ? Math.min(10, maximum) : maximum))
  const chosen = chooseFilters(filters, known, numbers, options.filtered ?? "never")
  if (chosen === undefined) return undefined
  const rows =
    chosen.length === 0 ? known : known.filter((row) => chosen.every(({ filter, value }) => filter.matches(row, value)))
  const start = startOf(options.at ?? "anywhere", rows.length, limit, numbers.start)
  if (start === undefined) return undefined
  const ids = rows.slice(start, start + limit).map((row) => String(row[lists.id]))
  const isBackward = options.backward === true && lists.before !== undefined && (numbers.value & 1) === 1
  const following = isBackward ? rows[start + limit] : undefined
  return {
    order,
    limit,
    filters: chosen.map(({ filter, value }) => [filter.parameter, value]),
    rows,
    start,
    after: start === 0 ? undefined : String(rows[start - 1]?.[lists.id]),
    before: following === undefined ? undefined : String(following[lists.id]),
    ids,
    isComplete: listing.isComplete,
    isLast: listing.isComplete && start + limit >= rows.length
  }
}

/**
 * The first page of what a filter leaves, as long as it may be.
 */
export const forFilter = ({ listing, lists }: ListSample, filter: Filter, value: string): PageQuery => {
  const limit = lists.limit.maximum
  const rows = listing.known.descending.filter((row) => filter.matches(row, value))
  return {
    order: "descending",
    limit,
    filters: [[filter.parameter, value]],
    rows,
    start: 0,
    after: undefined,
    before: undefined,
    ids: rows.slice(0, limit).map((row) => String(row[lists.id])),
    isComplete: listing.isComplete,
    isLast: listing.isComplete && rows.length <= limit
  }
}

const startOf = (at: "anywhere" | "first" | "end" | "inside", count: number, limit: number, number: number) => {
  if (at === "first") return 0
  // Windows without any row say little: the end has one, and no more.
  if (at === "anywhere") return number % (count + 1)
  // The last page begins somewhere in the last rows.
  if (at === "end") return count - (number % (Math.min(limit, count) + 1))
  return count <= limit ? undefined : number % (count - limit)
}

const chooseFilters = (
  filters: ReadonlyArray<Filter>,
  known: ReadonlyArray<Row>,
  numbers: Choices,
  filtered: FilterCount
) => {
  if (filtered === "never" || (filtered === "maybe" && isEven(numbers.mask))) return []
  const row = Generate.elementAt(isEven(numbers.row) ? known : rowsWithMostValues(filters, known), numbers.row >> 1)
  if (row === undefined) return undefined
  const possible = filters.flatMap((filter) => {
    const near = (numbers.value >> 1) % 4 === 3 ? (filter.nearMisses?.(row) ?? []) : []
    const value = Generate.elementAt(near.length === 0 ? filter.sample(row) : near, numbers.value >> 3)
    return value === undefined ? [] : [{ filter, value }]
  })
  if (filtered === "combined") {
    if (possible.length < 2) return undefined
    // Most often two, any two; and now and then more.
    const pairs = possible.flatMap((one, index) => possible.slice(index + 1).map((other) => [one, other]))
    return numbers.mask >= 768 ? possible : Generate.elementAt(pairs, numbers.mask)
  }
  const one = Generate.elementAt(possible, numbers.mask >> 1)
  return one === undefined ? undefined : [one]
}

const isEven = (number: number) => (number & 1) === 0

// The rows that most values choose are the ones that filters get wrong: they are tried as often as all others together.
const rowsWithMostValues = (filters: ReadonlyArray<Filter>, known: ReadonlyArray<Row>): ReadonlyArray<Row> => {
  const cached = rowsWithMostValuesCache.get(known)
  if (cached !== undefined) return cached
  const richness = new Map(known.map((row) => [row, filters.reduce((sum, { sample }) => sum + sample(row).length, 0)]))
  const sorted = known.toSorted((a, b) => (richness.get(b) ?? 0) - (richness.get(a) ?? 0))
  const found = sorted.slice(0, Math.ceil(sorted.length / 4))
  rowsWithMostValuesCache.set(known, found)
  return found
}

const rowsWithMostValuesCache = new WeakMap<ReadonlyArray<Row>, ReadonlyArray<Row>>()

/**
 * The request for a window.
 */
export const requestFor = ({ lists, operation }: ListSample, window: PageQuery): Request =>
  Sampling.pageRequest(operation, lists, {
    order: window.order,
    limit: window.limit,
    filters: window.filters,
    ...(window.before === undefined ? { after: window.after } : { before: window.before })
  })

/**
 * Sends a request for a page. An response that is no page is a matter of other laws, and says nothing here.
 */
export const fetchPage = (
  { lists }: ListSample,
  request: Request
): Effect.Effect<Page | undefined, NoResponse, Session> =>
  Effect.gen(function* () {
    const { send } = yield* Session
    const page = Sampling.toPage(lists, yield* send(request))
    return typeof page === "string" ? undefined : page
  })

/**
 * Whether a page holds the rows of a window: all of them and no others, as far as they are known.
 */
export const hasExpectedRows = (page: Page, window: PageQuery): boolean => {
  const known = window.isComplete ? page.ids : page.ids.slice(0, window.ids.length)
  return sameIds(known, window.ids)
}

/**
 * Whether all rows of a page match the filters that were given.
 */
export const rowsMatchFilters = ({ rows }: Page, window: PageQuery, { filters }: ListSample): boolean =>
  rows.every((row) =>
    window.filters.every(([parameter, value]) =>
      filters.every((filter) => filter.parameter !== parameter || filter.matches(row, value))
    )
  )

export const sameIds = (some: ReadonlyArray<string>, others: ReadonlyArray<string>): boolean =>
  some.length === others.length && some.every((id, index) => id === others[index])

/**
 * Ids in a few words, with the first place where they differ from others.
 */
export const describeIds = (ids: ReadonlyArray<string>, others: ReadonlyArray<string> = []): string => {
  const position = ids.findIndex((id, index) => id !== others[index])
  const from = Math.max(0, (position === -1 ? Math.min(ids.length, others.length) : position) - 1)
  const shown = ids.slice(from, from + 4).join(", ")
  const where = from === 0 ? "" : `, from row ${from + 1} on`
  return ids.length === 0
    ? "no rows"
    : `${ids.length} ${ids.length === 1 ? "row" : "rows"}${where}: ${shown}${from + 4 < ids.length ? ", …" : ""}`
}

/**
 * A page that does not hold what it should.
 */
export const mismatch = (
  exchange: Exchange,
  message: string,
  expected: string,
  actual: string = excerpt(exchange.response),
  before: ReadonlyArray<Request> = []
): Law.Violation => {
  const [first, ...rest] = [...before, exchange.request]
  return {
    message: `${describe(exchange.request)}: ${shorten(message, 300)}`,
    requests: first === undefined ? [exchange.request] : [first, ...rest],
    expected,
    actual
  }
}
