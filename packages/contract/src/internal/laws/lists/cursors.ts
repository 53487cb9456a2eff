// Cursors: where they lead, and that they end.
import * as Effect from "effect/Effect"
import type { Row } from "../../../ApiConventions.ts"
import type { Request, NoResponse } from "../../../Exchange.ts"
import * as Sampling from "../../Sampling.ts"
import * as Law from "../../../Law.ts"
import type { ApiOperation } from "../../../ApiOperation.ts"
import * as Property from "../../Property.ts"
import { Session } from "../../../Session.ts"
import * as PageQuery from "../../PageQuery.ts"
import { hasBefore, isList } from "./applies.ts"
import { endsOf, requireEnd } from "./ends.ts"

const cursorsEnd: Law.Law = {
  id: "lists/cursors-end",
  sentence: "Cursors end: there is none on the last page, one on every other, and none comes twice.",
  source: Law.expected("Whoever follows cursors until there is none has to arrive."),
  severity: "error",
  comparesLists: true,
  appliesTo: isList,
  check: (operation) =>
    Property.all(
      traversalsEnd(operation),
      longListsEnd(operation),
      ...(["first", "anywhere", "end"] as const).map((at) =>
        PageQuery.forEachPage(
          (page, window) => {
            // Where the rows are not those that match, what follows them is not known either.
            if (!PageQuery.hasExpectedRows(page, window) || (!window.isComplete && window.ids.length < window.limit))
              return "inconclusive"
            const { exchange, next, rows } = page
            if (rows.length === 0) {
              return next === null
                ? undefined
                : PageQuery.mismatch(exchange, "a page without rows has a cursor", "no cursor", next)
            }
            if (window.before !== undefined && next === null) {
              return PageQuery.mismatch(
                exchange,
                "there is no cursor to what follows, and it was asked for as what comes before a row",
                `a cursor, since ${window.before} follows`,
                "no cursor"
              )
            }
            if (window.isLast && next !== null) {
              return PageQuery.mismatch(
                exchange,
                "there is a cursor on the last page",
                "no cursor, since no rows follow",
                next
              )
            }
            const isMore = window.start + window.limit < window.rows.length
            return isMore && next === null
              ? PageQuery.mismatch(
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
      cursorsAdvance(operation)
    ).pipe(Effect.flatMap((finding) => requireEnd(finding, operation)))
}

// A short way along the cursors of a list with small pages, whose rows nobody compares: only that it goes on.
const cursorsAdvance = PageQuery.forEachPageQuery(
  (view, numbers) =>
    Effect.gen(function* () {
      const window = PageQuery.make(view, numbers, { filtered: "maybe", at: "first", maxLimit: 20 })
      if (window === undefined) return "inconclusive"
      const seen = new Set<string>()
      let before: Request | undefined
      let request = PageQuery.requestFor(view, window)
      for (let left = 5; left > 0; left--) {
        const page = yield* PageQuery.fetchPage(view, request)
        if (page === undefined) return "inconclusive"
        const { exchange, next } = page
        if (next === null) break
        if (seen.has(next)) {
          const requests = before === undefined ? [] : [before]
          return PageQuery.mismatch(exchange, `the cursor ${next} came twice`, "a cursor that leads on", next, requests)
        }
        seen.add(next)
        before = request
        const { filters, limit, order } = window
        request = Sampling.pageRequest(view.operation, view.lists, { order, limit, filters, after: next })
      }
      return seen.size === 0 ? "inconclusive" : "passed"
    }),
  { runs: (runs) => Math.ceil(runs / 4) }
)

const traversalsEnd = (operation: ApiOperation): Effect.Effect<Law.Outcome, NoResponse, Session> =>
  Effect.flatMap(Sampling.traversalsOf(operation), (traversals) =>
    typeof traversals === "string"
      ? Effect.succeed(Law.skipped(traversals))
      : Property.forEach(traversals, ({ traversal: { end, pages, problem } }) =>
          Effect.succeed(
            problem === undefined
              ? end === "last"
                ? "passed"
                : "inconclusive"
              : PageQuery.mismatch(
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
const longListsEnd = (operation: ApiOperation): Effect.Effect<Law.Outcome, NoResponse, Session> =>
  Effect.flatMap(endsOf(operation), (ends) =>
    Property.forEach(ends, ({ last, order, rest }) => {
      const [page] = rest?.pages ?? []
      if (rest === undefined || page === undefined || rest.end === "unreadable") return Effect.succeed("inconclusive")
      if (rest.end === "last") return Effect.succeed("passed")
      const found = PageQuery.mismatch(
        page.exchange,
        `the list goes on after ${last}, which comes first in the other order`,
        `the end, since ${last} is the last one, ${order}`,
        `${PageQuery.describeIds(rest.ids)}; and no end after ${rest.pages.length} pages`
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
  comparesLists: true,
  appliesTo: (operation, { conventions: { lists } }) =>
    Sampling.isList(operation, lists) && lists.previous !== undefined,
  check: PageQuery.forEachPage(
    ({ exchange, previous }) =>
      previous === null
        ? undefined
        : PageQuery.mismatch(
            exchange,
            "the first page has a cursor to what comes before it",
            "no such cursor",
            previous
          ),
    { filtered: "maybe", at: "first" }
  )
}

const backAndForth: Law.Law = {
  id: "lists/back-and-forth",
  sentence: "One page on and one page back is the same page.",
  source: Law.expected("Both cursors of a page lead to its neighbours."),
  severity: "error",
  comparesLists: true,
  appliesTo: hasBefore,
  check: PageQuery.forEachPageQuery(
    (view, numbers) =>
      Effect.gen(function* () {
        const window = PageQuery.make(view, numbers, { filtered: "maybe", at: "inside" })
        if (window === undefined) return "inconclusive"
        const { filters, limit, order } = window
        const page = yield* PageQuery.fetchPage(view, PageQuery.requestFor(view, window))
        if (page === undefined || page.next === null) return "inconclusive"
        const on = yield* PageQuery.fetchPage(
          view,
          Sampling.pageRequest(view.operation, view.lists, { order, limit, filters, after: page.next })
        )
        if (on === undefined || on.ids.length === 0) return "inconclusive"
        const requests = [page.exchange.request, on.exchange.request]
        if (on.previous === null) {
          return PageQuery.mismatch(
            on.exchange,
            "there is no cursor back to the page before",
            "a cursor to the page before",
            "no cursor",
            requests.slice(0, 1)
          )
        }
        const back = yield* PageQuery.fetchPage(
          view,
          Sampling.pageRequest(view.operation, view.lists, { order, limit, filters, before: on.previous })
        )
        if (back === undefined) return "inconclusive"
        return PageQuery.sameIds(back.ids, page.ids)
          ? "passed"
          : PageQuery.mismatch(
              back.exchange,
              "the way back leads to another page",
              PageQuery.describeIds(page.ids, back.ids),
              PageQuery.describeIds(back.ids, page.ids),
              requests
            )
      }),
    { inconclusive: "the list has only one page" }
  )
}

const anyCursor: Law.Law = {
  id: "lists/any-cursor",
  sentence: "The id of any row is a cursor, and the page after it begins with the row that follows.",
  source: Law.expected("A cursor is the id of an existing object."),
  severity: "error",
  comparesLists: true,
  appliesTo: isList,
  check: PageQuery.forEachPageQuery((view, numbers) =>
    Effect.gen(function* () {
      const { send } = yield* Session
      const window = PageQuery.make(view, numbers, { filtered: "maybe", at: "inside" })
      if (window === undefined) return "inconclusive"
      // Any row at all: it need not be one that the filters leave. Which rows they leave is a matter of other laws: here
      // it is what the server says.
      const { filters, order } = window
      const known = view.listing.known[order]
      const position = numbers.start % known.length
      const id = (row: Row | undefined) => String(row?.[view.lists.id])
      let following = known.slice(position + 1).map(id)
      if (filters.length > 0) {
        const limit = view.lists.limit.maximum
        const whole = yield* PageQuery.fetchPage(
          view,
          Sampling.pageRequest(view.operation, view.lists, { order, limit, filters })
        )
        if (whole === undefined || whole.next !== null) return "inconclusive"
        const left = new Set(whole.ids)
        following = following.filter((id) => left.has(id))
      }
      const request = Sampling.pageRequest(view.operation, view.lists, {
        order: window.order,
        limit: window.limit,
        filters: window.filters,
        after: id(known[position])
      })
      const exchange = yield* send(request)
      const page = Sampling.toPage(view.lists, exchange)
      if (typeof page === "string") {
        if (exchange.response.status >= 500 || exchange.response.status === 200) return "inconclusive"
        return PageQuery.mismatch(exchange, "the id of an existing row was refused as a cursor", "the page after it")
      }
      const wanted = following.slice(0, window.limit)
      const ids = view.listing.isComplete ? page.ids : page.ids.slice(0, wanted.length)
      return PageQuery.sameIds(ids, wanted)
        ? "passed"
        : PageQuery.mismatch(
            exchange,
            "the page does not begin with the row that follows",
            PageQuery.describeIds(wanted, page.ids),
            PageQuery.describeIds(page.ids, wanted)
          )
    })
  )
}

export const cursors: ReadonlyArray<Law.Law> = [cursorsEnd, firstPage, backAndForth, anyCursor]
