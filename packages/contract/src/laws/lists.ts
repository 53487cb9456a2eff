// Lists that are walked by cursors: pages, order, cursors, filters.
import * as Effect from "effect/Effect"
import type { Lists, Row } from "../Convention.ts"
import type { Request, Unanswered } from "../Exchange.ts"
import * as Harvest from "../Harvest.ts"
import * as Law from "../Law.ts"
import type { Order, Page } from "../Listing.ts"
import type { Operation } from "../Operation.ts"
import * as Property from "../Property.ts"
import { Session } from "../Session.ts"
import * as Window from "../Window.ts"

const isList: Law.Law["appliesTo"] = (operation, { convention: { lists } }) => Harvest.isList(operation, lists)

const hasOrder: Law.Law["appliesTo"] = (operation, { convention: { lists } }) =>
  Harvest.isList(operation, lists) && lists.order !== undefined

const hasBefore: Law.Law["appliesTo"] = (operation, { convention: { lists } }) =>
  Harvest.isList(operation, lists) && lists.before !== undefined && lists.previous !== undefined

const hasFilters =
  (count: number): Law.Law["appliesTo"] =>
  (operation, { convention: { filters, lists } }) =>
    Harvest.isList(operation, lists) && (filters?.[operation.id]?.length ?? 0) >= count

// What is said of one page of any window.
const everyPage = (
  judge: (page: Page, window: Window.Window, view: Window.View) => Law.Violation | "vacuous" | undefined,
  options: Parameters<typeof Window.cut>[2] & Window.Options = {}
) =>
  Window.everyWindow((view, numbers) => {
    const window = Window.cut(view, numbers, { backward: true, ...options })
    if (window === undefined) return Effect.succeed("vacuous")
    return Effect.map(Window.pageOf(view, Window.requestFor(view, window)), (page) =>
      page === undefined ? "vacuous" : (judge(page, window, view) ?? "holds")
    )
  }, options)

// -----------------------------------------------------------------------------
// Pages
// -----------------------------------------------------------------------------

