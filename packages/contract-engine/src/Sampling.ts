/**
 * Sampling: reads the lists of a target from both ends, so that laws have real rows to work with.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { memoize } from "effect/Function"
import * as Equal from "effect/Equal"
import * as Result from "effect/Result"
import { type ApiConventions, valueAt, isRow, type Lists, type Row } from "./ApiConventions.ts"
import { describe, type Exchange, type Request } from "./Exchange.ts"
import type { ApiDescription } from "./ApiDescription.ts"
import type { Traversal, Listing, Order, Page } from "./Listing.ts"
import { CannotCheck } from "./Law.ts"
import * as ApiOperation from "./ApiOperation.ts"
import * as Pagination from "./internal/Pagination.ts"
import { countRequests, withoutCounting } from "./internal/RequestCount.ts"
import * as Workers from "./internal/Workers.ts"
import { Session } from "./Session.ts"

/**
 * Returns the conventions of a list, or `undefined` if the operation does not list rows according to the conventions.
 */
export const listsOf = (
  operation: ApiOperation.ApiOperation,
  { lists: common, listsOf: single }: ApiConventions
): Lists | undefined => {
  const lists = single?.[operation.id] ?? common
  if (lists === undefined || operation.method !== "GET" || !hasParents(operation)) return undefined
  const body = ApiOperation.successBody(operation)
  if (body === undefined || !ApiOperation.hasProperty(body, lists.items)) return undefined
  const [parameter = lists.limit.parameter] = Pagination.parametersOf(lists.pagination)
  return operation.query.some(({ name }) => name === parameter) ? lists : undefined
}

// A list without path parameters, or nested in the rows of other lists.
const hasParents = ({ params, parents, role }: ApiOperation.ApiOperation): boolean =>
  (role === undefined || role.action === "list") && params.every(({ name }) => parents[name] !== undefined)

/**
 * Returns whether an operation lists rows according to the conventions.
 */
export const isList = (operation: ApiOperation.ApiOperation, conventions: ApiConventions): boolean =>
  listsOf(operation, conventions) !== undefined

/**
 * Returns the lists of an API, with their conventions.
 */
export const listOperations = ({
  conventions,
  operations
}: ApiDescription): ReadonlyArray<{ readonly list: ApiOperation.ApiOperation; readonly lists: Lists }> =>
  operations.flatMap((list) => {
    const lists = listsOf(list, conventions)
    return lists === undefined ? [] : [{ list, lists }]
  })

/**
 * Returns the name of the field with the id of a row.
 */
export const idField = (list: ApiOperation.ApiOperation | undefined, conventions: ApiConventions): string =>
  ((list && listsOf(list, conventions)) ?? conventions.lists)?.id ?? "id"

const notAList = new CannotCheck({ reason: "the operation is not a list" })

/**
 * Returns the query parameter for an order.
 */
const orderParameter = (lists: Lists, order: Order): ReadonlyArray<readonly [string, string]> =>
  lists.order === undefined ? [] : [[lists.order.parameter, lists.order[order]]]

/**
 * Returns the request for a page.
 */
export const pageRequest = (
  operation: ApiOperation.ApiOperation,
  lists: Lists,
  query: {
    readonly order?: Order
    readonly limit?: number
    readonly after?: string | undefined
    readonly before?: string | undefined
    readonly filters?: ReadonlyArray<readonly [string, string]>
  }
): Request =>
  Pagination.withPosition(
    {
      operation: operation.id,
      method: operation.method,
      path: operation.path,
      query: [
        ...(query.limit === undefined ? [] : [[lists.limit.parameter, String(query.limit)] as const]),
        ...(query.order === undefined ? [] : orderParameter(lists, query.order)),
        ...(query.filters ?? [])
      ],
      access: operation.access
    },
    lists.pagination,
    query
  )

/**
 * Returns the page of a response, or the reason why the response is not a page.
 */
export const toPage = (lists: Lists, exchange: Exchange): Result.Result<Page, string> => {
  const { response, request } = exchange
  if (response.status !== 200) return Result.fail(`${describe(request)} returned ${response.status}`)
  const rows = valueAt(response.json, lists.items)
  if (!Array.isArray(rows) || !rows.every(isRow)) return Result.fail(`${describe(request)} returned no list of rows`)
  const ids = rows.map((row) => row[lists.id])
  if (!ids.every((id) => typeof id === "string" || typeof id === "number")) {
    return Result.fail(`${describe(request)} returned rows without ids`)
  }
  const texts = ids.map(String)
  return Result.succeed({
    rows,
    ids: texts,
    next: Pagination.nextOf(lists, exchange, texts),
    previous: Pagination.previousOf(lists, exchange),
    exchange
  })
}

/**
 * Reads the pages of a list from one end.
 */
