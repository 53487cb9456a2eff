// A table of resources, kept in the order of their creation.
//
// A page costs what it holds, however many rows there are: rows lie sorted by creation time and id, a cursor is found by
// bisection, and equality filters walk an index of their own instead of the whole table.
import type * as DateTime from "effect/DateTime"

/**
 * What a table needs to know of a resource. Resources created in the same millisecond are ordered by id.
 */
export interface Row {
  readonly id: string
  readonly createdAt: DateTime.Utc
}

/**
 * The values that a row is found by, for each index.
 */
export type Indexes<A, Name extends string> = Readonly<Record<Name, (row: A) => ReadonlyArray<string>>>

/**
 * One page: where it starts, how long it is, and which rows count.
 */
export interface PageRequest<A, Name extends string> {
  readonly ascending: boolean
  readonly limit: number
  /** The page that follows this row. */
  readonly after?: A | undefined
  /** The page that precedes this row. Not together with `after`. */
  readonly before?: A | undefined
  /** The value that rows must have in an index, or those of which they must have one. */
  readonly where: ReadonlyArray<readonly [index: Name, value: string | ReadonlyArray<string>]>
  /** The milliseconds since 1970 in which rows must have been created: from the first on, and before the second. */
  readonly between?: readonly [from: number, until: number] | undefined
  /** What rows must satisfy besides. */
  readonly matches: (row: A) => boolean
}

/**
 * The rows of a page, in the order asked for, and the ids at its ends where there are rows beyond them.
 */
interface Page<A extends Row> {
  readonly data: ReadonlyArray<A>
  readonly before: A["id"] | null
  readonly after: A["id"] | null
}

export interface Table<A extends Row, Name extends string> {
  /** All rows, oldest first. */
  readonly rows: ReadonlyArray<A>
  readonly get: (id: string) => A | undefined
  /** The rows that have a value in an index now, oldest first. */
  readonly findBy: (index: Name, value: string) => ReadonlyArray<A>
  /** Adds a row, in place of the one with its id if there is one. */
  readonly set: (row: A) => void
  /** Says whether there was such a row. */
  readonly remove: (id: string) => boolean
  readonly page: (request: PageRequest<A, Name>) => Page<A>
}

const precedes = (a: Row, b: Row): boolean =>
  a.createdAt.epochMilliseconds < b.createdAt.epochMilliseconds ||
  (a.createdAt.epochMilliseconds === b.createdAt.epochMilliseconds && a.id < b.id)

const byCreation = (a: Row, b: Row): number => (precedes(a, b) ? -1 : precedes(b, a) ? 1 : 0)

