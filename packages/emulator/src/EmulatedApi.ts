// `WorkOsApi` as the emulator serves it: the same, with WorkOS's answers to requests that do not fit it.
import { faultsOf } from "@effect-workos/domain/Fault"
import { WorkOsApi } from "@effect-workos/domain/WorkOsApi"
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as HttpApiError from "effect/http-api/HttpApiError"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"

/**
 * Answers requests whose parameters do not decode.
 */
export class InvalidRequests extends HttpApiMiddleware.Service<InvalidRequests>()(
  "@effect-workos/emulator/InvalidRequests"
) {}

export const EmulatedApi = WorkOsApi.middleware(InvalidRequests)

const toAnswer = (error: HttpApiError.HttpApiSchemaError) => {
  // An id in the path that can be no id is the id of nothing.
  if (error.kind === "Params") return HttpServerResponse.jsonUnsafe({ message: "Not Found" }, { status: 404 })
  const errors = faultsOf(error.cause).map(({ message, path }) => ({ field: path, message }))
  const message = errors.map((error) => `${error.field}: ${error.message}`).join("; ")
  return HttpServerResponse.jsonUnsafe({ message: `Validation failed: ${message}`, errors }, { status: 422 })
}

/**
 * 404 for a path that names nothing, 422 with the parameter and its fault for anything else.
 */
export const layerInvalidRequests = HttpApiMiddleware.layerSchemaErrorTransform(InvalidRequests, (error) =>
  // What the emulator itself could not encode is its own fault.
  error.kind === "Body" || error.kind === "ResponseHeaders" ? Effect.die(error) : Effect.succeed(toAnswer(error))
)
