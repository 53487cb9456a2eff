// `WorkOsApi` with the responses of WorkOS to invalid requests.
import { issuesOf } from "@effect-workos/domain/Issue"
import { WorkOsApi } from "@effect-workos/domain/WorkOsApi"
import * as Effect from "effect/Effect"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApiError from "effect/http-api/HttpApiError"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Authorization from "./Authorization.ts"
import { SignIn } from "./SignIn.ts"

/**
 * Responds to requests whose parameters or body do not decode.
 */
export class InvalidRequests extends HttpApiMiddleware.Service<InvalidRequests>()(
  "@effect-workos/emulator/InvalidRequests"
) {}

export const EmulatedApi = WorkOsApi.middleware(InvalidRequests)

const notAnObject = HttpServerResponse.jsonUnsafe({ message: "The body must be a JSON object." }, { status: 400 })

// The request caches its body.
const hasObject = Effect.flatMap(HttpServerRequest, ({ json }) => json).pipe(
  Effect.match({
    onFailure: () => false,
    onSuccess: (json) => Predicate.isObject(json) && !Array.isArray(json)
  })
)

const toResponse = Effect.fnUntraced(function* ({ cause, kind }: HttpApiError.HttpApiSchemaError) {
  // An invalid id in the path has the same response as an unknown id.
  if (kind === "Params") return HttpServerResponse.jsonUnsafe({ message: "Not Found" }, { status: 404 })
  const issues = issuesOf(cause)
  // A payload with several forms has no issue with a path if it has none of them.
  if (kind === "Payload" && issues.some(({ path }) => path === "") && !(yield* hasObject)) return notAnObject
  const errors = issues.map(({ message, path }) => ({ field: path, message }))
  const message = errors.map(({ field, message }) => (field === "" ? message : `${field}: ${message}`)).join("; ")
  return HttpServerResponse.jsonUnsafe({ message: `Validation failed: ${message}`, errors }, { status: 422 })
})

const authorizationRules: Readonly<Record<string, Authorization.Rules>> = {
  "/sso/authorize": Authorization.ssoRules,
  "/user_management/authorize": Authorization.authKitRules
}

/**
 * Responds with 404 to invalid path parameters, with 400 to a body that is not a JSON object, and with 422 to other invalid
 * requests. A 422 has the path and message of each issue. Invalid requests to `/sso/authorize` and
 * `/user_management/authorize` are redirected with an OAuth error.
 */
export const layerInvalidRequests = Layer.effect(
  InvalidRequests,
  Effect.map(
    SignIn,
    ({ clients }) =>
      (httpEffect, { endpoint }) =>
        httpEffect.pipe(
          // Effect responds to other content types with 415, which WorkOS does not document.
          Effect.map((response) => (response.status === 415 ? notAnObject : response)),
          Effect.catch((error) => {
            if (!HttpApiError.HttpApiSchemaError.is(error)) return Effect.fail(error)
            // A response that does not encode is a bug of the emulator.
            if (error.kind === "Body" || error.kind === "ResponseHeaders") return Effect.die(error)
            const rules = authorizationRules[endpoint.path]
            return rules === undefined
              ? toResponse(error)
              : Authorization.respondToInvalidQuery(clients, error.cause, rules)
          })
        )
  )
)
