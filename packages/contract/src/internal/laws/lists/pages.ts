// Pages: how many rows they have, and that together they hold every row.
import * as Effect from "effect/Effect"
import type { NoResponse } from "../../../Exchange.ts"
import * as Sampling from "../../Sampling.ts"
import * as Law from "../../../Law.ts"
import type { ApiOperation } from "../../../ApiOperation.ts"
import * as Property from "../../Property.ts"
import { Session } from "../../../Session.ts"
import * as PageQuery from "../../PageQuery.ts"
import { isList } from "./applies.ts"
import { requireEnd } from "./ends.ts"

const limit: Law.Law = {
  id: "lists/limit",
  sentence: "A page has at most as many rows as were asked for.",
  source: Law.expected("The limit is an upper limit."),
  severity: "error",
  appliesTo: isList,
  check: PageQuery.forEachPage(
    ({ exchange, ids }, window) => {
      if (ids.length > window.limit) {
        const items = window.limit === 1 ? "1 item" : `${window.limit} items`
        const message = `asked for at most ${items}, got ${ids.length}`
        return PageQuery.mismatch(exchange, message, `at most ${items}`, PageQuery.describeIds(ids))
      }
      // Only where there are more rows does a limit do anything.
      return window.isComplete && window.rows.length <= window.limit ? "inconclusive" : undefined
    },
    { filtered: "maybe", inconclusive: "the list has no more rows than a page may have" }
  )
}

const defaultLimit: Law.Law = {
  id: "lists/default-limit",
  sentence: "A page has the standard number of rows where no limit is given.",
  source: Law.expected("The documentation says how many rows a page has by default."),
  severity: "error",
  comparesLists: true,
  appliesTo: (operation, { conventions: { lists } }) =>
    Sampling.isList(operation, lists) && lists.limit.defaultValue !== undefined,
  check: PageQuery.forEachPageQuery((view, numbers) => {
    const { defaultValue } = view.lists.limit
    const window = PageQuery.make(view, numbers)
    if (window === undefined || defaultValue === undefined) return Effect.succeed("inconclusive")
    const { after, order } = window
    const request = Sampling.pageRequest(view.operation, view.lists, { order, after })
    return Effect.map(PageQuery.fetchPage(view, request), (page): Property.CaseResult => {
      if (page === undefined) return "inconclusive"
      const left = window.rows.length - window.start
      if (left < defaultValue && !window.isComplete) return "inconclusive"
      const count = Math.min(defaultValue, left)
      // Only where there are more rows does it do anything.
      if (page.ids.length === count) return left > defaultValue ? "passed" : "inconclusive"
      return PageQuery.mismatch(
        page.exchange,
        `${page.ids.length} rows without a limit`,
        `${count} rows: ${defaultValue} by default, and ${left} are left`,
        PageQuery.describeIds(page.ids)
      )
    })
  })
}

const complete: Law.Law = {
  id: "lists/complete",
  sentence: "The pages of a list hold every row, each once.",
  source: Law.expected("Whoever follows the cursors to the end has read the list."),
  severity: "error",
  comparesLists: true,
  appliesTo: isList,
  check: (operation) =>
    Property.all(
      traversalsAgree(operation),
      PageQuery.forEachPageQuery(
        (view, numbers) => {
          const window = PageQuery.make(view, numbers, { filtered: "maybe", maxLimit: 50 })
          return window === undefined ? Effect.succeed("inconclusive") : readPagesOnce(view, window, 4)
        },
        { runs: (runs) => Math.ceil(runs / 2) }
      )(operation)
    ).pipe(Effect.flatMap((finding) => requireEnd(finding, operation)))
}

// From both ends, the same rows, and none twice.
const traversalsAgree = (operation: ApiOperation): Effect.Effect<Law.Outcome, NoResponse, Session> =>
  Effect.gen(function* () {
    const { description } = yield* Session
    const { lists } = description.conventions
    if (!Sampling.isList(operation, lists)) return Law.skipped("it is no list")
    const { traversals, isComplete, unreadable } = yield* Sampling.listing(operation, lists)
    if (unreadable !== undefined) return Law.skipped(unreadable)
    yield* Sampling.countPages(traversals)
    return yield* Property.forEach(Object.entries(traversals), ([order, { end, ids, pages }]) => {
      const [page] = pages.slice(-1)
      if (page === undefined || end === "repeated-cursor" || end === "empty-page") return Effect.succeed("inconclusive")
      const twice = ids.find((id, index) => ids.indexOf(id) !== index)
      if (twice !== undefined) {
        const [first, second] = pages.filter((page) => page.ids.includes(twice))
        return Effect.succeed(
          PageQuery.mismatch(
            second?.exchange ?? first?.exchange ?? page.exchange,
            `${twice} is on two pages`,
            "every row once",
            `${twice} is there twice`,
            second === undefined || first === undefined ? [] : [first.exchange.request]
          )
        )
      }
      const others = Object.entries(traversals).filter(([other]) => other !== order)
      if (Object.values(traversals).every((traversal) => traversal.ids.length === 0))
        return Effect.succeed("inconclusive")
      if (!isComplete || others.length === 0) return Effect.succeed("passed")
      const missing = others.flatMap(([, other]) => other.ids).find((id) => !ids.includes(id))
      if (missing === undefined) return Effect.succeed("passed")
      const [witness] = others.flatMap(([, other]) => other.pages).filter((page) => page.ids.includes(missing))
      return Effect.succeed(
        PageQuery.mismatch(
          page.exchange,
          `${missing} is on none of the ${pages.length} pages, ${order}, and is on one in the other order`,
          `every row, ${missing} among them`,
          `${ids.length} rows without it`,
          witness === undefined ? [] : [witness.exchange.request]
        )
      )
    })
  })

