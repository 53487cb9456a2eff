// A law: a statement about a server, with what it rests on and a way to find out whether it holds.
import type * as Effect from "effect/Effect"
import type { Description } from "./internal/Description.ts"
import type { Request, Unanswered } from "./Exchange.ts"
import type { Operation } from "./Operation.ts"
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
 * **Example** (Two answers that have to be equal)
 *
 * ```ts
 * import type { Exchange } from "@effect-workos/contract/Exchange"
 * import * as Law from "@effect-workos/contract/Law"
 *
 * const judge = (first: Exchange | undefined, again: Exchange | undefined): Law.Finding => {
 *   if (first === undefined || again === undefined) return Law.notExercised("nothing was there to be asked for")
 *   if (first.answer.text === again.answer.text) return Law.held(2)
 *   const violation: Law.Violation = {
 *     message: "the same was answered differently",
 *     requests: [first.request, again.request],
 *     expected: first.answer.text,
 *     actual: again.answer.text
 *   }
 *   return Law.broken(2, violation)
 * }
 *
 * const runs = (finding: Law.Held | Law.Broken | Law.NotExercised) => ("runs" in finding ? finding.runs : 0)
 * ```
 */
export type Finding = Held | Broken | NotExercised

/**
 * It is true, as far as anybody has looked.
 */
export interface Held {
  readonly _tag: "Held"
  readonly runs: number
}

/**
 * It is not true, and here is a case.
 */
export interface Broken extends Violation {
  readonly _tag: "Broken"
  readonly runs: number
}

/**
 * There was no way to find out, and why.
 */
export interface NotExercised {
  readonly _tag: "NotExercised"
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
  readonly isLasting?: true
}

/**
 * A law that was true `runs` times.
 */
export const held = (runs: number): Held => ({ _tag: "Held", runs })

/**
 * A law that could not be tried.
 */
export const notExercised = (reason: string): NotExercised => ({ _tag: "NotExercised", reason })

/**
 * A law that is not true, with the case that shows it.
 */
export const broken = (runs: number, violation: Violation): Broken => ({ _tag: "Broken", runs, ...violation })

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
 * - `overLists`: whether it compares answers with each other or with rows that were read before, so that it has to look
 *   again where they may have changed.
 * - `appliesTo`: the operations that it is about.
 *
 * **Example** (A law of one's own)
 *
 * ```ts
 * import * as Exchange from "@effect-workos/contract/Exchange"
 * import * as Law from "@effect-workos/contract/Law"
 * import * as Observation from "@effect-workos/contract/Observation"
 *
 * const noServerNames: Law.Law = {
 *   id: "acme/no-server-names",
 *   sentence: "No answer names the software of the server.",
 *   source: { kind: "expected", text: "Our security handbook, chapter 4." },
 *   severity: "error",
 *   appliesTo: () => true,
 *   check: Observation.everyAnswer(({ answer, request }) =>
 *     answer.headers["server"] === undefined
 *       ? undefined
 *       : {
 *           message: "the answer names its server",
 *           requests: [request],
 *           expected: "no header Server",
 *           actual: Exchange.excerpt(answer)
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
  readonly overLists?: true
  readonly appliesTo: (operation: Operation, description: Description) => boolean
  readonly check: (operation: Operation) => Effect.Effect<Finding, Unanswered, Session>
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
