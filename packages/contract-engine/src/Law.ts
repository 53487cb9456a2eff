/**
 * Laws: rules for a server, each with its source and an effect that checks the rule.
 *
 * @module
 */
import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"
import type { ApiDescription } from "./ApiDescription.ts"
import type { Exchange, Request, NoResponse } from "./Exchange.ts"
import type { ApiOperation } from "./ApiOperation.ts"
import type { Location, Source } from "./Result.ts"
import type { Session } from "./Session.ts"

/**
 * The outcome of a law's check.
 *
 * **Details**
 *
 * - `Passed`: every one of `runs` cases passed.
 * - `Failed`: a case failed. The last of `requests` shows the failure, if the others were sent before.
 * - `Skipped`: the law could not be checked.
 *
 * **Example** (Comparing two responses)
 *
 * ```ts
 * import type { Exchange } from "@effect-workos/contract-engine/Exchange"
 * import * as Law from "@effect-workos/contract-engine/Law"
 *
 * const judge = (first: Exchange | undefined, again: Exchange | undefined): Law.Outcome => {
 *   if (first === undefined || again === undefined) return Law.skipped("the server has no data to request")
 *   if (first.response.text === again.response.text) return Law.passed(2)
 *   const violation = Law.violation({
 *     message: "two equal requests returned different bodies",
 *     requests: [first.request, again.request],
 *     expected: first.response.text,
 *     actual: again.response.text
 *   })
 *   return Law.failed(2, violation)
 * }
 *
 * const runs = (outcome: Law.Passed | Law.Failed | Law.Skipped) => ("runs" in outcome ? outcome.runs : 0)
 * ```
 */
export type Outcome = Passed | Failed | Skipped

/**
 * The outcome of a law that passed every case.
 */
export interface Passed {
  readonly _tag: "Passed"
  readonly runs: number
}

/**
 * The outcome of a law that failed, with the failing cases: the smallest one first.
 */
export interface Failed {
  readonly _tag: "Failed"
  readonly runs: number
  readonly violations: readonly [Violation, ...Array<Violation>]
}

/**
 * The outcome of a law that could not be checked, with the reason.
 */
export interface Skipped {
  readonly _tag: "Skipped"
  readonly reason: string
}

/**
 * One case in which a law fails.
 */
export interface Violation {
  readonly _tag: "Violation"
  readonly message: string
  readonly requests: readonly [Request, ...Array<Request>]
  readonly expected: string
  readonly actual: string
  /** The part of the exchange that is wrong, if a single part is. */
  readonly at?: Location
  /** Other faults of the same response. */
  readonly more?: ReadonlyArray<Violation>
  /** True if other clients cannot have caused the violation. Such a violation counts even if it does not occur again. */
  readonly isConclusive?: true
}

/**
 * Returns the outcome of a law that passed `runs` cases.
 */
export const passed = (runs: number): Passed => ({ _tag: "Passed", runs })

/**
 * Returns the outcome of a law that could not be checked.
 */
export const skipped = (reason: string): Skipped => ({ _tag: "Skipped", reason })

/**
 * Returns the outcome of a law that failed in some of `runs` cases.
 */
export const failed = (runs: number, ...violations: Failed["violations"]): Failed => ({
  _tag: "Failed",
  runs,
  violations
})

/**
 * Returns a case in which a law fails.
 */
export const violation = (fields: Omit<Violation, "_tag">): Violation => ({ _tag: "Violation", ...fields })

/**
 * Returns the result of a case with several faults, of which the first describes the case best.
 *
 * **Example** (Reporting each missing header)
 *
 * ```ts
 * import type { Exchange } from "@effect-workos/contract-engine/Exchange"
 * import * as Law from "@effect-workos/contract-engine/Law"
 * import * as Property from "@effect-workos/contract-engine/Property"
 *
 * const check = ({ request, response: { headers } }: Exchange): Property.CaseResult => {
 *   const [first, ...more] = ["x-request-id", "date"]
 *     .filter((name) => headers[name] === undefined)
 *     .map((header) =>
 *       Law.violation({ message: `no ${header}`, requests: [request], expected: header, actual: "none", at: { header } })
 *     )
 *   return first === undefined ? Property.passed : Law.violations(first, more)
 * }
 *
 * const count = (violation: Law.Violation): number => Law.faultsOf(violation).length
 * ```
 */
export const violations = (first: Violation, more: ReadonlyArray<Violation>): Violation =>
  more.length === 0 ? first : { ...first, more }

/**
 * Returns the faults of a case.
 */
export const faultsOf = ({ more = [], ...first }: Violation): readonly [Violation, ...Array<Violation>] => [
  first,
  ...more
]

