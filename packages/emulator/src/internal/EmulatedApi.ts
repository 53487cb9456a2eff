// `WorkOsApi` as the emulator serves it: the same, with WorkOS's answers to requests that do not fit it.
import { issuesOf } from "@effect-workos/domain/Issue"
import { WorkOsApi } from "@effect-workos/domain/WorkOsApi"
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApiError from "effect/http-api/HttpApiError"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as Layer from "effect/Layer"
import * as Authorization from "./Authorization.ts"
import { SignIn } from "./SignIn.ts"

/**
 * Answers requests whose parameters or bodies do not decode.
 */
export class InvalidRequests extends HttpApiMiddleware.Service<InvalidRequests>()(
  "@effect-workos/emulator/InvalidRequests"
) {}

export const EmulatedApi = WorkOsApi.middleware(InvalidRequests)

const noObject = HttpServerResponse.jsonUnsafe({ message: "The body must be a JSON object." }, { status: 400 })

const toResponse = ({ cause, kind }: HttpApiError.HttpApiSchemaError) => {
  // An id in the path that can be no id is the id of nothing.
  if (kind === "Params") return HttpServerResponse.jsonUnsafe({ message: "Not Found" }, { status: 404 })
  const faults = issuesOf(cause)
  if (kind === "Payload" && faults.some(({ path }) => path === "")) return noObject
  const errors = faults.map(({ message, path }) => ({ field: path, message }))
  const message = errors.map((error) => `${error.field}: ${error.message}`).join("; ")
  return HttpServerResponse.jsonUnsafe({ message: `Validation failed: ${message}`, errors }, { status: 422 })
}

/**
 * 404 for a path that names nothing, 400 for a body that is no JSON object, and 422 with the parameter or field and its
 * fault for anything else; but the redirect URI is told what is wrong with a sign-in.
 */
export const layerInvalidRequests = Layer.effect(
  InvalidRequests,
  Effect.map(
    SignIn,
    ({ clients }) =>
      (httpEffect, { endpoint }) =>
        httpEffect.pipe(
          // Effect answers other kinds of bodies itself, in plain text and with a status that WorkOS does not document.
          Effect.map((response) => (response.status === 415 ? noObject : response)),
          Effect.catch((error) => {
            if (!HttpApiError.HttpApiSchemaError.is(error)) return Effect.fail(error)
            // What the emulator itself could not encode is its own fault.
            if (error.kind === "Body" || error.kind === "ResponseHeaders") return Effect.die(error)
            return endpoint.path === "/sso/authorize"
              ? Authorization.respondToInvalidQuery(clients, error.cause)
              : Effect.succeed(toResponse(error))
          })
        )
  )
)
