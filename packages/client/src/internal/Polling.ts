// Polling of a list that grows at its end: all rows from a start, and then new rows as they are created.
//
// Each request lists the rows after the last one. A program that stores the id of each row that it has handled misses no
// row while it is stopped, and receives no row twice.
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { CursorRepeated } from "../ClientError.ts"
import * as Pages from "./Pages.ts"

/**
 * The intervals between requests.
 *
 * **Details**
 *
 * - `interval`: the wait after a page without new rows. Defaults to one second. The wait doubles after each such page or
 *   failed request, and is reset after the next new row.
 * - `maxInterval`: the longest wait, and so the longest delay of a row. Defaults to 30 seconds.
 */
export interface Intervals {
  readonly interval?: Duration.Input | undefined
  readonly maxInterval?: Duration.Input | undefined
}

/** A start: after a row, or at a time in milliseconds since 1970. */
export type From = { readonly after: string } | { readonly since: number }

/** A page of a growing list: the valid rows, oldest first, and the cursor of the next page. */
interface Page<Row> {
  readonly rows: ReadonlyArray<Row>
  /** True if the page has no rows, not even invalid ones. */
  readonly isEmpty: boolean
  readonly next: string | null
}

/** The id of a row, and the time of its creation in milliseconds since 1970, if known. */
export interface RowKey {
  readonly id: string
  readonly created: number | undefined
}

/** A list that can be followed. */
export interface Source<Row, E, R> {
  readonly operation: string
  readonly fetch: (from: From) => Effect.Effect<Page<Row>, E, R>
  readonly keyOf: (row: Row) => RowKey
  /** Tests whether the server accepts an id as a cursor. */
  readonly isCursor: (id: string) => boolean
  /** Returns the time of creation that an id contains, if any. */
  readonly createdBy: (id: string) => number | undefined
  /** Tests whether a retry may succeed. `hasSucceeded` is true after the first successful request. */
  readonly isTemporary: (error: E, hasSucceeded: boolean) => boolean
  /** Tests whether the server does not know the position, or no longer does. */
  readonly isLost: (error: E) => boolean
}

/**
 * Streams all rows from a start, and then new rows as they are created.
 *
 * **Details**
 *
 * At most one page is fetched ahead. After a temporary error, the stream logs a warning and sends the request again. Rows
 * that were emitted recently are omitted. Fails with `CursorRepeated` if a page contains only rows that were emitted
 * before or are much older: the server does not know the position and returns the list from the beginning.
 */
export const rows = <Row, E extends { readonly message: string }, R>(
  { createdBy, fetch, isCursor, isLost, keyOf, isTemporary, operation }: Source<Row, E, R>,
  start: From,
  intervals: Intervals
): Stream.Stream<Row, E | CursorRepeated, R> =>
  Stream.suspend(() => {
    // A minimum protects the server from programs with an interval of 0.
    const interval = Duration.max(Duration.millis(10), Duration.fromInputUnsafe(intervals.interval ?? "1 second"))
    const maxInterval = Duration.max(interval, Duration.fromInputUnsafe(intervals.maxInterval ?? "30 seconds"))
    const recent = makeRecent()
    let hasSucceeded = false

    const initialPosition = (): Position => {
      if ("since" in start) return { from: start, created: start.since, isAtEnd: false }
      recent.isNew(start.after)
      return { from: start, created: createdBy(start.after) ?? -Infinity, isAtEnd: false }
    }

    // Pages may contain rows that are older than the start.
    const earliest = "since" in start ? start.since : -Infinity

    // The result is `undefined` if the server returned the list from the beginning.
    const readPage = ({ created, from }: Position, { next, rows }: Page<Row>): NewRows<Row> | undefined => {
      const newRows: Array<Row> = []
      let isOld = rows.length > 0
      let isKnown = true
      let newest = created
      let last: string | undefined
      for (const row of rows) {
        const { created: rowCreated = created, id } = keyOf(row)
        isOld &&= rowCreated < created - maxReordering
        newest = Math.max(newest, rowCreated)
        if (isCursor(id)) last = id
        if (!recent.isNew(id)) continue
        isKnown = false
        if (rowCreated >= earliest) newRows.push(row)
      }
      if (isOld || (isKnown && last !== undefined && "after" in from)) return undefined
      // A page can consist of rows whose ids are not cursors.
      const cursor = last ?? (next !== null && isCursor(next) ? next : undefined)
      return {
        rows: newRows,
        position: {
          from: cursor === undefined ? from : { after: cursor },
          created: newest,
          isAtEnd: next === null || cursor === undefined
        }
      }
    }

    const fetchNewRows = Effect.fnUntraced(function* (
      start: Position
    ): Effect.fn.Return<NewRows<Row>, E | CursorRepeated, R> {
      let position = start
      let wait = interval
      if (position.isAtEnd) yield* Effect.sleep(wait)
      while (true) {
        const now = yield* Clock.currentTimeMillis
        const result = yield* Effect.result(fetch(position.from))
        if (result._tag === "Success") {
          hasSucceeded = true
          if (!result.success.isEmpty) {
            const found = readPage(position, result.success)
            if (found === undefined) return yield* cursorRepeated(operation, position.from)
            if (found.rows.length > 0) return found
            position = found.position
            if (!position.isAtEnd) continue
          } else {
            position = withCompleteUntil(position, now - maxDelay)
          }
        } else {
          const error = result.failure
          if (position.completeUntil !== undefined && isLost(error)) {
            position = { ...position, from: { since: position.completeUntil }, completeUntil: undefined }
            continue
          }
          if (!isTemporary(error, hasSucceeded)) return yield* Effect.fail(error)
          yield* Effect.logWarning(`${error.message} The next request is sent in ${Duration.format(wait)}.`)
        }
        yield* Effect.sleep(wait)
        wait = Duration.min(maxInterval, Duration.times(wait, 2))
      }
    })

    return Pages.rows(
      Pages.prefetch(fetchNewRows(initialPosition()), ({ position }) => fetchNewRows(position)),
      (found) => found.rows
    )
  })

/** A position in the list: the last row, the time of the newest row, and whether the list ended there. */
interface Position {
  readonly from: From
  readonly created: number
  readonly isAtEnd: boolean
  /** All rows that were created before this time have been received. */
  readonly completeUntil?: number | undefined
}

interface NewRows<Row> {
  readonly rows: ReadonlyArray<Row>
  readonly position: Position
}

// One day. Rows may be out of order by less than that, and the first rows of a list are older.
const maxReordering = 24 * 60 * 60 * 1000

// One hour, because clocks differ and rows may be published late.
const maxDelay = 60 * 60 * 1000

// While no rows are created, the position advances in time: the server may forget the last row, and may refuse an old
// start.
const withCompleteUntil = (position: Position, time: number): Position =>
  "since" in position.from
    ? { ...position, from: { since: Math.max(position.from.since, time) } }
    : { ...position, completeUntil: time }

// The ids of the most recent rows, because a server may return a row twice.
const makeRecent = () => {
  const ids = new Set<string>()
  return {
    /** Adds an id, and tests whether it is new. */
    isNew: (id: string): boolean => {
      if (ids.has(id)) return false
      ids.add(id)
      if (ids.size > 1_000) for (const oldest of ids) return ids.delete(oldest)
      return true
    }
  }
}

const cursorRepeated = (operation: string, from: From): CursorRepeated => {
  const cursor = "after" in from ? from.after : new Date(from.since).toISOString()
  return new CursorRepeated({
    operation,
    message: `${operation}: the server does not continue after ${cursor} but returns earlier rows. Follow from a time instead.`,
    cursor
  })
}
