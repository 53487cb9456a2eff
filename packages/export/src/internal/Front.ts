// A front: a place in a list from which a crawl goes on, and what it needs to know to meet its neighbours.
//
// A list is ordered by creation. Several fronts walk it at once: some from older rows to newer ones, each from a place
// of its own on, and one from the newest row back. What lies between two fronts belongs to whichever comes first; each
// row is somebody's, and nobody's twice. That is decided here, page by page, from instants and ids alone: nothing is
// remembered of rows but those at the edges, so that it does not matter how many there are.
import * as Schema from "effect/Schema"

/**
 * Rows that were created in the same millisecond, at an edge of what a front has walked.
 */
const Edge = Schema.Struct({ created: Schema.Finite, ids: Schema.Array(Schema.String) })
interface Edge extends Schema.Schema.Type<typeof Edge> {}

/**
 * Where a front is.
 *
 * **Details**
 *
 * - `direction`: `asc` walks to newer rows, `desc` to older ones.
 * - `start`: the id of the row that it starts after; absent at the ends of the list.
 * - `first`: where it starts after a row, all rows of the instant that it begins with. The front before it stops there.
 * - `last`: the rows of the instant that it has come to.
 * - `trail`: the ids of its last rows, the last one at the end: where to go on from when that is deleted meanwhile.
 * - `isDone`: it has met its neighbour, or the end of the list.
 */
export const Front = Schema.Struct({
  direction: Schema.Literals(["asc", "desc"]),
  start: Schema.optionalKey(Schema.String),
  first: Schema.optionalKey(Edge),
  last: Schema.optionalKey(Edge),
  trail: Schema.Array(Schema.String),
  isDone: Schema.Boolean
})
export interface Front extends Schema.Schema.Type<typeof Front> {}

/**
 * What fronts have to know of rows: `created` is in milliseconds since 1970.
 */
export const Position = Schema.Struct({ id: Schema.String, created: Schema.Finite })
export interface Position extends Schema.Schema.Type<typeof Position> {}

/** How many of a front's last ids are remembered. */
const trailLength = 120

/** How many of them are written down: what is deleted while nobody crawls is seldom more. */
const writtenTrailLength = 5

/** After how many rows that seem to be its neighbour's a front believes that they are. */
const sureAfter = 2 * trailLength

export const make = (direction: Front["direction"], start?: string): Front => ({
  direction,
  ...(start === undefined ? {} : { start }),
  trail: [],
  isDone: false
})

/**
 * The front as it is written down.
 */
export const toWritten = (front: Front): Front => ({ ...front, trail: front.trail.slice(-writtenTrailLength) })

/**
 * After which rows a page can be asked for, best first: the last one, others further and further back where that one is
 * gone, and the one after which the front began.
 */
export const cursorsOf = ({ start, trail }: Front): ReadonlyArray<string> => {
  const cursors: Array<string | undefined> = []
  for (let back = 1; back < trail.length; back = 2 * back + 1) cursors.push(trail.at(-back))
  return [...new Set([...cursors, trail[0], start])].filter((cursor) => cursor !== undefined)
}

/**
 * Where a page begins: after the last row of a front; after an earlier one, so that it holds some that were walked already;
 * or where the front began, or before that, so that there may be any number of those.
 */
export type Beginning = "here" | "further-back" | "at-the-start"

/**
 * What a front makes of a page: its own rows, and where it is then.
 */
export interface Step<Row> {
  readonly rows: ReadonlyArray<Row>
  readonly front: Front
  /** Whether it came to what its neighbour has, or will have. */
  readonly hasMet: boolean
  /** How many rows it has seen that seem to be its neighbour's, none of which it is known to have. */
  readonly crossed: number
}

/**
 * A row that stands where no row can stand in a list that is ordered by creation.
 */
export interface OutOfOrder {
  readonly id: string
}

/**
 * Takes a page: leaves out the rows that it has walked already and those that are its neighbour's, and stops where all
 * that follow are.
 *
 * **Details**
 *
 * A front that walks alone takes rows in any order. With others, each has to be where the order says, or the list can't be
 * divided between them.
 *
 * Two have met where one comes to a row that the other is known to have. Where it only seems so from the time, because
 * those rows were deleted, or because that time is wrong, it looks further before it believes it.
 */
