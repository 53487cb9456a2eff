// The law of HEAD.
import * as Effect from "effect/Effect"
import { describe, excerpt, type Exchange } from "../../../Exchange.ts"
import * as Law from "../../../Law.ts"
import * as Lifecycle from "../../../Lifecycle.ts"
import * as Property from "../../../Property.ts"
import { Session } from "../../../Session.ts"
import * as Generate from "../../Generate.ts"
import { checkNoAccess } from "./access.ts"
import { unsupported } from "./pathMethods.ts"
import { rfc9110 } from "./rfc9110.ts"

/**
 * A HEAD request is like GET, without a body.
 */
export const head: Law.Law = {
  id: "input/head",
  sentence:
    "A HEAD request has the status and the headers of the GET request, needs the same key and has no body; or the server supports no HEAD and returns 404 or 405.",
  source: rfc9110(
    "9.3.2",
    "“The HEAD method is identical to GET except that the server MUST NOT send content in the response.”"
  ),
  severity: "error",
  comparesLists: true,
  cost: { base: 5 },
  appliesTo: ({ id, method }, { conventions: { externalInputs = [] } }) =>
    method === "GET" && !externalInputs.includes(id),
  check: (operation) =>
    Effect.gen(function* () {
      const { description, send } = yield* Session
      const plain = yield* Generate.minimal(operation)
      const unknown = Lifecycle.unknownIdRequest(operation, description.conventions)
      const requests = operation.params.length === 0 ? [plain] : [plain, unknown]
      return yield* Property.all(
        Property.forEach(requests, (request) =>
          Effect.gen(function* () {
            const get = yield* send(request)
            return checkHead(get, yield* send({ ...request, method: "HEAD" }))
          })
        ),
        checkNoAccess(operation, [{ ...plain, method: "HEAD" }])
      )
    })
}

const checkHead = (get: Exchange, { request, response }: Exchange): Property.CaseResult => {
  if (get.response.status >= 500) return Property.inconclusive
  const violation = (problem: string, expected: string, actual: string, at: Law.Violation["at"] = {}) =>
    Law.violation({
      message: `${describe(request)} ${problem}`,
      requests: [get.request, request],
      expected,
      actual,
      at
    })
  const { headers, status, text } = response
  if (status !== get.response.status) {
    if (unsupported.includes(status)) return Property.passed
    const problem = `returned ${status}, and GET returned ${get.response.status}`
    return violation(problem, `${get.response.status} as for GET, or ${unsupported.join(", ")}`, excerpt(response), {
      status
    })
  }
  // In process, a server without HEAD returns the body of its error; HTTP servers omit it.
  if (status >= 400) return Property.passed
  if (text !== "") return violation("returned a body", "no body", excerpt(response))
  const differing = representation.find((name) => headers[name] !== undefined && differ(get, headers, name))
  if (differing === undefined) return Property.passed
  return violation(
    `returned another ${differing} than GET`,
    `${differing}: ${get.response.headers[differing] ?? "none"}`,
    `${differing}: ${headers[differing]}`,
    { header: differing }
  )
}

/** Headers that a response to HEAD either omits or has in common with the response to GET. */
const representation = ["content-type", "content-length"]

// A proxy may compress one response and not the other.
const differ = ({ response }: Exchange, headers: Exchange["response"]["headers"], name: string): boolean =>
  response.headers[name] !== undefined &&
  response.headers[name] !== headers[name] &&
  response.headers["content-encoding"] === undefined &&
  headers["content-encoding"] === undefined
