// Laws of request methods.
import * as Effect from "effect/Effect"
import type { ApiDescription } from "../../../ApiDescription.ts"
import type { ApiOperation } from "../../../ApiOperation.ts"
import { describe, excerpt, type Exchange, type Request } from "../../../Exchange.ts"
import * as Law from "../../../Law.ts"
import * as Lifecycle from "../../../Lifecycle.ts"
import * as Property from "../../../Property.ts"
import * as Sampling from "../../../Sampling.ts"
import { Session } from "../../../Session.ts"
import { isLoopback } from "../../Loopback.ts"
import { head } from "./head.ts"
import { options } from "./options.ts"
import { allowedMethods, isFirstOfPath, methodsOf, unsupported } from "./pathMethods.ts"
import { rfc9110 } from "./rfc9110.ts"

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
    // Access may be checked before the method.
    return unsupported.includes(status) || (status === 401 && request.access === "none")
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
