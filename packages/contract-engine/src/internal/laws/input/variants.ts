// Variants of documented requests: requests that differ in a detail that the documentation does not mention.
import * as Result from "effect/Result"
import { type ApiConventions, isRow, type Lists, valueAt } from "../../../ApiConventions.ts"
import type { ApiOperation } from "../../../ApiOperation.ts"
import { describe, excerpt, type Exchange } from "../../../Exchange.ts"
import * as Law from "../../../Law.ts"
import * as Property from "../../../Property.ts"
import * as Sampling from "../../../Sampling.ts"
import { isRefusal } from "./refusal.ts"

/** Statuses with which servers of any API refuse a malformed request. */
const malformed: ReadonlyArray<number> = [400, 422]

/**
 * Returns whether a response refuses a variant: with a documented refusal, a 400 or a 422.
 */
export const isVariantRefused = (
  operation: ApiOperation,
  { response }: Exchange,
  conventions: ApiConventions,
  others: ReadonlyArray<number> = []
): boolean =>
  isRefusal(operation, response, conventions) || malformed.includes(response.status) || others.includes(response.status)

/**
 * Checks the status of the response to a variant: a documented success or a refusal. `others` are further statuses of a
 * refusal.
 */
export const checkStatus = (
  operation: ApiOperation,
  variant: Exchange,
  conventions: ApiConventions,
  others: ReadonlyArray<number> = []
): Property.CaseResult => {
  const { response, request } = variant
  const successes = [...operation.responses.keys()].filter((status) => status < 400)
  if (successes.includes(response.status) || isVariantRefused(operation, variant, conventions, others)) {
    return Property.passed
  }
  return Law.violation({
    message: `${describe(request)} returned ${response.status}`,
    requests: [request],
    expected: `${successes.join(", ")}, or a refusal such as ${[...malformed, ...others].join(", ")}`,
    actual: excerpt(response),
    at: { status: response.status }
  })
}

/** Refusals that do not mean that a request is malformed. */
const hidden: ReadonlyArray<number> = [403, 404]

/**
 * Checks that a variant is refused, or has the status of the documented request. A response that fails for the documented
 * request decides nothing.
 */
export const checkSameStatus = (
  operation: ApiOperation,
  documented: Exchange,
  variant: Exchange,
  conventions: ApiConventions,
  others: ReadonlyArray<number> = []
): Property.CaseResult => {
  const { externalInputs = [] } = conventions
  const { status } = documented.response
  if (status >= 500) return Property.inconclusive
  // Such an operation may respond differently each time.
  if (externalInputs.includes(operation.id)) return checkStatus(operation, variant, conventions, others)
  // A variant that is forbidden or finds nothing has another meaning for the server.
  const isHidden = hidden.includes(variant.response.status) && !others.includes(variant.response.status)
  const isRefused = !isHidden && isVariantRefused(operation, variant, conventions, others)
  if (variant.response.status === status || isRefused) return Property.passed
  return Law.violation({
    message: `${describe(variant.request)} returned ${variant.response.status}, and ${describe(documented.request)} returned ${status}`,
    requests: [documented.request, variant.request],
    expected: `${status}, or a refusal such as ${[...malformed, ...others].join(", ")}`,
    actual: excerpt(variant.response),
    at: { status: variant.response.status }
  })
}

/**
 * Checks that two successful responses contain the same resources, if the responses contain any. Other responses pass.
 */
export const checkSameResources = (
  operation: ApiOperation,
  documented: Exchange,
  variant: Exchange,
  conventions: ApiConventions
): Property.CaseResult => {
  const expected = idsOf(operation, documented, conventions)
  if (expected === undefined || variant.response.status !== documented.response.status) return Property.passed
  const actual = idsOf(operation, variant, conventions)
  if (actual?.join() === expected.join()) return Property.passed
  return Law.violation({
    message: `${describe(variant.request)} returned other resources than ${describe(documented.request)}`,
    requests: [documented.request, variant.request],
    expected: describeIds(expected),
    actual: actual === undefined ? excerpt(variant.response) : describeIds(actual)
  })
}

// The ids of the rows of a page, or of a single resource.
const idsOf = (
  operation: ApiOperation,
  { response: { json, status } }: Exchange,
  conventions: ApiConventions
): ReadonlyArray<string> | undefined => {
  if (status < 200 || status >= 300) return undefined
  const lists = Sampling.listsOf(operation, conventions)
  const items = lists === undefined ? undefined : valueAt(json, lists.items)
  const rows: ReadonlyArray<unknown> = Array.isArray(items) ? items : [json]
  const name = Sampling.idField(lists === undefined ? undefined : operation, conventions)
  const ids = rows.map((row) => (isRow(row) ? row[name] : undefined))
  return ids.every((id) => typeof id === "string" || typeof id === "number") ? ids.map(String) : undefined
}

/**
 * Checks that a page, if the response is one, has at most `maximum` rows.
 */
export const checkPageSize = (lists: Lists | undefined, variant: Exchange, maximum: number): Property.CaseResult => {
  const page = lists === undefined ? undefined : Sampling.toPage(lists, variant)
  if (page === undefined || Result.isFailure(page) || page.success.rows.length <= maximum) return Property.passed
  const { ids } = page.success
  return Law.violation({
    message: `${describe(variant.request)} returned ${ids.length} rows`,
    requests: [variant.request],
    expected: `at most ${maximum} rows, or a refusal such as ${malformed.join(", ")}`,
    actual: `${ids.length} rows: ${describeIds(ids)}`
  })
}

const describeIds = (ids: ReadonlyArray<string>): string =>
  ids.length === 0 ? "no resources" : `${ids.slice(0, 10).join(", ")}${ids.length > 10 ? ", …" : ""}`

/**
 * Returns the first result that is not passed.
 */
export const allOf = (...results: ReadonlyArray<Property.CaseResult>): Property.CaseResult =>
  results.find(({ _tag }) => _tag === "Violation") ??
  results.find(({ _tag }) => _tag === "Inconclusive") ??
  Property.passed

/**
 * Adds the parameter that the server treats wrongly to a violation.
 */
export const inParameter = (parameter: string, result: Property.CaseResult): Property.CaseResult =>
  result._tag === "Violation" ? { ...result, at: { ...result.at, parameter } } : result
