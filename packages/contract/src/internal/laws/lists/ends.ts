// The ends of lists, also of those that are too long to be read.
import * as Effect from "effect/Effect"
import * as Sampling from "../../Sampling.ts"
import * as Law from "../../../Law.ts"
import type { Traversal, Order } from "../../Listing.ts"
import type { ApiOperation } from "../../../ApiOperation.ts"
import { Session } from "../../../Session.ts"

/**
 * Where a list that is too long to be read has to end in one order: after the row that comes first in the other. `rest`
 * is what follows it: rows that were created since, if any.
 */
export interface ListEnd {
  readonly order: Order
  readonly last: string | undefined
  readonly rest: Traversal | undefined
}

/**
 * The ends of a list that were not reached when it was read.
 */
export const endsOf = Effect.fnUntraced(function* (operation: ApiOperation) {
  const { settings } = yield* Session
  const traversals = yield* Sampling.traversalsOf(operation)
  if (typeof traversals === "string") return []
  return yield* Effect.forEach(
    traversals.filter(({ traversal }) => traversal.end === "row-limit"),
    ({ lists, order }) => {
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
 * A finding about a whole list, where somebody has seen it end. A list without an end says nothing of the rest of it.
 */
export const requireEnd = Effect.fnUntraced(function* (finding: Law.Outcome, operation: ApiOperation) {
  if (finding._tag !== "Passed") return finding
  const { settings } = yield* Session
  const ends = yield* endsOf(operation)
  return ends.every(({ rest }) => rest?.end === "last")
    ? finding
    : Law.skipped(`nobody saw where the list ends: not within ${settings.maxRows.toLocaleString("en")} rows`)
})
