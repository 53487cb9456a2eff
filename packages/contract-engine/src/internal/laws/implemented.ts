// The law of existence: the server implements each operation.
import * as Effect from "effect/Effect"
import { describe, excerpt } from "../../Exchange.ts"
import * as Law from "../../Law.ts"
import * as Probe from "../Probe.ts"
import { countRequests } from "../RequestCount.ts"

/**
 * The law that reports operations that the server does not implement. Other laws are not checked on these.
 */
export const implemented: Law.Law = {
  id: Probe.lawId,
  sentence: "The server implements the operation.",
  source: Law.expected("Clients call the documented operations."),
  severity: "error",
  cost: { base: 2 },
  appliesTo: () => true,
  check: (operation) =>
    Effect.gen(function* () {
      const implementation = yield* Probe.of(operation)
      switch (implementation._tag) {
        case "Gated":
        case "Unknown":
          return Law.skipped(implementation.reason)
        case "Implemented":
          yield* countRequests(implementation.requests)
          return Law.passed(implementation.requests)
        case "Missing": {
          const { request, response } = implementation.exchange
          return Law.failed(
            1,
            Law.violation({
              message: `not implemented by this server: ${describe(request)} returned ${response.status}`,
              requests: [request],
              expected: "a response of the operation",
              actual: excerpt(response)
            })
          )
        }
      }
    })
}
