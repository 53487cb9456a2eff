// The laws of pages: their size, and their rows, which together are the whole list.
import * as Effect from "effect/Effect"
import type { NoResponse } from "../../../Exchange.ts"
import * as Sampling from "../../../Sampling.ts"
import * as Law from "../../../Law.ts"
import type { Page } from "../../../Listing.ts"
import type { ApiOperation } from "../../../ApiOperation.ts"
import * as Property from "../../../Property.ts"
import { Session } from "../../../Session.ts"
import * as PageChecks from "../../../PageChecks.ts"
import * as PageQuery from "../../../PageQuery.ts"
import { partsOf } from "../../GeneratedQuery.ts"
import { isList } from "../../../Applies.ts"
import * as RecordedPage from "../../RecordedPage.ts"
import { requireEnd } from "./ends.ts"

const limit: Law.Law = {
  id: "lists/limit",
  sentence: "A page contains at most `limit` rows.",
  source: Law.expected("The limit is an upper limit."),
  severity: "error",
  cost: { base: 1, perRun: 2, perFilter: 25, shares: "pages" },
  appliesTo: isList,
  check: (operation) => PageChecks.forEachPage(withinLimit, { skipReason: "the list fits on one page" })(operation),
  response: RecordedPage.forPage((page, { limit }) => {
    if (limit === undefined) return Property.inconclusive
    if (page.ids.length > limit) return tooLong(page, limit)
    return page.ids.length === limit || page.next !== null ? Property.passed : Property.inconclusive
  })
}

const tooLong = ({ exchange, ids }: Page, limit: number) => {
  const message = `${ids.length} rows exceed the limit of ${limit}`
  const expected = `at most ${limit === 1 ? "1 row" : `${limit} rows`}`
  return PageQuery.mismatch(exchange, message, expected, PageQuery.describeIds(ids))
}

const withinLimit = (page: Page, query: PageQuery.PageQuery) => {
  if (page.ids.length > query.limit) return tooLong(page, query.limit)
  // A limit has an effect only if the list has more rows.
  return query.isComplete && query.rows.length <= query.limit ? Property.inconclusive : Property.passed
}

const defaultLimit: Law.Law = {
  id: "lists/default-limit",
  sentence: "Without `limit`, a full page contains the default number of rows.",
  source: Law.expected("The documentation states the default limit."),
  severity: "error",
  comparesLists: true,
  cost: { base: 1, perRun: 0.25 },
  appliesTo: (operation, { conventions }) => Sampling.listsOf(operation, conventions)?.limit.defaultValue !== undefined,
  check: PageChecks.forEachPageQuery(
    "plain",
    (query, sample) => {
      const { defaultValue } = sample.lists.limit
      if (defaultValue === undefined) return Effect.succeed(Property.inconclusive)
      const { after, order, start } = isSamePosition(query, sample) ? query : { ...query, after: undefined, start: 0 }
      const request = Sampling.pageRequest(sample.operation, sample.lists, { order, after })
      return Effect.map(PageChecks.fetchPage(sample, request), (page): Property.CaseResult => {
        if (page === undefined) return Property.inconclusive
        const left = query.rows.length - start
        if (left < defaultValue && !query.isComplete) return Property.inconclusive
        const count = Math.min(defaultValue, left)
        // The default has an effect only if the list has more rows.
        if (page.ids.length === count) return left > defaultValue ? Property.passed : Property.inconclusive
        return PageQuery.mismatch(
          page.exchange,
          `${page.ids.length} rows without a limit`,
          `${count} rows: the default is ${defaultValue}, and ${left} rows remain`,
          PageQuery.describeIds(page.ids)
        )
      })
    },
    // The other laws send these requests with a limit only, so their responses cannot be shared.
    { runs: (runs) => Math.ceil(runs / 4) }
  ),
  response: RecordedPage.forPage(({ exchange, ids, next }, { before, limit, lists }) => {
    const { defaultValue = 0 } = lists.limit
    // The page before one of the first rows is short.
    const isShort = ids.length < defaultValue && next !== null && before === undefined
    if (limit !== undefined) return Property.inconclusive
    if (ids.length <= defaultValue && !isShort) return next === null ? Property.inconclusive : Property.passed
    const expected = isShort ? `${defaultValue} rows, since more rows follow` : `at most ${defaultValue} rows`
    const message = `${ids.length} rows without a limit, and the default is ${defaultValue}`
    return PageQuery.mismatch(exchange, message, expected, PageQuery.describeIds(ids))
  })
}

