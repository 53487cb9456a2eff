// Every answer: that it comes, in time, with a documented status, type, body and headers.
import * as Effect from "effect/Effect"
import { describe, type Exchange, excerpt, type Request, shorten } from "../../Exchange.ts"
import * as Generate from "../Generate.ts"
import * as Law from "../../Law.ts"
import * as Observation from "../../Observation.ts"
import { type Operation, statusesOf, type Variant, type WireSchema } from "../../Operation.ts"
import * as Property from "../Property.ts"
import { Session } from "../../Session.ts"
import * as Shape from "../Shape.ts"

const always = () => true

// -----------------------------------------------------------------------------
// That it comes
// -----------------------------------------------------------------------------

const answered: Law.Law = {
  id: "responses/answered",
  sentence: "Every request gets a complete answer.",
  source: Law.expected("A client can't tell what became of a request whose connection breaks."),
  severity: "error",
  appliesTo: always,
  check: Observation.everyAttempt((attempt) => {
    if ("exchange" in attempt) return "holds"
    const { message, reason } = attempt.unanswered
    if (reason === "timeout") return "vacuous"
    return {
      message,
      requests: [attempt.request],
      expected: "a complete HTTP answer",
      actual: message
    }
  })
}

const time: Law.Law = {
  id: "responses/time",
  sentence: "Every answer is complete within the time limit for requests.",
  source: Law.expected("An answer that comes after the client has given up is none."),
  severity: "error",
  appliesTo: always,
  check: Observation.everyAttempt((attempt) => {
    if ("exchange" in attempt) return "holds"
    const { message, reason } = attempt.unanswered
    if (reason !== "timeout") return "vacuous"
    return {
      message,
      requests: [attempt.request],
      expected: "a complete answer within the limit",
      actual: message
    }
  })
}

// -----------------------------------------------------------------------------
// Status, type, headers
// -----------------------------------------------------------------------------

const noServerError: Law.Law = {
  id: "responses/no-server-error",
  sentence: "No request is answered with a server error (5xx).",
  source: Law.expected("A server error is the server's fault, whatever was asked."),
  severity: "error",
  appliesTo: always,
  check: Observation.everyAnswer(({ answer, request }) =>
    answer.status < 500
      ? undefined
      : {
          message: `${describe(request)} was answered with ${answer.status}`,
          expected: "any status below 500",
          actual: excerpt(answer)
        }
  )
}

const status: Law.Law = {
  id: "responses/status",
  sentence: "The status of an answer is one that its operation documents.",
  source: Law.expected("A client handles the statuses that the documentation lists."),
  severity: "error",
  appliesTo: always,
  check: Observation.everyAnswer(({ answer, request }, operation) => {
    // Server errors have a law of their own.
    if (answer.status >= 500) return "vacuous"
    return operation.answers.has(answer.status)
      ? undefined
      : {
          message: `${describe(request)} was answered with ${answer.status}, which is not documented`,
          expected: `one of ${[...operation.answers.keys()].toSorted().join(", ")}`,
          actual: excerpt(answer)
        }
  })
}

const hasBody = (variants: ReadonlyArray<Variant>) => variants.some(({ body }) => body !== undefined)

const variantsOf = (operation: Operation, { answer }: Exchange): ReadonlyArray<Variant> =>
  operation.answers.get(answer.status) ?? []

const contentType: Law.Law = {
  id: "responses/content-type",
  sentence: "The content type of an answer with a body is JSON.",
  source: Law.expected("Bodies are documented as JSON, and clients choose how to read them by their type."),
  severity: "error",
  appliesTo: always,
  check: Observation.everyAnswer((exchange, operation) => {
    const { answer, request } = exchange
    if (answer.text === "" || !hasBody(variantsOf(operation, exchange))) return "vacuous"
    const type = answer.headers["content-type"]
    return /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type ?? "")
      ? undefined
      : {
          message: `${describe(request)} was answered with ${type ?? "no content type"}`,
          expected: "Content-Type: application/json",
          actual: type === undefined ? "no header Content-Type" : `Content-Type: ${type}`
        }
  })
}

