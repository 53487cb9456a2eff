// Reads the pages of one segment until the segment meets its neighbour or the list ends.
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import { CrawlError, fetchAfter, type Page, type Source } from "../Source.ts"
import * as Segment from "./Segment.ts"

/** The crawl fails if a cursor repeats, or if a segment restarts, more often than this number without a new row. */
const maxRepeats = 10

/** The maximum number of consecutive empty pages. */
const maxEmptyPages = 100

/** Passes on the rows of a segment, together with the progress of the segment after these rows. */
export type Emit<Row> = (index: number, segment: Segment.Segment, rows: ReadonlyArray<Row>) => Effect.Effect<unknown>

interface Fetched<Row> {
  readonly page: Page<Row>
  readonly resumePoint: Segment.ResumePoint
}

/** The state of the loop between two pages. */
interface LoopState<Row> {
  /** A page that has been fetched already. */
  readonly fetched?: Fetched<Row>
  /** The server's cursor to follow after a page without new rows, or with rows beyond the boundary. */
  readonly follow?: NextCursor
  /** The number of rows beyond the boundary so far: see `Segment.advance`. */
  readonly crossed: number
}

interface NextCursor {
  readonly cursor: string
  readonly resumePoint: Segment.ResumePoint
}

/**
 * Reads one segment page by page, and emits its rows. The reference `segments` contains all segments, and is updated once
 * per page, so that each update uses the latest progress of the neighbours. `first` is the first page, if this page has
 * been fetched already.
 */
export const paginate = <Row, E, R>(
  source: Source<Row, E, R>,
  segments: Ref.Ref<Segment.Segments>,
  index: number,
  emit: Emit<Row>,
  first: Page<Row> | undefined
): Effect.Effect<void, E | CrawlError, R> =>
  Effect.gen(function* () {
    const guard = makeGuard()
    const isOvertaken = (current: Segment.Segments) => !guard.isOrderDoubtful() && Segment.isOvertaken(current, index)

    const readPage = Effect.fnUntraced(function* ({ crossed, fetched, follow }: LoopState<Row>) {
      const before = yield* Ref.get(segments)
      const segment = before[index]
      if (segment === undefined || segment.isDone || isOvertaken(before)) return undefined
      const followed = fetched ?? (follow === undefined ? undefined : yield* fetchFollowing(source, segment, follow))
      const { page, resumePoint } = followed ?? (yield* fetchNext(source, segment))
      if (followed !== undefined) guard.resumed()
      else if (resumePoint === "at-start") yield* guard.restarted(segment)

      const options = { resumePoint, crossed: followed === undefined ? 0 : crossed }
      const step = yield* Ref.modify(segments, (current) =>
        isOvertaken(current) ? [undefined, current] : advance(current, index, page, source.positionOf, options)
      )
      if (step === undefined) return undefined
      if (step._tag === "OutOfOrder") {
        yield* guard.outOfOrder(step)
        return { crossed: 0 }
      }
      if (step.rows.length > 0) guard.progressed()
      const isRepeating =
        page.next !== null && !step.hasReachedNeighbour && (step.rows.length === 0 || step.crossed > 0)
      if (isRepeating) yield* guard.repeated(page, page.next)
      yield* emit(index, step.segment, step.rows)
      return {
        crossed: step.crossed,
        ...(isRepeating && {
          follow: { cursor: page.next, resumePoint: resumePoint === "after-last" ? "after-earlier" : resumePoint }
        })
      } satisfies LoopState<Row>
    })

    let next: LoopState<Row> | undefined = {
      crossed: 0,
      ...(first && { fetched: { page: first, resumePoint: "after-last" } })
    }
    while (next !== undefined) next = yield* readPage(next)
  })

// Advances one segment by a page. Returns the step of this segment, and all segments after it.
const advance = <Row>(
  segments: Segment.Segments,
  index: number,
  page: Page<Row>,
  positionOf: Source<Row, unknown, unknown>["positionOf"],
  options: { readonly resumePoint: Segment.ResumePoint; readonly crossed: number }
): readonly [Segment.Step<Row> | Segment.OutOfOrder | undefined, Segment.Segments] => {
  const segment = segments[index]
  if (segment === undefined) return [undefined, segments]
  const step = Segment.advance(segment, page.rows, positionOf, {
    ...options,
    neighbour: Segment.neighbourOf(segments, index),
    isOnlySegment: segments.length === 1
  })
  if (step._tag === "OutOfOrder") return [step, segments]
  const advanced = page.next === null ? { ...step.segment, isDone: true } : step.segment
  return [{ ...step, segment: advanced }, segments.with(index, advanced)]
}

