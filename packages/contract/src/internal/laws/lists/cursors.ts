// Cursors: where they lead, and that they end.
import * as Effect from "effect/Effect"
import type { Row } from "../../../Convention.ts"
import type { Request, Unanswered } from "../../../Exchange.ts"
import * as Harvest from "../../Harvest.ts"
import * as Law from "../../../Law.ts"
import type { Operation } from "../../../Operation.ts"
import * as Property from "../../Property.ts"
import { Session } from "../../../Session.ts"
import * as Window from "../../Window.ts"
import { hasBefore, isList } from "./applies.ts"
import { endsOf, whereItEnds } from "./ends.ts"

const cursorsEnd: Law.Law = {
  id: "lists/cursors-end",
  sentence: "Cursors end: there is none on the last page, one on every other, and none comes twice.",
  source: Law.expected("Whoever follows cursors until there is none has to arrive."),
  severity: "error",
  overLists: true,
  appliesTo: isList,
  check: (operation) =>
    Property.all(
      crawlsEnd(operation),
      longListsEnd(operation),
      ...(["first", "anywhere", "end"] as const).map((at) =>
        Window.everyPage(
          (page, window) => {
            // Where the rows are not those that match, what follows them is not known either.
            if (!Window.holds(page, window) || (!window.isComplete && window.ids.length < window.limit))
              return "vacuous"
            const { exchange, next, rows } = page
            if (rows.length === 0) {
              return next === null
                ? undefined
                : Window.mismatch(exchange, "a page without rows has a cursor", "no cursor", next)
            }
            if (window.before !== undefined && next === null) {
              return Window.mismatch(
                exchange,
                "there is no cursor to what follows, and it was asked for as what comes before a row",
                `a cursor, since ${window.before} follows`,
                "no cursor"
              )
            }
            if (window.isLast && next !== null) {
              return Window.mismatch(
                exchange,
                "there is a cursor on the last page",
                "no cursor, since no rows follow",
                next
              )
            }
            const isMore = window.start + window.limit < window.rows.length
            return isMore && next === null
              ? Window.mismatch(
                  exchange,
                  "there is no cursor, and rows follow",
                  `a cursor, since ${window.rows.length - window.start - window.limit} rows follow`,
                  "no cursor"
                )
              : undefined
          },
          { filtered: "maybe", at, runs: (runs) => Math.ceil(runs / 2) }
        )(operation)
      ),
      walksOn(operation)
    ).pipe(Effect.flatMap((finding) => whereItEnds(finding, operation)))
}

// A short way along the cursors of a list with small pages, whose rows nobody compares: only that it goes on.
const walksOn = Window.everyWindow(
  (view, numbers) =>
    Effect.gen(function* () {
      const window = Window.cut(view, numbers, { filtered: "maybe", at: "first", maxLimit: 20 })
      if (window === undefined) return "vacuous"
      const seen = new Set<string>()
      let before: Request | undefined
      let request = Window.requestFor(view, window)
      for (let left = 5; left > 0; left--) {
        const page = yield* Window.pageOf(view, request)
        if (page === undefined) return "vacuous"
        const { exchange, next } = page
        if (next === null) break
        if (seen.has(next)) {
          const requests = before === undefined ? [] : [before]
          return Window.mismatch(exchange, `the cursor ${next} came twice`, "a cursor that leads on", next, requests)
        }
        seen.add(next)
        before = request
        const { filters, limit, order } = window
        request = Harvest.pageRequest(view.operation, view.lists, { order, limit, filters, after: next })
      }
      return seen.size === 0 ? "vacuous" : "holds"
    }),
  { runs: (runs) => Math.ceil(runs / 4) }
)

const crawlsEnd = (operation: Operation): Effect.Effect<Law.Finding, Unanswered, Session> =>
  Effect.flatMap(Harvest.crawlsOf(operation), (crawls) =>
    typeof crawls === "string"
      ? Effect.succeed(Law.notExercised(crawls))
      : Property.forEach(crawls, ({ crawl: { end, pages, problem } }) =>
          Effect.succeed(
            problem === undefined
              ? end === "last"
                ? "holds"
                : "vacuous"
              : Window.mismatch(
                  problem.exchange,
                  `${problem.message}, after ${pages.length} pages`,
                  "cursors that come to an end",
                  problem.message,
                  pages.slice(-2, -1).map(({ exchange }) => exchange.request)
                )
          )
        )
  )

// Also a list that is too long to be read ends after the row that comes first in the other order.
const longListsEnd = (operation: Operation): Effect.Effect<Law.Finding, Unanswered, Session> =>
  Effect.flatMap(endsOf(operation), (ends) =>
    Property.forEach(ends, ({ last, order, rest }) => {
      const [page] = rest?.pages ?? []
      if (rest === undefined || page === undefined || rest.end === "unreadable") return Effect.succeed("vacuous")
      if (rest.end === "last") return Effect.succeed("holds")
      const found = Window.mismatch(
        page.exchange,
        `the list goes on after ${last}, which comes first in the other order`,
        `the end, since ${last} is the last one, ${order}`,
        `${Window.tell(rest.ids)}; and no end after ${rest.pages.length} pages`
      )
      // So many rows are not created that fast.
      return Effect.succeed({ ...found, isLasting: true as const })
    })
  )

