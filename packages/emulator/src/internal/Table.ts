// Tables of rows in order of creation, with indexes.
//
// The cost of a page does not depend on the number of rows: rows are sorted by creation time and id, cursors are found by
// binary search, and equality filters read an index.
import type * as DateTime from "effect/DateTime"

/**
 * The sort key of a row. Rows of the same millisecond are ordered by id, and rows without a time are first.
 */
export interface Row {
  readonly id: string
  readonly createdAt?: DateTime.Utc
}

/** The time of creation of a row, in milliseconds since 1970. */
export const createdMillis = ({ createdAt }: Row): number => createdAt?.epochMilliseconds ?? 0

/**
 * The values of a row in each index. A `Name` without an index is a key of the rows. Conditions on such a key read all rows.
 */
export type Indexes<A, Name extends string> = Readonly<Partial<Record<Name, (row: A) => ReadonlyArray<string>>>>

/**
 * A request for one page.
 */
export interface PageRequest<A, Name extends string> {
  readonly ascending: boolean
  readonly limit: number
  /** The page that follows this row. */
  readonly after?: A | undefined
  /** The page that precedes this row. Not together with `after`. */
  readonly before?: A | undefined
  /** Conditions on indexes: the value, or one of the values, that rows must have. */
  readonly where: ReadonlyArray<readonly [index: Name, value: string | ReadonlyArray<string>]>
  /** The range of creation times in milliseconds: from inclusive, until exclusive. */
  readonly between?: readonly [from: number, until: number] | undefined
  /** A further condition. */
  readonly matches: (row: A) => boolean
}

/**
 * The rows of a page in the requested order, and the cursors of the neighbouring pages.
 */
interface Page<A extends Row> {
  readonly data: ReadonlyArray<A>
  readonly before: A["id"] | null
  readonly after: A["id"] | null
}

/**
 * Rows in order of creation, with indexes.
 */
export interface Table<A extends Row, Name extends string> {
  /** All rows, oldest first. */
  readonly rows: ReadonlyArray<A>
  /** The row that new rows must sort after. */
  readonly newest: Row | undefined
  readonly get: (id: string) => A | undefined
  /** Returns the rows that have a value in an index, oldest first. */
  readonly findBy: (index: Name, value: string) => ReadonlyArray<A>
  /** Adds a row, or replaces the row with the same id. */
  readonly set: (row: A) => void
  /** Removes a row. Returns `false` if the id is unknown. */
  readonly remove: (id: string) => boolean
  readonly page: (request: PageRequest<A, Name>) => Page<A>
}

const precedes = (a: Row, b: Row): boolean =>
  createdMillis(a) < createdMillis(b) || (createdMillis(a) === createdMillis(b) && a.id < b.id)

/** The order of rows. */
export const byCreation = (a: Row, b: Row): number => (precedes(a, b) ? -1 : precedes(b, a) ? 1 : 0)

/** The value of a key of a row or a payload. */
export const valueOf = (row: object, key: string): unknown => Reflect.get(row, key)

