// The declaration of user authentication.
import * as ApiError from "@effect-workos/domain/ApiError"
import {
  AuthenticationResponse,
  type authentication as resource
} from "@effect-workos/domain/user-management/Authentication"
import { AuthenticationForbiddenErrors } from "@effect-workos/domain/user-management/AuthenticationError"
import { InvalidClient } from "@effect-workos/domain/sso/OAuthError"
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { AuthKit } from "./AuthKit.ts"
import * as AuthKitAuthorize from "./AuthKitAuthorize.ts"
import * as AuthKitGrants from "./AuthKitGrants.ts"
import * as AuthKitPage from "./AuthKitPage.ts"
import * as Authorization from "./Authorization.ts"
import type { Declaration } from "./Declaration.ts"

const respond = HttpServerResponse.schemaJson(AuthenticationResponse)

// The documented status of next steps is 403. The errors of the other statuses have the same classes.
const respondWithStep = (error: Parameters<typeof AuthenticationForbiddenErrors.toBody>[0]) =>
  Effect.succeed(
    HttpServerResponse.jsonUnsafe(AuthenticationForbiddenErrors.toBody(error), {
      status: AuthenticationForbiddenErrors.status,
      headers: Authorization.noStore
    })
  )

export const authentication: Declaration<typeof resource.endpoints> = {
  actions: {
    authorize: Effect.fnUntraced(function* ({ query, request }) {
      const { signIn, store } = yield* AuthKit
      yield* Authorization.validateClient(signIn.clients, query)
      const way = AuthKitAuthorize.wayFor(store, query)
      if (Authorization.isError(way)) return yield* Authorization.redirect(Authorization.errorUrl(query, way))
      if (signIn.showsPage) {
        const page = yield* Authorization.urlOf(`${AuthKitPage.path}${Authorization.searchOf(request.url)}`)
        return yield* Authorization.redirect(page)
      }
      const { codeChallenge, loginHint = "" } = query
      const origin = AuthKitAuthorize.originOf(query)
      const attempt = yield* Effect.result(
        way.kind === "authkit"
          ? AuthKitAuthorize.signInAutomatically({ ...origin, loginHint })
          : AuthKitAuthorize.signInWith(way, origin, loginHint)
      )
      if (Result.isFailure(attempt)) {
        const error = AuthKitAuthorize.toAuthorizationError(attempt.failure)
        return yield* Authorization.redirect(Authorization.errorUrl(query, error))
      }
      const code = yield* AuthKitAuthorize.issueCode(attempt.success, codeChallenge)
      return yield* Authorization.redirect(Authorization.codeUrl(query, code))
    }),
    authenticate: ({ payload }) =>
      AuthKitGrants.authenticate(payload).pipe(
        Effect.flatMap((response) => Effect.orDie(respond(response, { headers: Authorization.noStore }))),
        Effect.catchTags({
          EmailVerificationRequired: respondWithStep,
          MfaEnrollmentRequired: respondWithStep,
          MfaChallengeRequired: respondWithStep,
          OrganizationSelectionRequired: respondWithStep,
          RadarChallengeRequired: respondWithStep
        })
      ),
    authorizeDevice: Effect.fnUntraced(function* ({ payload: { clientId } }) {
      const { devices, signIn } = yield* AuthKit
      if (signIn.clients.find(clientId) === undefined) {
        return yield* new InvalidClient({ message: Authorization.unknownClient })
      }
      const { deviceCode, userCode } = yield* devices.start(clientId)
      const verificationUri = yield* Authorization.urlOf(AuthKitPage.devicePath)
      return {
        deviceCode: Redacted.make(deviceCode),
        userCode,
        verificationUri,
        verificationUriComplete: `${verificationUri}?${new URLSearchParams({ user_code: userCode })}`,
        expiresIn: devices.expiresIn,
        interval: devices.interval
      }
    }),
    logout: Effect.fnUntraced(function* ({ query: { returnTo, sessionId } }) {
      const { sessions, signIn } = yield* AuthKit
      if (returnTo !== undefined && returnTo !== signIn.logoutRedirectUri && !signIn.clients.isReturnUri(returnTo)) {
        return yield* new ApiError.UnprocessableEntity({ message: "The return_to is not registered." })
      }
      yield* sessions.end(sessionId)
      const target = returnTo ?? signIn.logoutRedirectUri
      return target === undefined
        ? HttpServerResponse.empty({ status: 200, headers: Authorization.noStore })
        : HttpServerResponse.redirect(target, { headers: Authorization.noStore })
    })
  }
}