/**
 * A law cannot be checked, for example because the server has no data for the check. Its outcome is `Skipped`.
 */
export class CannotCheck extends Data.TaggedError("CannotCheck")<{ readonly reason: string }> {}

/**
 * Returns the source of a rule that the documentation does not state: the rule follows from the documentation, or every
 * client assumes it. `text` is the reason for the rule.
 */
export const expected = (text: string): Source => ({ kind: "expected", text })

/**
 * Checks one response. Inconclusive if the law does not concern the response.
 */
export type ResponseCheck = (
  exchange: Exchange,
  operation: ApiOperation,
  description: ApiDescription
) => Violation | { readonly _tag: "Passed" | "Inconclusive" }

/**
 * An estimate of the number of requests that a check sends.
 *
 * **Details**
 *
 * - `base`: the number of requests that do not depend on the settings.
 * - `perRun`: the number of requests per generated case; `maxRuns`: the number of cases after which it stays the same.
 * - `perParameter`, `perFilter`: the number of requests per query parameter and per filter of the operation.
 * - `shares`: a name. The checks of one operation with the same name send the same requests, once for all of them.
 */
export interface Cost {
  readonly base: number
  readonly perRun?: number
  readonly maxRuns?: number
  readonly perParameter?: number
  readonly perFilter?: number
  readonly shares?: string
}

/**
 * A rule that a server must follow.
 *
 * **Details**
 *
 * - `id`: the family and the name, such as `"lists/limit"`.
 * - `sentence`: the rule for the server, in one sentence.
 * - `severity`: the status of a failed check: `failed` for `error`, and `drift` for `drift`. Drift fails a run only with
 *   `strict`.
 * - `writes`: true if the check sends requests that write, such as creations; false if the check sends only safe
 *   requests, even for an operation that writes. Defaults to whether the operation writes.
 * - `comparesLists`: true if the check compares responses with each other or with rows read before. A failure counts
 *   only if it occurs again, since other clients may have changed the rows.
 * - `impliedBy`: the laws (ids or families) whose failure on the same operation makes this law fail as well. Such
 *   failures have one cause, and reports show the failure of the other law first. `*` stands for every law that fails
 *   because of the same status.
 * - `cost`: an estimate of the requests of a check. Defaults to an estimate for the family of the law.
 * - `appliesTo`: returns whether the law applies to an operation.
 * - `check`: checks an operation, and sends the requests for this.
 * - `response`: checks a single response without further requests. A law with this field also applies to recorded traffic.
 *
 * **Example** (Declaring a law)
 *
 * ```ts
 * import * as Exchange from "@effect-workos/contract-engine/Exchange"
 * import * as Law from "@effect-workos/contract-engine/Law"
 * import * as Property from "@effect-workos/contract-engine/Property"
 * import * as Responses from "@effect-workos/contract-engine/Responses"
 *
 * const noServerNames: Law.Law = {
 *   id: "acme/no-server-names",
 *   sentence: "No response names the server software.",
 *   source: { kind: "expected", text: "Our security handbook, chapter 4." },
 *   severity: "error",
 *   cost: { base: 5, perRun: 1, shares: "responses" } satisfies Law.Cost,
 *   appliesTo: () => true,
 *   ...Responses.forEachResponse(({ response, request }) =>
 *     response.headers["server"] === undefined
 *       ? Property.passed
 *       : Law.violation({
 *           message: "the response names the server software",
 *           requests: [request],
 *           expected: "no header Server",
 *           actual: Exchange.excerpt(response)
 *         })
 *   )
 * }
 * ```
 */
export interface Law {
  readonly id: string
  readonly sentence: string
  readonly source: Source
  readonly severity: "error" | "drift"
  readonly writes?: boolean
  readonly comparesLists?: true
  readonly impliedBy?: ReadonlyArray<string>
  readonly cost?: Cost
  readonly appliesTo: (operation: ApiOperation, description: ApiDescription) => boolean
  readonly check: (operation: ApiOperation) => Effect.Effect<Outcome, NoResponse | CannotCheck, Session>
  readonly response?: ResponseCheck
}

/**
 * Returns the family of a law: the part of its id before the slash.
 *
 * **Example** (Grouping laws in a report)
 *
 * ```ts
 * import * as Law from "@effect-workos/contract-engine/Law"
 *
 * Law.familyOf("lists/limit") // => "lists"
 * Law.expected("Our security handbook, chapter 4.") // => { kind: "expected", text: "Our security handbook, chapter 4." }
 * ```
 */
export const familyOf = (id: string): string => id.split("/", 1)[0] ?? id
