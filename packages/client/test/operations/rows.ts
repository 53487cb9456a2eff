// Lists of all resources: their sample rows, and reading them.
import type * as Endpoint from "@effect-workos/domain/Endpoint"
import * as Fields from "@effect-workos/domain/Fields"
import { seed } from "@effect-workos/testing/Sample"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { assert } from "vitest"
import { type Emitted, exchange } from "./call.ts"
import { comparable } from "./comparable.ts"
import { operations, type Operation } from "./operations.ts"
import type { Respond } from "./server.ts"

/** All lists. */
export const lists = operations.flatMap((operation) => {
  const { item } = operation.endpoint
  return item === undefined ? [] : [{ name: operation.name, operation, item }]
})

/** The number of sample rows of a list. */
export const maxRows = 25

/** The creation time of the first row. Each time belongs to two rows. */
export const start = Date.UTC(2026, 0, 15)
export const createdMillis = (index: number): number => start + (index >> 1) * 1_000

/** An encoded row. */
export type Row = Readonly<Record<string, unknown>> & { readonly id: string }

/** The prefix of a list's cursors, which are ids of rows. */
const prefixOf = ({ query }: Endpoint.Endpoint): string => {
  const after = query && Fields.of(Schema.toType(query).ast).find(({ name }) => name === "after")
  return (after?.kind._tag === "Text" ? after.kind.prefix : undefined) ?? assert.fail("A cursor is an id.")
}

/**
 * Generates encoded rows of a list, from the oldest to the newest.
 */
export const sampleRows = (endpoint: Endpoint.Endpoint, item: Endpoint.AnySchema): ReadonlyArray<Row> => {
  const prefix = prefixOf(endpoint)
  const encode = Schema.encodeUnknownSync(item)
  const rows = Effect.runSync(Arbitrary.sampleEffect(Arbitrary.schema(item), { count: maxRows, seed })).map((value) => {
    const row = comparable(JSON.parse(JSON.stringify(encode(value))))
    return Predicate.isReadonlyObject(row) ? row : assert.fail("A row is an object.")
  })
  // Events of unknown types have a time too: without one, a row is in every time range.
  const areTimed = rows.some((row) => "created_at" in row)
  return rows.map((row, index) => ({
    ...row,
    id: `${prefix}_${index}`,
    ...(areTimed ? { created_at: new Date(createdMillis(index)).toISOString() } : {})
  }))
}

const isEmitted = (value: unknown): value is Emitted => Predicate.hasProperty(value, "elements")

/**
 * Reads a list to its end.
 */
export const read = (
  operation: Operation,
  form: ReadonlyArray<string>,
  args: ReadonlyArray<unknown>,
  respond: Respond
) =>
  Effect.gen(function* () {
    const { exchanges, exit } = yield* exchange(operation, form, args, respond)
    const emitted = yield* exit
    return isEmitted(emitted) ? { ...emitted, exchanges } : assert.fail("The result is a stream.")
  })

/**
 * Tests whether the elements of a stream are pages.
 */
export const isPages = (value: unknown): value is ReadonlyArray<{ readonly data: ReadonlyArray<unknown> }> =>
  Array.isArray(value) && value.every((page) => Array.isArray(Object(page).data))
