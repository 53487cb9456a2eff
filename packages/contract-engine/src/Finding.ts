/**
 * Findings: failures with the same cause, so that one fault of a server is one finding.
 *
 * @module
 */
import { familyOf } from "./Law.ts"
import type { RecordedRequest } from "./RecordedRequest.ts"
import * as Groups from "./report/Groups.ts"
import type { Location, OtherCase, Result, Status } from "./Result.ts"

/**
 * The failing cases of one kind in a result.
 */
export interface Failure {
  readonly result: Result
  readonly kind: string
  readonly isKnown: boolean
  readonly cases: readonly [Case, ...Array<Case>]
}

/**
 * A failing case of a result. The first case of a result has the message of the result.
 */
export type Case = Partial<OtherCase> & Pick<OtherCase, "message">

/**
 * Failures with the same cause.
 *
 * **Details**
 *
 * - `failure`: the most specific failure, which describes the finding best.
 * - `others`: the other failures, the most specific ones first.
 * - `isKnown`: true if the baseline lists all of them.
 * - `status`: `failed`, or `drift` if none of them is more than drift.
 *
 * **Example** (Describing a finding)
 *
 * ```ts
 * import type { Finding } from "@effect-workos/contract-engine/Finding"
 *
 * const describe = ({ failure: { cases, result }, others }: Finding): string =>
 *   `${result.law} on ${result.operation}: ${cases[0].message} (${others.length} more failures have the same cause)`
 * ```
 */
export interface Finding {
  readonly failure: Failure
  readonly others: ReadonlyArray<Failure>
  readonly isKnown: boolean
  readonly status: Extract<Status, "failed" | "drift">
}

/**
 * Returns the findings of results, in the order of the results. Results that passed or were skipped have none.
 *
 * **Details**
 *
 * Failures have the same cause in these cases:
 *
 * - The same law fails in the same way on several operations.
 * - Several laws fail for the same field of the same resource.
 * - A law fails whose failure the failure of another law implies (`impliedBy`), on the same operation, or for laws of one
 *   family on the same resource.
 * - A law about all responses (implied by `*`) and another law fail on the same operation with the same status.
 *
 * **Example** (Counting new findings)
 *
 * ```ts
 * import * as Finding from "@effect-workos/contract-engine/Finding"
 * import type { Report } from "@effect-workos/contract-engine/Report"
 *
 * const countNew = ({ results }: Report): number =>
 *   Finding.ofResults(results).filter(({ isKnown }) => !isKnown).length
 * ```
 */
export const ofResults = (results: ReadonlyArray<Result>): ReadonlyArray<Finding> =>
  groupsOf(results.flatMap(failuresOf)).flatMap((group) => {
    const ranks = new Map(group.map((failure) => [failure, group.filter((other) => explains(other, failure)).length]))
    // Of failures that explain each other, one with a parameter is more specific.
    const rankOf = (one: Failure) => (ranks.get(one) ?? 0) + (parameterOf(one) === undefined ? 0.5 : 0)
    const [failure, ...others] = group.toSorted((a, b) => rankOf(a) - rankOf(b))
    return failure === undefined
      ? []
      : {
          failure,
          others,
          isKnown: group.every(({ isKnown }) => isKnown),
          status: group.some(({ result }) => result.status === "failed") ? "failed" : "drift"
        }
  })

/**
 * Returns the failures of a result, one for each kind of failing case.
 *
 * **Example** (Listing the kinds of a result)
 *
 * ```ts
 * import * as Finding from "@effect-workos/contract-engine/Finding"
 * import type { Result } from "@effect-workos/contract-engine/Result"
 *
 * const kinds = (result: Result): ReadonlyArray<string> =>
 *   Finding.failuresOf(result).map(({ kind }: Finding.Failure) => kind)
 *
 * const messages = ({ cases }: Finding.Failure): ReadonlyArray<string> => cases.map(({ message }: Finding.Case) => message)
 * ```
 */
export const failuresOf = (result: Result): ReadonlyArray<Failure> => {
  if (result.status !== "failed" && result.status !== "drift") return []
  const all: ReadonlyArray<Case> = [{ message: result.message, ...result.counterexample }, ...(result.others ?? [])]
  return Array.from(Groups.by(all, ({ kind = "" }) => kind)).flatMap(([kind, [first, ...rest]]) =>
    first === undefined
      ? []
      : {
          result,
          kind,
          isKnown: result.isKnown === true || result.knownKinds?.includes(kind) === true,
          cases: [first, ...rest]
        }
  )
}

// -----------------------------------------------------------------------------
// Causes
// -----------------------------------------------------------------------------

// Assigns a label to each failure, and merges the labels of failures with the same cause.
const groupsOf = (failures: ReadonlyArray<Failure>): ReadonlyArray<ReadonlyArray<Failure>> => {
  const labels = new Map(failures.map((failure) => [failure, failure]))
  const labelOf = (failure: Failure): Failure => {
    const label = labels.get(failure) ?? failure
    return label === failure ? failure : labelOf(label)
  }
  const merge = (a: Failure, b: Failure) => void labels.set(labelOf(b), labelOf(a))
  for (const [, [first, ...rest]] of Groups.by(
    failures.filter(isRepeatable),
    ({ kind, result }) => `${result.law} ${kind}`
  ))
    for (const other of rest) if (first !== undefined) merge(first, other)
  for (const own of Groups.by(failures, resourceOf).values()) {
    const withFields = own.filter((failure) => locationOf(failure).fields !== undefined)
    for (const failure of withFields)
      for (const other of withFields) if (sharesField(failure, other)) merge(failure, other)
    const generals = own.filter(isGeneral)
    for (const failure of own) {
      const explanation = explanationOf(failure, failure.result.impliedBy === undefined ? generals : own)
      if (explanation !== undefined) merge(explanation, failure)
    }
  }
  const positions = new Map(failures.map((failure, index) => [failure, index]))
  return [...Groups.by(failures, (failure) => String(positions.get(labelOf(failure)))).values()]
}

