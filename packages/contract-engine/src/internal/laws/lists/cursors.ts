// The laws of cursors: each cursor returns the right page, and following cursors ends.
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Request } from "../../../Exchange.ts"
import * as Pagination from "../../Pagination.ts"
import * as Sampling from "../../../Sampling.ts"
import * as Law from "../../../Law.ts"
import type { ApiOperation } from "../../../ApiOperation.ts"
import * as Property from "../../../Property.ts"
import { Session } from "../../../Session.ts"
import * as PageChecks from "../../../PageChecks.ts"
import * as PageQuery from "../../../PageQuery.ts"
import { hasBefore, isList } from "../../../Applies.ts"
import type { Page } from "../../../Listing.ts"
import * as RecordedPage from "../../RecordedPage.ts"
import { endsOf, requireEnd } from "./ends.ts"

const cursorsEnd: Law.Law = {
  id: "lists/cursors-end",
  sentence: "The last page has no next cursor, every other page has one, and no cursor is repeated.",
  source: Law.expected("Following the cursors must end."),
  severity: "error",
  comparesLists: true,
  cost: { base: 1, perRun: 2, perFilter: 25, shares: "pages" },
  appliesTo: isList,
  check: (operation) =>
    Property.all(
      traversalsEnd(operation),
      longListsEnd(operation),
      PageChecks.forEachPage(endsCorrectly)(operation),
      cursorsAdvance(operation)
    ).pipe(Effect.flatMap((outcome) => requireEnd(outcome, operation))),
  response: RecordedPage.forPage(({ exchange, next, rows }, { after }) => {
    if (next === null) return rows.length === 0 ? Property.passed : Property.inconclusive
    if (rows.length === 0) return PageQuery.mismatch(exchange, "an empty page has a cursor", "no cursor", next)
    if (next !== after) return Property.passed
    return PageQuery.mismatch(exchange, `the cursor ${next} leads to the same page`, "a cursor to the next page", next)
  })
}

// Tests the next cursor of a page.
const endsCorrectly: PageChecks.Judge = (page, query, sample) => {
  if (!Pagination.isExplicit(sample.lists.pagination)) return Property.inconclusive
  // If the rows are wrong, the next rows are unknown as well.
  if (!PageQuery.hasExpectedRows(page, query) || (!query.isComplete && query.ids.length < query.limit))
    return Property.inconclusive
  const { exchange, next, rows } = page
  if (rows.length === 0) {
    return next === null
      ? Property.passed
      : PageQuery.mismatch(exchange, "an empty page has a cursor", "no cursor", next)
  }
  if (query.before !== undefined && next === null) {
    return PageQuery.mismatch(
      exchange,
      "the page has no next cursor, although it was requested as the page before a row",
      `a cursor, since ${query.before} follows`,
      "no cursor"
    )
  }
  if (query.isLast && next !== null) {
    return PageQuery.mismatch(exchange, "the last page has a next cursor", "no cursor, since no rows follow", next)
  }
  const isMore = query.start + query.limit < query.rows.length
  return isMore && next === null
    ? PageQuery.mismatch(
        exchange,
        "the page has no next cursor, but more rows follow",
        `a cursor, since ${query.rows.length - query.start - query.limit} rows follow`,
        "no cursor"
      )
    : Property.passed
}

// Follows a few cursors, and checks only that no cursor is repeated.
const cursorsAdvance = PageChecks.forEachPageQuery("sequence", (query, sample) =>
  Effect.gen(function* () {
    const seen = new Set<string>()
    let before: Request | undefined
    let request = PageQuery.requestFor(sample, query)
    for (let left = 3; left > 0; left--) {
      const page = yield* PageChecks.fetchPage(sample, request)
      if (page === undefined) return Property.inconclusive
      const { exchange, next } = page
      if (next === null) break
      if (seen.has(next)) {
        const requests = before === undefined ? [] : [before]
        return PageQuery.mismatch(
          exchange,
          `the cursor ${next} was returned twice`,
          "a cursor to the next page",
          next,
          requests
        )
      }
      seen.add(next)
      before = request
      const { filters, limit, order } = query
      request = Sampling.pageRequest(sample.operation, sample.lists, { order, limit, filters, after: next })
    }
    return seen.size === 0 ? Property.inconclusive : Property.passed
  })
)

