// Order: by creation, from either end.
import * as Effect from "effect/Effect"
import type { Lists, Row } from "../../../ApiConventions.ts"
import type { NoResponse } from "../../../Exchange.ts"
import * as Sampling from "../../Sampling.ts"
import * as Law from "../../../Law.ts"
import type { Order, Page } from "../../Listing.ts"
import type { ApiOperation } from "../../../ApiOperation.ts"
import * as Property from "../../Property.ts"
import { Session } from "../../../Session.ts"
import * as PageQuery from "../../PageQuery.ts"
import { hasOrder } from "./applies.ts"

const creation: Law.Law = {
  id: "lists/order",
  sentence: "Rows are in the order that was asked for.",
  source: Law.expected("Rows are ordered by the instant of their creation, the oldest or the newest first."),
  severity: "error",
  appliesTo: (operation, { conventions: { lists } }) =>
    Sampling.isList(operation, lists) && lists.order !== undefined && lists.created !== undefined,
  check: (operation) =>
    Property.all(
      Effect.flatMap(Sampling.traversalsOf(operation), (traversals) =>
        typeof traversals === "string"
          ? Effect.succeed(Law.skipped(traversals))
          : Property.forEach(
              traversals.flatMap(({ traversal, lists, order }) =>
                traversal.pages.map((page) => ({ lists, order, page }))
              ),
              ({ lists, order, page }) => Effect.succeed(isOrdered(page, order, lists))
            )
      ),
      PageQuery.forEachPageQuery((view, numbers) =>
        Effect.gen(function* () {
          const window = PageQuery.make(view, numbers, { filtered: "maybe", backward: true })
          const page = window && (yield* PageQuery.fetchPage(view, PageQuery.requestFor(view, window)))
          return page === undefined || window === undefined ? "inconclusive" : isOrdered(page, window.order, view.lists)
        })
      )(operation)
    )
}

const isOrdered = ({ exchange, rows }: Page, order: Order, { created = "", id }: Lists): Property.CaseResult => {
  if (rows.length < 2) return "inconclusive"
  const instant = (row: Row | undefined) => Date.parse(String(row?.[created]))
  const wrong = rows.findIndex((row, index) => {
    if (index === 0) return false
    const [before, here] = [instant(rows[index - 1]), instant(row)]
    return order === "ascending" ? before > here : before < here
  })
  if (wrong === -1) return "passed"
  const told = (row: Row | undefined) => `${String(row?.[id])} of ${String(row?.[created])}`
  return PageQuery.mismatch(
    exchange,
    `rows ${wrong} and ${wrong + 1} are not ${order}`,
    `${order} by ${created}`,
    `${told(rows[wrong - 1])} before ${told(rows[wrong])}`
  )
}

const reverse: Law.Law = {
  id: "lists/reverse",
  sentence: "Either order is the other's reverse.",
  source: Law.expected("One list has two ends; rows created in the same instant have an order too."),
  severity: "error",
  comparesLists: true,
  appliesTo: hasOrder,
  check: (operation) =>
    Property.all(
      reversed(operation),
      PageQuery.forEachPageQuery((view, numbers) =>
        Effect.gen(function* () {
          if (view.lists.before === undefined) return "inconclusive"
          const window = PageQuery.make(view, numbers, { filtered: "maybe" })
          if (window?.after === undefined) return "inconclusive"
          const forward = yield* PageQuery.fetchPage(view, PageQuery.requestFor(view, window))
          const backward = yield* PageQuery.fetchPage(
            view,
            Sampling.pageRequest(view.operation, view.lists, {
              order: opposite(window.order),
              limit: window.limit,
              filters: window.filters,
              before: window.after
            })
          )
          if (forward === undefined || backward === undefined) return "inconclusive"
          const ids = backward.ids.toReversed()
          return PageQuery.sameIds(forward.ids, ids)
            ? "passed"
            : PageQuery.mismatch(
                backward.exchange,
                `what is before ${window.after} in one order is not what is after it in the other`,
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
    const { lists } = description.conventions
    if (!Sampling.isList(operation, lists)) return Law.skipped("it is no list")
    const { traversals, isComplete, unreadable } = yield* Sampling.listing(operation, lists)
    const { ascending, descending } = traversals
    const page = descending?.pages[0]
    if (unreadable !== undefined) return Law.skipped(unreadable)
    if (!isComplete || ascending === undefined || descending === undefined || page === undefined) {
      return Law.skipped("the list is too long to be read to its end")
    }
    // A traversal that went round in circles has rows twice: another law's matter.
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
            "the whole list, descending, is not the reverse of the whole list, ascending",
            PageQuery.describeIds(ids, descending.ids),
            PageQuery.describeIds(descending.ids, ids),
            ascending.pages.slice(0, 1).map(({ exchange }) => exchange.request)
          )
        )
  })

export const order: ReadonlyArray<Law.Law> = [creation, reverse]
