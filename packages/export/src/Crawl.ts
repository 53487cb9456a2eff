// A whole list at once: from both ends, and from places in between where they are known.
//
// A cursor is known only when its page has arrived, so one walk is never faster than a page for each round trip. Two
// walk from both ends until they meet; and any id that is known to exist is a place to start from, so that many can walk
// what lies between. `Walk` is how each goes its way, and `Front` how they stay out of each other's.
import * as Effect from "effect/Effect"
import * as Pull from "effect/Pull"
import * as Queue from "effect/Queue"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"
import * as Front from "./internal/Front.ts"
import * as Index from "./internal/Index.ts"
import { type CrawlError, fetchAfter, type Page, type Source } from "./Source.ts"
import { walk } from "./internal/Walk.ts"

/**
 * Where a crawl is: its fronts, from the oldest rows to the newest.
 */
export const State = Schema.Struct({ fronts: Schema.Array(Front.Front) })
export interface State extends Schema.Schema.Type<typeof State> {}

/**
 * Rows that came together, and the fronts that moved with them: where the crawl is when they are stored.
 */
export interface Batch<Row> {
  readonly rows: ReadonlyArray<Row>
  readonly moved: ReadonlyArray<readonly [index: number, front: Front.Front]>
}

/**
 * How a list is crawled.
 */
export interface Options {
  /** How many requests are under way at once; 1 is one walk, in `order`. */
  readonly concurrency: number
  /** In which order one walk goes; more than one have none. */
  readonly order: "asc" | "desc"
  /** Ids to start from besides. Those that do not exist are passed over. */
  readonly pivots: ReadonlyArray<string>
  /** Where an earlier crawl of the same list was. */
  readonly from?: State | undefined
}

/**
 * The state after a batch.
 */
export const after = <Row>(state: State, { moved }: Batch<Row>): State => {
  const fronts = [...state.fronts]
  for (const [index, front] of moved) fronts[index] = front
  return { fronts }
}

/**
 * Batches as one: their rows in the order in which they came, and where each front is after them.
 */
export const merged = <Row>(batches: ReadonlyArray<Batch<Row>>): Batch<Row> => {
  const [only] = batches
  if (only !== undefined && batches.length === 1) return only
  return {
    rows: batches.flatMap(({ rows }) => rows),
    moved: [...new Map(batches.flatMap(({ moved }) => moved))]
  }
}

/**
 * Stores what a crawl gives, and with it where the crawl is then. Ends with that.
 *
 * **Details**
 *
 * - `from`: where the crawl began, if it went on with an earlier one.
 * - `rows`: how many rows are stored together, at least; 1. What is left at the end is stored too. Batches that come while
 *   others are stored, and a batch is a page or less, are stored together in any case.
 * - `store`: stores rows, and the state that stands for them and all that were stored before. Where it does both or
 *   neither, in one transaction, each row is stored exactly once, however often the crawl is stopped and gone on with; and
 *   where it stores the rows first, at least once.
 *
 * **Gotchas**
 *
 * Where the crawl fails, fewer than `rows` rows may be waiting. They are not stored, and come again when it goes on.
 *
 * **Example** (A thousand rows at a time, with their checkpoint)
 *
 * ```ts
 * import * as Crawl from "@effect-workos/export/Crawl"
 * import * as Export from "@effect-workos/export/Export"
 * import * as Resource from "@effect-workos/export/Resource"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * declare const store: (rows: ReadonlyArray<Resource.ConnectionRow>, state: Crawl.State) => Effect.Effect<void>
 * declare const found: Crawl.State | undefined
 *
 * const program = Export.batches(Resource.connections, { from: found }).pipe(
 *   Stream.run(Crawl.sink({ from: found, rows: 1000, store: ({ rows }, state) => store(rows, state) }))
 * )
 * ```
 */
export const sink = <Row, E, R>(options: {
  readonly from?: State | undefined
  readonly rows?: number | undefined
  readonly store: (batch: Batch<Row>, state: State) => Effect.Effect<unknown, E, R>
}): Sink.Sink<State, Batch<Row>, never, E, R> =>
  Sink.fromTransform((upstream) => {
    const { rows = 1, store } = options
    let state: State = options.from ?? { fronts: [] }
    let waiting: Array<Batch<Row>> = []
    let count = 0
    const flush = Effect.suspend(() => {
      if (waiting.length === 0) return Effect.void
      const batch = merged(waiting)
      waiting = []
      count = 0
      state = after(state, batch)
      return store(batch, state)
    })
    return upstream.pipe(
      Effect.flatMap((batches) => {
        waiting.push(...batches)
        for (const batch of batches) count += batch.rows.length
        return count < rows ? Effect.void : flush
      }),
      Effect.forever,
      Pull.catchDone(() => Effect.map(flush, () => [state] as const))
    )
  })

