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
export const Edge = Schema.Struct({ created: Schema.Finite, ids: Schema.Array(Schema.String) })
export interface Edge extends Schema.Schema.Type<typeof Edge> {}

/**
 * Where a front is.
 *
 * **Details**
 *
 * - `direction`: `asc` walks to newer rows, `desc` to older ones.
 * - `start`: the id of the row that it starts after; absent at the ends of the list.
 * - `first`: the rows of the instant that it began with. The front before it stops there.
 * - `last`: the rows of the instant that it has come to.
 * - `trail`: the ids of its last rows, the newest last: where to go on from when the last one is deleted meanwhile.
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
 * Where the next page begins: after this row, or at the end of the list.
 */
export const cursorsOf = ({ start, trail }: Front): ReadonlyArray<string | undefined> => {
  const ids = start === undefined ? trail : [start, ...trail]
  return [...ids.toReversed(), undefined]
}

/**
 * What a front makes of a page: its own rows, and where it is then.
 */
export interface Step<Row> {
  readonly rows: ReadonlyArray<Row>
  readonly front: Front
  /** Whether it came to what its neighbour has, or will have. */
  readonly hasMet: boolean
}

/**
 * A row that stands where no row can stand in a list that is ordered by creation.
 */
export interface OutOfOrder {
  readonly id: string
}

/**
 * Takes a page: leaves out the rows that it has walked already, and stops at those that are its neighbour's.
 *
 * **Details**
 *
 * `isAgain` says that the page begins before the place where the front is, because the row there is gone.
 */
export const take = <Row>(
  front: Front,
  page: ReadonlyArray<Row>,
  positionOf: (row: Row) => Position,
  neighbour: Front | undefined,
  isAgain: boolean
): Step<Row> | OutOfOrder => {
  const sign = front.direction === "asc" ? 1 : -1
  const rows: Array<Row> = []
  const ids: Array<string> = []
  let { first, last } = front
  let hasMet = false
  for (const row of page) {
    const { created, id } = positionOf(row)
    if (isAgain && isBeforeStart(front, created, id)) continue
    if (last !== undefined) {
      const beyond = sign * (created - last.created)
      if (beyond < 0) {
        if (isAgain) continue
        return { id }
      }
      if (beyond === 0 && last.ids.includes(id)) continue
    }
    if (neighbour !== undefined && belongsTo(neighbour, front, created, id)) {
      hasMet = true
      break
    }
    last = extended(last, created, id)
    if (first === undefined || (first.created === created && !first.ids.includes(id)))
      first = extended(first, created, id)
    rows.push(row)
    ids.push(id)
  }
  return {
    rows,
    front: {
      ...front,
      ...(first === undefined ? {} : { first }),
      ...(last === undefined ? {} : { last }),
      trail: [...front.trail, ...ids].slice(-trailLength),
      isDone: front.isDone || hasMet
    },
    hasMet
  }
}

// Whether a row comes before those that a front begins with that started after a row. All rows of the instant that it
// began with are known: others of that instant come before.
const isBeforeStart = ({ first, start }: Front, created: number, id: string): boolean =>
  start !== undefined &&
  first !== undefined &&
  (created < first.created || (created === first.created && !first.ids.includes(id)))

const extended = (edge: Edge | undefined, created: number, id: string): Edge =>
  edge?.created === created ? { created, ids: [...edge.ids, id] } : { created, ids: [id] }

// Between two fronts that walk the same way, all from the first row of the other on is the other's. Between two that walk
// towards each other, what the other has walked is; and what lies behind the place where it started.
const belongsTo = (neighbour: Front, front: Front, created: number, id: string): boolean => {
  if (neighbour.direction === front.direction) return isFrom(neighbour.first, created, id, 1)
  if (front.direction === "asc") return isFrom(neighbour.last, created, id, 1)
  return isFrom(neighbour.last, created, id, -1) || isBeforeStart(neighbour, created, id)
}

const isFrom = (edge: Edge | undefined, created: number, id: string, sign: 1 | -1): boolean =>
  edge !== undefined && (sign * (created - edge.created) > 0 || (created === edge.created && edge.ids.includes(id)))

/**
 * Where a page goes on from that was asked for after one of the last rows of a front: from where the front is; from
 * further back, where rows were that are gone; or from elsewhere. Some servers begin again with the first page where a
 * cursor is gone, and say nothing.
 */
export const goesOn = <Row>(
  front: Front,
  page: ReadonlyArray<Row>,
  positionOf: (row: Row) => Position
): "here" | "further-back" | "elsewhere" => {
  const [row] = page
  if (row === undefined) return "here"
  const { created, id } = positionOf(row)
  if (isBeforeStart(front, created, id)) return "elsewhere"
  if (front.last === undefined) return "here"
  const beyond = (front.direction === "asc" ? 1 : -1) * (created - front.last.created)
  if (beyond > 0 || (beyond === 0 && !front.last.ids.includes(id))) return "here"
  return front.trail.includes(id) ? "further-back" : "elsewhere"
}
