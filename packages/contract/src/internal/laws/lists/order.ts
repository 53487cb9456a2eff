// Order: by creation, from either end.
import * as Effect from "effect/Effect"
import type { Lists, Row } from "../../../Convention.ts"
import type { Unanswered } from "../../../Exchange.ts"
import * as Harvest from "../../Harvest.ts"
import * as Law from "../../../Law.ts"
import type { Order, Page } from "../../Listing.ts"
import type { Operation } from "../../../Operation.ts"
import * as Property from "../../Property.ts"
import { Session } from "../../../Session.ts"
import * as Window from "../../Window.ts"
import { hasOrder } from "./applies.ts"

const creation: Law.Law = {
  id: "lists/order",
  sentence: "Rows are in the order that was asked for.",
  source: Law.expected("Rows are ordered by the instant of their creation, the oldest or the newest first."),
  severity: "error",
  appliesTo: (operation, { convention: { lists } }) =>
    Harvest.isList(operation, lists) && lists.order !== undefined && lists.created !== undefined,
  check: (operation) =>
    Property.all(
      Effect.flatMap(Harvest.crawlsOf(operation), (crawls) =>
        typeof crawls === "string"
          ? Effect.succeed(Law.notExercised(crawls))
          : Property.forEach(
              crawls.flatMap(({ crawl, lists, order }) => crawl.pages.map((page) => ({ lists, order, page }))),
              ({ lists, order, page }) => Effect.succeed(isOrdered(page, order, lists))
            )
      ),
      Window.everyWindow((view, numbers) =>
        Effect.gen(function* () {
          const window = Window.cut(view, numbers, { filtered: "maybe", backward: true })
          const page = window && (yield* Window.pageOf(view, Window.requestFor(view, window)))
          return page === undefined || window === undefined ? "vacuous" : isOrdered(page, window.order, view.lists)
        })
      )(operation)
    )
}

const isOrdered = ({ exchange, rows }: Page, order: Order, { created = "", id }: Lists): Property.Verdict => {
  if (rows.length < 2) return "vacuous"
  const instant = (row: Row | undefined) => Date.parse(String(row?.[created]))
  const wrong = rows.findIndex((row, index) => {
    if (index === 0) return false
    const [before, here] = [instant(rows[index - 1]), instant(row)]
    return order === "ascending" ? before > here : before < here
  })
  if (wrong === -1) return "holds"
  const told = (row: Row | undefined) => `${String(row?.[id])} of ${String(row?.[created])}`
  return Window.mismatch(
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
  overLists: true,
  appliesTo: hasOrder,
  check: (operation) =>
    Property.all(
      reversed(operation),
      Window.everyWindow((view, numbers) =>
        Effect.gen(function* () {
          if (view.lists.before === undefined) return "vacuous"
          const window = Window.cut(view, numbers, { filtered: "maybe" })
          if (window?.after === undefined) return "vacuous"
          const forward = yield* Window.pageOf(view, Window.requestFor(view, window))
          const backward = yield* Window.pageOf(
            view,
            Harvest.pageRequest(view.operation, view.lists, {
              order: opposite(window.order),
              limit: window.limit,
              filters: window.filters,
              before: window.after
            })
          )
          if (forward === undefined || backward === undefined) return "vacuous"
          const ids = backward.ids.toReversed()
          return Window.sameIds(forward.ids, ids)
            ? "holds"
            : Window.mismatch(
                backward.exchange,
                `what is before ${window.after} in one order is not what is after it in the other`,
                `the reverse of ${Window.tell(forward.ids, ids)}`,
                Window.tell(ids, forward.ids),
                [forward.exchange.request]
              )
        })
      )(operation)
    )
}

const opposite = (order: Order): Order => (order === "ascending" ? "descending" : "ascending")

const reversed = (operation: Operation): Effect.Effect<Law.Finding, Unanswered, Session> =>
  Effect.gen(function* () {
    const { description } = yield* Session
    const { lists } = description.convention
    if (!Harvest.isList(operation, lists)) return Law.notExercised("it is no list")
    const { crawls, isComplete, unreadable } = yield* Harvest.listing(operation, lists)
    const { ascending, descending } = crawls
    const page = descending?.pages[0]
    if (unreadable !== undefined) return Law.notExercised(unreadable)
    if (!isComplete || ascending === undefined || descending === undefined || page === undefined) {
      return Law.notExercised("the list is too long to be read to its end")
    }
    // A crawl that went round in circles has rows twice: another law's matter.
    if (ascending.end !== "last" || descending.end !== "last")
      return Law.notExercised("the list could not be read to its end")
    yield* Harvest.countPages(crawls)
    if (ascending.ids.length === 0 && descending.ids.length === 0) return Law.notExercised("the list has no rows")
    const ids = ascending.ids.toReversed()
    return Window.sameIds(ids, descending.ids)
      ? Law.held(1)
      : Law.broken(
          1,
          Window.mismatch(
            page.exchange,
            "the whole list, descending, is not the reverse of the whole list, ascending",
            Window.tell(ids, descending.ids),
            Window.tell(descending.ids, ids),
            ascending.pages.slice(0, 1).map(({ exchange }) => exchange.request)
          )
        )
  })

export const order: ReadonlyArray<Law.Law> = [creation, reverse]
