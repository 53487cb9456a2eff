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
  /** The value that rows must have in an index. */
  readonly where: ReadonlyArray<readonly [index: Name, value: string]>
  /** What rows must satisfy besides. */
  readonly matches: (row: A) => boolean
}

/**
 * The rows of a page, in the order asked for, and the ids at its ends where there are rows beyond them.
 */
export interface Page<A extends Row> {
  readonly data: ReadonlyArray<A>
  readonly before: A["id"] | null
  readonly after: A["id"] | null
}

export interface Table<A extends Row, Name extends string> {
  /** All rows, oldest first. */
  readonly rows: ReadonlyArray<A>
  readonly get: (id: string) => A | undefined
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

// The position of the first row that does not precede `row`.
const positionOf = (rows: ReadonlyArray<Row>, row: Row): number => {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (precedes(rows[middle]!, row)) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * A table with these rows, which may come in any order, and these indexes.
 */
export const make = <A extends Row, Name extends string>(
  initial: Iterable<A>,
  indexes: Indexes<A, Name>
): Table<A, Name> => {
  const byId = new Map<string, A>()
  for (const row of initial) byId.set(row.id, row)
  const rows = [...byId.values()].toSorted(byCreation)

  const names = Object.keys(indexes) as Array<Name>
  const found = new Map<string, Array<A>>()
  const keysOf = (row: A) =>
    names.flatMap((name) => Array.from(new Set(indexes[name](row)), (value) => keyOf(name, value)))
  for (const row of rows) {
    for (const key of keysOf(row)) {
      const list = found.get(key)
      if (list === undefined) found.set(key, [row])
      else list.push(row)
    }
  }

  const remove = (id: string): boolean => {
    const row = byId.get(id)
    if (row === undefined) return false
    byId.delete(id)
    rows.splice(positionOf(rows, row), 1)
    for (const key of keysOf(row)) {
      const list = found.get(key)!
      list.splice(positionOf(list, row), 1)
      if (list.length === 0) found.delete(key)
    }
    return true
  }

  const set = (row: A): void => {
    remove(row.id)
    byId.set(row.id, row)
    rows.splice(positionOf(rows, row), 0, row)
    for (const key of keysOf(row)) {
      const list = found.get(key) ?? []
      list.splice(positionOf(list, row), 0, row)
      found.set(key, list)
    }
  }

  const page = ({ after, ascending, before, limit, matches, where }: PageRequest<A, Name>): Page<A> => {
    // The shortest list that holds all rows of the page; the other conditions are left to `meets`.
    const lists = where.map(([name, value]) => found.get(keyOf(name, value)) ?? [])
    const candidates = lists.reduce<ReadonlyArray<A>>((a, b) => (b.length < a.length ? b : a), rows)
    const meets = (row: A): boolean =>
      where.every(([name, value]) => indexes[name](row).includes(value)) && matches(row)
    const isAnyFrom = (position: number, step: number): boolean => {
      for (let i = position; i >= 0 && i < candidates.length; i += step) if (meets(candidates[i]!)) return true
      return false
    }

    const forward = before === undefined
    const step = ascending === forward ? 1 : -1
    const cursor = after ?? before
    const at = cursor === undefined ? -1 : positionOf(candidates, cursor)
    // A cursor may point at a row that is not among the candidates, and then stands between two of them.
    const onCursor = cursor !== undefined && candidates[at]?.id === cursor.id
    const start =
      cursor === undefined ? (step === 1 ? 0 : candidates.length - 1) : step === 1 ? at + (onCursor ? 1 : 0) : at - 1

    const data: Array<A> = []
    let position = start
    for (; position >= 0 && position < candidates.length && data.length < limit; position += step) {
      const row = candidates[position]!
      if (meets(row)) data.push(row)
    }
    if (data.length === 0) return { data, before: null, after: null }
    const beyond = isAnyFrom(position, step)
    const behind = isAnyFrom(start - step, -step)
    if (!forward) data.reverse()
    return {
      data,
      before: (forward ? behind : beyond) ? data[0]!.id : null,
      after: (forward ? beyond : behind) ? data[data.length - 1]!.id : null
    }
  }

  return { rows, get: (id) => byId.get(id), set, remove, page }
}

const keyOf = (name: string, value: string): string => `${name}=${value}`
