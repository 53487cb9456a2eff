// The laws of order: rows are sorted by creation, in both directions.
import * as Effect from "effect/Effect"
import type { Lists, Row } from "../../../ApiConventions.ts"
import type { NoResponse } from "../../../Exchange.ts"
import * as Pagination from "../../Pagination.ts"
import * as Sampling from "../../../Sampling.ts"
import * as Law from "../../../Law.ts"
import type { Order, Page } from "../../../Listing.ts"
import type { ApiOperation } from "../../../ApiOperation.ts"
import * as Property from "../../../Property.ts"
import { Session } from "../../../Session.ts"
import * as PageChecks from "../../../PageChecks.ts"
import * as PageQuery from "../../../PageQuery.ts"
import { hasOrder } from "../../../Applies.ts"
import * as RecordedPage from "../../RecordedPage.ts"

const creation: Law.Law = {
  id: "lists/order",
  sentence: "Rows are sorted by creation time, in the requested order.",
  source: Law.expected("Rows are sorted by creation, the oldest or the newest first."),
  severity: "error",
  cost: { base: 1, perRun: 2, perFilter: 25, shares: "pages" },
  appliesTo: (operation, { conventions }) => {
    const lists = Sampling.listsOf(operation, conventions)
    return lists?.order !== undefined && lists.created !== undefined
  },
  check: (operation) =>
    Property.all(
      Effect.flatMap(Sampling.traversalsOf(operation), (traversals) =>
        Property.forEach(
          traversals.flatMap(({ traversal, lists, order }) => traversal.pages.map((page) => ({ lists, order, page }))),
          ({ lists, order, page }) => Effect.succeed(isOrdered(page, order, lists))
        )
      ),
      PageChecks.forEachPage((page, query, { lists }) => isOrdered(page, query.order, lists))(operation)
    ),
  response: RecordedPage.forPage((page, { lists, order }) =>
    order === undefined ? Property.inconclusive : isOrdered(page, order, lists)
  )
}

const isOrdered = ({ exchange, rows }: Page, order: Order, { created = "", id }: Lists): Property.CaseResult => {
  if (rows.length < 2) return Property.inconclusive
  const instant = (row: Row | undefined) => Date.parse(String(row?.[created]))
  const wrong = rows.findIndex((row, index) => {
    if (index === 0) return false
    const [before, here] = [instant(rows[index - 1]), instant(row)]
    return order === "ascending" ? before > here : before < here
  })
  if (wrong === -1) return Property.passed
  const describeRow = (row: Row | undefined) => `${String(row?.[id])} of ${String(row?.[created])}`
  return PageQuery.mismatch(
    exchange,
    `rows ${wrong} and ${wrong + 1} are not ${order}`,
    `${order} by ${created}`,
    `${describeRow(rows[wrong - 1])} before ${describeRow(rows[wrong])}`
  )
}

const reverse: Law.Law = {
  id: "lists/reverse",
  sentence: "The descending order is the reverse of the ascending order.",
  source: Law.expected("Both orders are the same sequence in two directions, also for rows with equal creation times."),
  severity: "error",
  comparesLists: true,
  cost: { base: 0, perRun: 0.7 },
  appliesTo: hasOrder,
  check: (operation) =>
    Property.all(
      reversed(operation),
      PageChecks.forEachPageQuery("sequence", (query, sample) =>
        Effect.gen(function* () {
          if (Pagination.beforeOf(sample.lists.pagination) === undefined || query.after === undefined)
            return Property.inconclusive
          const forward = yield* PageChecks.fetchPage(sample, PageQuery.requestFor(sample, query))
          const backward = yield* PageChecks.fetchPage(
            sample,
            Sampling.pageRequest(sample.operation, sample.lists, {
              order: opposite(query.order),
              limit: query.limit,
              filters: query.filters,
              before: query.after
            })
          )
          if (forward === undefined || backward === undefined) return Property.inconclusive
          const ids = backward.ids.toReversed()
          return PageQuery.sameIds(forward.ids, ids)
            ? Property.passed
            : PageQuery.mismatch(
                backward.exchange,
                `the rows before ${query.after} in one order are not the rows after it in the other`,
                `the reverse of ${PageQuery.describeIds(forward.ids, ids)}`,
                PageQuery.describeIds(ids, forward.ids),
                [forward.exchange.request]
              )
        })
      )(operation)
    )
}

const opposite = (order: Order): Order => (order === "ascending" ? "descending" : "ascending")

const reversed = (operation: ApiOperation): Effect.Effect<Law.Outcome, NoResponse, Session> =>
  Effect.gen(function* () {
    const { description } = yield* Session
    const lists = Sampling.listsOf(operation, description.conventions)
    if (lists === undefined) return Law.skipped("the operation is not a list")
    const { traversals, isComplete, unreadable } = yield* Sampling.listing(operation, lists)
    const { ascending, descending } = traversals
    const page = descending?.pages[0]
    if (unreadable !== undefined) return Law.skipped(unreadable)
    if (!isComplete || ascending === undefined || descending === undefined || page === undefined) {
      return Law.skipped("the list is too long to be read to its end")
    }
    // Another law covers cursors that do not end.
    if (ascending.end !== "last" || descending.end !== "last")
      return Law.skipped("the list could not be read to its end")
    yield* Sampling.countPages(traversals)
    if (ascending.ids.length === 0 && descending.ids.length === 0) return Law.skipped("the list has no rows")
    const ids = ascending.ids.toReversed()
    return PageQuery.sameIds(ids, descending.ids)
      ? Law.passed(1)
      : Law.failed(
          1,
          PageQuery.mismatch(
            page.exchange,
            "the descending list is not the reverse of the ascending list",
            PageQuery.describeIds(ids, descending.ids),
            PageQuery.describeIds(descending.ids, ids),
            ascending.pages.slice(0, 1).map(({ exchange }) => exchange.request)
          )
        )
  })

export const order: ReadonlyArray<Law.Law> = [creation, reverse]
