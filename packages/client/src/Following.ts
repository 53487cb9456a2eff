// Following a list that grows at its end: all rows from a place on, and those that come after them, for ever.
//
// The place is the id of the last row: it is asked for what follows that, again and again. So nothing is missed while a
// program is away, and nothing comes twice, if the program stores the id of the row that it has dealt with.
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import { CursorRepeated } from "./ClientError.ts"
import * as Pages from "./Pages.ts"

/**
 * How often a list is asked whether there is more.
 *
 * **Details**
 *
 * - `interval`: how long to wait when there was nothing; one second. It doubles with each time that there is nothing, or
 *   no answer, and begins anew when something comes.
 * - `maxInterval`: how long at most; 30 seconds. So long after it happened something may be told.
 */
export interface Pace {
  readonly interval?: Duration.Input | undefined
  readonly maxInterval?: Duration.Input | undefined
}

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

/**
 * All rows after an id, or from the start where there is none, and then those that come.
 *
 * **Details**
 *
 * While a page is consumed the next one is fetched, and no more than that. What may be over the next time does not end the
 * stream: there is a warning, and the list is asked again. Fails with `CursorRepeated` where the server gives rows that
 * came before: it does not know the place, and begins anew.
 */
export const rows = <Row, E extends { readonly message: string }, R>(options: {
  readonly operation: string
  readonly after: string | undefined
  readonly pace: Pace
  readonly fetch: (after: string | undefined) => Effect.Effect<Page<Row>, E, R>
  readonly markOf: (row: Row) => Mark
  /** Whether what went wrong may be over the next time. */
  readonly mayBeOver: (error: E) => boolean
}): Stream.Stream<Row, E | CursorRepeated, R> => {
  const { fetch, markOf, mayBeOver, operation, pace } = options
  // However impatient the program is, it leaves the server a moment.
  const interval = Duration.max(Duration.millis(10), Duration.fromInputUnsafe(pace.interval ?? "1 second"))
  const maxInterval = Duration.max(interval, Duration.fromInputUnsafe(pace.maxInterval ?? "30 seconds"))

  const startedAgain = (cursor: string) =>
    new CursorRepeated({
      operation,
      message: `${operation}: the server does not go on after ${cursor} but gives what came before it. Follow from a time instead.`,
      cursor
    })

  // A page with something in it, however long it takes until there is one.
  const awaited = Effect.fnUntraced(function* (place: Place): Effect.fn.Return<Found<Row>, E | CursorRepeated, R> {
    let wait = interval
    if (place.isAtEnd) yield* Effect.sleep(wait)
    while (true) {
      const result = yield* Effect.result(fetch(place.id))
      if (result._tag === "Failure") {
        if (!mayBeOver(result.failure)) return yield* Effect.fail(result.failure)
        yield* Effect.logWarning(`${result.failure.message} Going on in ${Duration.format(wait)}.`)
      } else if (result.success.rows.length > 0) {
        const { hasMore, rows } = result.success
        const marks = rows.map(markOf)
        const isOld = ({ created, id }: Mark) => place.recent.has(id) || created < place.created - slack
        if (marks.some(isOld)) return yield* startedAgain(place.id ?? "the start")
        const { created, id } = marks[marks.length - 1] ?? { created: place.created, id: place.id }
        return { rows, place: { id, created, recent: new Set(marks.map(({ id }) => id)), isAtEnd: !hasMore } }
      }
      yield* Effect.sleep(wait)
      wait = Duration.min(maxInterval, Duration.times(wait, 2))
    }
  })

  return Pages.rows(
    Pages.walk(awaited({ ...nowhere, id: options.after }), ({ place }) => awaited(place)),
    (found) => found.rows
  )
}

/** Where in the list one is, what came last, and whether the list ended there. */
interface Place {
  readonly id: string | undefined
  readonly created: number
  readonly recent: ReadonlySet<string>
  readonly isAtEnd: boolean
}

const nowhere: Omit<Place, "id"> = { created: -Infinity, recent: new Set(), isAtEnd: false }

// Rows of about the same time may be in another order than their times say; those of the start are not of about that time.
const slack = 60_000

interface Found<Row> {
  readonly rows: ReadonlyArray<Row>
  readonly place: Place
}
