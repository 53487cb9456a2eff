// Refusals: which response refuses a request with invalid input.
import * as Law from "../../../Law.ts"
import * as Property from "../../../Property.ts"
import type { ApiConventions } from "../../../ApiConventions.ts"
import type { ApiOperation } from "../../../ApiOperation.ts"
import { describe, excerpt, type Exchange } from "../../../Exchange.ts"

/** Statuses that servers of any API return for a URL that exceeds their limit. */
const uriTooLong = new Set([414, 431])

/**
 * Checks that a response refuses a request: with a documented 4xx other than 401, or with a response that the conventions
 * declare as a refusal. `length` is the length of the invalid value, and `parameter` the name of its parameter.
 */
export const checkRefused = (
  operation: ApiOperation,
  { response, request }: Exchange,
  length: number,
  conventions: ApiConventions,
  parameter?: string
): Property.CaseResult => {
  const { status } = response
  if (conventions.isRefusal?.(response) === true && operation.responses.has(status)) return Property.passed
  if (status >= 400 && status < 500 && status !== 401 && operation.responses.has(status)) return Property.passed
  if (length > 2000 && uriTooLong.has(status)) return Property.passed
  const documented = [...operation.responses.keys()].filter(
    (status) => status >= 400 && status < 500 && status !== 401 && status !== 429
  )
  return Law.violation({
    message: `${describe(request)} returned ${status}`,
    requests: [request],
    expected: `one of ${documented.toSorted().join(", ")}`,
    actual: excerpt(response),
    at: { status, ...(parameter === undefined ? {} : { parameter }) }
  })
}
