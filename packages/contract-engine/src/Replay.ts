/**
 * Replays: sends the counterexamples of a report again.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { ApiOperation } from "./ApiOperation.ts"
import * as Contract from "./Contract.ts"
import { describe, type Exchange, type Request } from "./Exchange.ts"
import * as Finding from "./Finding.ts"
import * as Kind from "./internal/Kind.ts"
import * as Law from "./Law.ts"
import * as RecordedRequest from "./RecordedRequest.ts"
import type { Report } from "./Report.ts"
import type { TargetError } from "./TargetError.ts"
import type { SelectionError } from "./Selection.ts"
import { Session } from "./Session.ts"
import type { Settings } from "./Settings.ts"
import type { Suite } from "./Suite.ts"
import type { Target } from "./Target.ts"

/**
 * The verdict on a failure of a report.
 *
 * **Details**
 *
 * - `fails`: the law still fails in the same way; `detail` is the new message.
 * - `passes`: the law does not fail in this way any more.
 * - `unsent`: the requests could not be sent; `detail` is the reason.
 *
 * **Example** (Formatting a verdict)
 *
 * ```ts
 * import type { Replayed } from "@effect-workos/contract-engine/Replay"
 *
 * const format = ({ detail, failure: { result }, verdict }: Replayed): string =>
 *   `${result.law} on ${result.operation}: ${verdict} (${detail})`
 * ```
 */
export interface Replayed {
  readonly failure: Finding.Failure
  readonly verdict: "fails" | "passes" | "unsent"
  readonly detail: string
}

/**
 * Sends the counterexamples of a report again, and returns a verdict for each failure.
 *
 * **Details**
 *
 * A law about single responses judges the response to the recorded request. The check of another law, or of an operation
 * that writes, runs again with the seed and the number of cases of the report.
 *
 * **Example** (Counting the failures that remain)
 *
 * ```ts
 * import * as Replay from "@effect-workos/contract-engine/Replay"
 * import type { Report } from "@effect-workos/contract-engine/Report"
 * import type { Suite } from "@effect-workos/contract-engine/Suite"
 * import * as Effect from "effect/Effect"
 *
 * const remaining = (suite: Suite, report: Report) =>
 *   Effect.map(
 *     Replay.replay(suite, report),
 *     (replayed) => replayed.filter(({ verdict }) => verdict === "fails").length
 *   )
 * ```
 */
export const replay = (
  suite: Suite,
  report: Report,
  settings: Settings = {}
): Effect.Effect<ReadonlyArray<Replayed>, TargetError | SelectionError, Target> =>
  Effect.forEach(report.results.flatMap(Finding.failuresOf), (failure) =>
    Effect.map(replayFailure(suite, failure), (verdict) => ({ failure, ...verdict }))
  ).pipe(
    Effect.provide(
      Contract.layerSession(suite, {
        ...settings,
        seed: report.seed,
        ...(report.runs === undefined ? {} : { runs: report.runs })
      })
    )
  )

type Verdict = Pick<Replayed, "verdict" | "detail">

const unsent = (detail: string): Verdict => ({ verdict: "unsent", detail })

const passes: Verdict = { verdict: "passes", detail: "the counterexample passes now" }

const replayFailure = (suite: Suite, failure: Finding.Failure): Effect.Effect<Verdict, never, Session> => {
  const { result } = failure
  const law = suite.laws.find(({ id }) => id === result.law)
  const operation = suite.operations.find(({ id }) => id === result.operation)
  if (law === undefined) return Effect.succeed(unsent(`the suite has no law ${result.law}`))
  if (operation === undefined) return Effect.succeed(unsent(`the suite has no operation ${result.operation}`))
  const { response } = law
  const cases = failure.cases.flatMap(({ requests }) => (requests === undefined ? [] : [requests]))
  return response === undefined || cases.length === 0 || !cases.flat().every(({ method }) => method === "GET")
    ? runAgain(suite, { law, operation }, failure)
    : sendAgain(cases, failure, (exchange) => response(exchange, operation, suite))
}

// Sends the requests of each case, until a response violates the law in the same way.
const sendAgain = Effect.fnUntraced(function* (
  cases: ReadonlyArray<ReadonlyArray<RecordedRequest.RecordedRequest>>,
  { kind }: Finding.Failure,
  judge: (exchange: Exchange) => ReturnType<Law.ResponseCheck>
) {
  const { credentials, redact } = yield* Session
  let verdict: Verdict | undefined
  for (const recorded of cases) {
    const requests = recorded.flatMap((one) => Option.toArray(RecordedRequest.restore(one, credentials)))
    if (requests.length < recorded.length) {
      verdict ??= unsent("the report does not contain the secrets of the request")
      continue
    }
    const exchange = yield* sendInOrder(requests)
    if (typeof exchange === "string") {
      verdict ??= unsent(redact(exchange))
      continue
    }
    const found = judge(exchange)
    const same = found._tag === "Violation" ? Law.faultsOf(found).find((fault) => Kind.of(fault) === kind) : undefined
    if (same !== undefined) return { verdict: "fails", detail: redact(same.message) } as const
    verdict = passes
  }
  return verdict ?? passes
})

// Returns the last exchange, or the reason why there is none.
const sendInOrder = (requests: ReadonlyArray<Request>): Effect.Effect<Exchange | string, never, Session> =>
  Effect.flatMap(Session, ({ send }) =>
    Effect.catch(
      Effect.map(Effect.forEach(requests, send), (exchanges) => exchanges.at(-1) ?? "the report contains no request"),
      ({ message, request }) => Effect.succeed(`${describe(request)}: ${message}`)
    )
  )

const runAgain = (
  suite: Suite,
  check: { readonly law: Law.Law; readonly operation: ApiOperation },
  { kind }: Finding.Failure
): Effect.Effect<Verdict, never, Session> =>
  Effect.map(Contract.runCheck(suite, check), (result) => {
    if (result.status === "skipped") return unsent(result.message)
    const same = Finding.failuresOf(result).find((failure) => kind === "" || failure.kind === kind)
    return same === undefined ? passes : { verdict: "fails", detail: same.cases[0].message }
  })