// A few pages, from cursor to cursor. Of a filtered list only that no row comes twice: which rows it has to hold is a
// matter of the filter.
const readPagesOnce = Effect.fnUntraced(function* (
  view: PageQuery.ListSample,
  window: PageQuery.PageQuery,
  pages: number
) {
  const ids: Array<string> = []
  const requests = []
  let request = PageQuery.requestFor(view, window)
  for (let left = pages; left > 0; left--) {
    const page = yield* PageQuery.fetchPage(view, request)
    if (page === undefined) return "inconclusive"
    const twice = page.ids.find((id, index) => ids.includes(id) || page.ids.indexOf(id) !== index)
    if (twice !== undefined) {
      return PageQuery.mismatch(
        page.exchange,
        `${twice} comes twice`,
        "every row once",
        PageQuery.describeIds(page.ids),
        requests
      )
    }
    ids.push(...page.ids)
    const known =
      window.filters.length > 0 ? ids : window.rows.slice(window.start).map((row) => String(row[view.lists.id]))
    const wanted = known.slice(0, ids.length)
    const isShort = page.next === null && window.isComplete && ids.length < known.length
    if (
      !PageQuery.sameIds(ids.slice(0, wanted.length), wanted) ||
      isShort ||
      (window.isComplete && ids.length > known.length)
    ) {
      return PageQuery.mismatch(
        page.exchange,
        "the pages up to this one do not hold every row once",
        PageQuery.describeIds(isShort ? known : wanted, ids),
        PageQuery.describeIds(ids, known),
        requests
      )
    }
    if (page.next === null) break
    requests.push(request)
    request = Sampling.pageRequest(view.operation, view.lists, {
      order: window.order,
      limit: window.limit,
      filters: window.filters,
      after: page.next
    })
  }
  return "passed" as const
})

const pageSize: Law.Law = {
  id: "lists/page-size",
  sentence: "Any page size gives the same sequence.",
  source: Law.expected("The limit cuts a list, and does not change it."),
  severity: "error",
  comparesLists: true,
  appliesTo: isList,
  check: (operation) => Property.all(readAgain(operation), comparePageSizes(operation))
}

// The whole list once more, in some twenty-five pages of another size.
const readAgain = (operation: ApiOperation): Effect.Effect<Law.Outcome, NoResponse, Session> =>
  Effect.gen(function* () {
    const traversals = yield* Sampling.traversalsOf(operation)
    if (typeof traversals === "string") return Law.skipped(traversals)
    return yield* Property.forEach(traversals.slice(0, 1), ({ traversal, lists, order }) =>
      Effect.gen(function* () {
        if (traversal.ids.length === 0 || (traversal.end !== "last" && traversal.end !== "row-limit"))
          return "inconclusive"
        const limit = Math.min(lists.limit.maximum - 1, Math.max(3, Math.ceil(traversal.ids.length / 25)))
        const again = yield* Sampling.paginate(operation, lists, { order, limit }, traversal.ids.length)
        if (again.end === "unreadable") return "inconclusive"
        const [last] = again.pages.slice(-1)
        const ids = again.ids.slice(0, traversal.ids.length)
        if (last === undefined || PageQuery.sameIds(ids, traversal.ids))
          return last === undefined ? "inconclusive" : "passed"
        return PageQuery.mismatch(
          last.exchange,
          `pages of ${limit} and pages of ${lists.limit.maximum}, read to the end, hold different rows`,
          `what pages of ${lists.limit.maximum} hold, ${PageQuery.describeIds(traversal.ids, ids)}`,
          PageQuery.describeIds(ids, traversal.ids),
          again.pages.slice(0, 1).map(({ exchange }) => exchange.request)
        )
      })
    )
  })

// A long page, and short ones in its place.
const comparePageSizes = PageQuery.forEachPageQuery((view, numbers) =>
  Effect.gen(function* () {
    const parts = 2 + (numbers.value % 3)
    const small = PageQuery.make(view, numbers, {
      filtered: "maybe",
      maxLimit: Math.floor(view.lists.limit.maximum / parts)
    })
    if (small === undefined) return "inconclusive"
    const whole = yield* PageQuery.fetchPage(view, PageQuery.requestFor(view, { ...small, limit: small.limit * parts }))
    const ids: Array<string> = []
    const requests = []
    let request = PageQuery.requestFor(view, small)
    for (let part = 0; part < parts; part++) {
      const page = yield* PageQuery.fetchPage(view, request)
      if (page === undefined) return "inconclusive"
      ids.push(...page.ids)
      requests.push(request)
      if (page.next === null) break
      request = Sampling.pageRequest(view.operation, view.lists, {
        order: small.order,
        limit: small.limit,
        filters: small.filters,
        after: page.next
      })
    }
    if (whole === undefined) return "inconclusive"
    return PageQuery.sameIds(ids, whole.ids)
      ? "passed"
      : PageQuery.mismatch(
          whole.exchange,
          `${parts} pages of ${small.limit} and one of ${small.limit * parts} hold different rows`,
          `what pages of ${small.limit} hold, ${PageQuery.describeIds(ids, whole.ids)}`,
          PageQuery.describeIds(whole.ids, ids),
          requests
        )
  })
)

export const pages: ReadonlyArray<Law.Law> = [limit, defaultLimit, complete, pageSize]