export const paginate = Effect.fnUntraced(function* (
  operation: ApiOperation.ApiOperation,
  lists: Lists,
  query: {
    readonly order?: Order
    readonly limit: number
    readonly filters?: ReadonlyArray<readonly [string, string]>
    readonly after?: string | undefined
  },
  maxRows: number
) {
  const { send } = yield* Session
  const pages: Array<Page> = []
  const seen = new Set<string>()
  let after = query.after
  let count = 0
  const finish = (end: Traversal["end"], problem?: Traversal["problem"]): Traversal => ({
    pages,
    rows: pages.flatMap(({ rows }) => rows),
    ids: pages.flatMap(({ ids }) => ids),
    end,
    ...(problem === undefined ? {} : { problem })
  })
  for (;;) {
    const exchange = yield* send(pageRequest(operation, lists, { ...query, after }))
    const read = toPage(lists, exchange)
    // Some servers have no page after the last one.
    if (pages.length > 0 && exchange.response.status === 404 && !Pagination.isExplicit(lists.pagination))
      return finish("last")
    if (Result.isFailure(read)) return finish("unreadable", { exchange, message: read.failure })
    const page = read.success
    const before = pages.at(-1)
    pages.push(page)
    count += page.rows.length
    if (page.next === null) return finish("last")
    if (seen.has(page.next))
      return finish("repeated-cursor", { exchange, message: `the cursor ${page.next} was returned twice` })
    if (page.ids.length > 0 && before !== undefined && Equal.equals(page.ids, before.ids))
      return finish("repeated-cursor", { exchange, message: "the page has the same rows as the page before" })
    if (page.rows.length === 0) {
      return finish("empty-page", { exchange, message: "an empty page has a cursor to a next page" })
    }
    if (count >= maxRows) return finish("row-limit")
    seen.add(page.next)
    after = page.next
  }
})

/**
 * Returns the rows of a list, which is read once for all laws.
 *
 * **Example** (Counting the known rows of a list)
 *
 * ```ts
 * import type { ApiOperation } from "@effect-workos/contract-engine/ApiOperation"
 * import * as Sampling from "@effect-workos/contract-engine/Sampling"
 * import { Session } from "@effect-workos/contract-engine/Session"
 * import * as Effect from "effect/Effect"
 *
 * const countRows = (operation: ApiOperation) =>
 *   Effect.gen(function* () {
 *     const lists = Sampling.listsOf(operation, (yield* Session).description.conventions)
 *     if (lists === undefined) return 0
 *     const { known } = yield* Sampling.listing(operation, lists)
 *     return known.descending.length
 *   })
 * ```
 */
export const listing = (operation: ApiOperation.ApiOperation, lists: Lists): Effect.Effect<Listing, never, Session> =>
  // The first caller reads the list, so the pages are counted by the callers that use them.
  Effect.flatMap(Session, ({ listings }) =>
    operation.params.length > 0
      ? Effect.succeed(unreadableList("no row of another list is known in which this list is nested"))
      : listings.get(operation.id, Workers.servedFirst(withoutCounting(read(operation, lists))))
  )

/**
 * Returns the traversals of a list. Fails with `CannotCheck` if the list could not be read.
 */
export const traversalsOf = Effect.fnUntraced(function* (operation: ApiOperation.ApiOperation) {
  const { description } = yield* Session
  const lists = listsOf(operation, description.conventions)
  if (lists === undefined) return yield* notAList
  const { traversals, unreadable } = yield* listing(operation, lists)
  if (unreadable !== undefined) return yield* new CannotCheck({ reason: unreadable })
  yield* countPages(traversals)
  const orders: ReadonlyArray<Order> = ["descending", "ascending"]
  return orders.flatMap((order) => {
    const traversal = traversals[order]
    return traversal === undefined ? [] : [{ traversal, lists, order }]
  })
})

/**
 * Adds the pages of traversals to the request count of the current check.
 */
export const countPages = (traversals: Listing["traversals"]): Effect.Effect<void> =>
  countRequests(Object.values(traversals).reduce((sum, { pages }) => sum + pages.length, 0))

/**
 * Reads a list again, and returns whether its rows changed.
 */
export const refresh = Effect.fnUntraced(function* (operation: ApiOperation.ApiOperation, lists: Lists) {
  const { listings, noteChange } = yield* Session
  const before = yield* listing(operation, lists)
  listings.invalidate(operation.id)
  const after = yield* listing(operation, lists)
  // Each order is compared separately, since rows may change between the two traversals.
  const rows = ({ traversals }: Listing) => Object.values(traversals).map((traversal) => byId(traversal.rows, lists))
  const hasChanged =
    !Equal.equals(rows(before), rows(after)) &&
    !(before.isComplete && after.isComplete && hasReturned([before, after].flatMap((listing) => traversalsIn(listing))))
  if (hasChanged) yield* noteChange
  return hasChanged
})

// In the order in which they ran.
const traversalsIn = ({ traversals: { ascending, descending } }: Listing): ReadonlyArray<Traversal> =>
  [descending, ascending].filter((traversal) => traversal !== undefined)

// A row that disappears and returns was not deleted: the server omits the row from some responses, which is no change
// of the data.
const hasReturned = (traversals: ReadonlyArray<Traversal>): boolean => {
  const seen = new Set<string>()
  const missing = new Set<string>()
  return traversals.some(({ ids }) => {
    if (ids.some((id) => missing.has(id))) return true
    const current = new Set(ids)
    for (const id of seen) if (!current.has(id)) missing.add(id)
    for (const id of ids) seen.add(id)
    return false
  })
}

