// A part of a list, as laws ask for it: where it begins, how many rows it has, in which order, of which rows; and what
// it must hold, going by the rows that were read before.
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import { type Filter, type Lists, type Row, sendable } from "../Convention.ts"
import { describe, type Exchange, excerpt, type Request, shorten, type Unanswered } from "../Exchange.ts"
import * as Generate from "./Generate.ts"
import * as Harvest from "./Harvest.ts"
import * as Law from "../Law.ts"
import type { Listing, Order, Page } from "./Listing.ts"
import type { Operation } from "../Operation.ts"
import * as Property from "./Property.ts"
import { Session } from "../Session.ts"

/**
 * The numbers that a window is made from. The smallest are a list's first row, unfiltered.
 */
export interface Numbers {
  readonly order: number
  readonly limit: number
  readonly start: number
  readonly row: number
  readonly value: number
  readonly mask: number
}

export interface Window {
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
export interface View {
  readonly operation: Operation
  readonly lists: Lists
  readonly listing: Listing
  readonly filters: ReadonlyArray<Filter>
}

/**
 * How many filters a window has: none, exactly one, or several at once.
 */
export type Filtered = "never" | "maybe" | "once" | "combined"

export interface Options {
  /** Why there may have been no window to try. */
  readonly vacuous?: string
  /** How many are tried, of so many runs. */
  readonly runs?: (runs: number) => number
}

/**
 * A law about windows of a list.
 */
export const everyWindow =
  (
    check: (view: View, numbers: Numbers) => Effect.Effect<Property.Verdict, Unanswered, Session>,
    options: Options = {}
  ) =>
  (operation: Operation): Effect.Effect<Law.Finding, Unanswered, Session> =>
    Effect.gen(function* () {
      const { settings } = yield* Session
      const view = yield* viewOf(operation)
      if (typeof view === "string") return Law.notExercised(view)
      return yield* Property.forAll(numbersOf(view.lists), (numbers) => check(view, numbers), {
        seed: `${operation.id} windows`,
        ...(options.vacuous === undefined ? {} : { vacuous: options.vacuous }),
        ...(options.runs === undefined ? {} : { runs: options.runs(settings.runs) })
      })
    })

/**
 * The list that windows are cut from, or why there is none.
 */
export const viewOf = Effect.fnUntraced(function* (operation: Operation) {
  const { description } = yield* Session
  const { filters, lists } = description.convention
  if (!Harvest.isList(operation, lists)) return "it is no list"
  const listing = yield* Harvest.listing(operation, lists)
  if (listing.unreadable !== undefined) return listing.unreadable
  const view: View = { operation, lists, listing, filters: (filters?.[operation.id] ?? []).map(sendable) }
  return view
})

const numbersOf = ({ limit }: Lists): Arbitrary.Arbitrary<Numbers> =>
  Arbitrary.all({
    order: Generate.below(2),
    limit: Generate.below(Math.ceil(2.2 * limit.maximum)),
    start: Generate.below(1_000_000),
    row: Generate.below(1_000_000),
    value: Generate.below(1000),
    mask: Generate.below(1024)
  })

/**
 * A law about the pages that windows are, each for itself.
 */
export const everyPage = (
  judge: (page: Page, window: Window, view: View) => Law.Violation | "vacuous" | undefined,
  options: Parameters<typeof cut>[2] & Options = {}
) =>
  everyWindow((view, numbers) => {
    const window = cut(view, numbers, { backward: true, ...options })
    if (window === undefined) return Effect.succeed("vacuous")
    return Effect.map(pageOf(view, requestFor(view, window)), (page) =>
      page === undefined ? "vacuous" : (judge(page, window, view) ?? "holds")
    )
  }, options)

/**
 * The window that numbers stand for; nothing where the list has no rows for it.
 */
export const cut = (
  { filters, listing, lists }: View,
  numbers: Numbers,
  options: {
    readonly filtered?: Filtered
    /** Where it may begin: anywhere, at the first row, or so that rows follow it or precede it. */
    readonly at?: "anywhere" | "first" | "end" | "inside"
    readonly maxLimit?: number
    readonly order?: Order
    /** Whether half of them are reached from behind, by the cursor that goes back. */
    readonly backward?: boolean
  } = {}
): Window | undefined => {
  const order = options.order ?? (lists.order === undefined || numbers.order === 0 ? "descending" : "ascending")
  const known = listing.known[order]
  if (known.length === 0) return undefined
  const maximum = Math.min(lists.limit.maximum, options.maxLimit ?? lists.limit.maximum)
  // Short pages, half of the time: they have neighbours. And now and then the longest.
  const limit =
    numbers.limit >= 2 * lists.limit.maximum
      ? maximum
      : 1 + ((numbers.limit >> 1) % (isEven(numbers.limit) ? Math.min(10, maximum) : maximum))
  const chosen = choose(filters, known, numbers, options.filtered ?? "never")
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
export const filtered = ({ listing, lists }: View, filter: Filter, value: string): Window => {
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

const choose = (filters: ReadonlyArray<Filter>, known: ReadonlyArray<Row>, numbers: Numbers, filtered: Filtered) => {
  if (filtered === "never" || (filtered === "maybe" && isEven(numbers.mask))) return []
  const row = Generate.pick(isEven(numbers.row) ? known : richest(filters, known), numbers.row >> 1)
  if (row === undefined) return undefined
  const possible = filters.flatMap((filter) => {
    const near = (numbers.value >> 1) % 4 === 3 ? (filter.nearMisses?.(row) ?? []) : []
    const value = Generate.pick(near.length === 0 ? filter.valuesOf(row) : near, numbers.value >> 3)
    return value === undefined ? [] : [{ filter, value }]
  })
  if (filtered === "combined") {
    if (possible.length < 2) return undefined
    // Most often two, any two; and now and then more.
    const pairs = possible.flatMap((one, index) => possible.slice(index + 1).map((other) => [one, other]))
    return numbers.mask >= 768 ? possible : Generate.pick(pairs, numbers.mask)
  }
  const one = Generate.pick(possible, numbers.mask >> 1)
  return one === undefined ? undefined : [one]
}

const isEven = (number: number) => (number & 1) === 0

// The rows that most values choose are the ones that filters get wrong: they are tried as often as all others together.
const richest = (filters: ReadonlyArray<Filter>, known: ReadonlyArray<Row>): ReadonlyArray<Row> => {
  const cached = rich.get(known)
  if (cached !== undefined) return cached
  const richness = new Map(
    known.map((row) => [row, filters.reduce((sum, { valuesOf }) => sum + valuesOf(row).length, 0)])
  )
  const sorted = known.toSorted((a, b) => (richness.get(b) ?? 0) - (richness.get(a) ?? 0))
  const found = sorted.slice(0, Math.ceil(sorted.length / 4))
  rich.set(known, found)
  return found
}

const rich = new WeakMap<ReadonlyArray<Row>, ReadonlyArray<Row>>()

/**
 * The request for a window.
 */
export const requestFor = ({ lists, operation }: View, window: Window): Request =>
  Harvest.pageRequest(operation, lists, {
    order: window.order,
    limit: window.limit,
    filters: window.filters,
    ...(window.before === undefined ? { after: window.after } : { before: window.before })
  })

/**
 * Sends a request for a page. An answer that is no page is a matter of other laws, and says nothing here.
 */
export const pageOf = ({ lists }: View, request: Request): Effect.Effect<Page | undefined, Unanswered, Session> =>
  Effect.gen(function* () {
    const { send } = yield* Session
    const page = Harvest.toPage(lists, yield* send(request))
    return typeof page === "string" ? undefined : page
  })

/**
 * Whether a page holds the rows of a window: all of them and no others, as far as they are known.
 */
export const holds = (page: Page, window: Window): boolean => {
  const known = window.isComplete ? page.ids : page.ids.slice(0, window.ids.length)
  return sameIds(known, window.ids)
}

/**
 * Whether all rows of a page match the filters that were given.
 */
export const allMatch = ({ rows }: Page, window: Window, { filters }: View): boolean =>
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
export const tell = (ids: ReadonlyArray<string>, others: ReadonlyArray<string> = []): string => {
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
  actual: string = excerpt(exchange.answer),
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