const limit: Law.Law = {
  id: "lists/limit",
  sentence: "A page has at most as many rows as were asked for.",
  source: Law.expected("The limit is an upper limit."),
  severity: "error",
  appliesTo: isList,
  check: everyPage(
    ({ exchange, ids }, window) =>
      ids.length <= window.limit
        ? undefined
        : Window.mismatch(
            exchange,
            `asked for at most ${window.limit} items, got ${ids.length}`,
            `at most ${window.limit} items`,
            Window.tell(ids)
          ),
    { filtered: "maybe" }
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
      return page.ids.length === count
        ? "holds"
        : Window.mismatch(
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
    )
}

// How a list was read from its ends, or why it could not be.
const crawlsOf = Effect.fnUntraced(function* (operation: Operation) {
  const { description } = yield* Session
  const { lists } = description.convention
  if (!Harvest.isList(operation, lists)) return "it is no list"
  const { crawls, unreadable } = yield* Harvest.listing(operation, lists)
  if (unreadable !== undefined) return unreadable
  const orders: ReadonlyArray<Order> = ["descending", "ascending"]
  return orders.flatMap((order) => {
    const crawl = crawls[order]
    return crawl === undefined ? [] : [{ crawl, lists, order }]
  })
})

// From both ends, the same rows, and none twice.
const crawlsAgree = (operation: Operation): Effect.Effect<Law.Finding, Unanswered, Session> =>
  Effect.gen(function* () {
    const { description } = yield* Session
    const { lists } = description.convention
    if (!Harvest.isList(operation, lists)) return Law.notExercised("it is no list")
    const { crawls, isComplete, unreadable } = yield* Harvest.listing(operation, lists)
    if (unreadable !== undefined) return Law.notExercised(unreadable)
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
  appliesTo: isList,
  check: Window.everyWindow((view, numbers) =>
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
}

// -----------------------------------------------------------------------------
// Order
// -----------------------------------------------------------------------------

const order: Law.Law = {
  id: "lists/order",
  sentence: "Rows are in the order that was asked for.",
  source: Law.expected("Rows are ordered by the instant of their creation, the oldest or the newest first."),
  severity: "error",
  appliesTo: (operation, { convention: { lists } }) =>
    Harvest.isList(operation, lists) && lists.order !== undefined && lists.created !== undefined,
  check: (operation) =>
    Property.all(
      Effect.flatMap(crawlsOf(operation), (crawls) =>
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

// -----------------------------------------------------------------------------
// Cursors
// -----------------------------------------------------------------------------

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
      ...(["first", "anywhere", "end"] as const).map((at) =>
        everyPage(
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
    )
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
  Effect.flatMap(crawlsOf(operation), (crawls) =>
    typeof crawls === "string"
      ? Effect.succeed(Law.notExercised(crawls))
      : Property.forEach(crawls, ({ crawl: { end, pages, problem } }) =>
          Effect.succeed(
            problem === undefined
              ? end === "last" || end === "enough"
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

const firstPage: Law.Law = {
  id: "lists/first-page",
  sentence: "There is no cursor to what comes before the first page.",
  source: Law.expected("Nothing comes before the first page."),
  severity: "error",
  appliesTo: (operation, { convention: { lists } }) => Harvest.isList(operation, lists) && lists.previous !== undefined,
  check: everyPage(
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

// -----------------------------------------------------------------------------
// Filters
// -----------------------------------------------------------------------------

const matching = (filtered: "once" | "combined") =>
  everyPage(
    ({ exchange, rows }, window, { filters, lists }) => {
      for (const row of rows) {
        for (const [parameter, value] of window.filters) {
          const filter = filters.find((filter) => filter.parameter === parameter)
          if (filter === undefined || filter.matches(row, value)) continue
          return Window.mismatch(
            exchange,
            `${String(row[lists.id])} does not match ${parameter}=${value}`,
            `rows that match ${window.filters.map((entry) => entry.join("=")).join(" and ")}`,
            JSON.stringify(row)
          )
        }
      }
      return rows.length === 0 && window.ids.length > 0 ? "vacuous" : undefined
    },
    {
      filtered,
      vacuous: filtered === "once" ? "no row has a value to filter by" : "no row has values for two filters at once"
    }
  )

const finding = (filtered: "once" | "combined") =>
  everyPage(
    (page, window, view) => {
      // Rows that do not match take the place of others: another law's matter.
      if (!Window.allMatch(page, window, view)) return "vacuous"
      const missing = window.ids.find((id) => !page.ids.includes(id))
      if (missing === undefined) return undefined
      return Window.mismatch(
        page.exchange,
        `${missing} matches, and is missing`,
        Window.tell(window.ids, page.ids),
        Window.tell(page.ids, window.ids)
      )
    },
    {
      filtered,
      vacuous: filtered === "once" ? "no row has a value to filter by" : "no row has values for two filters at once"
    }
  )

const filterMatches: Law.Law = {
  id: "lists/filter-matches",
  sentence: "Every row of a filtered list matches the filter, on every page.",
  source: Law.expected("A row that does not match may be another customer's."),
  severity: "error",
  appliesTo: hasFilters(1),
  check: matching("once")
}

const filterComplete: Law.Law = {
  id: "lists/filter-complete",
  sentence: "No row that matches a filter is missing from the filtered list, on any page.",
  source: Law.expected("A filter leaves what matches."),
  severity: "error",
  overLists: true,
  appliesTo: hasFilters(1),
  check: finding("once")
}

const combinedFiltersMatch: Law.Law = {
  id: "lists/combined-filters-match",
  sentence: "Every row matches all filters that are given at once.",
  source: Law.expected("Each filter holds whatever else is asked."),
  severity: "error",
  appliesTo: hasFilters(2),
  check: matching("combined")
}

const combinedFiltersComplete: Law.Law = {
  id: "lists/combined-filters-complete",
  sentence: "No row that matches all filters that are given at once is missing.",
  source: Law.expected("Each filter holds whatever else is asked."),
  severity: "error",
  overLists: true,
  appliesTo: hasFilters(2),
  check: finding("combined")
}

/**
 * The laws of lists.
 */
export const lists: ReadonlyArray<Law.Law> = [
  limit,
  defaultLimit,
  order,
  reverse,
  complete,
  pageSize,
  backAndForth,
  cursorsEnd,
  firstPage,
  anyCursor,
  filterMatches,
  filterComplete,
  combinedFiltersMatch,
  combinedFiltersComplete
]
