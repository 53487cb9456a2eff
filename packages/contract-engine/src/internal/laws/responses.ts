// The laws of responses: each request gets a response in time, with a documented status, content type, headers and body.
import * as Effect from "effect/Effect"
import type { ApiConventions } from "../../ApiConventions.ts"
import { describe, type Exchange, excerpt, type Request, shorten } from "../../Exchange.ts"
import * as Generate from "../Generate.ts"
import * as Law from "../../Law.ts"
import * as Responses from "../../Responses.ts"
import { type ApiOperation, statusesOf, type DocumentedResponse, type WireSchema } from "../../ApiOperation.ts"
import * as Property from "../../Property.ts"
import { Session } from "../../Session.ts"
import * as Shape from "../Shape.ts"
import { withRareFailures } from "./transientFailures.ts"

const always = () => true

// -----------------------------------------------------------------------------
// Existence
// -----------------------------------------------------------------------------

const responded: Law.Law = {
  id: "responses/complete",
  sentence: "Every request gets a complete response.",
  source: Law.expected("Without a response, a client cannot know whether the request was applied."),
  severity: "error",
  appliesTo: always,
  check: withRareFailures(
    Responses.forEachAttempt((attempt) => {
      if ("exchange" in attempt) return Property.passed
      const { message, reason } = attempt.noResponse
      if (reason === "timeout") return Property.inconclusive
      return Law.violation({
        message,
        requests: [attempt.request],
        expected: "a complete response",
        actual: message
      })
    }),
    (attempt) => "noResponse" in attempt
  )
}

const time: Law.Law = {
  id: "responses/time",
  sentence: "Every response is complete within the request timeout.",
  source: Law.expected("A client ignores a response after its timeout."),
  severity: "error",
  appliesTo: always,
  check: Responses.forEachAttempt((attempt) => {
    if ("exchange" in attempt) return Property.passed
    const { message, reason } = attempt.noResponse
    if (reason !== "timeout") return Property.inconclusive
    return Law.violation({
      message,
      requests: [attempt.request],
      expected: "a complete response within the limit",
      actual: message
    })
  })
}

// -----------------------------------------------------------------------------
// Status, type, headers
// -----------------------------------------------------------------------------

const hasNoServerError = Responses.forEachResponse(({ response, request }) =>
  response.status < 500
    ? Property.passed
    : Law.violation({
        message: `${describe(request)} returned ${response.status}`,
        requests: [request],
        expected: "any status below 500",
        actual: excerpt(response),
        at: { status: response.status }
      })
)

const noServerError: Law.Law = {
  id: "responses/no-server-error",
  sentence: "No request causes a server error (5xx).",
  source: Law.expected("A server error is the server's fault, even if the request is invalid."),
  severity: "error",
  appliesTo: always,
  ...hasNoServerError,
  check: withRareFailures(hasNoServerError.check, (attempt) => "exchange" in attempt)
}

const status: Law.Law = {
  id: "responses/status",
  sentence: "Every response has a status that is documented for the operation.",
  source: Law.expected("Clients handle the documented statuses."),
  severity: "error",
  appliesTo: always,
  ...Responses.forEachResponse(({ response, request }, operation) => {
    // Another law covers server errors.
    if (response.status >= 500) return Property.inconclusive
    return operation.responses.has(response.status)
      ? Property.passed
      : Law.violation({
          message: `${describe(request)} returned ${response.status}, which is undocumented`,
          requests: [request],
          expected: `one of ${[...operation.responses.keys()].toSorted().join(", ")}`,
          actual: excerpt(response),
          at: { status: response.status }
        })
  })
}

const hasBody = (variants: ReadonlyArray<DocumentedResponse>) => variants.some(({ body }) => body !== undefined)

const documentedResponses = (operation: ApiOperation, { response }: Exchange): ReadonlyArray<DocumentedResponse> =>
  operation.responses.get(response.status) ?? []

const contentType: Law.Law = {
  id: "responses/content-type",
  sentence: "A response with a body has a JSON content type.",
  source: Law.expected("Bodies are documented as JSON, and clients decode a body by its content type."),
  severity: "error",
  appliesTo: always,
  ...Responses.forEachResponse((exchange, operation) => {
    const { response, request } = exchange
    if (response.text === "" || !hasBody(documentedResponses(operation, exchange))) return Property.inconclusive
    const type = response.headers["content-type"]
    return /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type ?? "")
      ? Property.passed
      : Law.violation({
          message: `${describe(request)} returned ${type ?? "no content type"}`,
          requests: [request],
          expected: "Content-Type: application/json",
          actual: type === undefined ? "no header Content-Type" : `Content-Type: ${type}`,
          at: { header: "content-type" }
        })
  })
}

