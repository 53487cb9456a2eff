// Laws about single answers: every answer that an operation gives is looked at, whatever it was asked.
//
// All such laws look at the same answers. An answer is asked for once, and each law tries the same cases in the same
// order; so the twentieth law costs no request, and still finds a smallest case of its own.
import * as Effect from "effect/Effect"
import type { Convention } from "./Convention.ts"
import type { Description } from "./internal/Description.ts"
import type { Attempt, Exchange, Request, Unanswered } from "./Exchange.ts"
import * as Exercise from "./internal/Exercise.ts"
import * as Generate from "./internal/Generate.ts"
import * as Harvest from "./internal/Harvest.ts"
import * as Law from "./Law.ts"
import type { Crawl, Page } from "./internal/Listing.ts"
import type { Operation } from "./Operation.ts"
import * as Property from "./internal/Property.ts"
import { Session } from "./Session.ts"
import * as Shown from "./internal/Shown.ts"

/**
 * What a law says of one answer: nothing, or how it is broken; `"vacuous"` where it is not about this answer.
 */
export type OfAnswer = (
  exchange: Exchange,
  operation: Operation,
  description: Description
) => Omit<Law.Violation, "requests"> | "vacuous" | undefined

/**
 * A check that looks at every answer: the pages of lists as they are read from end to end, the answers to generated
 * requests of all kinds, and, where writing is allowed, those to what creates and deletes.
 *
 * **Example** (No answer takes longer than a second)
 *
 * ```ts
 * import * as Observation from "@effect-workos/contract/Observation"
 *
 * const ofAnswer: Observation.OfAnswer = ({ answer }) =>
 *   answer.millis <= 1000
 *     ? undefined
 *     : { message: "the answer is slow", expected: "within a second", actual: `${answer.millis} ms` }
 *
 * const check = Observation.everyAnswer(ofAnswer)
 * ```
 */
export const everyAnswer =
  (ofAnswer: OfAnswer, vacuous = "no answer was of the kind that it is about") =>
  (operation: Operation): Effect.Effect<Law.Finding, Unanswered, Session> =>
    Effect.gen(function* () {
      const { description } = yield* Session
      const judge = (exchange: Exchange): Property.Verdict => {
        const violation = ofAnswer(exchange, operation, description)
        if (violation === "vacuous") return violation
        return violation === undefined ? "holds" : { ...violation, requests: [exchange.request] }
      }
      return yield* Property.all(
        readPages(operation, judge, vacuous),
        attempts(
          operation,
          (attempt) =>
            "exchange" in attempt ? Effect.succeed(judge(attempt.exchange)) : Effect.fail(attempt.unanswered),
          vacuous
        )
      )
    })

/**
 * A check that asks the same, and looks at what came of each request, an answer or none.
 *
 * **Example** (Every request is answered)
 *
 * ```ts
 * import * as Observation from "@effect-workos/contract/Observation"
 *
 * const check = Observation.everyAttempt((attempt) =>
 *   "exchange" in attempt
 *     ? "holds"
 *     : {
 *         message: attempt.unanswered.message,
 *         requests: [attempt.request],
 *         expected: "an answer",
 *         actual: attempt.unanswered.reason
 *       }
 * )
 * ```
 */
export const everyAttempt =
  (ofAttempt: (attempt: Attempt) => Property.Verdict) =>
  (operation: Operation): Effect.Effect<Law.Finding, Unanswered, Session> =>
    attempts(
      operation,
      (attempt) => {
        // What was not sent says nothing, and neither does what is to be sent later.
        const isTelling = "exchange" in attempt || !untelling.has(attempt.unanswered.reason)
        return isTelling ? Effect.succeed(ofAttempt(attempt)) : Effect.fail(attempt.unanswered)
      },
      "nothing was asked"
    )

const untelling: ReadonlySet<Unanswered["reason"]> = new Set(["given-up", "limited", "out-of-time"])