const traversalsEnd = (operation: ApiOperation) =>
  Effect.flatMap(Sampling.traversalsOf(operation), (traversals) =>
    Property.forEach(traversals, ({ traversal: { end, pages, problem } }) =>
      Effect.succeed(
        problem === undefined
          ? end === "last"
            ? Property.passed
            : Property.inconclusive
          : PageQuery.mismatch(
              problem.exchange,
              `${problem.message}, after ${pages.length} pages`,
              "cursors that end",
              problem.message,
              pages.slice(-2, -1).map(({ exchange }) => exchange.request)
            )
      )
    )
  )

// A list that is too long to be read ends after the row that is first in the other order.
const longListsEnd = (operation: ApiOperation) =>
  Effect.flatMap(endsOf(operation), (ends) =>
    Property.forEach(ends, ({ last, order, rest }) => {
      const [page] = rest?.pages ?? []
      if (rest === undefined || page === undefined || rest.end === "unreadable")
        return Effect.succeed(Property.inconclusive)
      if (rest.end === "last") return Effect.succeed(Property.passed)
      const found = PageQuery.mismatch(
        page.exchange,
        `the list continues after ${last}, which is first in the other order`,
        `the end, since ${last} is the last row, ${order}`,
        `${PageQuery.describeIds(rest.ids)}; no end after ${rest.pages.length} pages`
      )
      // No target creates this many rows during a check.
      return Effect.succeed({ ...found, isConclusive: true as const })
    })
  )

const hasNoPrevious = ({ exchange, previous }: Page): Property.CaseResult =>
  previous === null
    ? Property.passed
    : PageQuery.mismatch(exchange, "the first page has a previous cursor", "no such cursor", previous)

const firstPage: Law.Law = {
  id: "lists/first-page",
  sentence: "The first page has no previous cursor.",
  source: Law.expected("No page precedes the first one."),
  severity: "error",
  comparesLists: true,
  cost: { base: 1, perRun: 2, perFilter: 25, shares: "pages" },
  appliesTo: (operation, { conventions }) => {
    const pagination = Sampling.listsOf(operation, conventions)?.pagination
    return pagination?._tag === "Cursor" && pagination.previous !== undefined
  },
  check: PageChecks.forEachPage((page, { start }) => (start === 0 ? hasNoPrevious(page) : Property.inconclusive)),
  response: RecordedPage.forPage((page, { after, before }) =>
    after === undefined && before === undefined ? hasNoPrevious(page) : Property.inconclusive
  )
}

const backAndForth: Law.Law = {
  id: "lists/back-and-forth",
  sentence: "Following the next cursor and then the previous cursor returns the original page.",
  source: Law.expected("The cursors of a page point to the adjacent pages."),
  severity: "error",
  comparesLists: true,
  cost: { base: 0, perRun: 0.7 },
  appliesTo: hasBefore,
  check: PageChecks.forEachPageQuery(
    "sequence",
    (query, sample) =>
      Effect.gen(function* () {
        const { filters, limit, order } = query
        const page = yield* PageChecks.fetchPage(sample, PageQuery.requestFor(sample, query))
        if (page === undefined || page.next === null) return Property.inconclusive
        const on = yield* PageChecks.fetchPage(
          sample,
          Sampling.pageRequest(sample.operation, sample.lists, { order, limit, filters, after: page.next })
        )
        if (on === undefined || on.ids.length === 0) return Property.inconclusive
        const requests = [page.exchange.request, on.exchange.request]
        if (on.previous === null) {
          return PageQuery.mismatch(
            on.exchange,
            "the page has no previous cursor",
            "a cursor to the previous page",
            "no cursor",
            requests.slice(0, 1)
          )
        }
        const back = yield* PageChecks.fetchPage(
          sample,
          Sampling.pageRequest(sample.operation, sample.lists, { order, limit, filters, before: on.previous })
        )
        if (back === undefined) return Property.inconclusive
        return PageQuery.sameIds(back.ids, page.ids)
          ? Property.passed
          : PageQuery.mismatch(
              back.exchange,
              "the previous cursor returns another page",
              PageQuery.describeIds(page.ids, back.ids),
              PageQuery.describeIds(back.ids, page.ids),
              requests
            )
      }),
    { skipReason: "the list has only one page" }
  )
}

