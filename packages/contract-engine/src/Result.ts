/**
 * The result of one law on one operation, as data.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import { RecordedRequest } from "./RecordedRequest.ts"

/**
 * The outcome of a law on an operation.
 *
 * - `passed`: the law was checked, and every case passed.
 * - `failed`: a case failed; the result has a counterexample.
 * - `drift`: the server returns undocumented data, returns data on which parts of the documentation disagree, or accepts
 *   a request that one part of the documentation forbids. Drift is a failure only with `strict`.
 * - `skipped`: the law could not be checked; the message states the reason.
 */
export const Status = Schema.Literals(["passed", "failed", "drift", "skipped"])
export type Status = typeof Status.Type

/**
 * The part of an exchange that is wrong. Failures of different laws with the same location may have the same cause.
 *
 * **Details**
 *
 * - `status`: the wrong status of a response.
 * - `fields`: the wrong fields of a resource. The path of a field has `*` in place of indexes: `"domains.*.id"`.
 * - `header`: the wrong header of a response.
 * - `parameter`: the parameter of the request that the server treats wrongly.
 */
export const Location = Schema.Struct({
  status: Schema.optionalKey(Schema.Int),
  fields: Schema.optionalKey(Schema.Array(Schema.String)),
  header: Schema.optionalKey(Schema.String),
  parameter: Schema.optionalKey(Schema.String)
})
export interface Location extends Schema.Schema.Type<typeof Location> {}

// The parts that every failing case has.
const evidence = {
  curl: Schema.String,
  expected: Schema.String,
  actual: Schema.String,
  kind: Schema.optionalKey(Schema.String),
  at: Schema.optionalKey(Location),
  requests: Schema.optionalKey(Schema.Array(RecordedRequest))
}

/**
 * The smallest sequence of requests that makes a law fail.
 *
 * **Details**
 *
 * - `curl`: shell commands; credentials are replaced by environment variables.
 * - `expected` and `actual`: the expected and the actual response.
 * - `kind`: a text that is equal for counterexamples of the same kind, also with different values.
 * - `at`: the part of the exchange that is wrong, if known.
 * - `requests`: the requests as data, to be sent again.
 * - `replay`: the command that makes the suite find the counterexample again.
 */
export const Counterexample = Schema.Struct({ ...evidence, replay: Schema.String })
export interface Counterexample extends Schema.Schema.Type<typeof Counterexample> {}

/**
 * Another case in which the law of a result fails, with the same fields as a counterexample.
 */
export const OtherCase = Schema.Struct({ message: Schema.String, ...evidence })
export interface OtherCase extends Schema.Schema.Type<typeof OtherCase> {}

/**
 * The basis of a law: the documentation states the rule (`documented`), or the rule follows from the documentation or is
 * assumed by every client (`expected`).
 */
export const Source = Schema.Struct({
  kind: Schema.Literals(["documented", "expected"]),
  text: Schema.String,
  url: Schema.optionalKey(Schema.String)
})
export interface Source extends Schema.Schema.Type<typeof Source> {}

/**
 * The result of one law on one operation.
 *
 * **Details**
 *
 * - `law`: the id of the law, `"lists/limit"`; `sentence` is its rule.
 * - `operation`: `"connections.list"`.
 * - `runs`: the number of cases; `requests`: the number of responses that were checked.
 * - `notImplemented`: true if the server does not implement the operation.
 * - `isKnown`: true if the baseline lists every kind of failing case; `knownKinds`: the kinds that the baseline lists.
 * - `others`: the other failing cases.
 * - `impliedBy`: the laws whose failure on the same operation explains this failure, as ids or families.
 *
 * **Example** (Describing a failure)
 *
 * ```ts
 * import type { Counterexample, Result, Source } from "@effect-workos/contract-engine/Result"
 *
 * const evidence = ({ actual, curl, expected }: Counterexample): string => `${curl}\n  ${expected}\n  ${actual}`
 *
 * const citation = ({ text, url = "" }: Source): string => `${text} ${url}`
 *
 * const describe = ({ counterexample, law, source }: Result): string =>
 *   counterexample === undefined ? law : `${law}: ${evidence(counterexample)}\n  ${citation(source)}`
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
  notImplemented: Schema.optionalKey(Schema.Literal(true)),
  knownKinds: Schema.optionalKey(Schema.Array(Schema.String)),
  counterexample: Schema.optionalKey(Counterexample),
  others: Schema.optionalKey(Schema.Array(OtherCase)),
  impliedBy: Schema.optionalKey(Schema.Array(Schema.String)),
  sentence: Schema.String,
  source: Source
})
export interface Result extends Schema.Schema.Type<typeof Result> {}

/**
 * The statuses in order of urgency, most urgent first.
 *
 * **Example** (Sorting failures first)
 *
 * ```ts
 * import { byUrgency, type Result, type Status } from "@effect-workos/contract-engine/Result"
 *
 * const rank = (status: Status): number => byUrgency.indexOf(status)
 *
 * const sorted = (results: ReadonlyArray<Result>) => results.toSorted((a, b) => rank(a.status) - rank(b.status))
 * ```
 */
export const byUrgency: ReadonlyArray<Status> = ["failed", "drift", "skipped", "passed"]
