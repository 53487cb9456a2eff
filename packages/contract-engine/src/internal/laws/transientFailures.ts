// Transient failures violate a law only if they are frequent: a server may restart during a run.
import * as Effect from "effect/Effect"
import { type Attempt, describe, excerpt } from "../../Exchange.ts"
import * as Law from "../../Law.ts"
import * as Property from "../../Property.ts"
import { Session } from "../../Session.ts"

/** The number of transient failures of an operation that any server may have. */
const tolerated = 2

/** The share of requests to an operation that may fail transiently. */
const toleratedShare = 0.01

/**
 * Adds to the check of a law that transient failures of an operation are rare.
 */
export const withRareFailures =
  (check: Law.Law["check"], isAbout: (attempt: Attempt) => boolean): Law.Law["check"] =>
  (operation) =>
    Property.all(
      check(operation),
      Effect.map(Session, ({ transientFailures }) => {
        const failures = transientFailures.of(operation.id).filter(isAbout)
        const requests = transientFailures.requestsOf(operation.id)
        const [first] = failures
        if (first === undefined || failures.length <= Math.max(tolerated, toleratedShare * requests))
          return Law.passed(0)
        const message = `${failures.length} of ${requests} requests failed, and succeeded when repeated; the first was ${describe(first.request)}`
        return Law.failed(
          failures.length,
          Law.violation({
            message,
            requests: [first.request],
            expected: `at most ${tolerated} such failures, or one in a hundred requests`,
            actual: "exchange" in first ? excerpt(first.exchange.response) : first.noResponse.message
          })
        )
      })
    )