const headers: Law.Law = {
  id: "responses/headers",
  sentence: "Every response has the documented headers.",
  source: Law.expected("Clients rely on documented headers."),
  severity: "error",
  appliesTo: always,
  ...Responses.forEachResponse((exchange, operation, { conventions }) => {
    const { response, request } = exchange
    const missing = conventions.headers?.find((name) => (response.headers[name] ?? "") === "")
    if (missing !== undefined) {
      return Law.violation({
        message: `${describe(request)} returned no header ${missing}`,
        requests: [request],
        expected: `a header ${missing}`,
        actual: `${response.status} with ${Object.keys(response.headers).join(", ")}`,
        at: { header: missing }
      })
    }
    const documented = documentedResponses(operation, exchange).flatMap(({ headers }) =>
      headers === undefined ? [] : [headers]
    )
    const [fault] = documented.length === 0 ? [] : Shape.issues(documented, response.headers).map(({ text }) => text)
    if (fault === undefined)
      return conventions.headers === undefined && documented.length === 0 ? Property.inconclusive : Property.passed
    return Law.violation({
      message: `${describe(request)}: header ${fault}`,
      requests: [request],
      expected: "the documented headers",
      actual: fault
    })
  }, "no response header is documented")
}

const accepted: Law.Law = {
  id: "responses/accepted",
  sentence: "The server does not refuse a documented request as invalid.",
  source: Law.expected("A server accepts what the documentation allows."),
  severity: "error",
  comparesLists: true,
  appliesTo: ({ id, isSafe, query }, { conventions: { externalInputs = [] } }) =>
    isSafe && query.length > 0 && !externalInputs.includes(id),
  check: (operation) =>
    Effect.gen(function* () {
      const { sendCached } = yield* Session
      const check = (request: Request) =>
        Effect.map(sendCached(request), ({ response }): Property.CaseResult => {
          const isRefused = [400, 405, 406, 409, 411, 413, 415, 417, 422].includes(response.status)
          // Other errors, such as 403 and 404, do not mean that the request is invalid.
          if (!isRefused) return response.status < 400 ? Property.passed : Property.inconclusive
          return Law.violation({
            message: `${describe(request)} was refused with ${response.status}`,
            requests: [request],
            expected: `one of ${statusesOf(operation, "success").join(", ")}`,
            actual: excerpt(response),
            at: { status: response.status }
          })
        })
      const cases = yield* Generate.documented(operation)
      return yield* Property.all(
        Property.forEach(yield* Generate.edgeCases(operation), check),
        Property.forAll(cases, check, { seed: `${operation.id} documented` })
      )
    })
}

// -----------------------------------------------------------------------------
// Bodies
// -----------------------------------------------------------------------------

/**
 * Returns the documented bodies for the status of a response.
 */
export const bodiesOf = (operation: ApiOperation, exchange: Exchange): ReadonlyArray<WireSchema> =>
  documentedResponses(operation, exchange).flatMap(({ body }) => (body === undefined ? [] : [body]))

const matches =
  (kind: "success" | "error"): Law.ResponseCheck =>
  (exchange, operation, { conventions }) => {
    const { response, request } = exchange
    if (response.status < 400 !== (kind === "success")) return Property.inconclusive
    const variants = documentedResponses(operation, exchange)
    if (variants.length === 0) return Property.inconclusive
    const schemas = bodiesOf(operation, exchange)
    if (schemas.length === 0) {
      return response.text === "" || response.text === "null"
        ? Property.passed
        : Law.violation({
            message: `${describe(request)} returned a body`,
            requests: [request],
            expected: "no body",
            actual: excerpt(response)
          })
    }
    if (schemas.length < variants.length && response.text === "") return Property.passed
    if (response.json === undefined) {
      return Law.violation({
        message: `${describe(request)} returned ${response.text === "" ? "no body" : "a body that is not JSON"}`,
        requests: [request],
        expected: "JSON of the documented shape",
        actual: excerpt(response)
      })
    }
    const [first, ...more] = Shape.distinct(Shape.issues(schemas, response.json)).map((issue) =>
      Law.violation({
        message: `${describe(request)}: ${shorten(issue.text, 300)}`,
        requests: [request],
        expected: "JSON of the documented shape",
        actual: `${shorten(issue.text, 300)}, in ${excerpt(response)}`,
        ...(issue.pattern === "" ? {} : { at: { fields: [fieldOf(issue.pattern, conventions)] } })
      })
    )
    return first === undefined ? Property.passed : Law.violations(first, more)
  }

/**
 * Returns the path of a field within its resource, which is the same in a list and in a response with one resource.
 */
export const fieldOf = (pattern: string, { lists }: ApiConventions): string => {
  const prefix = lists === undefined ? "" : `${lists.items.join(".")}.*.`
  return prefix !== "" && pattern.startsWith(prefix) ? pattern.slice(prefix.length) : pattern
}

const body: Law.Law = {
  id: "responses/body",
  sentence: "The body of a successful response has the documented shape.",
  source: Law.expected("The documentation states the fields and their types."),
  severity: "error",
  appliesTo: always,
  ...Responses.forEachResponse(matches("success"), "no request succeeded")
}

const errorBody: Law.Law = {
  id: "responses/error-body",
  sentence: "The body of an error response has the documented shape.",
  source: Law.expected("The documentation states the shape of errors."),
  severity: "error",
  appliesTo: (operation) => statusesOf(operation, "error").length > 0,
  ...Responses.forEachResponse(matches("error"), "no request was refused")
}

/**
 * The laws of responses, except for the values in bodies.
 */
export const responses: ReadonlyArray<Law.Law> = [
  responded,
  time,
  noServerError,
  status,
  contentType,
  headers,
  accepted,
  body,
  errorBody
]