const headers: Law.Law = {
  id: "responses/headers",
  sentence: "An answer has the headers that are documented for it.",
  source: Law.expected("Headers that are documented are there to be used."),
  severity: "error",
  appliesTo: always,
  check: Observation.everyAnswer((exchange, operation, { convention }) => {
    const { answer, request } = exchange
    const missing = convention.headers?.find((name) => (answer.headers[name] ?? "") === "")
    if (missing !== undefined) {
      return {
        message: `${describe(request)} was answered without the header ${missing}`,
        expected: `a header ${missing}`,
        actual: `${answer.status} with ${Object.keys(answer.headers).join(", ")}`
      }
    }
    const documented = variantsOf(operation, exchange).flatMap(({ headers }) =>
      headers === undefined ? [] : [headers]
    )
    const [fault] = documented.length === 0 ? [] : Shape.faults(documented, answer.headers)
    if (fault === undefined) return convention.headers === undefined && documented.length === 0 ? "vacuous" : undefined
    return { message: `${describe(request)}: header ${fault}`, expected: "the documented headers", actual: fault }
  }, "no header is documented for its answers")
}

const accepted: Law.Law = {
  id: "responses/accepted",
  sentence: "A request that keeps to the documentation is not refused as invalid.",
  source: Law.expected("What the documentation allows, the server accepts."),
  severity: "error",
  overLists: true,
  appliesTo: ({ id, isSafe, query }, { convention: { closed = [] } }) =>
    isSafe && query.length > 0 && !closed.includes(id),
  check: (operation) =>
    Effect.gen(function* () {
      const { ask } = yield* Session
      const check = (request: Request) =>
        Effect.map(ask(request), ({ answer }): Property.Verdict => {
          const isRefused = [400, 405, 406, 409, 411, 413, 415, 417, 422].includes(answer.status)
          // Someone else's things may be out of reach, and ids in a path unknown.
          if (!isRefused) return answer.status < 400 ? "holds" : "vacuous"
          return {
            message: `${describe(request)} was refused with ${answer.status}`,
            requests: [request],
            expected: `one of ${statusesOf(operation, "success").join(", ")}`,
            actual: excerpt(answer)
          }
        })
      const cases = yield* Generate.documented(operation)
      return yield* Property.all(
        Property.forEach(yield* Generate.corners(operation), check),
        Property.forAll(cases, check, { seed: `${operation.id} documented` })
      )
    })
}

// -----------------------------------------------------------------------------
// Bodies
// -----------------------------------------------------------------------------

/**
 * The bodies that are documented for the status of an answer.
 */
export const bodiesOf = (operation: Operation, exchange: Exchange): ReadonlyArray<WireSchema> =>
  variantsOf(operation, exchange).flatMap(({ body }) => (body === undefined ? [] : [body]))

const matches =
  (kind: "success" | "error"): Observation.OfAnswer =>
  (exchange, operation) => {
    const { answer, request } = exchange
    if (answer.status < 400 !== (kind === "success")) return "vacuous"
    const variants = variantsOf(operation, exchange)
    if (variants.length === 0) return "vacuous"
    const schemas = bodiesOf(operation, exchange)
    if (schemas.length === 0) {
      return answer.text === "" || answer.text === "null"
        ? undefined
        : { message: `${describe(request)} was answered with a body`, expected: "no body", actual: excerpt(answer) }
    }
    if (schemas.length < variants.length && answer.text === "") return undefined
    if (answer.json === undefined) {
      return {
        message: `${describe(request)} was answered with ${answer.text === "" ? "no body" : "a body that is no JSON"}`,
        expected: "JSON of the documented shape",
        actual: excerpt(answer)
      }
    }
    const [fault] = Shape.faults(schemas, answer.json)
    return fault === undefined
      ? undefined
      : {
          message: `${describe(request)}: ${shorten(fault, 300)}`,
          expected: "JSON of the documented shape",
          actual: `${shorten(fault, 300)}, in ${excerpt(answer)}`
        }
  }

const body: Law.Law = {
  id: "responses/body",
  sentence: "The body of a success has the documented shape.",
  source: Law.expected("The documentation says which fields there are, and of which types."),
  severity: "error",
  appliesTo: always,
  check: Observation.everyAnswer(matches("success"), "no request succeeded")
}

const errorBody: Law.Law = {
  id: "responses/error-body",
  sentence: "The body of an error has the documented shape.",
  source: Law.expected("The documentation says how errors are told."),
  severity: "error",
  appliesTo: (operation) => statusesOf(operation, "error").length > 0,
  check: Observation.everyAnswer(matches("error"), "no request was refused")
}

/**
 * The laws about single answers.
 */
export const responses: ReadonlyArray<Law.Law> = [
  answered,
  time,
  noServerError,
  status,
  contentType,
  headers,
  accepted,
  body,
  errorBody
]
