// A whole run of the suite, as it is reported.
import * as Schema from "effect/Schema"
import { Result, type Status } from "./Result.ts"

/**
 * How many results there are of each status. Known failures count as failed.
 */
export const Summary = Schema.Struct({
  passed: Schema.Int,
  failed: Schema.Int,
  drift: Schema.Int,
  skipped: Schema.Int
})
export interface Summary extends Schema.Schema.Type<typeof Summary> {}

/**
 * A law on an operation, as a baseline names it.
 */
export const KnownFailure = Schema.Struct({ law: Schema.String, operation: Schema.String, message: Schema.String })
export interface KnownFailure extends Schema.Schema.Type<typeof KnownFailure> {}

/**
 * Everything that a run found out.
 *
 * **Details**
 *
 * - `target`: the base URL of the server.
 * - `requests`: how many were sent, all told; `durationMillis`: how long it took.
 * - `interrupted`: why nothing more was sent, where the server stopped answering.
 * - `fixed`: the entries of the baseline that hold by now.
 *
 * **Example** (A line for a chat)
 *
 * ```ts
 * import { type KnownFailure, type Report, summarize, type Summary } from "@effect-workos/contract/Report"
 *
 * const ofSummary = ({ failed, passed }: Summary): string => `${passed} hold, ${failed} do not`
 *
 * const ofKnown = ({ law, operation }: KnownFailure): string => `${law} of ${operation} is mended`
 *
 * const line = ({ fixed, results, target }: Report): string =>
 *   [`${target}: ${ofSummary(summarize(results))}`, ...fixed.map(ofKnown)].join("; ")
 * ```
 */
export const Report = Schema.Struct({
  target: Schema.String,
  seed: Schema.Int,
  startedAt: Schema.String,
  durationMillis: Schema.Int,
  requests: Schema.Int,
  interrupted: Schema.optionalKey(Schema.String),
  summary: Summary,
  results: Schema.Array(Result),
  fixed: Schema.Array(KnownFailure)
})
export interface Report extends Schema.Schema.Type<typeof Report> {}

/**
 * Counts results by status.
 */
export const summarize = (results: ReadonlyArray<Result>): Summary => {
  const count = (status: Status) => results.filter((result) => result.status === status).length
  return { passed: count("passed"), failed: count("failed"), drift: count("drift"), skipped: count("skipped") }
}