// Limits what a segment tolerates without a new row. A list that changes during the crawl may look out of order, repeat
// pages or start again for a while, but not without end.
const makeGuard = () => {
  const followed = new Map<string, number>()
  let restarts = 0
  let emptyPages = 0
  let outOfOrderCount = 0
  return {
    isOrderDoubtful: () => outOfOrderCount > 0,
    progressed: () => {
      followed.clear()
      restarts = emptyPages = outOfOrderCount = 0
    },
    resumed: () => {
      restarts = 0
    },
    restarted: ({ recentIds }: Segment.Segment) =>
      ++restarts > maxRepeats
        ? new CrawlError({
            message: `The server accepts no row as a cursor, not even ${recentIds.at(-1) ?? ""}, so the list can't be crawled.`
          })
        : Effect.void,
    outOfOrder: ({ id }: Segment.OutOfOrder) =>
      ++outOfOrderCount < maxRepeats
        ? Effect.void
        : new CrawlError({
            message: `The list is not in order of creation at ${id}. Use --concurrency 1, which accepts any order.`
          }),
    repeated: ({ rows }: Page<unknown>, cursor: string) => {
      const times = (followed.get(cursor) ?? 0) + 1
      followed.set(cursor, times)
      emptyPages = rows.length === 0 ? emptyPages + 1 : 0
      if (times <= maxRepeats && emptyPages <= maxEmptyPages) return Effect.void
      const problem = times > maxRepeats ? `the cursor ${cursor} again and again` : "one empty page after the other"
      return new CrawlError({ message: `The server sent ${problem}, so the list would never end.` })
    }
  }
}

// The page after the server's own cursor, or `undefined` if that cursor is lost.
const fetchFollowing = Effect.fnUntraced(function* <Row, E, R>(
  source: Source<Row, E, R>,
  segment: Segment.Segment,
  { cursor, resumePoint }: NextCursor
) {
  const page = yield* fetchAfter(source, segment.direction, cursor)
  if (page === undefined) return undefined
  // At the start of the segment, all rows of the page may have been read before, so they can't show that a cursor was
  // ignored.
  const isLost = resumePoint !== "at-start" && (yield* ignoresCursor(source, segment, cursor, page))
  return isLost ? undefined : { page, resumePoint }
})

// The page after the last row that is still a valid cursor.
const fetchNext = Effect.fnUntraced(function* <Row, E, R>(source: Source<Row, E, R>, segment: Segment.Segment) {
  const last = segment.recentIds.at(-1) ?? segment.start
  for (const cursor of Segment.cursorsOf(segment)) {
    const page = yield* fetchAfter(source, segment.direction, cursor)
    if (page === undefined || (yield* ignoresCursor(source, segment, cursor, page))) continue
    const resumePoint: Segment.ResumePoint =
      cursor === last ? "after-last" : cursor === segment.start ? "at-start" : "after-earlier"
    return { page, resumePoint }
  }
  const resumePoint: Segment.ResumePoint = last === undefined ? "after-last" : "at-start"
  return { page: yield* source.fetch(segment.direction, undefined), resumePoint }
})

// Some servers silently return the first page for a deleted cursor. Then the page shares rows with the first page, and no
// row with the id of the cursor is before these rows in the first page. The list may change between requests, so the pages
// are compared up to three times. A cursor is also lost if a second request with the cursor returns a page with another
// first row.
const ignoresCursor = Effect.fnUntraced(function* <Row, E, R>(
  source: Source<Row, E, R>,
  segment: Segment.Segment,
  cursor: string,
  page: Page<Row>
) {
  const idsOf = ({ rows }: Page<Row>) => rows.map((row) => source.positionOf(row).id)
  if (!Segment.mayIgnoreCursor(segment, page.rows, source.positionOf)) return false
  const ids = idsOf(page)
  for (let attempt = 0; attempt < 3; attempt++) {
    const first = idsOf(yield* source.fetch(segment.direction, undefined))
    const at = first.findIndex((id) => ids.includes(id))
    if (at !== -1) return !first.slice(0, at).includes(cursor)
    const repeatedPage = yield* fetchAfter(source, segment.direction, cursor)
    if (repeatedPage === undefined || idsOf(repeatedPage)[0] !== ids[0]) return true
  }
  return false
})