const anyCursor: Law.Law = {
  id: "lists/any-cursor",
  sentence: "The id of any row is a valid cursor, and the page after it begins with the next row.",
  source: Law.expected("A cursor is the id of an existing resource."),
  severity: "error",
  comparesLists: true,
  cost: { base: 0, perRun: 0.7 },
  appliesTo: (operation, { conventions }) => {
    const lists = Sampling.listsOf(operation, conventions)
    return lists !== undefined && Pagination.hasIdCursors(lists.pagination)
  },
  check: (operation) =>
    Property.all(
      PageChecks.forEachPageQuery("plain", beginsAfterCursor)(operation),
      PageChecks.forEachPageQuery("filtered", beginsAfterAnyRow, { runs: (runs) => Math.ceil(runs / 4) })(operation)
    )
}

const beginsAfterCursor: PageChecks.QueryCheck = (query, sample) =>
  query.after === undefined || query.before !== undefined
    ? Effect.succeed(Property.inconclusive)
    : beginsWith(PageQuery.requestFor(sample, query), query.ids, sample)

// The row need not match the filters. Other laws check filters, so the matching rows are taken from the server.
const beginsAfterAnyRow: PageChecks.QueryCheck = (query, sample, choices) =>
  Effect.gen(function* () {
    const { lists, operation } = sample
    const { filters, limit, order } = query
    if (filters.some(([parameter]) => sample.firstPageOnly.has(parameter))) return Property.inconclusive
    const whole = yield* PageChecks.fetchPage(
      sample,
      Sampling.pageRequest(operation, lists, { order, limit: lists.limit.maximum, filters })
    )
    if (whole === undefined || whole.next !== null) return Property.inconclusive
    const known = sample.listing.known[order].map((row) => String(row[lists.id]))
    const position = choices.start % known.length
    const matching = new Set(whole.ids)
    const following = known.slice(position + 1).filter((id) => matching.has(id))
    const request = Sampling.pageRequest(operation, lists, { order, limit, filters, after: known[position] })
    return yield* beginsWith(request, following.slice(0, limit), sample)
  })

const beginsWith = Effect.fnUntraced(function* (
  request: Request,
  wanted: ReadonlyArray<string>,
  { listing, lists }: PageQuery.ListSample
) {
  const { sendCached } = yield* Session
  const exchange = yield* sendCached(request)
  const page = Result.getOrUndefined(Sampling.toPage(lists, exchange))
  if (page === undefined) {
    if (exchange.response.status >= 500 || exchange.response.status === 200) return Property.inconclusive
    const message = "the id of an existing row was refused as a cursor"
    return {
      ...PageQuery.mismatch(exchange, message, "the page after the row"),
      at: { status: exchange.response.status }
    }
  }
  const ids = listing.isComplete ? page.ids : page.ids.slice(0, wanted.length)
  return PageQuery.sameIds(ids, wanted)
    ? Property.passed
    : PageQuery.mismatch(
        exchange,
        "the page does not begin with the next row",
        PageQuery.describeIds(wanted, page.ids),
        PageQuery.describeIds(page.ids, wanted)
      )
})

export const cursors: ReadonlyArray<Law.Law> = [cursorsEnd, firstPage, backAndForth, anyCursor]
