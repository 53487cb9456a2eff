/**
 * Reads a whole list concurrently: from both ends, and from known split points.
 *
 * The cursor of a page is known only when the page before it has arrived, so one cursor reads at most one page per round
 * trip. Two cursors read from both ends until they meet. Each known id is a split point, from which a further cursor reads.
 * The part of the list that one cursor reads is a segment.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Pull from "effect/Pull"
import * as Queue from "effect/Queue"
import * as Ref from "effect/Ref"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"
import * as Index from "./internal/Index.ts"
import { paginate } from "./internal/Paginate.ts"
import * as Segment from "./internal/Segment.ts"
import { type CrawlError, fetchAfter, type Page, type Source } from "./Source.ts"

/**
 * The progress of a crawl: its segments, from the oldest rows to the newest.
 */
export const State = Schema.Struct({ segments: Schema.Array(Segment.Segment) })
export interface State extends Schema.Schema.Type<typeof State> {}

/**
 * Rows, and the progress of their segments after these rows. `after` adds this progress to the state of a crawl.
 */
export interface Batch<Row> {
  readonly rows: ReadonlyArray<Row>
  readonly advanced: ReadonlyArray<readonly [index: number, segment: Segment.Segment]>
}

/**
 * Options for `batches`.
 */
export interface Options {
  /** The number of concurrent requests. With 1, rows arrive in `order`. */
  readonly concurrency: number
  /** The order of a crawl with `concurrency` 1. Otherwise rows arrive in no order. */
  readonly order: "asc" | "desc"
  /** Ids that divide the list into segments. Ids that do not exist are ignored. */
  readonly splitPoints: ReadonlyArray<string>
  /** The progress of an earlier crawl of the same list, to resume from. */
  readonly from?: State | undefined
}

/**
 * Returns the state after a batch.
 */
export const after = <Row>(state: State, { advanced }: Batch<Row>): State => ({
  segments: advanced.reduce<Segment.Segments>(
    (segments, [index, segment]) => (index < segments.length ? segments.with(index, segment) : [...segments, segment]),
    state.segments
  )
})

/**
 * Merges batches into one: all rows in order of arrival, and each segment after its last batch.
 */
export const merge = <Row>(batches: ReadonlyArray<Batch<Row>>): Batch<Row> => {
  const [only] = batches
  if (only !== undefined && batches.length === 1) return only
  return {
    rows: batches.flatMap(({ rows }) => rows),
    advanced: [...new Map(batches.flatMap(({ advanced }) => advanced))]
  }
}

/**
 * A sink that stores the batches of a crawl together with the progress of the crawl. Its result is the last state.
 *
 * **Details**
 *
 * - `from`: the state from which the crawl resumed, if any.
 * - `rows`: the minimum number of rows per call of `store`, except for the last call. Defaults to 1. Batches that arrive
 *   during a call are always stored together in the next one. A batch of a crawl is a page or less.
 * - `store`: stores the rows of one or more batches, which are merged into one, and the state of the crawl after these
 *   rows. If rows and state are stored in one transaction, each row is stored exactly once, however often the crawl stops
 *   and resumes. If the rows are stored first, each row is stored at least once.
 *
 * **Gotchas**
 *
 * If the crawl fails, the last rows that it fetched are not stored. These rows are fetched again when the crawl resumes.
 *
 * **Example** (Storing a thousand rows at a time, with their checkpoint)
 *
 * ```ts
 * import * as Crawl from "@effect-workos/export/Crawl"
 * import * as Export from "@effect-workos/export/Export"
 * import * as Exportable from "@effect-workos/export/Exportable"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * declare const store: (rows: ReadonlyArray<Exportable.ConnectionRow>, state: Crawl.State) => Effect.Effect<void>
 * declare const checkpoint: Crawl.State | undefined
 *
 * const program = Export.batches(Exportable.connections, { from: checkpoint }).pipe(
 *   Stream.run(Crawl.sink({ from: checkpoint, rows: 1000, store: ({ rows }, state) => store(rows, state) }))
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
    let state: State = options.from ?? { segments: [] }
    let waiting: Array<Batch<Row>> = []
    let count = 0
    const flush = Effect.suspend(() => {
      if (waiting.length === 0) return Effect.void
      const batch = merge(waiting)
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
 * All rows of a list, each once, in batches.
 *
 * **Details**
 *
 * Rows that exist during the whole crawl are neither missed nor repeated. Rows created during the crawl are excluded,
 * unless the crawl is ascending with concurrency 1. Rows deleted during the crawl may appear.
 *
 * At most about six pages per concurrent request are in memory. If the crawl fails, the rows that it
 * fetched before are emitted first.
 *
 * **Example** (Crawling a list that is not from WorkOS)
 *
 * ```ts
 * import * as Crawl from "@effect-workos/export/Crawl"
 * import type { Source } from "@effect-workos/export/Source"
 * import * as Stream from "effect/Stream"
 *
 * interface Note {
 *   readonly id: string
 *   readonly created: number
 * }
 *
 * declare const notes: Source<Note, never, never>
 *
 * const options: Crawl.Options = { concurrency: 4, order: "asc", splitPoints: [] }
 *
 * const program = Stream.runFold(
 *   Crawl.batches(notes, options),
 *   (): { readonly state: Crawl.State; readonly count: number } => ({ state: { segments: [] }, count: 0 }),
 *   ({ count, state }, batch: Crawl.Batch<Note>) => ({
 *     state: Crawl.after(state, Crawl.merge([batch])),
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
        const starts =
          options.from === undefined ? yield* begin(limited, options) : options.from.segments.map(reopen).map(unfetched)
        const segments = yield* Ref.make<Segment.Segments>(starts.map(({ segment }) => segment))
        const emit = (index: number, segment: Segment.Segment, rows: ReadonlyArray<Row>) =>
          Queue.offer(queue, { rows, advanced: [[index, Segment.toStored(segment)]] })
        // The first state contains all segments, so that a checkpoint never misses one.
        yield* Queue.offer(queue, {
          rows: [],
          advanced: starts.map(({ segment }, index) => [index, Segment.toStored(segment)] as const)
        })
        yield* Effect.forEach(starts, ({ page }, index) => paginate(limited, segments, index, emit, page), {
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
// The first segments
// -----------------------------------------------------------------------------

interface Start<Row> {
  readonly segment: Segment.Segment
  /** The first page, if it was fetched to test a split point. */
  readonly page: Page<Row> | undefined
}

