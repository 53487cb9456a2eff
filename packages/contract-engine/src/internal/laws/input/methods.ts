// Laws of request methods.
import * as Effect from "effect/Effect"
import * as Lifecycle from "../../../Lifecycle.ts"
import * as Law from "../../../Law.ts"
import * as Property from "../../../Property.ts"
import { describe, excerpt } from "../../../Exchange.ts"
import { Session } from "../../../Session.ts"

const undocumentedMethod: Law.Law = {
  id: "input/undocumented-method",
  sentence: "An undocumented method on a documented path returns 404 or 405.",
  source: Law.expected("An undocumented operation does not exist."),
  severity: "error",
  writes: true,
  cost: { base: 3 },
  appliesTo: (operation, { operations }) => operations.find(({ path }) => path === operation.path) === operation,
  check: (operation) =>
    Effect.gen(function* () {
      const { description, send } = yield* Session
      const documented = description.operations
        .filter(({ path }) => path === operation.path)
        .map(({ method }) => method)
      // DELETE is never tried: the server might delete a whole collection.
      const methods = ["POST", "PUT", "PATCH"].filter((method) => !documented.includes(method))
      return yield* Property.forEach(methods, (method) =>
        Effect.map(
          send({ ...Lifecycle.unknownIdRequest(operation, description.conventions), method, body: { json: {} } }),
          ({ response, request }): Property.CaseResult =>
            response.status === 404 || response.status === 405
              ? Property.passed
              : Law.violation({
                  message: `${describe(request)} returned ${response.status}, and ${method} is undocumented for this path`,
                  requests: [request],
                  expected: "404 or 405",
                  actual: excerpt(response)
                })
        )
      )
    })
}

/**
 * The laws of request methods.
 */
export const methods: ReadonlyArray<Law.Law> = [undocumentedMethod]
