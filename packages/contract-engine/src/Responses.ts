/**
 * Checks of single responses: a law is applied to every response of an operation, for valid and invalid requests.
 *
 * All such laws share the same responses: each request is sent once, and each law tries the same cases in the same
 * order.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type { ApiConventions } from "./ApiConventions.ts"
import type { Attempt, Exchange, Request, NoResponse } from "./Exchange.ts"
import * as Lifecycle from "./Lifecycle.ts"
import * as Generate from "./internal/Generate.ts"
import * as Kind from "./internal/Kind.ts"
import * as Pagination from "./internal/Pagination.ts"
import * as Sampling from "./Sampling.ts"
import * as Law from "./Law.ts"
import type { Traversal, Page } from "./Listing.ts"
import type { ApiOperation } from "./ApiOperation.ts"
import * as Property from "./Property.ts"
import { Session } from "./Session.ts"
import * as KnownRows from "./internal/KnownRows.ts"

/**
 * Makes the check of a law that applies to single responses: to every response of an operation, which are the pages of a
 * list, the responses to generated requests, and, if writing is allowed, the responses to write requests. The law also
 * applies to recorded traffic. `inconclusive` is the reason to report if every response was inconclusive.
 *
 * **Example** (Limiting the response time)
 *
 * ```ts
 * import * as Law from "@effect-workos/contract-engine/Law"
 * import * as Property from "@effect-workos/contract-engine/Property"
 * import * as Responses from "@effect-workos/contract-engine/Responses"
 *
 * const isFast: Law.ResponseCheck = ({ response, request }) =>
 *   response.millis <= 1000
 *     ? Property.passed
 *     : Law.violation({
 *         message: "the response is slow",
 *         requests: [request],
 *         expected: "at most 1 s",
 *         actual: `${response.millis} ms`
 *       })
 *
 * const fast: Law.Law = {
 *   id: "acme/fast",
 *   sentence: "Every response is complete within one second.",
 *   source: Law.expected("Our service level agreement."),
 *   severity: "error",
 *   appliesTo: () => true,
 *   ...Responses.forEachResponse(isFast)
 * }
 * ```
 */
export const forEachResponse = (
  response: Law.ResponseCheck,
  inconclusive = "the law applied to no response"
): Required<Pick<Law.Law, "check" | "response">> => ({
  response,
  check: (operation) =>
    Effect.gen(function* () {
      const { description } = yield* Session
      const judge = (exchange: Exchange) => response(exchange, operation, description)
      return yield* Property.each(
        checkPages(operation, judge, inconclusive),
        attempts(
          operation,
          (attempt) =>
            "exchange" in attempt ? Effect.succeed(judge(attempt.exchange)) : Effect.fail(attempt.noResponse),
          inconclusive
        )
      )
    })
})

/**
 * Checks every request of an operation with its outcome: a response, or none. Requests for the pages of a list are not
 * checked.
 *
 * **Example** (Requiring a response to every request)
 *
 * ```ts
 * import * as Law from "@effect-workos/contract-engine/Law"
 * import * as Property from "@effect-workos/contract-engine/Property"
 * import * as Responses from "@effect-workos/contract-engine/Responses"
 *
 * const check = Responses.forEachAttempt((attempt) =>
 *   "exchange" in attempt
 *     ? Property.passed
 *     : Law.violation({
 *         message: attempt.noResponse.message,
 *         requests: [attempt.request],
 *         expected: "a response",
 *         actual: attempt.noResponse.reason
 *       })
 * )
 * ```
 */
export const forEachAttempt =
  (check: (attempt: Attempt) => Property.CaseResult) =>
  (operation: ApiOperation): Effect.Effect<Law.Outcome, NoResponse, Session> =>
    attempts(
      operation,
      (attempt) => {
        // A request that was not sent, or is to be retried later, decides nothing.
        const isConclusive = "exchange" in attempt || !inconclusiveReasons.has(attempt.noResponse.reason)
        return isConclusive ? Effect.succeed(check(attempt)) : Effect.fail(attempt.noResponse)
      },
      "no request was sent",
      // Each request without a response takes as long as the timeout.
      true
    )

const inconclusiveReasons: ReadonlySet<NoResponse["reason"]> = new Set(["aborted", "rate-limited", "time-budget"])

const attempts = (
  operation: ApiOperation,
  judge: (attempt: Attempt) => Effect.Effect<Property.CaseResult, NoResponse>,
  inconclusive: string,
  stopAtFirst = false
): Effect.Effect<Law.Outcome, NoResponse, Session> =>
  Effect.gen(function* () {
    const { sendCached, description, fixtures } = yield* Session
    const options = { skipReason: inconclusive, stopAtFirst }
    if (!operation.isSafe) return yield* Property.forEach(yield* Lifecycle.attemptsOf(operation), judge, options)
    const send = (request: Request) =>
      Effect.matchEffect(sendCached(request), {
        onFailure: (noResponse) => judge({ request, noResponse }),
        onSuccess: (exchange) => judge({ request, exchange })
      })
    const combine = stopAtFirst ? Property.all : Property.each
    return yield* Property.all(
      combine(
        Property.forEach(minimalRequests(operation, description.conventions), send, options),
        Property.forEach(yield* knownRowRequests(operation), send, options),
        Property.forEach(yield* Generate.edgeCases(operation), send, options),
        ...(fixtures[operation.id] === undefined
          ? []
          : [Property.forEach(yield* Lifecycle.attemptsOf(operation), judge, options)])
      ),
      Property.forAll(yield* Generate.mixed(operation), send, { seed: operation.id, skipReason: inconclusive })
    )
  })

