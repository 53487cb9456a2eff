// Access by variants of documented requests.
import * as Effect from "effect/Effect"
import type { ApiOperation } from "../../../ApiOperation.ts"
import { describe, excerpt, type NoResponse, type Request } from "../../../Exchange.ts"
import * as Law from "../../../Law.ts"
import * as Property from "../../../Property.ts"
import { Session } from "../../../Session.ts"

/**
 * Checks that variants of a protected request do not succeed without credentials.
 */
export const checkNoAccess = (
  operation: ApiOperation,
  variants: ReadonlyArray<Request>
): Effect.Effect<Law.Outcome, NoResponse, Session> =>
  Effect.gen(function* () {
    const { credentials, sendCached } = yield* Session
    if (!operation.isProtected || credentials === undefined) return Law.skipped("the operation needs no key")
    return yield* Property.forEach(variants, (variant) =>
      Effect.map(sendCached({ ...variant, access: "none" }), ({ request, response }) =>
        response.status >= 300 && response.status < 500
          ? Property.passed
          : Law.violation({
              message: `${describe(request)} without a key returned ${response.status}`,
              requests: [request],
              expected: "401, or another refusal",
              actual: excerpt(response),
              at: { status: response.status }
            })
      )
    )
  })
