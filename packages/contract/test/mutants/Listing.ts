// The emulator's lists, divided into replaceable steps.
//
// Faults of order, filters and cursors are consistent within a server: its pages follow from each other, but not as
// documented. A mutant replaces one of the steps. Without a replacement the steps are the emulator's list, which the
// catalogue's tests verify.
import { Connection, ConnectionTypeFilter, fromFilter } from "@effect-workos/domain/sso/Connection"
import type { Store } from "@effect-workos/emulator/Store"
import * as Schema from "effect/Schema"
import { type ParsedRequest, filterNames, type Mutate, rewriteJson, type Row } from "./Mutant.ts"

/** A filter with its value. */
export type Filter = readonly [name: (typeof filterNames)[number], value: string]

/**
 * A parsed request for a list; `after` and `before` are as in the orders `asc` and `desc`.
 */
export interface Query {
  readonly parsed: ParsedRequest
  readonly limit: number
  readonly order: "asc" | "desc" | "normal"
  readonly filters: ReadonlyArray<Filter>
  readonly after: Connection | undefined
  readonly before: Connection | undefined
  readonly cursor: Connection | undefined
}

/**
 * The rows of a page: `rows` from `start` to `end`.
 */
export interface Slice {
  readonly rows: ReadonlyArray<Connection>
  readonly start: number
  readonly end: number
}

export interface Cursors {
  readonly before: string | null
  readonly after: string | null
}

/**
 * The steps of listing a page.
 *
 * **Details**
 *
 * - `limit`: returns the number of rows of a page.
 * - `everything`: returns all rows, oldest first.
 * - `arrange`: sorts the rows.
 * - `matches`: returns whether a row matches the filters.
 * - `narrow`: returns some of the matching rows.
 * - `slice`: returns the rows of a page.
 * - `cursors`: returns the cursors of a page.
 */
export interface Steps {
  readonly limit: (query: Query) => number
  readonly everything: (store: Store["Service"]) => ReadonlyArray<Connection>
  readonly arrange: (rows: ReadonlyArray<Connection>, query: Query) => ReadonlyArray<Connection>
  readonly matches: (row: Connection, filters: ReadonlyArray<Filter>, query: Query) => boolean
  readonly narrow: (rows: ReadonlyArray<Connection>, query: Query) => ReadonlyArray<Connection>
  readonly slice: (slice: Slice, query: Query) => Slice
  readonly cursors: (cursors: Cursors, slice: Slice, query: Query) => Cursors
}

/**
 * Returns whether a row matches a filter.
 */
export const matchesFilter = (row: Connection, [name, value]: Filter): boolean => {
  switch (name) {
    case "connection_type":
      return Schema.is(ConnectionTypeFilter)(value) && row.connectionType === fromFilter(value)
    case "organization_id":
      return row.organizationId === value
    case "domain":
      return row.domains.some(({ domain }) => domain.toLowerCase() === value.toLowerCase())
    case "search":
      return row.name.toLowerCase().includes(value.toLowerCase())
  }
}

/**
 * The value of a filter, if given.
 */
export const valueOf = ({ filters }: Query, name: Filter[0]): string | undefined =>
  filters.find((filter) => filter[0] === name)?.[1]

/**
 * The steps of the conforming emulator.
 */
export const conforming: Steps = {
  limit: ({ limit }) => limit,
  everything: ({ connections }) => connections.rows,
  arrange: (rows, { order }) => (order === "asc" ? rows : rows.toReversed()),
  matches: (row, filters) => filters.every((filter) => matchesFilter(row, filter)),
  narrow: (rows) => rows,
  slice: (slice) => slice,
  cursors: (cursors) => cursors
}

/**
 * Replaces steps of a list. Requests that the emulator refuses are still refused.
 */
export const relist = (changes: Partial<Steps>): Mutate => relistWith(() => changes)

/**
 * Replaces steps of a list, with access to the store.
 */
export const relistWith = (changes: (store: Store["Service"]) => Partial<Steps>): Mutate => {
  const mutate: Mutate = (fetch, store) => {
    const steps = { ...conforming, ...changes(store) }
    return rewriteJson("connections.list", 200, (_, parsed) => makePage(steps, parseQuery(parsed, store), store))(
      fetch,
      store
    )
  }
  return mutate
}

const parseQuery = (parsed: ParsedRequest, { connections }: Store["Service"]): Query => {
  const named = parsed.query.get("order")
  const order = named === "asc" || named === "normal" ? named : "desc"
  const cursor = (name: string) => {
    const id = parsed.query.get(name)
    return id === null ? undefined : connections.get(id)
  }
  const [after, before] = order === "normal" ? ["before", "after"] : ["after", "before"]
  const query = { after: cursor(after), before: cursor(before) }
  return {
    ...query,
    parsed,
    limit: Number(parsed.query.get("limit") ?? 10),
    order,
    cursor: query.after ?? query.before,
    filters: filterNames.flatMap((name): ReadonlyArray<Filter> => {
      const value = parsed.query.get(name)
      return value === null ? [] : [[name, value]]
    })
  }
}

const makePage = (steps: Steps, query: Query, store: Store["Service"]) => {
  const limit = steps.limit(query)
  const arranged = steps.arrange(steps.everything(store), query)
  const isMatching = (row: Connection) => steps.matches(row, query.filters, query)
  const rows = steps.narrow(arranged.filter(isMatching), query)

  const place = query.cursor === undefined ? -1 : arranged.findIndex(({ id }) => id === query.cursor?.id)
  const listed = new Set(rows.map(({ id }) => id))
  const preceding = arranged.slice(0, Math.max(place, 0)).filter(({ id }) => listed.has(id)).length
  const isListed = query.cursor !== undefined && listed.has(query.cursor.id)
  const start = query.before === undefined ? preceding + (isListed ? 1 : 0) : Math.max(preceding - limit, 0)
  const end = query.before === undefined ? Math.min(start + limit, rows.length) : preceding

  const slice = steps.slice({ rows, start, end }, query)
  const data = slice.rows.slice(slice.start, slice.end)
  const { after, before } = steps.cursors(
    {
      before: slice.start > 0 ? (data.at(0)?.id ?? null) : null,
      after: slice.end < slice.rows.length ? (data.at(-1)?.id ?? null) : null
    },
    slice,
    query
  )
  return {
    object: "list",
    data: data.map(rowOf),
    list_metadata: query.order === "normal" ? { before: after, after: before } : { before, after }
  }
}

const encode = Schema.encodeSync(Connection)
const encoded = new WeakMap<Connection, Row>()

/**
 * A connection in its wire form.
 */
export const rowOf = (connection: Connection): Row => {
  const known = encoded.get(connection)
  if (known !== undefined) return known
  const row = encode(connection)
  encoded.set(connection, row)
  return row
}
