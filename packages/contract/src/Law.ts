// A law: a statement about a server, with what it rests on and a way to find out whether it holds.
import type * as Effect from "effect/Effect"
import type { ApiDescription } from "./internal/ApiDescription.ts"
import type { Request, NoResponse } from "./Exchange.ts"
import type { ApiOperation } from "./ApiOperation.ts"
import type { Source } from "./Result.ts"
import type { Session } from "./Session.ts"

/**
 * What a check found.
 *
 * **Details**
 *
 * - `Held`: tried `runs` times, and true every time.
 * - `Broken`: not true. The last of `requests` shows it; those before it lead there.
 * - `NotExercised`: there was no way to find out.
 *
 * **Example** (Two responses that have to be equal)
 *
 * ```ts
 * import type { Exchange } from "@effect-workos/contract/Exchange"
 * import * as Law from "@effect-workos/contract/Law"
 *
 * const judge = (first: Exchange | undefined, again: Exchange | undefined): Law.Outcome => {
 *   if (first === undefined || again === undefined) return Law.skipped("nothing was there to be asked for")
 *   if (first.response.text === again.response.text) return Law.passed(2)
 *   const violation: Law.Violation = {
 *     message: "the same was answered differently",
 *     requests: [first.request, again.request],
 *     expected: first.response.text,
 *     actual: again.response.text
 *   }
 *   return Law.failed(2, violation)
 * }
 *
 * const runs = (finding: Law.Passed | Law.Failed | Law.Skipped) => ("runs" in finding ? finding.runs : 0)
 * ```
 */
export type Outcome = Passed | Failed | Skipped

/**
 * It is true, as far as anybody has looked.
 */
export interface Passed {
  readonly _tag: "Passed"
  readonly runs: number
}

/**
 * It is not true, and here is a case.
 */
export interface Failed extends Violation {
  readonly _tag: "Failed"
  readonly runs: number
}

/**
 * There was no way to find out, and why.
 */
export interface Skipped {
  readonly _tag: "Skipped"
  readonly reason: string
}

/**
 * One case in which a law does not hold.
 */
export interface Violation {
  readonly message: string
  readonly requests: readonly [Request, ...Array<Request>]
  readonly expected: string
  readonly actual: string
  /** No change of the data explains it. */
  readonly isConclusive?: true
}

/**
 * A law that was true `runs` times.
 */
export const passed = (runs: number): Passed => ({ _tag: "Passed", runs })

/**
 * A law that could not be tried.
 */
export const skipped = (reason: string): Skipped => ({ _tag: "Skipped", reason })

/**
 * A law that is not true, with the case that shows it.
 */
export const failed = (runs: number, violation: Violation): Failed => ({ _tag: "Failed", runs, ...violation })

/**
 * The source of a law that follows from what is documented, or that every reader takes for granted.
 */
export const expected = (text: string): Source => ({ kind: "expected", text })

/**
 * A statement about the operations of a server.
 *
 * **Details**
 *
 * - `id`: family and name, `"lists/limit"`.
 * - `sentence`: what it says, in plain words.
 * - `severity`: a law of severity `drift` is about what no source documents; it fails only where that is asked for.
 * - `writes`: whether it can be checked only by creating and deleting.
 * - `overLists`: whether it compares responses with each other or with rows that were read before, so that it has to look
 *   again where they may have changed.
 * - `appliesTo`: the operations that it is about.
 *
 * **Example** (A law of one's own)
 *
 * ```ts
 * import * as Exchange from "@effect-workos/contract/Exchange"
 * import * as Law from "@effect-workos/contract/Law"
 * import * as Responses from "@effect-workos/contract/Responses"
 *
 * const noServerNames: Law.Law = {
 *   id: "acme/no-server-names",
 *   sentence: "No response names the software of the server.",
 *   source: { kind: "expected", text: "Our security handbook, chapter 4." },
 *   severity: "error",
 *   appliesTo: () => true,
 *   check: Responses.forEachResponse(({ response, request }) =>
 *     response.headers["server"] === undefined
 *       ? undefined
 *       : {
 *           message: "the response names its server",
 *           requests: [request],
 *           expected: "no header Server",
 *           actual: Exchange.excerpt(response)
 *         }
 *   )
 * }
 * ```
 */
export interface Law {
  readonly id: string
  readonly sentence: string
  readonly source: Source
  readonly severity: "error" | "drift"
  readonly writes?: true
  readonly comparesLists?: true
  readonly appliesTo: (operation: ApiOperation, description: ApiDescription) => boolean
  readonly check: (operation: ApiOperation) => Effect.Effect<Outcome, NoResponse, Session>
}

/**
 * The part of a law's id before the slash.
 *
 * **Example** (What belongs together in a report)
 *
 * ```ts
 * import * as Law from "@effect-workos/contract/Law"
 *
 * Law.familyOf("lists/limit") // => "lists"
 * Law.expected("Our security handbook, chapter 4.") // => { kind: "expected", text: "Our security handbook, chapter 4." }
 * ```
 */
export const familyOf = (id: string): string => id.split("/", 1)[0] ?? id
