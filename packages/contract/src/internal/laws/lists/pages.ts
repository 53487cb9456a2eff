// Pages: how many rows they have, and that together they hold every row.
import * as Effect from "effect/Effect"
import type { Unanswered } from "../../../Exchange.ts"
import * as Harvest from "../../Harvest.ts"
import * as Law from "../../../Law.ts"
import type { Operation } from "../../../Operation.ts"
import * as Property from "../../Property.ts"
import { Session } from "../../../Session.ts"
import * as Window from "../../Window.ts"
import { isList } from "./applies.ts"
import { whereItEnds } from "./ends.ts"

const limit: Law.Law = {
  id: "lists/limit",
  sentence: "A page has at most as many rows as were asked for.",
  source: Law.expected("The limit is an upper limit."),
  severity: "error",
  appliesTo: isList,
  check: Window.everyPage(
    ({ exchange, ids }, window) => {
      if (ids.length > window.limit) {
        const items = window.limit === 1 ? "1 item" : `${window.limit} items`
        const message = `asked for at most ${items}, got ${ids.length}`
        return Window.mismatch(exchange, message, `at most ${items}`, Window.tell(ids))
      }
      // Only where there are more rows does a limit do anything.
      return window.isComplete && window.rows.length <= window.limit ? "vacuous" : undefined
    },
    { filtered: "maybe", vacuous: "the list has no more rows than a page may have" }
  )
}

const defaultLimit: Law.Law = {
  id: "lists/default-limit",
  sentence: "A page has the standard number of rows where no limit is given.",
  source: Law.expected("The documentation says how many rows a page has by default."),
  severity: "error",
  overLists: true,
  appliesTo: (operation, { convention: { lists } }) =>
    Harvest.isList(operation, lists) && lists.limit.standard !== undefined,
  check: Window.everyWindow((view, numbers) => {
    const { standard } = view.lists.limit
    const window = Window.cut(view, numbers)
    if (window === undefined || standard === undefined) return Effect.succeed("vacuous")
    const { after, order } = window
    const request = Harvest.pageRequest(view.operation, view.lists, { order, after })
    return Effect.map(Window.pageOf(view, request), (page): Property.Verdict => {
      if (page === undefined) return "vacuous"
      const left = window.rows.length - window.start
      if (left < standard && !window.isComplete) return "vacuous"
      const count = Math.min(standard, left)
      // Only where there are more rows does it do anything.
      if (page.ids.length === count) return left > standard ? "holds" : "vacuous"
      return Window.mismatch(
        page.exchange,
        `${page.ids.length} rows without a limit`,
        `${count} rows: ${standard} by default, and ${left} are left`,
        Window.tell(page.ids)
      )
    })
  })
}

const complete: Law.Law = {
  id: "lists/complete",
  sentence: "The pages of a list hold every row, each once.",
  source: Law.expected("Whoever follows the cursors to the end has read the list."),
  severity: "error",
  overLists: true,
  appliesTo: isList,
  check: (operation) =>
    Property.all(
      crawlsAgree(operation),
      Window.everyWindow(
        (view, numbers) => {
          const window = Window.cut(view, numbers, { filtered: "maybe", maxLimit: 50 })
          return window === undefined ? Effect.succeed("vacuous") : walks(view, window, 4)
        },
        { runs: (runs) => Math.ceil(runs / 2) }
      )(operation)
    ).pipe(Effect.flatMap((finding) => whereItEnds(finding, operation)))
}

