// Polling of a list that grows at its end: all rows from a start, and then new rows as they are created.
//
// Each request asks for the rows after the last one. A program that stores the id of the row that it has handled misses no
// row while it is stopped, and sees none twice.
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { CursorRepeated } from "../ClientError.ts"
import * as Pages from "./Pages.ts"

/**
 * How often a list is requested.
 *
 * **Details**
 *
 * - `interval`: the wait after a page without new rows. Defaults to one second. It doubles with each such page or failed
 *   request, and starts again with the next new row.
 * - `maxInterval`: the longest wait, and so the longest delay with which a row is emitted. Defaults to 30 seconds.
 */
export interface Intervals {
  readonly interval?: Duration.Input | undefined
  readonly maxInterval?: Duration.Input | undefined
}

/** Where to go on: after a row, or with what was created at a time, in milliseconds since 1970, or later. */
export type From = { readonly after: string } | { readonly since: number }

/** A page of a list that grows: its rows, oldest first, and whether there are more already. */
export interface Page<Row> {
  readonly rows: ReadonlyArray<Row>
  readonly hasMore: boolean
}

/** What a row is known by, and when it was created, in milliseconds since 1970. */
export interface Mark {
  readonly id: string
  readonly created: number
}

/** A list that can be followed. */
export interface Source<Row, E, R> {
  readonly operation: string
  readonly fetch: (from: From) => Effect.Effect<Page<Row>, E, R>
  readonly markOf: (row: Row) => Mark
  /** When a row was created, by its id, where that tells. */
  readonly createdBy: (id: string) => number | undefined
  /** Whether what went wrong may be over the next time; `hasBegun` where the server has answered before. */
  readonly isTemporary: (error: E, hasBegun: boolean) => boolean
  /** Whether it went wrong because the server does not know, or no longer knows, the place. */
  readonly isLost: (error: E) => boolean
}

/**
 * All rows from a place on, and then those that come.
 *
 * **Details**
 *
 * While a page is consumed the next one is fetched, and no more than that. What may be over the next time does not end the
 * stream: there is a warning, and the list is asked again. A row that came a moment ago is left out. Fails with
 * `CursorRepeated` where the server gives nothing but rows that came before, or are much older: it does not know the
 * place, and begins anew.
 */
export const rows = <Row, E extends { readonly message: string }, R>(
  { createdBy, fetch, isLost, markOf, isTemporary, operation }: Source<Row, E, R>,
  start: From,
  intervals: Intervals
): Stream.Stream<Row, E | CursorRepeated, R> =>
  Stream.suspend(() => {
    // However impatient the program is, it leaves the server a moment.
    const interval = Duration.max(Duration.millis(10), Duration.fromInputUnsafe(intervals.interval ?? "1 second"))
    const maxInterval = Duration.max(interval, Duration.fromInputUnsafe(intervals.maxInterval ?? "30 seconds"))
    const recent = makeRecent()
    let hasBegun = false

    const begin = (): Place => {
      if ("since" in start) return { from: start, created: start.since, isAtEnd: false }
      recent.isNews(start.after)
      return { from: start, created: createdBy(start.after) ?? -Infinity, isAtEnd: false }
    }

    // What came before the start, where that is a time, is not asked for.
    const earliest = "since" in start ? start.since : -Infinity

    // What came is news, or nothing but what was known and is to be gone on after, or comes from the beginning.
    const take = ({ created, from }: Place, { hasMore, rows }: Page<Row>): Found<Row> | undefined => {
      const news: Array<Row> = []
      let isOld = true
      let isKnown = true
      let newest = created
      let last = ""
      for (const row of rows) {
        const mark = markOf(row)
        isOld &&= mark.created < created - slack
        newest = Math.max(newest, mark.created)
        last = mark.id
        if (!recent.isNews(mark.id)) continue
        isKnown = false
        if (mark.created >= earliest) news.push(row)
      }
      if (isOld || (isKnown && "after" in from)) return undefined
      return { rows: news, place: { from: { after: last }, created: newest, isAtEnd: !hasMore } }
    }

    // A page with news in it, however long it takes until there is one.
    const awaited = Effect.fnUntraced(function* (start: Place): Effect.fn.Return<Found<Row>, E | CursorRepeated, R> {
      let place = start
      let wait = interval
      if (place.isAtEnd) yield* Effect.sleep(wait)
      while (true) {
        const now = yield* Clock.currentTimeMillis
        const result = yield* Effect.result(fetch(place.from))
        if (result._tag === "Success") {
          hasBegun = true
          if (result.success.rows.length > 0) {
            const found = take(place, result.success)
            if (found === undefined) return yield* startedAgain(operation, place.from)
            if (found.rows.length > 0) return found
            place = found.place
            if (!place.isAtEnd) continue
          } else {
            place = quiet(place, now - doubt)
          }
        } else {
          const error = result.failure
          if (place.quietUntil !== undefined && isLost(error)) {
            place = { ...place, from: { since: place.quietUntil }, quietUntil: undefined }
            continue
          }
          if (!isTemporary(error, hasBegun)) return yield* Effect.fail(error)
          yield* Effect.logWarning(`${error.message} Going on in ${Duration.format(wait)}.`)
        }
        yield* Effect.sleep(wait)
        wait = Duration.min(maxInterval, Duration.times(wait, 2))
      }
    })

    return Pages.rows(
      Pages.walk(awaited(begin()), ({ place }) => awaited(place)),
      (found) => found.rows
    )
  })

/** Where in the list one is, when the newest of what came was created, and whether the list ended there. */
interface Place {
  readonly from: From
  readonly created: number
  readonly isAtEnd: boolean
  /** Nothing that was created before this time can still come. */
  readonly quietUntil?: number | undefined
}

interface Found<Row> {
  readonly rows: ReadonlyArray<Row>
  readonly place: Place
}

// A day: rows may be told in another order than they were created in, and those of the beginning are older than that.
const slack = 24 * 60 * 60 * 1000

// An hour: clocks differ, and rows are told late.
const doubt = 60 * 60 * 1000

// Nothing came until a time. A place that is a row may be forgotten by the server before another one comes, and one that is
// a time would be too long ago to ask for.
const quiet = (place: Place, time: number): Place =>
  "since" in place.from
    ? { ...place, from: { since: Math.max(place.from.since, time) } }
    : { ...place, quietUntil: time }

// The rows that came last, so that none comes twice where the server tells of it twice.
const makeRecent = () => {
  const ids = new Set<string>()
  return {
    /** Whether it did not come a moment ago. It has come now. */
    isNews: (id: string): boolean => {
      if (ids.has(id)) return false
      ids.add(id)
      if (ids.size > 1_000) for (const oldest of ids) return ids.delete(oldest)
      return true
    }
  }
}

const startedAgain = (operation: string, from: From): CursorRepeated => {
  const cursor = "after" in from ? from.after : new Date(from.since).toISOString()
  return new CursorRepeated({
    operation,
    message: `${operation}: the server does not go on from ${cursor} but gives what came before it. Follow from a time instead.`,
    cursor
  })
}
