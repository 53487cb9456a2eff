// Laws of request methods.
//
// 501 is the response of a server that does not know a method: RFC 9110, 9.1.
import * as Effect from "effect/Effect"
import type { ApiDescription } from "../../../ApiDescription.ts"
import type { ApiOperation } from "../../../ApiOperation.ts"
import { describe, excerpt, type Exchange, type Request } from "../../../Exchange.ts"
import * as Law from "../../../Law.ts"
import * as Lifecycle from "../../../Lifecycle.ts"
import * as Property from "../../../Property.ts"
import * as Sampling from "../../../Sampling.ts"
import { Session } from "../../../Session.ts"
import * as Generate from "../../Generate.ts"
import { isLoopback } from "../../Loopback.ts"
import { checkNoAccess } from "./access.ts"
import { allowedMethods, methodsOf } from "./allow.ts"

const rfc9110 = (section: string, text: string): Law.Law["source"] => ({
  kind: "expected",
  text: `RFC 9110, ${section}: ${text}`,
  url: `https://www.rfc-editor.org/rfc/rfc9110#section-${section}`
})

/** Statuses of a server that does not support a method. */
const unsupported: ReadonlyArray<number> = [404, 405, 501]

// -----------------------------------------------------------------------------
// HEAD
// -----------------------------------------------------------------------------

const head: Law.Law = {
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

// -----------------------------------------------------------------------------
// OPTIONS
// -----------------------------------------------------------------------------

const isFirstOfPath: Law.Law["appliesTo"] = (operation, { operations }) =>
  operations.find(({ path }) => path === operation.path) === operation

const options: Law.Law = {
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

// -----------------------------------------------------------------------------
// Undocumented methods
// -----------------------------------------------------------------------------

const checkUndocumented = ({ request, response }: Exchange): Property.CaseResult => {
  const { headers, status } = response
  const { method } = request
  const violation = (problem: string, actual: string) =>
    Law.violation({
      message: `${describe(request)} returned ${status}${problem}`,
      requests: [request],
      expected: "404, or 405 with an Allow header without the method",
      actual,
      at: status === 405 ? { header: "allow", status } : { status }
    })
  if (status !== 405) {
    return unsupported.includes(status)
      ? Property.passed
      : violation(`, and ${method} is undocumented for this path`, excerpt(response))
  }
  const allowed = allowedMethods(response)
  if (allowed === undefined) return violation(" without an Allow header", excerpt(response))
  return allowed.includes(method) ? violation(" and allows the method", `Allow: ${headers["allow"]}`) : Property.passed
}

const undocumented = (operation: ApiOperation, description: ApiDescription, methods: ReadonlyArray<string>) => {
  const request = Lifecycle.unknownIdRequest(operation, description.conventions)
  const documented = methodsOf(request.path, description)
  return methods.filter((method) => !documented.has(method)).map((method): Request => ({ ...request, method }))
}

const source = rfc9110(
  "15.5.6",
  "“The origin server MUST generate an Allow header field in a 405 response containing a list of the target resource's currently supported methods.”"
)

/** Safe methods, which change nothing even on a server that implements them. */
const safeMethods = ["GET", "QUERY", "TRACE"]

const undocumentedSafeMethod: Law.Law = {
  id: "input/undocumented-safe-method",
  sentence: "An undocumented safe method, such as TRACE, returns 405 with an Allow header, or 404.",
  source,
  severity: "error",
  writes: false,
  cost: { base: 3 },
  appliesTo: isFirstOfPath,
  check: (operation) =>
    Effect.gen(function* () {
      const { description, sendCached } = yield* Session
      return yield* Property.forEach(undocumented(operation, description, safeMethods), (request) =>
        sendCached(request).pipe(
          Effect.map((exchange) =>
            // Servers whose parser does not know the method.
            request.method === "QUERY" && exchange.response.status === 400
              ? Property.passed
              : checkUndocumented(exchange)
          ),
          Effect.catchIf(
            ({ reason }) => reason === "unsupported",
            () => Effect.succeed(Property.inconclusive)
          )
        )
      )
    })
}

/** Methods that write. */
const writeMethods = ["POST", "PUT", "PATCH"]

const undocumentedMethod: Law.Law = {
  id: "input/undocumented-method",
  sentence: "An undocumented method that writes returns 405 with an Allow header, or 404.",
  source,
  severity: "error",
  writes: true,
  cost: { base: 4 },
  appliesTo: isFirstOfPath,
  check: (operation) =>
    Effect.gen(function* () {
      const { description, send } = yield* Session
      // A DELETE for an unknown id has nothing to delete.
      const methods = isItem(operation) ? [...writeMethods, "DELETE"] : writeMethods
      return yield* Property.forEach(undocumented(operation, description, methods), (request) =>
        Effect.map(send(request.method === "DELETE" ? request : { ...request, body: { json: {} } }), checkUndocumented)
      )
    })
}

const isItem = ({ path }: ApiOperation): boolean => /\/:\w+$/.test(path)

const deleteCollection: Law.Law = {
  id: "input/delete-collection",
  sentence: "A DELETE request for a whole collection returns 405 with an Allow header, or 404.",
  source,
  severity: "error",
  writes: true,
  cost: { base: 1 },
  appliesTo: (operation, { conventions, operations }) =>
    (Sampling.isList(operation, conventions) ||
      (operation.method === "GET" && operations.some(({ path }) => path.startsWith(`${operation.path}/:`)))) &&
    !methodsOf(operation.path, { conventions, operations }).has("DELETE"),
  check: (operation) =>
    Effect.gen(function* () {
      const { baseUrl, description, send } = yield* Session
      // A server that implements the method would delete everything.
      if (!isLoopback(baseUrl)) return Law.skipped("the server is not on this machine")
      return yield* Property.forEach(undocumented(operation, description, ["DELETE"]), (request) =>
        Effect.map(send(request), checkUndocumented)
      )
    })
}

/**
 * The laws of request methods.
 */
export const methods: ReadonlyArray<Law.Law> = [
  head,
  options,
  undocumentedSafeMethod,
  undocumentedMethod,
  deleteCollection
]