// From both ends, the same rows, and none twice.
const crawlsAgree = (operation: Operation): Effect.Effect<Law.Finding, Unanswered, Session> =>
  Effect.gen(function* () {
    const { description } = yield* Session
    const { lists } = description.convention
    if (!Harvest.isList(operation, lists)) return Law.notExercised("it is no list")
    const { crawls, isComplete, unreadable } = yield* Harvest.listing(operation, lists)
    if (unreadable !== undefined) return Law.notExercised(unreadable)
    yield* Harvest.countPages(crawls)
    return yield* Property.forEach(Object.entries(crawls), ([order, { end, ids, pages }]) => {
      const [page] = pages.slice(-1)
      if (page === undefined || end === "repeated" || end === "stuck") return Effect.succeed("vacuous")
      const twice = ids.find((id, index) => ids.indexOf(id) !== index)
      if (twice !== undefined) {
        const [first, second] = pages.filter((page) => page.ids.includes(twice))
        return Effect.succeed(
          Window.mismatch(
            second?.exchange ?? first?.exchange ?? page.exchange,
            `${twice} is on two pages`,
            "every row once",
            `${twice} is there twice`,
            second === undefined || first === undefined ? [] : [first.exchange.request]
          )
        )
      }
      const others = Object.entries(crawls).filter(([other]) => other !== order)
      if (Object.values(crawls).every((crawl) => crawl.ids.length === 0)) return Effect.succeed("vacuous")
      if (!isComplete || others.length === 0) return Effect.succeed("holds")
      const missing = others.flatMap(([, other]) => other.ids).find((id) => !ids.includes(id))
      if (missing === undefined) return Effect.succeed("holds")
      const [witness] = others.flatMap(([, other]) => other.pages).filter((page) => page.ids.includes(missing))
      return Effect.succeed(
        Window.mismatch(
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
const walks = Effect.fnUntraced(function* (view: Window.View, window: Window.Window, pages: number) {
  const ids: Array<string> = []
  const requests = []
  let request = Window.requestFor(view, window)
  for (let left = pages; left > 0; left--) {
    const page = yield* Window.pageOf(view, request)
    if (page === undefined) return "vacuous"
    const twice = page.ids.find((id, index) => ids.includes(id) || page.ids.indexOf(id) !== index)
    if (twice !== undefined) {
      return Window.mismatch(page.exchange, `${twice} comes twice`, "every row once", Window.tell(page.ids), requests)
    }
    ids.push(...page.ids)
    const known =
      window.filters.length > 0 ? ids : window.rows.slice(window.start).map((row) => String(row[view.lists.id]))
    const wanted = known.slice(0, ids.length)
    const isShort = page.next === null && window.isComplete && ids.length < known.length
    if (
      !Window.sameIds(ids.slice(0, wanted.length), wanted) ||
      isShort ||
      (window.isComplete && ids.length > known.length)
    ) {
      return Window.mismatch(
        page.exchange,
        "the pages up to this one do not hold every row once",
        Window.tell(isShort ? known : wanted, ids),
        Window.tell(ids, known),
        requests
      )
    }
    if (page.next === null) break
    requests.push(request)
    request = Harvest.pageRequest(view.operation, view.lists, {
      order: window.order,
      limit: window.limit,
      filters: window.filters,
      after: page.next
    })
  }
  return "holds" as const
})

const pageSize: Law.Law = {
  id: "lists/page-size",
  sentence: "Any page size gives the same sequence.",
  source: Law.expected("The limit cuts a list, and does not change it."),
  severity: "error",
  overLists: true,
  appliesTo: isList,
  check: (operation) => Property.all(readAgain(operation), partsOfPages(operation))
}

// The whole list once more, in some twenty-five pages of another size.
const readAgain = (operation: Operation): Effect.Effect<Law.Finding, Unanswered, Session> =>
  Effect.gen(function* () {
    const crawls = yield* Harvest.crawlsOf(operation)
    if (typeof crawls === "string") return Law.notExercised(crawls)
    return yield* Property.forEach(crawls.slice(0, 1), ({ crawl, lists, order }) =>
      Effect.gen(function* () {
        if (crawl.ids.length === 0 || (crawl.end !== "last" && crawl.end !== "enough")) return "vacuous"
        const limit = Math.min(lists.limit.maximum - 1, Math.max(3, Math.ceil(crawl.ids.length / 25)))
        const again = yield* Harvest.crawl(operation, lists, { order, limit }, crawl.ids.length)
        if (again.end === "unreadable") return "vacuous"
        const [last] = again.pages.slice(-1)
        const ids = again.ids.slice(0, crawl.ids.length)
        if (last === undefined || Window.sameIds(ids, crawl.ids)) return last === undefined ? "vacuous" : "holds"
        return Window.mismatch(
          last.exchange,
          `pages of ${limit} and pages of ${lists.limit.maximum}, read to the end, hold different rows`,
          `what pages of ${lists.limit.maximum} hold, ${Window.tell(crawl.ids, ids)}`,
          Window.tell(ids, crawl.ids),
          again.pages.slice(0, 1).map(({ exchange }) => exchange.request)
        )
      })
    )
  })

// A long page, and short ones in its place.
const partsOfPages = Window.everyWindow((view, numbers) =>
  Effect.gen(function* () {
    const parts = 2 + (numbers.value % 3)
    const small = Window.cut(view, numbers, {
      filtered: "maybe",
      maxLimit: Math.floor(view.lists.limit.maximum / parts)
    })
    if (small === undefined) return "vacuous"
    const whole = yield* Window.pageOf(view, Window.requestFor(view, { ...small, limit: small.limit * parts }))
    const ids: Array<string> = []
    const requests = []
    let request = Window.requestFor(view, small)
    for (let part = 0; part < parts; part++) {
      const page = yield* Window.pageOf(view, request)
      if (page === undefined) return "vacuous"
      ids.push(...page.ids)
      requests.push(request)
      if (page.next === null) break
      request = Harvest.pageRequest(view.operation, view.lists, {
        order: small.order,
        limit: small.limit,
        filters: small.filters,
        after: page.next
      })
    }
    if (whole === undefined) return "vacuous"
    return Window.sameIds(ids, whole.ids)
      ? "holds"
      : Window.mismatch(
          whole.exchange,
          `${parts} pages of ${small.limit} and one of ${small.limit * parts} hold different rows`,
          `what pages of ${small.limit} hold, ${Window.tell(ids, whole.ids)}`,
          Window.tell(whole.ids, ids),
          requests
        )
  })
)

export const pages: ReadonlyArray<Law.Law> = [limit, defaultLimit, complete, pageSize]
