// One front of a crawl on its way: page after page, until it meets its neighbour or the list ends.
import * as Effect from "effect/Effect"
import * as Front from "./Front.ts"
import { CrawlError, fetchAfter, type Page, type Source } from "../Source.ts"

/** How often a walk comes by one place with nothing new, or begins again, before it is given up. */
const patience = 10

/** How many pages without any row may follow each other. */
const emptyPages = 100

export type Put<Row> = (index: number, front: Front.Front, rows: ReadonlyArray<Row>) => Effect.Effect<unknown>

interface Found<Row> {
  readonly page: Page<Row>
  readonly beginning: Front.Beginning
}

/**
 * Walks with the front of an index, and hands over its rows and where it is then. Others of the fronts move meanwhile.
 * `fetched` is its first page, if that is here already.
 */
export const walk = <Row, E, R>(
  source: Source<Row, E, R>,
  fronts: ReadonlyArray<Front.Front>,
  index: number,
  put: Put<Row>,
  fetched: Page<Row> | undefined
): Effect.Effect<void, E | CrawlError, R> =>
  Effect.gen(function* () {
    const trouble = makeTrouble()
    const isOver = () => !trouble.isInDoubt() && isOvertaken(fronts, index)
    let crossed = 0
    let coming: Found<Row> | undefined = fetched && { page: fetched, beginning: "here" }
    // Where it goes on while it walks over what was walked already.
    let again: Again | undefined
    for (;;) {
      const front = fronts[index]
      if (front === undefined || front.isDone || isOver()) return
      let found = coming ?? (again === undefined ? undefined : yield* further(source, front, again))
      if (found === undefined) {
        crossed = 0
        found = yield* next(source, front)
        if (found.beginning === "at-the-start") yield* trouble.restarted(front)
      } else trouble.wentOn()
      coming = undefined
      again = undefined
      // What the neighbour did meanwhile counts.
      const now = fronts[index] ?? front
      if (isOver()) return
      const { beginning, page } = found
      const neighbour = neighbourOf(fronts, index)
      const isAlone = fronts.length === 1
      const step = Front.take(now, page.rows, source.positionOf, { neighbour, isAlone, beginning, crossed })
      if (!("rows" in step)) {
        yield* trouble.outOfOrder(step)
        crossed = 0
        continue
      }
      crossed = step.crossed
      if (step.rows.length > 0) trouble.isOver()
      if (page.next !== null && !step.hasMet && (step.rows.length === 0 || crossed > 0)) {
        yield* trouble.nothingNew(page, page.next)
        again = { cursor: page.next, beginning: beginning === "here" ? "further-back" : beginning }
      }
      yield* put(index, page.next === null ? { ...step.front, isDone: true } : step.front, step.rows)
    }
  })

// What a walk meets with before there is something new. A list that changes, on a server that says nothing of it, may look
// out of order, come by the same place, or begin again; but not for ever.
const makeTrouble = () => {
  const followed = new Map<string, number>()
  let restarts = 0
  let empty = 0
  let doubts = 0
  return {
    isInDoubt: () => doubts > 0,
    isOver: () => {
      followed.clear()
      restarts = empty = doubts = 0
    },
    wentOn: () => {
      restarts = 0
    },
    restarted: ({ trail }: Front.Front) =>
      ++restarts > patience
        ? new CrawlError({
            message: `The server refuses to go on after any row, ${trail.at(-1) ?? ""} for one, so the list can't be walked.`
          })
        : Effect.void,
    outOfOrder: ({ id }: Front.OutOfOrder) =>
      ++doubts < patience
        ? Effect.void
        : new CrawlError({
            message: `The list is not in the order of its creation at ${id}. One walk at a time does not mind: --concurrency 1.`
          }),
    nothingNew: ({ rows }: Page<unknown>, cursor: string) => {
      const times = (followed.get(cursor) ?? 0) + 1
      followed.set(cursor, times)
      empty = rows.length === 0 ? empty + 1 : 0
      if (times <= patience && empty <= emptyPages) return Effect.void
      const what = times > patience ? `the cursor ${cursor} again and again` : "one empty page after the other"
      return new CrawlError({ message: `The server sent ${what}, so the list would never end.` })
    }
  }
}

interface Again {
  readonly cursor: string
  readonly beginning: Front.Beginning
}

// The page that the server says comes next, or nothing where that is no place in the list any more.
const further = Effect.fnUntraced(function* <Row, E, R>(
  source: Source<Row, E, R>,
  front: Front.Front,
  { beginning, cursor }: Again
) {
  const page = yield* fetchAfter(source, front.direction, cursor)
  if (page === undefined) return undefined
  // At the start everything was walked already.
  const isLost = beginning !== "at-the-start" && (yield* isElsewhere(source, front, cursor, page))
  return isLost ? undefined : { page, beginning }
})

// The next page, from the last row that still is a place in the list.
const next = Effect.fnUntraced(function* <Row, E, R>(source: Source<Row, E, R>, front: Front.Front) {
  const last = front.trail.at(-1) ?? front.start
  for (const cursor of Front.cursorsOf(front)) {
    const page = yield* fetchAfter(source, front.direction, cursor)
    if (page === undefined || (yield* isElsewhere(source, front, cursor, page))) continue
    const beginning: Front.Beginning =
      cursor === last ? "here" : cursor === front.start ? "at-the-start" : "further-back"
    return { page, beginning }
  }
  const beginning: Front.Beginning = last === undefined ? "here" : "at-the-start"
  return { page: yield* source.fetch(front.direction, undefined), beginning }
})

// Some servers begin again with the first page where a cursor is gone, and say nothing. A page that may be the first one is
// compared with it: they have rows in common, and the cursor does not stand before them. The list may change meanwhile, so
// it is asked for more than once; a page that is another one each time is no place to go on from.
const isElsewhere = Effect.fnUntraced(function* <Row, E, R>(
  source: Source<Row, E, R>,
  front: Front.Front,
  cursor: string,
  page: Page<Row>
) {
  const idsOf = ({ rows }: Page<Row>) => rows.map((row) => source.positionOf(row).id)
  if (!Front.mayBeElsewhere(front, page.rows, source.positionOf)) return false
  const ids = idsOf(page)
  for (let attempt = 0; attempt < 3; attempt++) {
    const first = idsOf(yield* source.fetch(front.direction, undefined))
    const at = first.findIndex((id) => ids.includes(id))
    if (at !== -1) return !first.slice(0, at).includes(cursor)
    const again = yield* fetchAfter(source, front.direction, cursor)
    if (again === undefined || idsOf(again)[0] !== ids[0]) return true
  }
  return false
})

const neighbourOf = (fronts: ReadonlyArray<Front.Front>, index: number): Front.Front | undefined =>
  fronts[index]?.direction === "asc" ? fronts[index + 1] : fronts[index - 1]

// Two fronts that walk towards each other end together: what one has come to, the other need not.
const isOvertaken = (fronts: ReadonlyArray<Front.Front>, index: number): boolean => {
  const neighbour = neighbourOf(fronts, index)
  return neighbour !== undefined && neighbour.direction !== fronts[index]?.direction && neighbour.isDone
}
