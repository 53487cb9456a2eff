// Pages of tables by cursor, order and limit.
import * as ApiError from "@effect-workos/domain/ApiError"
import type { Order } from "@effect-workos/domain/Pagination"
import * as Effect from "effect/Effect"
import type * as Table from "./Table.ts"

/** The pagination parameters of a list. */
export interface Query {
  readonly before?: string | undefined
  readonly after?: string | undefined
  readonly limit?: number | undefined
  readonly order?: Order | undefined
}

/** The conditions that the rows of a list fulfil. */
type Conditions<A, Name extends string> = Pick<Table.PageRequest<A, Name>, "where" | "matches" | "between">

/**
 * Returns one page of a table. `noun` is used in messages.
 *
 * Fails with `UnprocessableEntity` if both cursors are given or if a cursor is unknown.
 */
export const page = Effect.fnUntraced(function* <A extends Table.Row, Name extends string>(
  table: Pick<Table.Table<A, Name>, "get" | "page">,
  noun: string,
  { after, before, limit = 10, order }: Query,
  conditions: Conditions<A, Name>
) {
  if (after !== undefined && before !== undefined) {
    return yield* new ApiError.UnprocessableEntity({ message: "Only one of 'after' and 'before' can be given." })
  }
  const cursor = after ?? before
  const row = cursor === undefined ? undefined : table.get(cursor)
  if (cursor !== undefined && row === undefined) {
    return yield* new ApiError.UnprocessableEntity({ message: `Unknown cursor: ${noun} not found: '${cursor}'.` })
  }
  // The order `normal` is descending, with `before` and `after` exchanged.
  const isReversed = order === "normal"
  const found = table.page({
    ...conditions,
    ascending: order === "asc",
    limit,
    ...(row === undefined ? {} : (after !== undefined) !== isReversed ? { after: row } : { before: row })
  })
  const listMetadata = isReversed
    ? { before: found.after, after: found.before }
    : { before: found.before, after: found.after }
  return { object: "list" as const, data: found.data, listMetadata }
})

/**
 * Tests whether a text contains another, ignoring case.
 */
export const contains = (text: string, search: string): boolean => text.toLowerCase().includes(search.toLowerCase())
