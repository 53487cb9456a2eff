// The law of OPTIONS.
import * as Effect from "effect/Effect"
import type { ApiDescription } from "../../../ApiDescription.ts"
import { describe, excerpt, type Exchange, type Request } from "../../../Exchange.ts"
import * as Law from "../../../Law.ts"
import * as Lifecycle from "../../../Lifecycle.ts"
import * as Property from "../../../Property.ts"
import { Session } from "../../../Session.ts"
import { allowedMethods, isFirstOfPath, methodsOf, unsupported } from "./pathMethods.ts"
import { rfc9110 } from "./rfc9110.ts"

/**
 * An OPTIONS request names the methods of a path.
 */
export const options: Law.Law = {
  id: "input/options",
  sentence: "An OPTIONS request succeeds and names the documented methods of the path, or returns 404 or 405.",
  source: rfc9110(
    "9.3.7",
    "A successful response to OPTIONS has headers such as Allow that name what the server implements."
  ),
  severity: "error",
  writes: false,
  cost: { base: 1 },
  appliesTo: (operation, description) =>
    isFirstOfPath(operation, description) &&
    description.operations.every(({ method, path }) => method !== "OPTIONS" || path !== operation.path),
  check: (operation) =>
    Effect.gen(function* () {
      const { description, sendCached } = yield* Session
      const request: Request = {
        ...Lifecycle.unknownIdRequest(operation, description.conventions),
        method: "OPTIONS"
      }
      return yield* Property.forEach([request], (request) =>
        Effect.map(sendCached(request), (exchange) => checkOptions(exchange, description))
      )
    })
}

const checkOptions = ({ request, response }: Exchange, description: ApiDescription): Property.CaseResult => {
  const { headers, status } = response
  const documented = [...methodsOf(request.path, description)]
  const violation = (problem: string, actual: string, at: Law.Violation["at"] = { header: "allow" }) =>
    Law.violation({
      message: `${describe(request)} ${problem}`,
      requests: [request],
      expected: `2xx with Allow: ${documented.join(", ")}; or ${unsupported.join(", ")}`,
      actual,
      at
    })
  if (unsupported.includes(status)) return Property.passed
  // Access may be checked first.
  if (status === 401 || status === 403) return Property.passed
  if (status < 200 || status >= 300) return violation(`returned ${status}`, excerpt(response), { status })
  const allowed = allowedMethods(response)
  if (allowed === undefined) {
    // The response of middleware for cross-origin requests.
    return headers["access-control-allow-methods"] === undefined
      ? violation("returned no header Allow", `${status} with ${Object.keys(headers).join(", ")}`)
      : Property.passed
  }
  const missing = documented.filter((method) => !allowed.includes(method))
  return missing.length === 0
    ? Property.passed
    : violation(`omits ${missing.join(", ")} in Allow`, `Allow: ${headers["allow"]}`)
}
