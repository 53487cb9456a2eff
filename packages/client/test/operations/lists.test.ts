// Lists of all resources: streams and pages against a naive model of pagination.
import { assert, describe, it } from "@effect/vitest"
import * as Pagination from "@effect-workos/domain/Pagination"
import { runs, seed } from "@effect-workos/testing/Sample"
import * as Arbitrary from "effect/Arbitrary"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Schema from "effect/Schema"
import { comparable } from "./comparable.ts"
import { arbitraryInput, describedInput, type Input, toArguments, withoutConflict } from "./input.ts"
import type { Operation } from "./operations.ts"
import { createdMillis, isPages, lists, maxRows, read, type Row, sampleRows, start } from "./rows.ts"
import type { Respond } from "./server.ts"

type Values = Readonly<Record<string, unknown>>

const Reading = Schema.Struct({
  rows: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: maxRows })),
  /** Small sizes, so that most lists have several pages. 6 represents the default. */
  size: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 6 })),
  order: Schema.optional(Schema.Literals(["asc", "desc"])),
  after: Schema.optional(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: maxRows - 1 }))),
  second: Schema.Int.check(Schema.isBetween({ minimum: -1, maximum: maxRows / 2 }))
})

const filtersOf = ({ endpoint: { exclusive } }: Operation, options: object): Values =>
  Object.fromEntries(
    Object.entries(exclusive?.afterCursor(options).query ?? options)
      .filter(([name]) => Pagination.isFilter(name))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
  )

/** Tests whether a row matches filters. This replaces the real meaning of filters: each row matches most of them. */
const matches = (filters: unknown, { id }: Row): boolean => {
  let hash = 7
  for (const character of JSON.stringify(comparable(filters)) + id) {
    hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0
  }
  return hash % 4 !== 0
}

/** The rows of a list from a cursor to the end: the model. */
const remainingRows = (
  operation: Operation,
  rows: ReadonlyArray<Row>,
  { options, params }: { readonly options: Values; readonly params: object }
): ReadonlyArray<Row> => {
  const { after, order, ...filters } = options
  const since = operation.endpoint.exclusive?.afterCursor(options).since ?? -Infinity
  const included = new Set(
    rows.filter(
      (row, index) => createdMillis(index) >= since && matches({ params, filters: filtersOf(operation, filters) }, row)
    )
  )
  const ordered = order === "asc" ? rows : rows.toReversed()
  return ordered.slice(ordered.findIndex(({ id }) => id === after) + 1).filter((row) => included.has(row))
}

/** A server that returns one page of the model per request. */
const serverOf =
  (operation: Operation, rows: ReadonlyArray<Row>): Respond =>
  (_, { params = {}, query = {} }) => {
    const { limit, ...options }: Values = { ...query }
    assert.isUndefined(operation.endpoint.exclusive?.violation(options))
    const remaining = remainingRows(operation, rows, { params, options })
    const data = remaining.slice(0, Number(limit))
    const after = data.length < remaining.length ? data.at(-1)?.id : null
    return Effect.succeed(
      HttpServerResponse.jsonUnsafe({ object: "list", data, list_metadata: { before: null, after } })
    )
  }

describe.each(lists)("$name", ({ item, name, operation }) => {
  const { endpoint } = operation
  const allRows = sampleRows(endpoint, item)
  const decode = Schema.decodeUnknownSync(item)
  const decoded = new Map(allRows.map((row) => [row.id, comparable(decode(row))] as const))

  it.effect.prop(
    `${name} streams each row once and in order, decoded and encoded, for any page size, filters and start`,
    [arbitraryInput(endpoint), Reading],
    ([{ options, ...input }, { after, order, rows: count, second, size }]) =>
      Effect.gen(function* () {
        const rows = allRows.slice(0, count)
        const pageSize = size === 6 ? undefined : size
        // Times are creation times of rows, so that they affect the result.
        const filters = Object.entries(options).flatMap(([name, value]) => {
          if (!Pagination.isFilter(name)) return []
          return [[name, DateTime.isDateTime(value) ? DateTime.makeUnsafe(start + second * 1_000) : value] as const]
        })
        const cursor = after === undefined ? undefined : rows[after % rows.length]?.id
        const given: Input = {
          ...input,
          options: withoutConflict(endpoint, { ...Object.fromEntries(filters), order, after: cursor })
        }
        const expected = remainingRows(operation, rows, given)
        const args = toArguments(endpoint, { ...given, options: { ...given.options, pageSize } })
        const respond = serverOf(operation, rows)

        for (const form of [[], ["encoded"]]) {
          const toExpected = (rows: ReadonlyArray<unknown>) => (form.length === 0 ? comparable(rows) : rows)
          const expectedRows = form.length === 0 ? expected.map(({ id }) => decoded.get(id)) : expected

          const streamed = yield* read(operation, [...form, "stream"], args, respond)
          assert.isUndefined(streamed.error)
          assert.deepStrictEqual(toExpected(streamed.elements), expectedRows)

          const paged = yield* read(operation, [...form, "pages"], args, respond)
          assert.isUndefined(paged.error)
          if (!isPages(paged.elements)) return assert.fail("The elements are pages.")
          assert.deepStrictEqual(toExpected(paged.elements.flatMap(({ data }) => data)), expectedRows)
          assert.lengthOf(paged.exchanges, paged.elements.length)

          for (const { decoded } of [...streamed.exchanges, ...paged.exchanges]) {
            assert.include(decoded.query, { limit: pageSize ?? 100, order: order ?? "desc" })
          }
        }
      }),
    { arbitrary: { runs: runs(60, 15) } }
  )

  const firstRows = (count: number) => comparable(allRows.slice(0, count).map(({ id }) => decoded.get(id)))
  const minimal = Effect.map(
    Arbitrary.sampleEffect(describedInput(endpoint), { count: 1, seed }),
    ([input = assert.fail()]) => toArguments(endpoint, { ...input, options: { order: "asc", pageSize: 2 } })
  )

  it.effect(`${name} streams the rows before a failed page, and then fails`, () =>
    Effect.gen(function* () {
      const respond = serverOf(operation, allRows)
      let requests = 0
      const failing: Respond = (...args) => (++requests === 3 ? Effect.die("The third page fails.") : respond(...args))
      const { elements, error } = yield* read(operation, ["stream"], yield* minimal, failing)
      assert.deepInclude(error, { _tag: "ServerError" })
      assert.lengthOf(elements, 4)
    })
  )

  it.effect(`${name} fails with CursorRepeated if the server returns a cursor twice`, () =>
    Effect.gen(function* () {
      const after = allRows[1]?.id
      const { elements, error, exchanges } = yield* read(operation, ["stream"], yield* minimal, () =>
        Effect.succeed(
          HttpServerResponse.jsonUnsafe({ object: "list", data: allRows.slice(0, 2), list_metadata: { after } })
        )
      )
      assert.deepInclude(error, { _tag: "CursorRepeated", operation: name, cursor: after })
      assert.lengthOf(exchanges, 2)
      assert.deepStrictEqual(comparable(elements.slice(0, 2)), firstRows(2))
    })
  )
})
