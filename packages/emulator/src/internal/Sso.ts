// The endpoints of the sign-in flow, answered from memory.
import * as ApiError from "@effect-workos/domain/ApiError"
import {
  ConnectionInvalid,
  InvalidClient,
  InvalidGrant,
  UnsupportedGrantType
} from "@effect-workos/domain/sso/OAuthError"
import type { Profile } from "@effect-workos/domain/sso/Profile"
import { AccessToken, CodeVerifier, ProfileAndToken, type TokenRequest } from "@effect-workos/domain/sso/Sso"
import * as Digest from "effect/crypto/Digest"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiSecurity from "effect/http-api/HttpApiSecurity"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Authorization from "./Authorization.ts"
import { EmulatedApi } from "./EmulatedApi.ts"
import * as Users from "./Users.ts"
import * as SignIn from "./SignIn.ts"
import * as SignInApi from "./SignInApi.ts"
import { Store } from "../Store.ts"

// It says no more: whoever tries codes learns nothing of them.
const wrongCode =
  "The code is not valid: it was used before, has expired, was given to another client, or needs the code_verifier that " +
  "it was asked for with."

const isCodeVerifier = Schema.is(CodeVerifier)

const signsOut = ({ connectionType }: Profile): boolean => /(?:SAML|OIDC|Oidc)$/.test(connectionType)

const tokenResponse = HttpServerResponse.schemaJson(ProfileAndToken)

const noProfile = () => new ApiError.NotFound({ message: "Profile not found." })

export const layer = HttpApiBuilder.group(
  EmulatedApi,
  "sso",
  Effect.fnUntraced(function* (handlers) {
    const store = yield* Store
    const signIn = yield* SignIn.SignIn
    const { digest } = yield* Digest.Digest

    const connectionOf = (profile: Profile) => store.connections.get(profile.connectionId)

    // By the client's secret, by the verifier of this code, or by both.
    const grantFor = Effect.fnUntraced(function* ({ clientId, clientSecret, code, codeVerifier }: TokenRequest) {
      const client = signIn.clients.find(clientId)
      if (client === undefined) return yield* new InvalidClient({ message: Authorization.unknownClient })
      if (clientSecret !== undefined && !signIn.clients.isSecret(client, clientSecret)) {
        return yield* new InvalidClient({ message: "The client_secret is not the client's." })
      }
      if (clientSecret === undefined && codeVerifier === undefined) {
        return yield* new InvalidClient({ message: "A client_secret or a code_verifier is needed." })
      }
      const verifier = codeVerifier === undefined ? undefined : Redacted.value(codeVerifier)
      if (verifier !== undefined && !isCodeVerifier(verifier)) return yield* new InvalidGrant({ message: wrongCode })
      const challenge =
        verifier === undefined
          ? undefined
          : Base64Url.encode(yield* digest(Digest.sha256, new TextEncoder().encode(verifier)))
      // A code that was asked for without a challenge takes no verifier: a challenge that somebody removed is missed.
      const grant = yield* signIn.codes.takeIf(
        Redacted.value(code),
        (grant) =>
          grant.clientId === clientId &&
          grant.codeChallenge === challenge &&
          connectionOf(grant.profile)?.state === "active"
      )
      return grant ?? (yield* new InvalidGrant({ message: wrongCode }))
    })

    return handlers
      .handle(
        "authorize",
        Effect.fnUntraced(function* ({ query, request }) {
          yield* Authorization.known(signIn.clients, query)
          const found = Authorization.connectionFor(store, query)
          if (Authorization.isRefusal(found)) return yield* Authorization.send(Authorization.refusalUrl(query, found))
          if (signIn.isOnPage) {
            const page = yield* Authorization.urlOf(`${SignInApi.path}${Authorization.searchOf(request.url)}`)
            return yield* Authorization.send(page)
          }
          const { loginHint = "" } = query
          const email = Users.isEmail(loginHint) ? loginHint : yield* Users.defaultEmail(found)
          return yield* Authorization.send(Authorization.codeUrl(query, yield* signIn.admit(found, email, query)))
        })
      )
      .handle(
        "token",
        Effect.fnUntraced(function* ({ payload }) {
          if (payload.grantType !== "authorization_code") {
            return yield* new UnsupportedGrantType({ message: "The grant_type must be authorization_code." })
          }
          const grant = yield* grantFor(payload)
          const { accessToken, expiresIn } = yield* signIn.issue(grant)
          return yield* Effect.orDie(
            tokenResponse(
              { tokenType: "Bearer", accessToken: Redacted.make(accessToken), expiresIn, profile: grant.profile },
              { headers: Authorization.unstored }
            )
          )
        })
      )
      .handle(
        "profile",
        Effect.fnUntraced(function* () {
          const profile = yield* signIn.profileBy(Redacted.value(yield* HttpApiBuilder.securityDecode(bearer)))
          return profile !== undefined && connectionOf(profile) !== undefined ? profile : yield* noProfile()
        })
      )
      .handle("jwks", ({ params }) =>
        signIn.clients.find(params.clientId) === undefined
          ? Effect.fail(new ApiError.NotFound({ message: Authorization.unknownClient }))
          : signIn.keys.jwks
      )
      .handle(
        "logoutAuthorize",
        Effect.fnUntraced(function* ({ payload }) {
          const profile = signIn.profile(payload.profileId)
          const connection = profile && connectionOf(profile)
          if (profile === undefined || connection === undefined) return yield* noProfile()
          if (connection.state !== "active" || !signsOut(profile)) {
            return yield* new ConnectionInvalid({ message: "The connection of this profile can't sign anybody out." })
          }
          const token = yield* SignIn.secret
          yield* signIn.logouts.set(token, profile)
          return {
            logoutUrl: Redacted.make(yield* Authorization.urlOf(`/sso/logout?${new URLSearchParams({ token })}`)),
            logoutToken: Redacted.make(token)
          }
        })
      )
      .handle(
        "logout",
        Effect.fnUntraced(function* ({ query }) {
          const profile = yield* signIn.logouts.takeIf(query.token, () => true)
          if (profile === undefined) {
            return yield* new ApiError.NotFound({
              message: "The logout token was used before, has expired or is wrong."
            })
          }
          return signIn.logoutRedirectUri === undefined
            ? HttpServerResponse.empty({ status: 200, headers: Authorization.unstored })
            : HttpServerResponse.redirect(signIn.logoutRedirectUri, { headers: Authorization.unstored })
        })
      )
  })
).pipe(Layer.provide(Digest.layerWebCrypto))

const bearer = HttpApiSecurity.bearer

// WorkOS writes this one 401 with `error` and not with `message`.
const unauthorized = HttpServerResponse.jsonUnsafe({ error: "Unauthorized" }, { status: 401 })

/** Whose access token it is: somebody's, and not expired. */
export const layerAccessToken = Layer.effect(
  AccessToken,
  Effect.map(SignIn.SignIn, ({ profileBy }) =>
    AccessToken.of({
      access_token: (httpEffect, { credential }) =>
        Effect.flatMap(profileBy(Redacted.value(credential)), (profile) =>
          profile === undefined ? Effect.succeed(unauthorized) : httpEffect
        )
    })
  )
)
