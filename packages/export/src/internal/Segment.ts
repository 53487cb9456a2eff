// A segment: the part of a list that one cursor reads, and the rows at its boundaries with its neighbours.
//
// A list is ordered by creation. Several segments are read concurrently: some ascending, from the oldest row and from
// split points, and one descending, from the newest row. The rows between two segments belong to the one that reaches
// them first. The owner of a row is decided per page, by timestamps and ids alone. Only rows at boundaries are kept in
// memory, so memory does not grow with the list.
import * as Schema from "effect/Schema"

/**
 * The rows created in one millisecond at the boundary of a segment.
 */
const Boundary = Schema.Struct({ created: Schema.Finite, ids: Schema.Array(Schema.String) })
interface Boundary extends Schema.Schema.Type<typeof Boundary> {}

/**
 * The progress of one segment.
 *
 * **Details**
 *
 * - `direction`: `asc` reads towards newer rows, `desc` towards older ones.
 * - `start`: the id of the row after which the segment starts; absent at the ends of the list.
 * - `first`: for a segment with a `start`, all rows of its first millisecond. The preceding segment stops at these rows.
 * - `last`: the rows of the last millisecond that was read.
 * - `recentIds`: the ids of the last rows in the order of reading: the cursors to resume from, also if some are deleted.
 * - `isDone`: the segment has met its neighbour, or the end of the list.
 */
export const Segment = Schema.Struct({
  direction: Schema.Literals(["asc", "desc"]),
  start: Schema.optionalKey(Schema.String),
  first: Schema.optionalKey(Boundary),
  last: Schema.optionalKey(Boundary),
  recentIds: Schema.Array(Schema.String),
  isDone: Schema.Boolean
})
export interface Segment extends Schema.Schema.Type<typeof Segment> {}

/**
 * The position of a row in its list: `created` is in milliseconds since 1970.
 */
export const Position = Schema.Struct({ id: Schema.String, created: Schema.Finite })
export interface Position extends Schema.Schema.Type<typeof Position> {}

/** The number of recent ids that a running crawl keeps per segment. */
const maxRecentIds = 120

/** The number of recent ids in a checkpoint: few rows are deleted between two runs. */
const maxStoredIds = 5

/** A segment ends after this number of rows beyond its boundary, even if none is a known row of the neighbour. */
const conclusiveCount = 2 * maxRecentIds

/**
 * An empty segment.
 */
export const make = (direction: Segment["direction"], start?: string): Segment => ({
  direction,
  ...(start === undefined ? {} : { start }),
  recentIds: [],
  isDone: false
})

/**
 * The form of a segment in a checkpoint.
 */
export const toStored = (segment: Segment): Segment => ({
  ...segment,
  recentIds: segment.recentIds.slice(-maxStoredIds)
})

/**
 * The cursors from which a segment can resume, best first: its last row, then earlier rows in case the last row was
 * deleted, and finally the row after which the segment started.
 */
export const cursorsOf = ({ recentIds, start }: Segment): ReadonlyArray<string> => {
  const cursors: Array<string | undefined> = []
  for (let back = 1; back < recentIds.length; back = 2 * back + 1) cursors.push(recentIds.at(-back))
  return [...new Set([...cursors, recentIds[0], start])].filter((cursor) => cursor !== undefined)
}

/**
 * The place at which a page begins: after the last row of a segment; after an earlier row, so that the page repeats a few
 * rows; or at or before the start of the segment, so that the page may repeat any number of rows.
 */
export type ResumePoint = "after-last" | "after-earlier" | "at-start"

/**
 * The effect of a page on a segment: the rows that belong to the segment, and its progress after them.
 */
export interface Step<Row> {
  readonly _tag: "Step"
  readonly rows: ReadonlyArray<Row>
  readonly segment: Segment
  /** The segment has reached rows that its neighbour has read or will read. */
  readonly hasReachedNeighbour: boolean
  /** The number of consecutive rows beyond the boundary, while none is known to be the neighbour's. */
  readonly crossed: number
}

/**
 * A row at a position that is impossible in a list ordered by creation.
 */
export interface OutOfOrder {
  readonly _tag: "OutOfOrder"
  readonly id: string
}

/**
 * Advances a segment by a page: skips rows that were read before and rows of the neighbour, and ends at the boundary.
 *
 * **Details**
 *
 * A segment without neighbours accepts rows in any order. With neighbours, a row out of order makes it impossible to
 * divide the list.
 *
 * Two segments have met when one reaches a known row of the other. If only the timestamps of rows show that a segment is
 * beyond the boundary, because the known rows were deleted or a timestamp is wrong, the segment reads more rows before it
 * ends.
 */
