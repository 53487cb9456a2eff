// Crawls of lists that change during the crawl, from any split points and in any interleaving.
import { assert, describe, it } from "@effect/vitest"
import { runs, seed } from "@effect-workos/testing/Sample"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Crawl from "../src/Crawl.ts"
import * as Source from "../src/Source.ts"

interface Row {
  readonly id: string
  readonly created: number
  /** The position in the list, if `created` says another one. */
  readonly place?: number
}

class Lost {
  readonly _tag = "Lost"
}

/** The behaviour of a server for the cursor of a deleted row: it refuses the cursor or ignores it. */
type Forgetful = "refuses" | "starts-again"

const byId = (a: Row, b: Row) => (a.id < b.id ? -1 : 1)
const placeOf = ({ created, place }: Row) => place ?? created
const byPlace = (a: Row, b: Row) => placeOf(a) - placeOf(b) || byId(a, b)

/** The order of rows of one instant in descending order: reversed, or the same as in ascending order. */
type Ties = "mirrored" | "same"

// A list in memory that responds after a delay and changes before each response.
const makeList = (options: {
  readonly rows: ReadonlyArray<Row>
  readonly pageSize: number
  readonly forgetful: Forgetful
  readonly tied: Ties
  readonly change: (rows: Array<Row>) => void
  readonly delay: Effect.Effect<void>
}) => {
  const rows = options.rows.toSorted(byPlace)
  const removed: Array<string> = []
  let requests = 0
  const source: Source.Source<Row, Lost, never> = {
    positionOf: (row) => row,
    isLost: () => true,
    fetch: (order, after) =>
      Effect.gen(function* () {
        requests++
        yield* options.delay
        options.change(rows)
        const newestFirst =
          options.tied === "mirrored"
            ? rows.toReversed()
            : rows.toSorted((a, b) => placeOf(b) - placeOf(a) || byId(a, b))
        const ordered = order === "asc" ? [...rows] : newestFirst
        const at = after === undefined ? -1 : ordered.findIndex(({ id }) => id === after)
        if (after !== undefined && at === -1 && options.forgetful === "refuses") return yield* Effect.fail(new Lost())
        const page = ordered.slice(at + 1, at + 1 + options.pageSize)
        yield* options.delay
        return { rows: page, next: at + 1 + options.pageSize < ordered.length ? (page.at(-1)?.id ?? null) : null }
      })
  }
  return { source, rows, removed, requests: () => requests }
}

const Case = Schema.Struct({
  count: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 60 })),
  ties: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 9 })),
  pageSize: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 7 })),
  concurrency: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 6 })),
  splitPoints: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 70 }))),
  forgetful: Schema.Literals(["refuses", "starts-again"]),
  tied: Schema.Literals(["mirrored", "same"]),
  changes: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3 })),
  order: Schema.Literals(["asc", "desc"]),
  together: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 20 })),
  seed: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1_000_000 })),
  crashes: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 12 })))
})

// A row with a time that does not fit its position.
const Misplaced = Schema.Struct({
  index: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 59 })),
  created: Schema.Int.check(Schema.isBetween({ minimum: -5, maximum: 70 }))
})

const name = (index: number) => `row_${String(index).padStart(4, "0")}`

// All rows of a crawl that is interrupted and resumed as often as the case says.
const crawl = Effect.fnUntraced(function* (one: typeof Case.Type, misplaced?: typeof Misplaced.Type) {
  const random = yield* Random.Random
  const below = (bound: number) => Math.floor(random.nextDoubleUnsafe() * bound)
  const initial = Array.from({ length: one.count }, (_, index) => ({
    id: name((index * 37) % 61),
    created: Math.floor(index / one.ties),
    ...(index === misplaced?.index ? { created: misplaced.created, place: Math.floor(index / one.ties) } : {})
  }))
  const survivors = new Set(initial.map(({ id }) => id))
  let born = 0
  const list = makeList({
    rows: initial,
    pageSize: one.pageSize,
    forgetful: one.forgetful,
    tied: one.tied,
    delay: Effect.suspend(() =>
      Effect.forEach(Array.from({ length: below(4) }), () => Effect.yieldNow, { discard: true })
    ),
    change: (rows) => {
      for (let i = below(one.changes + 1); i > 0; i--) {
        if (below(2) === 0) rows.push({ id: `new_${born++}`, created: 10_000 + born })
        else {
          const [gone] = rows.splice(below(rows.length), 1)
          if (gone !== undefined) survivors.delete(gone.id)
        }
      }
    }
  })
  // Split points work only if a page can hold all rows of one instant.
  const places = one.ties < one.pageSize ? one.splitPoints : []
  const splitPoints = places.map((index) => (index > 60 ? `nothing_${index}` : name(index)))
  let state: Crawl.State | undefined
  const seen: Array<string> = []
  for (const crash of [...one.crashes, Infinity]) {
    const batches = Crawl.batches(list.source, {
      concurrency: one.concurrency,
      order: one.order,
      splitPoints,
      from: state
    })
    const sink = Crawl.sink({
      from: state,
      rows: one.together,
      store: ({ rows }: Crawl.Batch<Row>, now) =>
        Effect.sync(() => {
          // Rows and state are stored together, as in a transaction.
          state = now
          for (const { id } of rows) seen.push(id)
        })
    })
    yield* Stream.run(crash === Infinity ? batches : Stream.take(batches, crash), sink)
    // Checkpoints are stored as JSON.
    if (state !== undefined) {
      state = yield* Schema.decodeUnknownEffect(Crawl.State)(JSON.parse(JSON.stringify(state)))
      if (state.segments.length === 0) state = undefined
    }
  }
  return { seen, survivors, list, initial }
})