/**
 * Everything in a list, each row once, in batches as they come.
 *
 * **Details**
 *
 * A row that is there from beginning to end is never missed and never repeated. Rows that are created meanwhile are new
 * ones, beyond where the crawl began, and do not appear, except at the end of a single walk from the oldest row on; rows
 * that are deleted meanwhile appear or do not.
 *
 * What waits for a slow consumer, is handed to it, or is held by a walk is about six pages for each request that may be
 * under way. What was fetched before a failure comes before it.
 *
 * **Example** (A list that WorkOS has nothing to do with)
 *
 * ```ts
 * import * as Crawl from "@effect-workos/export/Crawl"
 * import type { Source } from "@effect-workos/export/Source"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * interface Note {
 *   readonly id: string
 *   readonly created: number
 * }
 *
 * declare const notes: Source<Note, never, never>
 *
 * const options: Crawl.Options = { concurrency: 4, order: "asc", pivots: [] }
 *
 * const program = Stream.runFold(
 *   Crawl.batches(notes, options),
 *   (): { readonly state: Crawl.State; readonly count: number } => ({ state: { fronts: [] }, count: 0 }),
 *   ({ count, state }, batch: Crawl.Batch<Note>) => ({
 *     state: Crawl.after(state, Crawl.merged([batch])),
 *     count: count + batch.rows.length
 *   })
 * )
 * ```
 */
export const batches = <Row, E, R>(
  source: Source<Row, E, R>,
  options: Options
): Stream.Stream<Batch<Row>, E | CrawlError, R> =>
  Stream.callback<Batch<Row>, E | CrawlError, R>(
    (queue) =>
      Effect.gen(function* () {
        const permits = Semaphore.makeUnsafe(options.concurrency)
        const limited: Source<Row, E, R> = {
          ...source,
          fetch: (order, after) => permits.withPermit(source.fetch(order, after))
        }
        const begun =
          options.from === undefined ? yield* begin(limited, options) : options.from.fronts.map(resumed).map(unfetched)
        const fronts = begun.map(({ front }) => front)
        const put = (index: number, front: Front.Front, rows: ReadonlyArray<Row>) => {
          fronts[index] = front
          return Queue.offer(queue, { rows, moved: [[index, Front.toWritten(front)]] })
        }
        // Before anything moves, it is known where everybody is.
        yield* Queue.offer(queue, {
          rows: [],
          moved: fronts.map((front, index) => [index, Front.toWritten(front)] as const)
        })
        yield* Effect.forEach(begun, ({ page }, index) => walk(limited, fronts, index, put, page), {
          concurrency: "unbounded",
          discard: true
        })
      }).pipe(
        Effect.matchCauseEffect({
          onFailure: (cause) => Queue.failCause(queue, cause),
          onSuccess: () => Queue.end(queue)
        })
      ),
    { bufferSize: options.concurrency, strategy: "suspend" }
  )

// -----------------------------------------------------------------------------
// Where to begin
// -----------------------------------------------------------------------------

interface Begun<Row> {
  readonly front: Front.Front
  /** Its first page, where it was fetched to find out whether there is one. */
  readonly page: Page<Row> | undefined
}

const unfetched = (front: Front.Front): { readonly front: Front.Front; readonly page: undefined } => ({
  front,
  page: undefined
})

const begin = <Row, E, R>(
  source: Source<Row, E, R>,
  options: Options
): Effect.Effect<ReadonlyArray<Begun<Row>>, E, R> =>
  Effect.gen(function* () {
    if (options.concurrency === 1) return [unfetched(Front.make(options.order))]
    const pivots = Index.evenly([...new Set(options.pivots)], options.concurrency * 4)
    if (pivots.length === 0) return [unfetched(Front.make("asc")), unfetched(Front.make("desc"))]
    const places = yield* Effect.forEach(
      [undefined, ...pivots],
      (pivot) => Effect.map(fetchAfter(source, "asc", pivot), (page) => page && placeOf(source, pivot, page)),
      { concurrency: "unbounded" }
    )
    return [...inOrder(places), unfetched(Front.make("desc"))]
  })

interface Place<Row> extends Begun<Row> {
  readonly created: number
  readonly isStart: boolean
}

const placeOf = <Row>(
  { positionOf }: Pick<Source<Row, unknown, unknown>, "positionOf">,
  pivot: string | undefined,
  page: Page<Row>
): Place<Row> | undefined => {
  const [row] = page.rows
  const isStart = pivot === undefined
  if (row === undefined) return isStart ? { front: Front.make("asc"), page, created: -Infinity, isStart } : undefined
  const { created } = positionOf(row)
  const ids = page.rows
    .map(positionOf)
    .filter((other) => other.created === created)
    .map(({ id }) => id)
  // Where more rows share an instant than a page holds, it is no place to begin: it could not be told from what precedes.
  if (!isStart && ids.length === page.rows.length && page.next !== null) return undefined
  const front = isStart ? Front.make("asc") : { ...Front.make("asc", pivot), first: { created, ids } }
  return { front, page, created, isStart }
}

// Where a place is in the list says the row that follows it, and nothing else: an index may be wrong in every way. Two
// that begin in the same instant are one; that is also what becomes of ids for which a server begins with the first page.
// None begins before the list does.
const inOrder = <Row>(places: ReadonlyArray<Place<Row> | undefined>): ReadonlyArray<Begun<Row>> => {
  const found = places.filter((place) => place !== undefined)
  const start = found.filter(({ isStart }) => isStart)
  const from = start[0]?.created ?? -Infinity
  const others = found.filter(({ created }) => created > from).toSorted((a, b) => a.created - b.created)
  return [...start, ...others.filter(({ created }, index) => created !== others[index - 1]?.created)]
}

// The two that walk towards each other decide anew whether they have met: one may have met rows of the other's that were
// never stored.
const resumed = (front: Front.Front, index: number, { length }: ReadonlyArray<Front.Front>): Front.Front =>
  length > 1 && index >= length - 2 ? { ...front, isDone: false } : front
