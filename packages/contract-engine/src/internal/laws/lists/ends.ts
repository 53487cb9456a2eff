// The ends of lists, including lists that are too long to be read.
import * as Effect from "effect/Effect"
import * as Pagination from "../../Pagination.ts"
import * as Sampling from "../../../Sampling.ts"
import * as Law from "../../../Law.ts"
import type { Traversal, Order } from "../../../Listing.ts"
import type { ApiOperation } from "../../../ApiOperation.ts"
import { Session } from "../../../Session.ts"

/**
 * The end of a long list in one order: the row that is first in the other order, and the rows after it. `rest` contains
 * rows only if some were created since, or if the list does not end.
 */
export interface ListEnd {
  readonly order: Order
  readonly last: string | undefined
  readonly rest: Traversal | undefined
}

/**
 * Returns the ends of a list that were not reached by reading it.
 */
export const endsOf = Effect.fnUntraced(function* (operation: ApiOperation) {
  const { settings } = yield* Session
  const traversals = yield* Effect.catchTag(Sampling.traversalsOf(operation), "CannotCheck", () => Effect.succeed([]))
  return yield* Effect.forEach(
    traversals.filter(({ traversal }) => traversal.end === "row-limit"),
    ({ lists, order }) => {
      if (!Pagination.hasIdCursors(lists.pagination))
        return Effect.succeed<ListEnd>({ order, last: undefined, rest: undefined })
      const [last] = traversals.find((other) => other.order !== order)?.traversal.ids ?? []
      if (last === undefined) return Effect.succeed<ListEnd>({ order, last, rest: undefined })
      const rest = Sampling.paginate(
        operation,
        lists,
        { order, limit: lists.limit.maximum, after: last },
        settings.maxRows
      )
      return Effect.map(rest, (rest): ListEnd => ({ order, last, rest }))
    }
  )
})

/**
 * Skips a law about a whole list unless the end of the list was reached.
 */
export const requireEnd = Effect.fnUntraced(function* (outcome: Law.Outcome, operation: ApiOperation) {
  if (outcome._tag !== "Passed") return outcome
  const { settings } = yield* Session
  const ends = yield* endsOf(operation)
  return ends.every(({ rest }) => rest?.end === "last")
    ? outcome
    : Law.skipped(`the list does not end within ${settings.maxRows.toLocaleString("en")} rows`)
})