// The number of a page selects other rows for another page size, except for the first page.
const isSamePosition = ({ start }: PageQuery.PageQuery, { lists }: PageQuery.ListSample): boolean =>
  lists.pagination._tag !== "Page" || start === 0

const complete: Law.Law = {
  id: "lists/complete",
  sentence: "Together, the pages of a list contain every row exactly once.",
  source: Law.expected("Following the cursors to the end reads the whole list."),
  severity: "error",
  comparesLists: true,
  cost: { base: 5, perRun: 1.5, shares: "sequences" },
  appliesTo: isList,
  check: (operation) =>
    Property.all(
      traversalsAgree(operation),
      PageChecks.forEachPageQuery("sequence", (query, sample) => readPagesOnce(sample, query, 3))(operation)
    ).pipe(Effect.flatMap((outcome) => requireEnd(outcome, operation))),
  // Rows may be missing from a single page, but no row is on it twice.
  response: RecordedPage.forPage(({ exchange, ids }) => {
    const duplicate = ids.find((id, index) => ids.indexOf(id) !== index)
    if (duplicate === undefined) return ids.length < 2 ? Property.inconclusive : Property.passed
    return PageQuery.mismatch(exchange, `${duplicate} is returned twice`, "every row once", PageQuery.describeIds(ids))
  })
}

// Both directions return the same rows, and no row twice.
const traversalsAgree = (operation: ApiOperation): Effect.Effect<Law.Outcome, NoResponse, Session> =>
  Effect.gen(function* () {
    const { description } = yield* Session
    const lists = Sampling.listsOf(operation, description.conventions)
    if (lists === undefined) return Law.skipped("the operation is not a list")
    const { traversals, isComplete, unreadable } = yield* Sampling.listing(operation, lists)
    if (unreadable !== undefined) return Law.skipped(unreadable)
    yield* Sampling.countPages(traversals)
    return yield* Property.forEach(Object.entries(traversals), ([order, { end, ids, pages }]) => {
      const [page] = pages.slice(-1)
      if (page === undefined || end === "repeated-cursor" || end === "empty-page")
        return Effect.succeed(Property.inconclusive)
      const duplicate = ids.find((id, index) => ids.indexOf(id) !== index)
      if (duplicate !== undefined) {
        const [first, second] = pages.filter((page) => page.ids.includes(duplicate))
        return Effect.succeed(
          PageQuery.mismatch(
            second?.exchange ?? first?.exchange ?? page.exchange,
            `${duplicate} is on two pages`,
            "every row once",
            `${duplicate} twice`,
            second === undefined || first === undefined ? [] : [first.exchange.request]
          )
        )
      }
      const others = Object.entries(traversals).filter(([other]) => other !== order)
      if (Object.values(traversals).every((traversal) => traversal.ids.length === 0))
        return Effect.succeed(Property.inconclusive)
      if (!isComplete || others.length === 0) return Effect.succeed(Property.passed)
      const missing = others.flatMap(([, other]) => other.ids).find((id) => !ids.includes(id))
      if (missing === undefined) return Effect.succeed(Property.passed)
      const [witness] = others.flatMap(([, other]) => other.pages).filter((page) => page.ids.includes(missing))
      return Effect.succeed(
        PageQuery.mismatch(
          page.exchange,
          `${missing} is missing from all ${pages.length} pages in ${order} order, but present in the other order`,
          `every row, including ${missing}`,
          `${ids.length} rows without it`,
          witness === undefined ? [] : [witness.exchange.request]
        )
      )
    })
  })