const byId = (rows: ReadonlyArray<Row>, lists: Lists): ReadonlyArray<Row> =>
  rows.toSorted((a, b) => (String(a[lists.id]) < String(b[lists.id]) ? -1 : 1))

const read = (operation: ApiOperation.ApiOperation, lists: Lists): Effect.Effect<Listing, never, Session> =>
  Effect.gen(function* () {
    const { settings } = yield* Session
    const from = (order: Order) => paginate(operation, lists, { order, limit: lists.limit.maximum }, settings.maxRows)
    const descending = yield* from("descending")
    const ascending = lists.order === undefined ? undefined : yield* from("ascending")
    const traversals = { descending, ...(ascending === undefined ? {} : { ascending }) }
    const down = unique(descending.rows, lists)
    const up = ascending === undefined ? down.toReversed() : unique(ascending.rows, lists)
    const isComplete = Object.values(traversals).every(({ end }) => end !== "row-limit" && end !== "unreadable")
    const unreadable = Object.values(traversals).find(({ end }) => end === "unreadable")?.problem?.message
    return {
      known: isComplete && !hasSameRows(up, down, lists) ? merge(up, down, lists) : { ascending: up, descending: down },
      isComplete,
      traversals,
      ...(unreadable === undefined ? {} : { unreadable })
    }
  }).pipe(
    Effect.catchTag("NoResponse", ({ message, request }) =>
      Effect.succeed(unreadableList(`${describe(request)}: ${message}`))
    )
  )

const unreadableList = (unreadable: string): Listing => ({
  known: { ascending: [], descending: [] },
  isComplete: false,
  traversals: {},
  unreadable
})

const unique = (rows: ReadonlyArray<Row>, { id }: Lists): ReadonlyArray<Row> => [
  ...new Map(rows.map((row) => [row[id], row])).values()
]

// Returns whether two traversals have the same rows. If so, each order is kept as it was read: rows with equal timestamps
// have no documented order, and another law compares both orders.
const hasSameRows = (some: ReadonlyArray<Row>, others: ReadonlyArray<Row>, { id }: Lists): boolean => {
  const ids = new Set(some.map((row) => row[id]))
  return ids.size === others.length && others.every((row) => ids.has(row[id]))
}

// The union of both traversals, in ascending order. A page that omits a row most likely does so in one direction only,
// so the other traversal reveals the row.
const merge = (up: ReadonlyArray<Row>, down: ReadonlyArray<Row>, lists: Lists): Listing["known"] => {
  const { created, id } = lists
  const seen = new Set(up.map((row) => row[id]))
  const missed = down.filter((row) => !seen.has(row[id])).toReversed()
  const instant = (row: Row) => String(created === undefined ? "" : row[created])
  const ascending = [...up]
  for (const row of missed) {
    const position = ascending.findIndex((other) => instant(other) > instant(row))
    ascending.splice(position === -1 ? ascending.length : position, 0, row)
  }
  return { ascending, descending: ascending.toReversed() }
}

/**
 * Returns the distinct texts of a field at any depth of the first rows.
 */
export const fieldValues = (rows: ReadonlyArray<Row>, name: string, limit = 500): ReadonlyArray<string> => [
  ...new Set(rows.slice(0, limit).flatMap((row) => textsOf(row).get(name) ?? []))
]

// Every operation needs the texts of the same rows for each of its parameters.
const textsOf = memoize((row: Row): ReadonlyMap<string, ReadonlyArray<string>> => {
  const found = new Map<string, Array<string>>()
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit)
    else if (isRow(value)) {
      for (const [key, inner] of Object.entries(value)) {
        if (typeof inner !== "string") visit(inner)
        else {
          const values = found.get(key)
          if (values === undefined) found.set(key, [inner])
          else values.push(inner)
        }
      }
    }
  }
  visit(row)
  return found
})

/**
 * Returns the rows of all lists that could be read.
 */
export const rowsOf = (
  operations: ReadonlyArray<ApiOperation.ApiOperation>,
  conventions: ApiConventions
): Effect.Effect<ReadonlyArray<Row>, never, Session> =>
  Effect.map(rowsWithIds(operations, conventions), (known) => known.map(({ row }) => row))

/**
 * Returns the ids of the rows of all lists that could be read.
 */
export const idsOf = (
  operations: ReadonlyArray<ApiOperation.ApiOperation>,
  conventions: ApiConventions
): Effect.Effect<ReadonlyArray<string>, never, Session> =>
  Effect.map(rowsWithIds(operations, conventions), (known) => known.map(({ id }) => id))

const rowsWithIds = (operations: ReadonlyArray<ApiOperation.ApiOperation>, conventions: ApiConventions) =>
  Effect.map(
    Effect.forEach(operations, (operation) => {
      const lists = listsOf(operation, conventions)
      return lists === undefined
        ? Effect.succeed([])
        : Effect.map(listing(operation, lists), ({ known }) =>
            known.descending.map((row) => ({ row, id: String(row[lists.id]) }))
          )
    }),
    (rows) => rows.flat()
  )