const check = (one: typeof Case.Type, misplaced?: typeof Misplaced.Type) =>
  Effect.gen(function* () {
    const { seen, survivors } = yield* Random.withSeed(crawl(one, misplaced), one.seed)
    const twice = seen.filter((id, index) => seen.indexOf(id) !== index)
    if (twice.length > 0) return yield* Effect.fail(`twice: ${twice.join(" ")}`)
    const missing = [...survivors].filter((id) => !seen.includes(id))
    if (missing.length > 0) return yield* Effect.fail(`missing: ${missing.join(" ")}`)
    return true
  })

describe("Crawl.batches", () => {
  it.effect(
    "A crawl emits every row that exists throughout exactly once, also when rows are created and deleted and it is resumed",
    () =>
      Effect.gen(function* () {
        const result = yield* Arbitrary.checkEffect(Arbitrary.schema(Case), check, {
          runs: runs(2000, 400),
          seed: `crawl ${seed}`,
          concurrency: 1
        })
        assert.isUndefined(Arbitrary.formatCheckFailure(result))
      })
  )

  it.effect(
    "A crawl emits every row exactly once or fails with CrawlError if the time of a row contradicts its position",
    () =>
      Effect.gen(function* () {
        let refusals = 0
        const result = yield* Arbitrary.checkEffect(
          Arbitrary.schema(Schema.Struct({ one: Case, misplaced: Misplaced })),
          ({ misplaced, one }) =>
            check({ ...one, changes: 0, tied: one.ties === 1 ? one.tied : "mirrored", crashes: [] }, misplaced).pipe(
              Effect.catch((error) => {
                if (!(error instanceof Source.CrawlError) || one.concurrency === 1) return Effect.fail(error)
                refusals++
                return Effect.succeed(true)
              })
            ),
          { runs: runs(2000, 400), seed: `misplaced ${seed}`, concurrency: 1 }
        )
        assert.isUndefined(Arbitrary.formatCheckFailure(result))
        assert.isAbove(refusals, 0)
      })
  )
})

const batch = (index: number, ids: ReadonlyArray<string>): Crawl.Batch<string> => ({
  rows: ids,
  advanced: [[index, { direction: "asc", recentIds: ids, isDone: false }]]
})

describe("servers with broken cursors", () => {
  const rows = Array.from({ length: 40 }, (_, index): Row => ({ id: name(index), created: index }))
  const pageOf = (order: "asc" | "desc", next: string | null): Source.Page<Row> => ({
    rows: (order === "asc" ? rows : rows.toReversed()).slice(0, 10),
    next
  })
  let empty = 0
  const servers: Readonly<Record<string, Source.Source<Row, Lost, never>["fetch"]>> = {
    "refuses every cursor": (order, after) =>
      after === undefined ? Effect.succeed(pageOf(order, name(order === "asc" ? 9 : 30))) : Effect.fail(new Lost()),
    "sends one empty page after the other": (order, after) =>
      Effect.sync(() => (after === undefined ? pageOf(order, "more_0") : { rows: [], next: `more_${++empty}` })),
    "ignores cursors": (order) => Effect.succeed(pageOf(order, name(order === "asc" ? 9 : 30)))
  }

  it.effect.each(
    Object.entries(servers).flatMap(([server, fetch]) => [1, 4].map((concurrency) => ({ server, concurrency, fetch })))
  )("A crawl with concurrency $concurrency fails with one sentence if the server $server", ({ concurrency, fetch }) =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      const error = yield* Crawl.batches(
        { fetch, isLost: () => true, positionOf: (row) => row },
        { concurrency, order: "desc", splitPoints: [] }
      ).pipe(
        Stream.runForEach((batch) => Effect.sync(() => void seen.push(...batch.rows.map(({ id }) => id)))),
        Effect.flip
      )
      assert.instanceOf(error, Source.CrawlError)
      assert.match(error instanceof Source.CrawlError ? error.message : "", /^The server [^.]+\.$/)
      // The rows of the first pages are emitted once.
      assert.lengthOf(seen, concurrency === 1 ? 10 : 20)
      assert.strictEqual(new Set(seen).size, seen.length)
    })
  )
})

describe("Crawl.sink", () => {
  it.effect(
    "The sink stores at least `rows` rows together, in their order, with the state of the crawl after them",
    () =>
      Effect.gen(function* () {
        const stored: Array<readonly [rows: ReadonlyArray<string>, recentIds: ReadonlyArray<ReadonlyArray<string>>]> =
          []
        const batches = Stream.make(
          batch(0, ["a", "b"]),
          batch(1, ["z"]),
          batch(0, ["c"]),
          batch(1, []),
          batch(0, ["d"])
        ).pipe(Stream.rechunk(1))
        const end = yield* Stream.run(
          batches,
          Crawl.sink({
            rows: 3,
            store: ({ rows }: Crawl.Batch<string>, { segments }) =>
              Effect.sync(() => void stored.push([rows, segments.map(({ recentIds }) => recentIds)]))
          })
        )
        assert.deepStrictEqual(stored, [
          [
            ["a", "b", "z"],
            [["a", "b"], ["z"]]
          ],
          [
            ["c", "d"],
            [["d"], []]
          ]
        ])
        assert.deepStrictEqual(
          end.segments.map(({ recentIds }) => recentIds),
          [["d"], []]
        )
      })
  )
})
