// Tables: pagination and filters.
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Table from "../src/internal/Table.ts"

interface Thing {
  readonly id: string
  readonly createdAt: DateTime.Utc
  readonly colour: string
  readonly tags: ReadonlyArray<string>
}

const colours = ["red", "green", "blue"]
const tags = ["a", "b", "c"]

// Few instants, so that ties are common.
const Things = Arbitrary.map(
  Arbitrary.array(
    Arbitrary.all({
      instant: Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4 }))),
      colour: Arbitrary.schema(Schema.Literals(["red", "green", "blue"])),
      tags: Arbitrary.schema(Schema.Array(Schema.Literals(["a", "b", "c"])))
    }),
    { maxLength: 25 }
  ),
  (things) =>
    things.map(({ instant, ...thing }, index): Thing => ({
      ...thing,
      // Ids in another order than rows.
      id: `thing_${(index * 7) % 31}_${index}`,
      createdAt: DateTime.makeUnsafe(instant)
    }))
)

const Instant = Schema.Int.check(Schema.isBetween({ minimum: -1, maximum: 6 }))

const Request = Arbitrary.schema(
  Schema.Struct({
    ascending: Schema.Boolean,
    limit: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 8 })),
    colour: Schema.optionalKey(Schema.Literals(["red", "green", "blue"])),
    tag: Schema.optionalKey(Schema.Literals(["a", "b", "c"])),
    anyTag: Schema.optionalKey(Schema.Array(Schema.Literals(["a", "b", "c"]))),
    between: Schema.optionalKey(Schema.Tuple([Instant, Instant])),
    evenOnly: Schema.Boolean,
    start: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 24 })),
    changes: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 24 })))
  })
)
type Request = Parameters<typeof where>[0]

const isEven = ({ id }: Thing) => Number(id.split("_")[2]) % 2 === 0

const where = (request: {
  readonly ascending: boolean
  readonly limit: number
  readonly colour?: string
  readonly tag?: string
  readonly anyTag?: ReadonlyArray<string>
  readonly between?: readonly [number, number]
  readonly evenOnly: boolean
}) => ({
  ascending: request.ascending,
  limit: request.limit,
  where: [
    ...(request.colour === undefined ? [] : [["colour", request.colour] as const]),
    ...(request.tag === undefined ? [] : [["tag", request.tag] as const]),
    ...(request.anyTag === undefined ? [] : [["tag", request.anyTag] as const])
  ],
  between: request.between,
  matches: (thing: Thing) => !request.evenOnly || isEven(thing)
})

const makeTable = (things: ReadonlyArray<Thing>) =>
  Table.make(things, { colour: (thing) => [thing.colour], tag: (thing) => thing.tags })

// A simple model of pages.
const expected = (things: ReadonlyArray<Thing>, request: Request): ReadonlyArray<string> => {
  const sorted = things
    .filter((thing) => request.colour === undefined || thing.colour === request.colour)
    .filter((thing) => request.tag === undefined || thing.tags.includes(request.tag))
    .filter((thing) => request.anyTag === undefined || request.anyTag.some((tag) => thing.tags.includes(tag)))
    .filter(({ createdAt }) => {
      const [from, until] = request.between ?? [-Infinity, Infinity]
      return from <= createdAt.epochMilliseconds && createdAt.epochMilliseconds < until
    })
    .filter((thing) => !request.evenOnly || isEven(thing))
    .toSorted(
      (a, b) =>
        DateTime.toEpochMillis(a.createdAt) - DateTime.toEpochMillis(b.createdAt) ||
        (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
    )
    .map(({ id }) => id)
  return request.ascending ? sorted : sorted.toReversed()
}

const crawl = (table: Table.Table<Thing, "colour" | "tag">, request: Request): ReadonlyArray<string> => {
  const ids: Array<string> = []
  let after: Thing | undefined
  do {
    const page = table.page({ ...where(request), after })
    assert.isAtMost(page.data.length, request.limit)
    assert.strictEqual(page.before, after === undefined ? null : (page.data[0]?.id ?? null))
    ids.push(...page.data.map(({ id }) => id))
    after = page.after === null ? undefined : table.get(page.after)
  } while (after !== undefined)
  return ids
}

describe("Table", () => {
  it.effect.prop(
    "Pages of any size contain every matching row of a table once and in order",
    [Things, Request],
    ([things, request]) =>
      Effect.sync(() => {
        assert.deepStrictEqual(crawl(makeTable(things), request), expected(things, request))
      })
  )

  it.effect.prop("A page of a table can start after any row, matching or not", [Things, Request], ([things, request]) =>
    Effect.sync(() => {
      const start = things[request.start]
      if (start === undefined) return
      const table = makeTable(things)
      const all = expected(things, { ...request, limit: 100 })
      // The position of the row if it matched.
      const open: Request = { ascending: request.ascending, limit: request.limit, evenOnly: false }
      const following = expected(things, open)
      const rest = following.slice(following.indexOf(start.id) + 1).filter((id) => all.includes(id))
      const preceding = following.slice(0, following.indexOf(start.id)).filter((id) => all.includes(id))

      const next = table.page({ ...where(request), after: start })
      assert.deepStrictEqual(
        next.data.map(({ id }) => id),
        rest.slice(0, request.limit)
      )
      assert.strictEqual(next.after !== null, rest.length > request.limit)

      const previous = table.page({ ...where(request), before: start })
      assert.deepStrictEqual(
        previous.data.map(({ id }) => id),
        preceding.slice(-request.limit)
      )
      assert.strictEqual(previous.before !== null, preceding.length > request.limit)
    })
  )

  it.effect.prop("The page of a table before the next page is the same page", [Things, Request], ([things, request]) =>
    Effect.sync(() => {
      const table = makeTable(things)
      const first = table.page(where(request))
      if (first.after === null) return
      const second = table.page({ ...where(request), after: table.get(first.after) })
      assert.isNotNull(second.before)
      assert.deepStrictEqual(table.page({ ...where(request), before: table.get(second.before ?? "") }), first)
    })
  )

  it.effect.prop(
    "Queries of a table return the current rows after removals, additions and changes",
    [Things, Request],
    ([things, request]) =>
      Effect.sync(() => {
        const table = makeTable([])
        const left = new Map<string, Thing>()
        for (const thing of things) {
          table.set(thing)
          left.set(thing.id, thing)
        }
        for (const index of request.changes) {
          const thing = things[index]
          if (thing === undefined) continue
          if (index % 2 === 0) {
            assert.strictEqual(table.remove(thing.id), left.delete(thing.id))
          } else {
            const changed: Thing = { ...thing, colour: colours[index % 3]!, tags: [tags[index % 3]!] }
            table.set(changed)
            left.set(thing.id, changed)
          }
        }
        assert.deepStrictEqual(crawl(table, request), expected([...left.values()], request))
        assert.strictEqual(table.rows.length, left.size)
      })
  )
})
