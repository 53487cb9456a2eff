// The ends of lists, also of those that are too long to be read.
import * as Effect from "effect/Effect"
import * as Harvest from "../../Harvest.ts"
import * as Law from "../../../Law.ts"
import type { Crawl, Order } from "../../Listing.ts"
import type { Operation } from "../../../Operation.ts"
import { Session } from "../../../Session.ts"

/**
 * Where a list that is too long to be read has to end in one order: after the row that comes first in the other. `rest`
 * is what follows it: rows that were created since, if any.
 */
export interface End {
  readonly order: Order
  readonly last: string | undefined
  readonly rest: Crawl | undefined
}

/**
 * The ends of a list that were not reached when it was read.
 */
export const endsOf = Effect.fnUntraced(function* (operation: Operation) {
  const { settings } = yield* Session
  const crawls = yield* Harvest.crawlsOf(operation)
  if (typeof crawls === "string") return []
  return yield* Effect.forEach(
    crawls.filter(({ crawl }) => crawl.end === "enough"),
    ({ lists, order }) => {
      const [last] = crawls.find((other) => other.order !== order)?.crawl.ids ?? []
      if (last === undefined) return Effect.succeed<End>({ order, last, rest: undefined })
      const rest = Harvest.crawl(operation, lists, { order, limit: lists.limit.maximum, after: last }, settings.maxRows)
      return Effect.map(rest, (rest): End => ({ order, last, rest }))
    }
  )
})

/**
 * A finding about a whole list, where somebody has seen it end. A list without an end says nothing of the rest of it.
 */
export const whereItEnds = Effect.fnUntraced(function* (finding: Law.Finding, operation: Operation) {
  if (finding._tag !== "Held") return finding
  const { settings } = yield* Session
  const ends = yield* endsOf(operation)
  return ends.every(({ rest }) => rest?.end === "last")
    ? finding
    : Law.notExercised(`nobody saw where the list ends: not within ${settings.maxRows.toLocaleString("en")} rows`)
})