// Returns whether a failure of the same law and kind on another operation is the same fault. A status alone is none.
const isRepeatable = (failure: Failure): boolean => failure.kind !== "" && !isOnlyStatus(failure)

// Returns the failure that explains another one. Of several, equal requests are preferred.
const explanationOf = (failure: Failure, failures: ReadonlyArray<Failure>): Failure | undefined => {
  const candidates = failures.filter((other) => explains(other, failure))
  const preferred = (failure.result.impliedBy ?? []).flatMap((name) =>
    candidates.filter(({ result }) => isNamed(result, name))
  )
  return candidates.find((other) => sharesRequest(other, failure)) ?? preferred[0] ?? candidates[0]
}

/** The name of all laws in `impliedBy`. */
const everyLaw = "*"

const explains = (cause: Failure, effect: Failure): boolean => {
  if (cause === effect || !isCompatible(locationOf(cause), locationOf(effect)) || !isAboutParameter(cause, effect))
    return false
  const isSameOperation = cause.result.operation === effect.result.operation
  if (isGeneral(effect) || isGeneral(cause)) {
    const isSameStatus = isSameOperation && statusOf(cause) !== undefined && statusOf(cause) === statusOf(effect)
    if (isSameStatus && isGeneral(cause) !== isGeneral(effect))
      return isGeneral(cause) ? isPart(cause, effect) : !isPart(effect, cause)
  }
  const isSameResource = resourceOf(cause) === resourceOf(effect)
  const isSameFamily = familyOf(cause.result.law) === familyOf(effect.result.law)
  return (
    (isSameOperation || (isSameResource && (isSameFamily || sharesField(cause, effect)))) &&
    (effect.result.impliedBy ?? []).some((name) => isNamed(cause.result, name))
  )
}

const isGeneral = ({ result }: Failure): boolean => result.impliedBy?.includes(everyLaw) === true

const isOnlyStatus = (failure: Failure): boolean =>
  isGeneral(failure) && statusOf(failure) !== undefined && locationOf(failure).fields === undefined

const isNamed = ({ law }: Result, name: string): boolean => law === name || law.startsWith(`${name}/`)

const resourceOf = ({ result: { operation } }: Failure): string => operation.slice(0, operation.lastIndexOf("."))

const locationOf = ({ cases }: Failure): Location => cases[0].at ?? {}

const statusOf = (failure: Failure): number | undefined => locationOf(failure).status

// Facets that only one of the locations has decide nothing.
const isCompatible = (a: Location, b: Location): boolean =>
  [
    [a.status, b.status],
    [a.header, b.header]
  ].every(([one, other]) => one === undefined || other === undefined || one === other) &&
  (a.fields === undefined || b.fields === undefined || overlaps(a.fields, b.fields))

const parameterOf = (failure: Failure): string | undefined => locationOf(failure).parameter

// A fault in a parameter explains only failures of requests with the parameter.
const isAboutParameter = (cause: Failure, effect: Failure): boolean => {
  const [own, other] = [parameterOf(cause), parameterOf(effect)]
  return own === undefined || own === other || (other === undefined && mentions(effect, own))
}

const mentions = ({ cases: [{ requests = [] }] }: Failure, parameter: string): boolean =>
  requests.some(({ query }) => query.some(([name]) => name === parameter))

// A field overlaps with the fields in it.
const overlaps = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): boolean =>
  a.some((one) => b.some((other) => one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`)))

const sharesField = (a: Failure, b: Failure): boolean =>
  overlaps(locationOf(a).fields ?? [], locationOf(b).fields ?? [])

const lastRequestOf = ({ requests = [] }: Case): RecordedRequest | undefined => requests.at(-1)

const sharesRequest = (a: Failure, b: Failure): boolean => {
  const requests = new Set(a.cases.map((one) => JSON.stringify(lastRequestOf(one))))
  return b.cases.some((one) => lastRequestOf(one) !== undefined && requests.has(JSON.stringify(lastRequestOf(one))))
}

// Returns whether a request of a failure is the request of another one without some of its parameters.
const isPart = (smaller: Failure, larger: Failure): boolean => {
  const large = lastRequestOf(larger.cases[0])
  if (large === undefined) return false
  const parameters = new Set(large.query.map((entry) => entry.join("=")))
  return smaller.cases.some((one) => {
    const small = lastRequestOf(one)
    return (
      small !== undefined &&
      small.query.length < large.query.length &&
      small.query.every((entry) => parameters.has(entry.join("="))) &&
      withoutQuery(small) === withoutQuery(large)
    )
  })
}

const withoutQuery = ({ access, body, headers = {}, method, path }: RecordedRequest): string =>
  JSON.stringify([method, path, headers, body ?? null, access])