const firstPage: Law.Law = {
  id: "lists/first-page",
  sentence: "There is no cursor to what comes before the first page.",
  source: Law.expected("Nothing comes before the first page."),
  severity: "error",
  overLists: true,
  appliesTo: (operation, { convention: { lists } }) => Harvest.isList(operation, lists) && lists.previous !== undefined,
  check: Window.everyPage(
    ({ exchange, previous }) =>
      previous === null
        ? undefined
        : Window.mismatch(exchange, "the first page has a cursor to what comes before it", "no such cursor", previous),
    { filtered: "maybe", at: "first" }
  )
}

const backAndForth: Law.Law = {
  id: "lists/back-and-forth",
  sentence: "One page on and one page back is the same page.",
  source: Law.expected("Both cursors of a page lead to its neighbours."),
  severity: "error",
  overLists: true,
  appliesTo: hasBefore,
  check: Window.everyWindow(
    (view, numbers) =>
      Effect.gen(function* () {
        const window = Window.cut(view, numbers, { filtered: "maybe", at: "inside" })
        if (window === undefined) return "vacuous"
        const { filters, limit, order } = window
        const page = yield* Window.pageOf(view, Window.requestFor(view, window))
        if (page === undefined || page.next === null) return "vacuous"
        const on = yield* Window.pageOf(
          view,
          Harvest.pageRequest(view.operation, view.lists, { order, limit, filters, after: page.next })
        )
        if (on === undefined || on.ids.length === 0) return "vacuous"
        const requests = [page.exchange.request, on.exchange.request]
        if (on.previous === null) {
          return Window.mismatch(
            on.exchange,
            "there is no cursor back to the page before",
            "a cursor to the page before",
            "no cursor",
            requests.slice(0, 1)
          )
        }
        const back = yield* Window.pageOf(
          view,
          Harvest.pageRequest(view.operation, view.lists, { order, limit, filters, before: on.previous })
        )
        if (back === undefined) return "vacuous"
        return Window.sameIds(back.ids, page.ids)
          ? "holds"
          : Window.mismatch(
              back.exchange,
              "the way back leads to another page",
              Window.tell(page.ids, back.ids),
              Window.tell(back.ids, page.ids),
              requests
            )
      }),
    { vacuous: "the list has only one page" }
  )
}

const anyCursor: Law.Law = {
  id: "lists/any-cursor",
  sentence: "The id of any row is a cursor, and the page after it begins with the row that follows.",
  source: Law.expected("A cursor is the id of an existing object."),
  severity: "error",
  overLists: true,
  appliesTo: isList,
  check: Window.everyWindow((view, numbers) =>
    Effect.gen(function* () {
      const { send } = yield* Session
      const window = Window.cut(view, numbers, { filtered: "maybe", at: "inside" })
      if (window === undefined) return "vacuous"
      // Any row at all: it need not be one that the filters leave. Which rows they leave is a matter of other laws: here
      // it is what the server says.
      const { filters, order } = window
      const known = view.listing.known[order]
      const position = numbers.start % known.length
      const id = (row: Row | undefined) => String(row?.[view.lists.id])
      let following = known.slice(position + 1).map(id)
      if (filters.length > 0) {
        const limit = view.lists.limit.maximum
        const whole = yield* Window.pageOf(
          view,
          Harvest.pageRequest(view.operation, view.lists, { order, limit, filters })
        )
        if (whole === undefined || whole.next !== null) return "vacuous"
        const left = new Set(whole.ids)
        following = following.filter((id) => left.has(id))
      }
      const request = Harvest.pageRequest(view.operation, view.lists, {
        order: window.order,
        limit: window.limit,
        filters: window.filters,
        after: id(known[position])
      })
      const exchange = yield* send(request)
      const page = Harvest.toPage(view.lists, exchange)
      if (typeof page === "string") {
        if (exchange.answer.status >= 500 || exchange.answer.status === 200) return "vacuous"
        return Window.mismatch(exchange, "the id of an existing row was refused as a cursor", "the page after it")
      }
      const wanted = following.slice(0, window.limit)
      const ids = view.listing.isComplete ? page.ids : page.ids.slice(0, wanted.length)
      return Window.sameIds(ids, wanted)
        ? "holds"
        : Window.mismatch(
            exchange,
            "the page does not begin with the row that follows",
            Window.tell(wanted, page.ids),
            Window.tell(page.ids, wanted)
          )
    })
  )
}

export const cursors: ReadonlyArray<Law.Law> = [cursorsEnd, firstPage, backAndForth, anyCursor]