const attempts = (
  operation: Operation,
  judge: (attempt: Attempt) => Effect.Effect<Property.Verdict, Unanswered>,
  vacuous: string
): Effect.Effect<Law.Finding, Unanswered, Session> =>
  Effect.gen(function* () {
    const { ask, description, known } = yield* Session
    if (!operation.isSafe) return yield* Property.forEach(yield* Exercise.attemptsOf(operation), judge, { vacuous })
    const asked = (request: Request) =>
      Effect.matchEffect(ask(request), {
        onFailure: (unanswered) => judge({ request, unanswered }),
        onSuccess: (exchange) => judge({ request, exchange })
      })
    return yield* Property.all(
      Property.forEach(plainOf(operation, description.convention), asked, { vacuous }),
      Property.forEach(yield* itemsOf(operation), asked, { vacuous }),
      Property.forEach(yield* Generate.corners(operation), asked, { vacuous }),
      Property.forAll(yield* Generate.any(operation), asked, { seed: operation.id, vacuous }),
      ...(known[operation.id] === undefined
        ? []
        : [Property.forEach(yield* Exercise.attemptsOf(operation), judge, { vacuous })])
    )
  })

// -----------------------------------------------------------------------------
// What is there
// -----------------------------------------------------------------------------

// The plainest request, and what surely is refused: by nobody, and with a value for each parameter that it does not have.
const plainOf = (operation: Operation, convention: Convention): ReadonlyArray<Request> => {
  const plain = Exercise.nothingRequest(operation, convention)
  return [
    plain,
    ...(operation.isProtected ? [{ ...plain, access: "none" as const }] : []),
    ...operation.query.flatMap((parameter) => {
      const [value] = Generate.undocumentedValues(parameter)
      return value === undefined ? [] : [Generate.withParameter(plain, parameter.name, value)]
    })
  ]
}

// As many of the rows that a list shows as there are runs, from all over it.
const itemsOf = Effect.fnUntraced(function* (operation: Operation) {
  const { description, settings } = yield* Session
  if (!Shown.isGotFromList(operation, description)) return []
  const { shown } = yield* Shown.shownTo(operation)
  const count = Math.min(shown.length, settings.runs)
  return Array.from({ length: count }, (_, index) => shown[Math.floor((index * shown.length) / count)]).flatMap((one) =>
    one === undefined ? [] : [Exercise.itemRequest(operation, one.name)]
  )
})

// The pages of a list, from both ends.
const readPages = (operation: Operation, judge: (exchange: Exchange) => Property.Verdict, vacuous: string) =>
  Effect.gen(function* () {
    const { description } = yield* Session
    const { lists } = description.convention
    if (!Harvest.isList(operation, lists)) return Law.notExercised(vacuous)
    const { crawls } = yield* Harvest.listing(operation, lists)
    const pages = Object.values(crawls).flatMap((crawl) => crawl.pages.map((page, index) => ({ crawl, page, index })))
    yield* Harvest.countPages(crawls)
    return yield* Property.forEach(
      pages,
      ({ crawl, index, page }) => {
        const verdict = judge(page.exchange)
        return typeof verdict === "string"
          ? Effect.succeed(verdict)
          : narrow(operation, crawl, index, page, judge, verdict)
      },
      { vacuous }
    )
  })

// The smallest part of a page that still shows what is wrong: half of it, half of that, down to a row.
const narrow = Effect.fnUntraced(function* (
  operation: Operation,
  crawl: Crawl,
  index: number,
  page: Page,
  judge: (exchange: Exchange) => Property.Verdict,
  found: Law.Violation
) {
  const session = yield* Session
  const { lists } = session.description.convention
  if (lists === undefined) return found
  const before = index === 0 ? undefined : crawl.pages[index - 1]?.ids.at(-1)
  const cursorAt = (position: number) => (position === 0 ? before : page.ids[position - 1])
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
      const request = Harvest.pageRequest(operation, lists, {
        limit: end - start,
        after: cursorAt(start),
        filters: order
      })
      const exchange = yield* session.ask(request)
      const verdict = judge(exchange)
      if (typeof verdict === "string") continue
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