export const take = <Row>(
  front: Front,
  page: ReadonlyArray<Row>,
  positionOf: (row: Row) => Position,
  options: {
    readonly neighbour: Front | undefined
    readonly isAlone: boolean
    readonly beginning: Beginning
    /** What the step before it said. */
    readonly crossed: number
  }
): Step<Row> | OutOfOrder => {
  const { beginning, isAlone, neighbour } = options
  const sign = front.direction === "asc" ? 1 : -1
  // What comes after the last row was walked by nobody, if the list is in order.
  const trail = new Set(beginning === "here" ? [] : front.trail)
  const sideOf = neighbour === undefined ? undefined : makeSideOf(neighbour, front)
  const rows: Array<Row> = []
  const ids: Array<string> = []
  let created = front.last?.created
  let tied = new Set(front.last?.ids)
  let { crossed } = options
  let hasMet = false
  let isSure = false
  for (const [at, row] of page.entries()) {
    const position = positionOf(row)
    if (trail.has(position.id)) continue
    const beyond = created === undefined ? 1 : sign * (position.created - created)
    if (beginning === "at-the-start" && (beyond < 0 || isBeforeStart(front, position))) continue
    if (beyond === 0 && tied.has(position.id)) continue
    if (beyond < 0 && front.trail.includes(position.id)) continue
    if (beyond < 0 && !isAlone) return position
    const side = sideOf?.(position) ?? "mine"
    // After rows that seemed to be its neighbour's, none is its own, and none is where the other was.
    if (crossed > 0 && side !== "beyond") return position
    if (side === "theirs") {
      isSure = true
      continue
    }
    if (side === "beyond") {
      const known = nearTheEdge(neighbour, front)
      const rest = page.slice(at).map(positionOf)
      // What its neighbour is known to have comes first, but for rows of one instant, and of its own there is nothing more.
      const first = rest.find(({ id }) => known.has(id))
      if (!isSure && first !== undefined && first.created !== position.created) return position
      const wrong = rest.find((other) => !trail.has(other.id) && sideOf?.(other) === "mine")
      if (wrong !== undefined) return wrong
      crossed += rest.length
      hasMet = isSure || first !== undefined || crossed > sureAfter
      break
    }
    if (beyond > 0) {
      created = position.created
      tied = new Set()
    }
    if (beyond >= 0) tied.add(position.id)
    rows.push(row)
    ids.push(position.id)
  }
  return {
    rows,
    front: {
      ...front,
      ...(created === undefined ? {} : { last: { created, ids: [...tied] } }),
      trail: [...front.trail, ...ids].slice(-trailLength),
      isDone: front.isDone || hasMet
    },
    hasMet,
    crossed
  }
}

// Whether a row comes before those that a front begins with that started after a row. All rows of the instant that it
// began with are known: others of that instant come before.
const isBeforeStart = ({ first, start }: Front, { created, id }: Position): boolean =>
  start !== undefined &&
  first !== undefined &&
  (created < first.created || (created === first.created && !first.ids.includes(id)))

// -----------------------------------------------------------------------------
// Neighbours
// -----------------------------------------------------------------------------

/**
 * Whose a row is: the front's own; in the instant of the edge, the front's own too, or its neighbour's; or the neighbour's,
 * like all that follow.
 */
type Side = "mine" | "mine-at-the-edge" | "theirs" | "beyond"

// What a front must not pass. Between two that walk the same way, that is where the other began. Between two that walk
// towards each other, it is what the other has come to, or where it will begin.
const makeSideOf = (neighbour: Front, front: Front): ((position: Position) => Side) => {
  const isSameWay = neighbour.direction === front.direction
  const edge = isSameWay ? neighbour.first : (neighbour.last ?? neighbour.first)
  if (edge === undefined) return () => "mine"
  const sign = front.direction === "asc" ? 1 : -1
  const theirs = new Set((isSameWay ? neighbour.first : neighbour.last)?.ids)
  return (position) => {
    const beyond = sign * (position.created - edge.created)
    if (beyond !== 0) return beyond > 0 ? "beyond" : "mine"
    return theirs.has(position.id) || (!isSameWay && isBeforeStart(neighbour, position)) ? "theirs" : "mine-at-the-edge"
  }
}

// Those that a neighbour has and a front comes to first.
const nearTheEdge = (neighbour: Front | undefined, { direction }: Front): ReadonlySet<string> =>
  new Set(
    neighbour?.direction === direction
      ? neighbour.first?.ids
      : [...(neighbour?.trail ?? []), ...(neighbour?.last?.ids ?? [])]
  )

/**
 * Whether a page may have come from elsewhere than it was asked for: it begins with a row from before the place where the
 * front is, and none of its last ones. Some servers begin again with the first page where a cursor is gone, and say nothing.
 */
export const mayBeElsewhere = <Row>(
  front: Front,
  page: ReadonlyArray<Row>,
  positionOf: (row: Row) => Position
): boolean => {
  const [row] = page
  if (row === undefined) return false
  const position = positionOf(row)
  if (front.trail.includes(position.id)) return false
  if (isBeforeStart(front, position)) return true
  if (front.last === undefined) return false
  return (front.direction === "asc" ? 1 : -1) * (position.created - front.last.created) < 0
}
