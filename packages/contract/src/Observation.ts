// Laws about single answers: every answer that an operation gives is looked at, whatever it was asked.
//
// All such laws look at the same answers. An answer is asked for once, and each law tries the same cases in the same
// order; so the twentieth law costs no request, and still finds a smallest case of its own.
import * as Effect from "effect/Effect"
import type { Description } from "./Description.ts"
import type { Attempt, Exchange, Unanswered } from "./Exchange.ts"
import * as Exercise from "./Exercise.ts"
import * as Generate from "./Generate.ts"
import * as Harvest from "./Harvest.ts"
import * as Law from "./Law.ts"
import type { Crawl, Page } from "./Listing.ts"
import type { Operation } from "./Operation.ts"
import * as Property from "./Property.ts"
import { resourceOf } from "./Resource.ts"
import { CurrentTally, Session } from "./Session.ts"

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
 */
export const everyAnswer =
  (ofAnswer: OfAnswer, vacuous = "no answer was of the kind that it is about") =>
  (operation: Operation): Effect.Effect<Law.Finding, Unanswered, Session> =>
    Effect.gen(function* () {
      const session = yield* Session
      const judge = (exchange: Exchange): Property.Verdict => {
        const violation = ofAnswer(exchange, operation, session.description)
        if (violation === "vacuous") return violation
        return violation === undefined ? "holds" : { ...violation, requests: [exchange.request] }
      }
      if (!operation.isSafe) {
        const attempts = yield* Exercise.attemptsOf(operation)
        return yield* Property.forEach(
          attempts,
          (attempt) => Effect.succeed("exchange" in attempt ? judge(attempt.exchange) : "vacuous"),
          { vacuous }
        )
      }
      const generated = Effect.flatMap(Generate.any(operation), (cases) =>
        Property.forAll(cases, (request) => Effect.map(session.ask(request), judge), { seed: operation.id, vacuous })
      )
      return yield* Property.all(readPages(operation, judge, vacuous), readItems(operation, judge, vacuous), generated)
    })

/**
 * A check that asks generated requests of all kinds and looks at what came of each, an answer or none.
 */
export const everyAttempt =
  (ofAttempt: (attempt: Attempt) => Property.Verdict) =>
  (operation: Operation): Effect.Effect<Law.Finding, Unanswered, Session> =>
    Effect.gen(function* () {
      const session = yield* Session
      if (!operation.isSafe) {
        const attempts = yield* Exercise.attemptsOf(operation)
        return yield* Property.forEach(attempts, (attempt) => Effect.succeed(ofAttempt(attempt)))
      }
      const cases = yield* Generate.any(operation)
      return yield* Property.forAll(
        cases,
        (request) =>
          Effect.matchEffect(session.ask(request), {
            onFailure: (unanswered) =>
              unanswered.reason === "given-up" || unanswered.reason === "out-of-time"
                ? Effect.fail(unanswered)
                : Effect.succeed(ofAttempt({ request, unanswered })),
            onSuccess: (exchange) => Effect.succeed(ofAttempt({ request, exchange }))
          }),
        { seed: operation.id }
      )
    })

// -----------------------------------------------------------------------------
// What is there
// -----------------------------------------------------------------------------

// As many of the rows that a list shows as there are runs, from all over it.
const readItems = (operation: Operation, judge: (exchange: Exchange) => Property.Verdict, vacuous: string) =>
  Effect.gen(function* () {
    const { ask, description, settings } = yield* Session
    const { lists } = description.convention
    const { get, list } = resourceOf(operation, description)
    if (get !== operation || list === undefined || lists === undefined) return Law.notExercised(vacuous)
    const { known } = yield* Harvest.listing(list, lists)
    const ids = known.descending.map((row) => String(row[lists.id]))
    const step = Math.max(1, ids.length / settings.runs)
    const some = Array.from(
      { length: Math.min(ids.length, settings.runs) },
      (_, index) => ids[Math.floor(index * step)]
    )
    return yield* Property.forEach(
      some,
      (id) =>
        id === undefined ? Effect.succeed("vacuous") : Effect.map(ask(Exercise.itemRequest(operation, id)), judge),
      { vacuous }
    )
  })

const readPages = (operation: Operation, judge: (exchange: Exchange) => Property.Verdict, vacuous: string) =>
  Effect.gen(function* () {
    const { description } = yield* Session
    const { lists } = description.convention
    if (!Harvest.isList(operation, lists)) return Law.notExercised(vacuous)
    const { crawls } = yield* Harvest.listing(operation, lists)
    const pages = Object.values(crawls).flatMap((crawl) => crawl.pages.map((page, index) => ({ crawl, page, index })))
    ;(yield* CurrentTally).requests += pages.length
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
