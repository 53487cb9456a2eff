/**
 * The report of a run: its results and their summary, as data.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import { Coverage } from "./Coverage.ts"
import { Result, type Status } from "./Result.ts"

/**
 * The number of results of each status. Failures in the baseline count as failed.
 */
export const Summary = Schema.Struct({
  passed: Schema.Int,
  failed: Schema.Int,
  drift: Schema.Int,
  skipped: Schema.Int
})
export interface Summary extends Schema.Schema.Type<typeof Summary> {}

/**
 * An entry of a baseline: a law that fails on an operation. `kind` is the kind of the failing case; an entry without a
 * kind lists every failure of the law on the operation.
 */
export const KnownFailure = Schema.Struct({
  law: Schema.String,
  operation: Schema.String,
  message: Schema.String,
  kind: Schema.optionalKey(Schema.String)
})
export interface KnownFailure extends Schema.Schema.Type<typeof KnownFailure> {}

/**
 * The report of a run.
 *
 * **Details**
 *
 * - `target`: the base URL of the server, or the name of the archive with recorded traffic.
 * - `seed`: the seed of generated requests. Absent for recorded traffic.
 * - `requests`: the number of requests sent; `durationMillis`: the duration of the run.
 * - `interrupted`: the reason why the run ended early, for example because the server stopped responding.
 * - `runs`: the number of generated cases per check.
 * - `notImplemented`: the operations that were left out, because the server does not implement them.
 * - `transientFailures`: the number of requests that failed, and succeeded when repeated; absent if there are none.
 * - `fixed`: the entries of the baseline whose laws passed.
 * - `coverage`: the documented parts of the API that the run exercised.
 *
 * **Example** (Formatting one line)
 *
 * ```ts
 * import { type KnownFailure, type Report, summarize, type Summary } from "@effect-workos/contract-engine/Report"
 *
 * const ofSummary = ({ failed, passed }: Summary): string => `${passed} passed, ${failed} failed`
 *
 * const ofKnown = ({ law, operation }: KnownFailure): string => `${law} of ${operation} is fixed`
 *
 * const line = ({ fixed, results, target }: Report): string =>
 *   [`${target}: ${ofSummary(summarize(results))}`, ...fixed.map(ofKnown)].join("; ")
 * ```
 */
export const Report = Schema.Struct({
  target: Schema.String,
  seed: Schema.optionalKey(Schema.Int),
  startedAt: Schema.String,
  durationMillis: Schema.Int,
  requests: Schema.Int,
  interrupted: Schema.optionalKey(Schema.String),
  transientFailures: Schema.optionalKey(Schema.Int),
  notImplemented: Schema.optionalKey(Schema.Array(Schema.String)),
  summary: Summary,
  results: Schema.Array(Result),
  runs: Schema.optionalKey(Schema.Int),
  fixed: Schema.Array(KnownFailure),
  coverage: Schema.optionalKey(Coverage)
})
export interface Report extends Schema.Schema.Type<typeof Report> {}

/**
 * Counts results by status.
 */
export const summarize = (results: ReadonlyArray<Result>): Summary => {
  const count = (status: Status) => results.filter((result) => result.status === status).length
  return { passed: count("passed"), failed: count("failed"), drift: count("drift"), skipped: count("skipped") }
}
