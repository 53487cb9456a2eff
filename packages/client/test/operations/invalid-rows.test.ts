// Rows of all lists that do not have the documented shape.
import { assert, describe, it } from "@effect/vitest"
import { runs } from "@effect-workos/testing/Sample"
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { InvalidResponse, InvalidRow } from "../../src/ClientError.ts"
import { exchange } from "./call.ts"
import { describedInput, toArguments } from "./input.ts"
import { isPages, lists, maxRows, read, type Row, sampleRows } from "./rows.ts"
import type { Respond } from "./server.ts"

/** The rows of pages. `true` is a malformed row. */
const Pages = Schema.Array(Schema.Array(Schema.Boolean).check(Schema.isMaxLength(8))).check(
  Schema.isMinLength(1),
  Schema.isMaxLength(3)
)

interface Sent {
  readonly row: Row
  /** The position in the page, from 1. */
  readonly position: number
  readonly isMalformed: boolean
}

/** A server that returns the pages one after another. */
const serverOf = (pages: ReadonlyArray<ReadonlyArray<Sent>>, cursors: ReadonlyArray<Row>): Respond => {
  let next = 0
  return () =>
    Effect.sync(() => {
      const page = pages[next++] ?? assert.fail("No further page exists.")
      const after = next === pages.length ? null : cursors[next]?.id
      return HttpServerResponse.jsonUnsafe({
        object: "list",
        data: page.map(({ row }) => row),
        list_metadata: { before: null, after }
      })
    })
}

/** Asserts that an error contains the position and the id of a row. */
const assertInvalid = (error: unknown, sent: Sent | undefined) => {
  if (!(error instanceof InvalidResponse) || error.reason._tag !== "WrongShape") return assert.fail(String(error))
  const { path, row } = error.reason
  assert.deepStrictEqual<unknown>(row, { id: sent?.row.id, position: sent?.position })
  assert.strictEqual(path, `data.${(row?.position ?? 0) - 1}.object`)
}

describe.each(lists)("$name", ({ item, name, operation }) => {
  const samples = sampleRows(operation.endpoint, item)
  const assertRows = (found: ReadonlyArray<unknown>, sent: ReadonlyArray<Sent>, isEncoded: boolean) => {
    assert.lengthOf(found, sent.length)
    for (const [index, { isMalformed, position, row }] of sent.entries()) {
      const value = found[index]
      assert.strictEqual(value instanceof InvalidRow, isMalformed)
      if (value instanceof InvalidRow) {
        assert.deepStrictEqual<unknown>(value.row, row)
        assert.deepInclude(value, { path: "object", position })
        assert.include(value.message, `${name}: row ${position} of the page (${row.id})`)
      } else if (isEncoded) assert.deepStrictEqual(value, row)
      else assert.strictEqual(Reflect.get(Object(value), "id"), row.id)
    }
  }

  it.effect.prop(
    `${name} fails at the first malformed row, or yields an InvalidRow for each, decoded and encoded`,
    [describedInput(operation.endpoint), Pages],
    ([input, flags]) =>
      Effect.gen(function* () {
        let next = 0
        const pages = flags.map((page) =>
          page.map((isMalformed, index): Sent => {
            const row = samples[next++ % maxRows] ?? assert.fail("Sample rows exist.")
            return { row: isMalformed ? { ...row, object: "another" } : row, position: index + 1, isMalformed }
          })
        )
        const sent = pages.flat()
        const [first = []] = pages
        const respond = () => serverOf(pages, samples)
        const failing = toArguments(operation.endpoint, { ...input, options: {} })
        const yielding = toArguments(operation.endpoint, { ...input, options: { invalidRows: "yield" } })

        for (const form of [[], ["encoded"]]) {
          const isEncoded = form.length > 0
          const streamed = yield* read(operation, [...form, "stream"], yielding, respond())
          assert.isUndefined(streamed.error)
          assertRows(streamed.elements, sent, isEncoded)

          const paged = yield* read(operation, [...form, "pages"], yielding, respond())
          assert.isUndefined(paged.error)
          if (!isPages(paged.elements)) return assert.fail("The elements are pages.")
          for (const [index, { data }] of paged.elements.entries()) assertRows(data, pages[index] ?? [], isEncoded)

          const one = yield* exchange(operation, form, yielding, respond())
          assertRows(Reflect.get(Object(yield* one.exit), "data"), first, isEncoded)

          const position = sent.findIndex(({ isMalformed }) => isMalformed)
          const { elements, error } = yield* read(operation, [...form, "stream"], failing, respond())
          assertRows(elements, position < 0 ? sent : sent.slice(0, position), isEncoded)
          if (position < 0) assert.isUndefined(error)
          else assertInvalid(error, sent[position])

          const page = yield* Effect.result((yield* exchange(operation, form, failing, respond())).exit)
          const inFirst = first.find(({ isMalformed }) => isMalformed)
          if (inFirst === undefined) assert.isTrue(Result.isSuccess(page))
          else assertInvalid(Result.isFailure(page) ? page.failure : undefined, inFirst)
        }
      }),
    { arbitrary: { runs: runs(30, 5) } }
  )
})
