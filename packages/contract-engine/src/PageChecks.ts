/**
 * Checks of page queries: laws of lists send the same queries, and therefore share the responses.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { areExclusive, urlSafe } from "./ApiConventions.ts"
import type { ApiOperation } from "./ApiOperation.ts"
import type { NoResponse, Request } from "./Exchange.ts"
import * as FixedQueries from "./internal/FixedQueries.ts"
import * as GeneratedQuery from "./internal/GeneratedQuery.ts"
import * as Pagination from "./internal/Pagination.ts"
import * as Law from "./Law.ts"
import type { Listing, Page } from "./Listing.ts"
import { type Choices, type Kind, type ListSample, type PageQuery, requestFor } from "./PageQuery.ts"
import * as Property from "./Property.ts"
import * as Sampling from "./Sampling.ts"
import { Session } from "./Session.ts"

/**
 * Options for checks of page queries.
 */
export interface Options {
  /** The reason to report if every query was inconclusive. */
  readonly skipReason?: string
  /** Returns the number of queries to try, from the session's runs. */
  readonly runs?: (runs: number) => number
}

/**
 * Checks one page query.
 */
export type QueryCheck = (
  query: PageQuery,
  sample: ListSample,
  choices: Choices
) => Effect.Effect<Property.CaseResult, NoResponse, Session>

type ListCheck = (operation: ApiOperation) => Effect.Effect<Law.Outcome, NoResponse | Law.CannotCheck, Session>

/**
 * Makes the check of a law that applies to page queries of one kind.
 */
export const forEachPageQuery =
  (kind: Kind, check: QueryCheck, { skipReason, runs = half }: Options = {}): ListCheck =>
  (operation) =>
    Effect.gen(function* () {
      const { settings } = yield* Session
      const sample = yield* listSampleOf(operation)
      const reason = skipReason === undefined ? {} : { skipReason }
      // The first page is tried in any case, since few generated queries may suit a law.
      const first = isAlwaysSuitable(kind) ? FixedQueries.queriesOf(kind, sample) : []
      return yield* Property.all(
        Property.forEach(first, (query) => check(query, sample, GeneratedQuery.smallest), reason),
        Property.forAll(
          GeneratedQuery.choicesFor(sample.lists),
          (choices) => {
            const query = GeneratedQuery.make(sample, kind, choices)
            return query === undefined ? Effect.succeed(Property.inconclusive) : check(query, sample, choices)
          },
          { seed: `${operation.id} ${kind}`, runs: runs(settings.runs), ...reason }
        )
      )
    })

const isAlwaysSuitable = (kind: Kind): boolean => kind === "plain" || kind === "sequence"

// A law examines several kinds.
const half = (runs: number): number => Math.ceil(runs / 2)

/**
 * Returns the sample of a list. Fails with `CannotCheck` if the list could not be read.
 */
const listSampleOf = Effect.fnUntraced(function* (operation: ApiOperation) {
  const { description } = yield* Session
  const lists = Sampling.listsOf(operation, description.conventions)
  if (lists === undefined) return yield* new Law.CannotCheck({ reason: "the operation is not a list" })
  const listing = yield* Sampling.listing(operation, lists)
  if (listing.unreadable !== undefined) return yield* new Law.CannotCheck({ reason: listing.unreadable })
  const known = samples.get(listing)
  if (known?.operation === operation) return known
  const filters = (description.conventions.filters?.[operation.id] ?? []).map(urlSafe)
  const firstPageOnly = new Set(
    filters
      .map(({ parameter }) => parameter)
      .filter((parameter) =>
        Pagination.parametersOf(lists.pagination)
          .slice(0, 1)
          .some((position) => areExclusive(description.conventions, operation.id, position, parameter))
      )
  )
  const sample: ListSample = { operation, lists, listing, filters, firstPageOnly }
  samples.set(listing, sample)
  return sample
})

// All laws use the same sample, for which queries are made once.
const samples = new WeakMap<Listing, ListSample>()

/**
 * Judges a page.
 */
export type Judge = (page: Page, query: PageQuery, sample: ListSample) => Property.CaseResult

const judgeQuery = (
  judge: Judge,
  query: PageQuery,
  sample: ListSample
): Effect.Effect<Property.CaseResult, NoResponse, Session> =>
  Effect.map(fetchPage(sample, requestFor(sample, query)), (page) =>
    page === undefined ? Property.inconclusive : judge(page, query, sample)
  )

/**
 * Makes the check of a law that applies to single pages.
 *
 * **Example** (Requiring names)
 *
 * ```ts
 * import * as PageChecks from "@effect-workos/contract-engine/PageChecks"
 * import * as PageQuery from "@effect-workos/contract-engine/PageQuery"
 * import * as Property from "@effect-workos/contract-engine/Property"
 *
 * const check = PageChecks.forEachPage(({ exchange, rows }) =>
 *   rows.every(({ name }) => name !== undefined)
 *     ? Property.passed
 *     : PageQuery.mismatch(exchange, "a row has no name", "rows with names")
 * )
 * ```
 */
export const forEachPage =
  (
    judge: Judge,
    options: { readonly kinds?: ReadonlyArray<Kind> } & Pick<Options, "skipReason"> = {}
  ): ((operation: ApiOperation) => Effect.Effect<Law.Outcome, NoResponse, Session>) =>
  (operation) =>
    Property.all(
      ...(options.kinds ?? kinds).flatMap((kind) => [
        ...(isAlwaysSuitable(kind) ? [] : [forEachFixedQuery(kind, judge, options)(operation)]),
        forEachPageQuery(kind, (query, sample) => judgeQuery(judge, query, sample), options)(operation)
      ])
    )

const forEachFixedQuery = (kind: Kind, judge: Judge, options: Pick<Options, "skipReason">): ListCheck =>
  Effect.fnUntraced(function* (operation) {
    const sample = yield* listSampleOf(operation)
    return yield* Property.forEach(
      FixedQueries.queriesOf(kind, sample),
      (query) => judgeQuery(judge, query, sample),
      options
    )
  })

const kinds: ReadonlyArray<Kind> = ["plain", "filtered", "combined", "sequence"]

/**
 * Sends a request for a page. Returns `undefined` for a response that is not a page: other laws check that.
 */
export const fetchPage = (
  { lists }: ListSample,
  request: Request
): Effect.Effect<Page | undefined, NoResponse, Session> =>
  Effect.gen(function* () {
    const { sendCached } = yield* Session
    const page = Sampling.toPage(lists, yield* sendCached(request))
    return Result.getOrUndefined(page)
  })