// -----------------------------------------------------------------------------
// Requests
// -----------------------------------------------------------------------------

// The plainest request, and requests that are refused for certain: without credentials, and with an undocumented value
// for each parameter.
const minimalRequests = (operation: ApiOperation, conventions: ApiConventions): ReadonlyArray<Request> => {
  const plain = Lifecycle.unknownIdRequest(operation, conventions)
  return [
    plain,
    ...(operation.isProtected ? [{ ...plain, access: "none" as const }] : []),
    ...operation.query.flatMap((parameter) => {
      const [value] = Generate.undocumentedValues(parameter)
      return value === undefined ? [] : [Generate.withParameter(plain, parameter.name, value)]
    })
  ]
}

// Rows from all over the list, as many as there are runs.
const knownRowRequests = Effect.fnUntraced(function* (operation: ApiOperation) {
  const { description, settings } = yield* Session
  if (!KnownRows.getsListedRow(operation, description)) return []
  const { resources } = yield* KnownRows.knownRowsOf(operation)
  return KnownRows.spread(resources, settings.runs).map(({ name }) => Lifecycle.itemRequest(operation, name))
})

// The pages of a list, from both ends.
const checkPages = (
  operation: ApiOperation,
  judge: (exchange: Exchange) => Property.CaseResult,
  inconclusive: string
) =>
  Effect.gen(function* () {
    const { description } = yield* Session
    const lists = Sampling.listsOf(operation, description.conventions)
    if (lists === undefined) return Law.skipped(inconclusive)
    const { traversals } = yield* Sampling.listing(operation, lists)
    const pages = Object.values(traversals).flatMap((traversal) =>
      traversal.pages.map((page, index) => ({ traversal, page, index }))
    )
    yield* Sampling.countPages(traversals)
    const seen = new Set<string>()
    return yield* Property.forEach(
      pages,
      Effect.fnUntraced(function* ({ traversal, index, page }) {
        const verdict = judge(page.exchange)
        if (verdict._tag !== "Violation") return verdict
        // Of each kind of fault, one page is enough.
        const fresh = Law.faultsOf(verdict).filter((fault) => !seen.has(Kind.of(fault)))
        for (const fault of fresh) seen.add(Kind.of(fault))
        const [first, ...more] = yield* Effect.forEach(fresh, (fault) =>
          shrinkPage(operation, traversal, index, page, onlyKind(judge, Kind.of(fault)), fault)
        )
        return first === undefined ? Property.inconclusive : Law.violations(first, more)
      }),
      { skipReason: inconclusive }
    )
  })

// Reports faults of one kind only.
const onlyKind =
  (judge: (exchange: Exchange) => Property.CaseResult, kind: string) =>
  (exchange: Exchange): Property.CaseResult => {
    const verdict = judge(exchange)
    if (verdict._tag !== "Violation") return verdict
    return Law.faultsOf(verdict).find((fault) => Kind.of(fault) === kind) ?? Property.passed
  }

// Bisects a page down to the smallest part that still fails.
const shrinkPage = Effect.fnUntraced(function* (
  operation: ApiOperation,
  traversal: Traversal,
  index: number,
  page: Page,
  judge: (exchange: Exchange) => Property.CaseResult,
  found: Law.Violation
) {
  const session = yield* Session
  const lists = Sampling.listsOf(operation, session.description.conventions)
  // Parts of a page can be requested only if any row can begin a page.
  if (lists === undefined || Pagination.align(lists.pagination, 1, 2) !== 1) return found
  const first = traversal.pages.slice(0, index).reduce((sum, { ids }) => sum + ids.length, 0)
  const order = page.exchange.request.query.filter(([name]) => name === lists.order?.parameter)
  let smallest = found
  let from = 0
  let to = page.ids.length
  while (to - from > 1) {
    const middle = (from + to) >> 1
    let narrower = false
    for (const [start, end] of [
      [from, middle],
      [middle, to]
    ] as const) {
      const request = Sampling.pageRequest(operation, lists, {
        limit: end - start,
        after: Pagination.positionAt(lists, traversal.rows, first + start, end - start),
        filters: order
      })
      const exchange = yield* session.sendCached(request)
      const verdict = judge(exchange)
      if (verdict._tag !== "Violation") continue
      smallest = verdict
      from = start
      to = end
      narrower = true
      break
    }
    if (!narrower) break
  }
  return smallest
})