// Follows a few cursors. A filtered list is only checked for duplicates, since other laws cover filters.
const readPagesOnce = Effect.fnUntraced(function* (
  sample: PageQuery.ListSample,
  query: PageQuery.PageQuery,
  pages: number
) {
  const ids: Array<string> = []
  const requests = []
  let request = PageQuery.requestFor(sample, query)
  for (let left = pages; left > 0; left--) {
    const page = yield* PageChecks.fetchPage(sample, request)
    if (page === undefined) return Property.inconclusive
    const duplicate = page.ids.find((id, index) => ids.includes(id) || page.ids.indexOf(id) !== index)
    if (duplicate !== undefined) {
      return PageQuery.mismatch(
        page.exchange,
        `${duplicate} is returned twice`,
        "every row once",
        PageQuery.describeIds(page.ids),
        requests
      )
    }
    ids.push(...page.ids)
    const known =
      query.filters.length > 0 ? ids : query.rows.slice(query.start).map((row) => String(row[sample.lists.id]))
    const expected = known.slice(0, ids.length)
    const isShort = page.next === null && query.isComplete && ids.length < known.length
    if (
      !PageQuery.sameIds(ids.slice(0, expected.length), expected) ||
      isShort ||
      (query.isComplete && ids.length > known.length)
    ) {
      return PageQuery.mismatch(
        page.exchange,
        "the pages up to this one do not contain every row exactly once",
        PageQuery.describeIds(isShort ? known : expected, ids),
        PageQuery.describeIds(ids, known),
        requests
      )
    }
    if (page.next === null) break
    requests.push(request)
    request = Sampling.pageRequest(sample.operation, sample.lists, {
      order: query.order,
      limit: query.limit,
      filters: query.filters,
      after: page.next
    })
  }
  return Property.passed
})

const pageSize: Law.Law = {
  id: "lists/page-size",
  sentence: "A list has the same rows in the same order for every page size.",
  source: Law.expected("The limit divides a list into pages and does not change its rows."),
  severity: "error",
  comparesLists: true,
  cost: { base: 25, perRun: 2, shares: "sequences" },
  appliesTo: isList,
  check: (operation) => Property.all(readAgain(operation), comparePageSizes(operation))
}

// Reads the whole list again, in about 25 pages of another size.
const readAgain = (operation: ApiOperation) =>
  Effect.gen(function* () {
    const traversals = yield* Sampling.traversalsOf(operation)
    return yield* Property.forEach(traversals.slice(0, 1), ({ traversal, lists, order }) =>
      Effect.gen(function* () {
        if (traversal.ids.length === 0 || (traversal.end !== "last" && traversal.end !== "row-limit"))
          return Property.inconclusive
        const limit = Math.min(lists.limit.maximum - 1, Math.max(3, Math.ceil(traversal.ids.length / 25)))
        const again = yield* Sampling.paginate(operation, lists, { order, limit }, traversal.ids.length)
        if (again.end === "unreadable") return Property.inconclusive
        const [last] = again.pages.slice(-1)
        const ids = again.ids.slice(0, traversal.ids.length)
        if (last === undefined || PageQuery.sameIds(ids, traversal.ids))
          return last === undefined ? Property.inconclusive : Property.passed
        return PageQuery.mismatch(
          last.exchange,
          `pages of ${limit} and pages of ${lists.limit.maximum} return different rows`,
          `the rows of pages of ${lists.limit.maximum}, ${PageQuery.describeIds(traversal.ids, ids)}`,
          PageQuery.describeIds(ids, traversal.ids),
          again.pages.slice(0, 1).map(({ exchange }) => exchange.request)
        )
      })
    )
  })

// Compares a long page with short pages of the same rows.
const comparePageSizes = PageChecks.forEachPageQuery("sequence", (small, sample, choices) =>
  Effect.gen(function* () {
    if (!isSamePosition(small, sample)) return Property.inconclusive
    const parts = partsOf(choices)
    const whole = yield* PageChecks.fetchPage(
      sample,
      PageQuery.requestFor(sample, { ...small, limit: small.limit * parts })
    )
    const ids: Array<string> = []
    const requests = []
    let request = PageQuery.requestFor(sample, small)
    for (let part = 0; part < parts; part++) {
      const page = yield* PageChecks.fetchPage(sample, request)
      if (page === undefined) return Property.inconclusive
      ids.push(...page.ids)
      requests.push(request)
      if (page.next === null) break
      request = Sampling.pageRequest(sample.operation, sample.lists, {
        order: small.order,
        limit: small.limit,
        filters: small.filters,
        after: page.next
      })
    }
    if (whole === undefined) return Property.inconclusive
    return PageQuery.sameIds(ids, whole.ids)
      ? Property.passed
      : PageQuery.mismatch(
          whole.exchange,
          `${parts} pages of ${small.limit} and one of ${small.limit * parts} return different rows`,
          `the rows of pages of ${small.limit}, ${PageQuery.describeIds(ids, whole.ids)}`,
          PageQuery.describeIds(whole.ids, ids),
          requests
        )
  })
)

export const pages: ReadonlyArray<Law.Law> = [limit, defaultLimit, complete, pageSize]