const unfetched = (segment: Segment.Segment): { readonly segment: Segment.Segment; readonly page: undefined } => ({
  segment,
  page: undefined
})

const begin = <Row, E, R>(
  source: Source<Row, E, R>,
  options: Options
): Effect.Effect<ReadonlyArray<Start<Row>>, E, R> =>
  Effect.gen(function* () {
    if (options.concurrency === 1) return [unfetched(Segment.make(options.order))]
    const splitPoints = Index.evenly([...new Set(options.splitPoints)], options.concurrency * 4)
    if (splitPoints.length === 0) return [unfetched(Segment.make("asc")), unfetched(Segment.make("desc"))]
    const candidates = yield* Effect.forEach(
      [undefined, ...splitPoints],
      (id) => Effect.map(fetchAfter(source, "asc", id), (page) => page && candidateOf(source, id, page)),
      { concurrency: "unbounded" }
    )
    return [...inOrder(candidates), unfetched(Segment.make("desc"))]
  })

interface Candidate<Row> extends Start<Row> {
  readonly created: number
  readonly isStart: boolean
}

const candidateOf = <Row>(
  { positionOf }: Pick<Source<Row, unknown, unknown>, "positionOf">,
  splitPoint: string | undefined,
  page: Page<Row>
): Candidate<Row> | undefined => {
  const [row] = page.rows
  const isStart = splitPoint === undefined
  if (row === undefined)
    return isStart ? { segment: Segment.make("asc"), page, created: -Infinity, isStart } : undefined
  const { created } = positionOf(row)
  const ids = page.rows
    .map(positionOf)
    .filter((other) => other.created === created)
    .map(({ id }) => id)
  // `first` must contain all rows of the first millisecond, so a split point is not used if these rows fill the page.
  if (!isStart && ids.length === page.rows.length && page.next !== null) return undefined
  const segment = isStart ? Segment.make("asc") : { ...Segment.make("asc", splitPoint), first: { created, ids } }
  return { segment, page, created, isStart }
}

// The position of a split point is that of the row after it, because the order of an index is not trusted. Candidates
// with the same first millisecond become one segment. This also removes unknown ids for which a server returns the first
// page of the list.
const inOrder = <Row>(candidates: ReadonlyArray<Candidate<Row> | undefined>): ReadonlyArray<Start<Row>> => {
  const found = candidates.filter((candidate) => candidate !== undefined)
  const start = found.filter(({ isStart }) => isStart)
  const from = start[0]?.created ?? -Infinity
  const others = found.filter(({ created }) => created > from).toSorted((a, b) => a.created - b.created)
  return [...start, ...others.filter(({ created }, index) => created !== others[index - 1]?.created)]
}

// The two segments that read towards each other must meet again: one of them may be done because it met rows of the other
// that were never stored.
const reopen = (segment: Segment.Segment, index: number, { length }: Segment.Segments): Segment.Segment =>
  length > 1 && index >= length - 2 ? { ...segment, isDone: false } : segment