// The position of the first row that `isBehind`, which holds for all rows from some row on.
const firstOf = (rows: ReadonlyArray<Row>, isBehind: (row: Row) => boolean): number => {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isBehind(rows[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}

// The position of the first row that does not precede `row`.
const positionOf = (rows: ReadonlyArray<Row>, row: Row): number => firstOf(rows, (other) => !precedes(other, row))

/**
 * What is told of each change, when it is done: the row that was there before, and the one that is there now.
 */
export type OnChange<A> = (before: A | undefined, after: A | undefined) => void

/**
 * A table with these rows, which may come in any order, and these indexes.
 */
export const make = <A extends Row, Name extends string>(
  initial: Iterable<A>,
  indexes: Indexes<A, Name>,
  onChange: OnChange<A> = () => {}
): Table<A, Name> => {
  const byId = new Map<string, A>()
  for (const row of initial) byId.set(row.id, row)
  const rows = [...byId.values()].toSorted(byCreation)

  const names = Object.keys(indexes) as Array<Name>
  const found = new Map<string, Array<A>>()
  const listOf = (name: Name, value: string): ReadonlyArray<A> => found.get(keyOf(name, value)) ?? []
  const keysOf = (row: A) =>
    names.flatMap((name) => Array.from(new Set(indexes[name](row)), (value) => keyOf(name, value)))
  for (const row of rows) {
    for (const key of keysOf(row)) {
      const list = found.get(key)
      if (list === undefined) found.set(key, [row])
      else list.push(row)
    }
  }

  const takeOut = (id: string): A | undefined => {
    const row = byId.get(id)
    if (row === undefined) return undefined
    byId.delete(id)
    rows.splice(positionOf(rows, row), 1)
    for (const key of keysOf(row)) {
      const list = found.get(key)!
      list.splice(positionOf(list, row), 1)
      if (list.length === 0) found.delete(key)
    }
    return row
  }

  const remove = (id: string): boolean => {
    const row = takeOut(id)
    if (row === undefined) return false
    onChange(row, undefined)
    return true
  }

  const set = (row: A): void => {
    const before = takeOut(row.id)
    byId.set(row.id, row)
    rows.splice(positionOf(rows, row), 0, row)
    for (const key of keysOf(row)) {
      const list = found.get(key) ?? []
      list.splice(positionOf(list, row), 0, row)
      found.set(key, list)
    }
    onChange(before, row)
  }

  const page = ({ after, ascending, before, between, limit, matches, where }: PageRequest<A, Name>): Page<A> => {
    const conditions = where.map(([name, value]) => [name, typeof value === "string" ? [value] : value] as const)
    // The fewest rows among which all of the page are; the other conditions are left to `meets`.
    const candidates = conditions
      .map(([name, values]) => [...new Set(values)].map((value) => listOf(name, value)))
      .reduce<ReadonlyArray<ReadonlyArray<A>>>((a, b) => (lengthOf(b) < lengthOf(a) ? b : a), [rows])
    const meets = (row: A): boolean =>
      conditions.every(([name, values]) => indexes[name](row).some((value) => values.includes(value))) && matches(row)
    const nextOf = (walk: () => A | undefined): A | undefined => {
      let row = walk()
      while (row !== undefined && !meets(row)) row = walk()
      return row
    }

    const forward = before === undefined
    const isAscending = ascending === forward
    const cursor = after ?? before
    const ahead = walkOf(candidates, { ascending: isAscending, between, from: cursor, inclusive: false })

    const data: Array<A> = []
    while (data.length < limit) {
      const row = nextOf(ahead)
      if (row === undefined) break
      data.push(row)
    }
    if (data.length === 0) return { data, before: null, after: null }
    const beyond = nextOf(ahead) !== undefined
    const behind =
      cursor !== undefined &&
      nextOf(walkOf(candidates, { ascending: !isAscending, between, from: cursor, inclusive: true })) !== undefined
    if (!forward) data.reverse()
    return {
      data,
      before: (forward ? behind : beyond) ? data[0]!.id : null,
      after: (forward ? beyond : behind) ? data[data.length - 1]!.id : null
    }
  }

  return { rows, get: (id) => byId.get(id), findBy: (name, value) => listOf(name, value).slice(), set, remove, page }
}

const keyOf = (name: string, value: string): string => `${name}=${value}`

const lengthOf = (lists: ReadonlyArray<ReadonlyArray<unknown>>): number =>
  lists.reduce((sum, { length }) => sum + length, 0)

// -----------------------------------------------------------------------------
// Walks
// -----------------------------------------------------------------------------

interface Walk {
  readonly ascending: boolean
  readonly between: readonly [from: number, until: number] | undefined
  /** Where it starts; at an end where nothing is said. Such a row need not be in any of the lists. */
  readonly from: Row | undefined
  /** Whether `from` itself is on the way. */
  readonly inclusive: boolean
}

// Walks through several lists as if they were one, a row at a time. A row that is in several of them comes once.
const walkOf = <A extends Row>(lists: ReadonlyArray<ReadonlyArray<A>>, walk: Walk): (() => A | undefined) => {
  const step = walk.ascending ? 1 : -1
  const ways = lists.map((list) => {
    const [low, high] =
      walk.between === undefined ? [0, list.length] : walk.between.map((time) => firstOf(list, isSince(time)))
    return { list, low: low ?? 0, high: high ?? 0, at: startOf(list, walk) }
  })
  for (const way of ways) way.at = walk.ascending ? Math.max(way.at, way.low) : Math.min(way.at, way.high - 1)

  return () => {
    let next: A | undefined
    for (const { at, high, list, low } of ways) {
      const row = at >= low && at < high ? list[at] : undefined
      if (row !== undefined && (next === undefined || precedes(row, next) === walk.ascending)) next = row
    }
    if (next !== undefined) for (const way of ways) if (way.list[way.at]?.id === next.id) way.at += step
    return next
  }
}

const isSince =
  (time: number) =>
  ({ createdAt }: Row): boolean =>
    createdAt.epochMilliseconds >= time

const startOf = (list: ReadonlyArray<Row>, { ascending, from, inclusive }: Walk): number => {
  if (from === undefined) return ascending ? 0 : list.length - 1
  const at = positionOf(list, from)
  // A row that is not in the list stands between two that are.
  const isIn = list[at]?.id === from.id
  if (ascending) return isIn && !inclusive ? at + 1 : at
  return isIn && inclusive ? at : at - 1
}
