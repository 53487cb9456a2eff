// What the suite finds out: one result for each law and each operation that it applies to.
import * as Schema from "effect/Schema"

/**
 * - `passed`: the law was exercised, and held every time.
 * - `failed`: it does not hold, and there is a counterexample.
 * - `drift`: the server sends what no source documents, which is worth knowing and no fault.
 * - `skipped`: it could not be exercised; the message says why.
 */
export const Status = Schema.Literals(["passed", "failed", "drift", "skipped"])
export type Status = typeof Status.Type

/**
 * The smallest thing that anybody can do to see a law broken.
 *
 * **Details**
 *
 * - `curl`: a line for a shell; credentials are names of environment variables.
 * - `expected` and `actual`: what should have come, and what came.
 * - `replay`: what to type to have the suite find it again.
 */
export const Counterexample = Schema.Struct({
  curl: Schema.String,
  expected: Schema.String,
  actual: Schema.String,
  replay: Schema.String
})
export interface Counterexample extends Schema.Schema.Type<typeof Counterexample> {}

/**
 * Where a law comes from: a sentence of the documentation (`documented`), or what follows from one (`expected`).
 */
export const Source = Schema.Struct({
  kind: Schema.Literals(["documented", "expected"]),
  text: Schema.String,
  url: Schema.optionalKey(Schema.String)
})
export interface Source extends Schema.Schema.Type<typeof Source> {}

/**
 * What came of one law on one operation.
 *
 * **Details**
 *
 * - `law`: its id, `"lists/limit"`; `sentence` is what it says.
 * - `operation`: `"connections.list"`.
 * - `runs`: how many generated cases were tried; `requests`: how many responses they stand on.
 * - `isKnown`: it is in the baseline, and so no news.
 *
 * **Example** (What is wrong, and how to see it)
 *
 * ```ts
 * import type { Counterexample, Result, Source } from "@effect-workos/contract/Result"
 *
 * const shown = ({ actual, curl, expected }: Counterexample): string => `${curl}\n  ${expected}\n  ${actual}`
 *
 * const cited = ({ text, url = "" }: Source): string => `${text} ${url}`
 *
 * const told = ({ counterexample, law, source }: Result): string =>
 *   counterexample === undefined ? law : `${law}: ${shown(counterexample)}\n  ${cited(source)}`
 * ```
 */
export const Result = Schema.Struct({
  law: Schema.String,
  operation: Schema.String,
  status: Status,
  message: Schema.String,
  runs: Schema.Int,
  requests: Schema.Int,
  isKnown: Schema.optionalKey(Schema.Literal(true)),
  counterexample: Schema.optionalKey(Counterexample),
  sentence: Schema.String,
  source: Source
})
export interface Result extends Schema.Schema.Type<typeof Result> {}

/**
 * The statuses in the order in which readers want them: what is wrong first.
 *
 * **Example** (What is wrong first)
 *
 * ```ts
 * import { byUrgency, type Result, type Status } from "@effect-workos/contract/Result"
 *
 * const place = (status: Status): number => byUrgency.indexOf(status)
 *
 * const sorted = (results: ReadonlyArray<Result>) => results.toSorted((a, b) => place(a.status) - place(b.status))
 * ```
 */
export const byUrgency: ReadonlyArray<Status> = ["failed", "drift", "skipped", "passed"]
