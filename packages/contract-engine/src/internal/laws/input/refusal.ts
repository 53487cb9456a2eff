// Refusals: which response refuses a request with invalid input.
import * as Law from "../../../Law.ts"
import * as Property from "../../../Property.ts"
import type { ApiConventions } from "../../../ApiConventions.ts"
import type { ApiOperation, Parameter } from "../../../ApiOperation.ts"
import { describe, excerpt, type Exchange, type Response } from "../../../Exchange.ts"

/** Statuses that servers of any API return for a URL that exceeds their limit. */
const uriTooLong = new Set([414, 431])

/**
 * Returns whether a response is a documented refusal: a documented 4xx other than 401, or a response that the conventions
 * declare as a refusal.
 */
export const isRefusal = ({ responses }: ApiOperation, response: Response, conventions: ApiConventions): boolean => {
  const { status } = response
  if (!responses.has(status)) return false
  return conventions.isRefusal?.(response) === true || (status >= 400 && status < 500 && status !== 401)
}

/**
 * Checks that a response is a documented refusal. `length` is the length of the invalid value: a long value may also be
 * refused because the URL is too long. `parameter` is the name of its parameter.
 */
export const checkRefused = (
  operation: ApiOperation,
  { response, request }: Exchange,
  length: number,
  conventions: ApiConventions,
  parameter?: string
): Property.CaseResult => {
  const { status } = response
  if (isRefusal(operation, response, conventions)) return Property.passed
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

/**
 * Makes the check of a recorded response: a request with an undocumented value of one of the parameters is refused. Inconclusive
 * if the value is empty or repeated, or if the request was refused for another reason, such as a wrong key.
 */
export const refusesRecorded =
  (parameters: (operation: ApiOperation, conventions: ApiConventions) => ReadonlyArray<Parameter>): Law.ResponseCheck =>
  (exchange, operation, { conventions }) => {
    const { response, request } = exchange
    const wrong = parameters(operation, conventions).flatMap(({ accepts, name }) => {
      const values = request.query.flatMap(([other, value]) => (other === name ? [value] : []))
      // Some servers accept numbers in other forms, such as `+5`.
      return values.length === 1 &&
        values.every((value) => value !== "" && !accepts(value) && !accepts(String(Number(value))))
        ? [name]
        : []
    })
    const isOther = response.status >= 400 && response.status < 500 && !isRefusal(operation, response, conventions)
    return wrong.length === 0 || isOther
      ? Property.inconclusive
      : checkRefused(operation, exchange, 0, conventions, wrong[0])
  }