export const advance = <Row>(
  segment: Segment,
  page: ReadonlyArray<Row>,
  positionOf: (row: Row) => Position,
  options: {
    readonly neighbour: Segment | undefined
    readonly isOnlySegment: boolean
    readonly resumePoint: ResumePoint
    /** `crossed` of the previous step. */
    readonly crossed: number
  }
): Step<Row> | OutOfOrder => {
  const { isOnlySegment, neighbour, resumePoint } = options
  const sign = segment.direction === "asc" ? 1 : -1
  // A page after the last row contains no row that was read before, because the list is ordered.
  const seen = new Set(resumePoint === "after-last" ? [] : segment.recentIds)
  const sideOf = neighbour === undefined ? undefined : makeSideOf(neighbour, segment)
  const rows: Array<Row> = []
  const ids: Array<string> = []
  let created = segment.last?.created
  let tied = new Set(segment.last?.ids)
  let { crossed } = options
  let hasReachedNeighbour = false
  let isConfirmed = false
  for (const [at, row] of page.entries()) {
    const position = positionOf(row)
    if (seen.has(position.id)) continue
    const ahead = created === undefined ? 1 : sign * (position.created - created)
    if (resumePoint === "at-start" && (ahead < 0 || isBeforeStart(segment, position))) continue
    if (ahead === 0 && tied.has(position.id)) continue
    if (ahead < 0 && segment.recentIds.includes(position.id)) continue
    if (ahead < 0 && !isOnlySegment) return outOfOrder(position)
    const side = sideOf?.(position) ?? "own"
    // All rows after a row beyond the boundary must be beyond the boundary too.
    if (crossed > 0 && side !== "beyond") return outOfOrder(position)
    if (side === "neighbour") {
      isConfirmed = true
      continue
    }
    if (side === "beyond") {
      const known = idsAtBoundary(neighbour, segment)
      const rest = page.slice(at).map(positionOf)
      // No row of another millisecond may precede the first known row of the neighbour, and no own row may follow.
      const first = rest.find(({ id }) => known.has(id))
      if (!isConfirmed && first !== undefined && first.created !== position.created) return outOfOrder(position)
      const wrong = rest.find((other) => !seen.has(other.id) && sideOf?.(other) === "own")
      if (wrong !== undefined) return outOfOrder(wrong)
      crossed += rest.length
      hasReachedNeighbour = isConfirmed || first !== undefined || crossed > conclusiveCount
      break
    }
    if (ahead > 0) {
      created = position.created
      tied = new Set()
    }
    if (ahead >= 0) tied.add(position.id)
    rows.push(row)
    ids.push(position.id)
  }
  return {
    _tag: "Step",
    rows,
    segment: {
      ...segment,
      ...(created === undefined ? {} : { last: { created, ids: [...tied] } }),
      recentIds: [...segment.recentIds, ...ids].slice(-maxRecentIds),
      isDone: segment.isDone || hasReachedNeighbour
    },
    hasReachedNeighbour,
    crossed
  }
}

const outOfOrder = ({ id }: Position): OutOfOrder => ({ _tag: "OutOfOrder", id })

// `first` holds all rows of the first millisecond, so any other row of that millisecond precedes the start.
const isBeforeStart = ({ first, start }: Segment, { created, id }: Position): boolean =>
  start !== undefined &&
  first !== undefined &&
  (created < first.created || (created === first.created && !first.ids.includes(id)))

// -----------------------------------------------------------------------------
// Neighbours
// -----------------------------------------------------------------------------

/**
 * The owner of a row.
 *
 * **Details**
 *
 * - `own`: the segment.
 * - `own-at-boundary`: the segment, and the row is in the millisecond of the boundary.
 * - `neighbour`: the neighbour, and the row is in the millisecond of the boundary.
 * - `beyond`: the neighbour, which also owns all following rows.
 */
type Side = "own" | "own-at-boundary" | "neighbour" | "beyond"

// The boundary is the start of a neighbour that reads in the same direction, or the last row of a neighbour that reads
// towards the segment. Until this neighbour has read a row, the boundary is its start.
const makeSideOf = (neighbour: Segment, segment: Segment): ((position: Position) => Side) => {
  const isSameDirection = neighbour.direction === segment.direction
  const boundary = isSameDirection ? neighbour.first : (neighbour.last ?? neighbour.first)
  if (boundary === undefined) return () => "own"
  const sign = segment.direction === "asc" ? 1 : -1
  const neighbourIds = new Set((isSameDirection ? neighbour.first : neighbour.last)?.ids)
  return (position) => {
    const ahead = sign * (position.created - boundary.created)
    if (ahead !== 0) return ahead > 0 ? "beyond" : "own"
    return neighbourIds.has(position.id) || (!isSameDirection && isBeforeStart(neighbour, position))
      ? "neighbour"
      : "own-at-boundary"
  }
}

// The ids of the neighbour's rows that a segment reaches first.
const idsAtBoundary = (neighbour: Segment | undefined, { direction }: Segment): ReadonlySet<string> =>
  new Set(
    neighbour?.direction === direction
      ? neighbour.first?.ids
      : [...(neighbour?.recentIds ?? []), ...(neighbour?.last?.ids ?? [])]
  )

/**
 * Tests whether a server may have ignored the cursor of a request: the page begins with a row that precedes the progress of
 * the segment and is not one of its recent rows. Some servers silently return the first page for an unknown cursor.
 */
export const mayIgnoreCursor = <Row>(
  segment: Segment,
  page: ReadonlyArray<Row>,
  positionOf: (row: Row) => Position
): boolean => {
  const [row] = page
  if (row === undefined) return false
  const position = positionOf(row)
  if (segment.recentIds.includes(position.id)) return false
  if (isBeforeStart(segment, position)) return true
  if (segment.last === undefined) return false
  return (segment.direction === "asc" ? 1 : -1) * (position.created - segment.last.created) < 0
}

// -----------------------------------------------------------------------------
// All segments of a crawl
// -----------------------------------------------------------------------------

/**
 * All segments of a crawl, from the oldest rows to the newest.
 */
export type Segments = ReadonlyArray<Segment>

/**
 * The neighbour of a segment: the segment whose rows follow, in the direction of reading.
 */
export const neighbourOf = (segments: Segments, index: number): Segment | undefined =>
  segments[index]?.direction === "asc" ? segments[index + 1] : segments[index - 1]

/**
 * Tests whether a segment has a neighbour that reads towards it and is done. Two such segments end together.
 */
export const isOvertaken = (segments: Segments, index: number): boolean => {
  const neighbour = neighbourOf(segments, index)
  return neighbour !== undefined && neighbour.direction !== segments[index]?.direction && neighbour.isDone
}