// The position of the first row for which `isAfter` is true, by binary search.
const searchFirst = (rows: ReadonlyArray<Row>, isAfter: (row: Row) => boolean): number => {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isAfter(rows[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}

// The position of the first row that does not precede `row`.
const positionOf = (rows: ReadonlyArray<Row>, row: Row): number => searchFirst(rows, (other) => !precedes(other, row))

/**
 * A listener that is called after each change with the previous and the new row.
 */
export type OnChange<A> = (before: A | undefined, after: A | undefined) => void

/**
 * Makes a table with initial rows in any order, and indexes.
 */
export const make = <A extends Row, Name extends string>(
  initial: Iterable<A>,
  indexes: Indexes<A, Name>,
  onChange: OnChange<A> = () => {}
): Table<A, Name> => {
  const byId = new Map<string, A>()
  for (const row of initial) byId.set(row.id, row)
  const rows = [...byId.values()].toSorted(byCreation)

  const indexed = new Map<string, (row: A) => ReadonlyArray<string>>(Object.entries(indexes))
  const rowsByKey = new Map<string, Array<A>>()
  const valuesOf = (name: string, row: A): ReadonlyArray<unknown> => indexed.get(name)?.(row) ?? [valueOf(row, name)]
  const listOf = (name: string, value: string): ReadonlyArray<A> =>
    indexed.has(name)
      ? (rowsByKey.get(keyOf(name, value)) ?? [])
      : rows.filter((row) => valuesOf(name, row).includes(value))
  const keysOf = (row: A) =>
    [...indexed].flatMap(([name, valuesIn]) => Array.from(new Set(valuesIn(row)), (value) => keyOf(name, value)))
  for (const row of rows) {
    for (const key of keysOf(row)) {
      const list = rowsByKey.get(key)
      if (list === undefined) rowsByKey.set(key, [row])
      else list.push(row)
    }
  }

  const detach = (id: string): A | undefined => {
    const row = byId.get(id)
    if (row === undefined) return undefined
    byId.delete(id)
    rows.splice(positionOf(rows, row), 1)
    for (const key of keysOf(row)) {
      const list = rowsByKey.get(key)!
      list.splice(positionOf(list, row), 1)
      if (list.length === 0) rowsByKey.delete(key)
    }
    return row
  }

  const remove = (id: string): boolean => {
    const row = detach(id)
    if (row === undefined) return false
    onChange(row, undefined)
    return true
  }

  const set = (row: A): void => {
    const before = detach(row.id)
    byId.set(row.id, row)
    rows.splice(positionOf(rows, row), 0, row)
    for (const key of keysOf(row)) {
      const list = rowsByKey.get(key) ?? []
      list.splice(positionOf(list, row), 0, row)
      rowsByKey.set(key, list)
    }
    onChange(before, row)
  }

  const page = ({ after, ascending, before, between, limit, matches, where }: PageRequest<A, Name>): Page<A> => {
    const conditions = where.map(([name, value]) => [name, typeof value === "string" ? [value] : value] as const)
    // The condition with the fewest rows selects the candidates; `isMatch` checks the others.
    const candidates = conditions
      .filter(([name]) => indexed.has(name))
      .map(([name, values]) => [...new Set(values)].map((value) => listOf(name, value)))
      .reduce<ReadonlyArray<ReadonlyArray<A>>>((a, b) => (lengthOf(b) < lengthOf(a) ? b : a), [rows])
    const isMatch = (row: A): boolean =>
      conditions.every(([name, values]) => {
        const rowValues = valuesOf(name, row)
        return values.some((value) => rowValues.includes(value))
      }) && matches(row)
    const nextOf = (scan: () => A | undefined): A | undefined => {
      let row = scan()
      while (row !== undefined && !isMatch(row)) row = scan()
      return row
    }

    const forward = before === undefined
    const isAscending = ascending === forward
    const cursor = after ?? before
    const ahead = makeScan(candidates, { ascending: isAscending, between, from: cursor, inclusive: false })

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
      nextOf(makeScan(candidates, { ascending: !isAscending, between, from: cursor, inclusive: true })) !== undefined
    if (!forward) data.reverse()
    return {
      data,
      before: (forward ? behind : beyond) ? data[0]!.id : null,
      after: (forward ? beyond : behind) ? data[data.length - 1]!.id : null
    }
  }

  return {
    rows,
    get newest() {
      return rows.at(-1)
    },
    get: (id) => byId.get(id),
    findBy: (name, value) => listOf(name, value).slice(),
    set,
    remove,
    page
  }
}

const keyOf = (name: string, value: string): string => `${name}=${value}`

const lengthOf = (lists: ReadonlyArray<ReadonlyArray<unknown>>): number =>
  lists.reduce((sum, { length }) => sum + length, 0)

// -----------------------------------------------------------------------------
// Merging
// -----------------------------------------------------------------------------

interface Scan {
  readonly ascending: boolean
  readonly between: readonly [from: number, until: number] | undefined
  /** The row to start at, which need not be in the lists. Defaults to the first row in the direction of the scan. */
  readonly from: Row | undefined
  /** Also returns `from` itself. */
  readonly inclusive: boolean
}

// Merges several sorted lists. A row that is in several lists is returned once.
const makeScan = <A extends Row>(lists: ReadonlyArray<ReadonlyArray<A>>, scan: Scan): (() => A | undefined) => {
  const step = scan.ascending ? 1 : -1
  const [from, until] = scan.between ?? [-Infinity, Infinity]
  const readers = lists.map((list) => {
    const low = searchFirst(list, isSince(from))
    const high = searchFirst(list, isSince(until))
    const start = startOf(list, scan)
    return { list, low, high, at: scan.ascending ? Math.max(start, low) : Math.min(start, high - 1) }
  })

  return () => {
    let next: A | undefined
    for (const { at, high, list, low } of readers) {
      const row = at >= low && at < high ? list[at] : undefined
      if (row !== undefined && (next === undefined || precedes(row, next) === scan.ascending)) next = row
    }
    if (next !== undefined) for (const reader of readers) if (reader.list[reader.at]?.id === next.id) reader.at += step
    return next
  }
}

const isSince =
  (time: number) =>
  (row: Row): boolean =>
    createdMillis(row) >= time

const startOf = (list: ReadonlyArray<Row>, { ascending, from, inclusive }: Scan): number => {
  if (from === undefined) return ascending ? 0 : list.length - 1
  const at = positionOf(list, from)
  // A row that is not in the list has a position between two rows.
  const isInList = list[at]?.id === from.id
  if (ascending) return isInList && !inclusive ? at + 1 : at
  return isInList && inclusive ? at : at - 1
}
