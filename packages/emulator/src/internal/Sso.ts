// Handlers of the sign-in endpoints.
import * as ApiError from "@effect-workos/domain/ApiError"
import {
  ConnectionInvalid,
  InvalidClient,
  InvalidGrant,
  UnsupportedGrantType
} from "@effect-workos/domain/sso/OAuthError"
import type { Profile } from "@effect-workos/domain/sso/Profile"
import { AccessToken } from "@effect-workos/domain/AccessToken"
import { CodeVerifier, ProfileAndToken, type TokenRequest } from "@effect-workos/domain/sso/Sso"
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

// One message for all causes, so that it reveals nothing about codes.
const invalidCode =
  "The code is invalid: it is unknown, used, expired, or was issued to another client or for another code_verifier."

const isCodeVerifier = Schema.is(CodeVerifier)

const supportsLogout = ({ connectionType }: Profile): boolean => /(?:SAML|OIDC|Oidc)$/.test(connectionType)

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

    // Clients authenticate with a secret, a code verifier, or both.
    const grantFor = Effect.fnUntraced(function* ({ clientId, clientSecret, code, codeVerifier }: TokenRequest) {
      const client = signIn.clients.find(clientId)
      if (client === undefined) return yield* new InvalidClient({ message: Authorization.unknownClient })
      if (clientSecret !== undefined && !signIn.clients.isSecret(client, clientSecret)) {
        return yield* new InvalidClient({ message: "The client_secret is invalid." })
      }
      if (clientSecret === undefined && codeVerifier === undefined) {
        return yield* new InvalidClient({ message: "A client_secret or a code_verifier is required." })
      }
      const verifier = codeVerifier === undefined ? undefined : Redacted.value(codeVerifier)
      if (verifier !== undefined && !isCodeVerifier(verifier)) return yield* new InvalidGrant({ message: invalidCode })
      const challenge =
        verifier === undefined
          ? undefined
          : Base64Url.encode(yield* digest(Digest.sha256, new TextEncoder().encode(verifier)))
      // A code without a challenge accepts no verifier, so that a removed challenge is detected.
      const grant = yield* signIn.codes.takeIf(
        Redacted.value(code),
        (grant) =>
          grant.clientId === clientId &&
          grant.codeChallenge === challenge &&
          connectionOf(grant.profile)?.state === "active"
      )
      return grant ?? (yield* new InvalidGrant({ message: invalidCode }))
    })

    return handlers
      .handle(
        "authorize",
        Effect.fnUntraced(function* ({ query, request }) {
          yield* Authorization.validateClient(signIn.clients, query)
          const found = Authorization.connectionFor(store, query)
          if (Authorization.isError(found)) return yield* Authorization.redirect(Authorization.errorUrl(query, found))
          if (signIn.showsPage) {
            const page = yield* Authorization.urlOf(`${SignInApi.path}${Authorization.searchOf(request.url)}`)
            return yield* Authorization.redirect(page)
          }
          const { loginHint = "" } = query
          const email = Users.isEmail(loginHint) ? loginHint : yield* Users.defaultEmail(found)
          return yield* Authorization.redirect(
            Authorization.codeUrl(query, yield* signIn.issueCode(found, email, query))
          )
        })
      )
      .handle(
        "profileAndToken",
        Effect.fnUntraced(function* ({ payload }) {
          if (payload.grantType !== "authorization_code") {
            return yield* new UnsupportedGrantType({ message: "The grant_type must be authorization_code." })
          }
          const grant = yield* grantFor(payload)
          const { accessToken, expiresIn } = yield* signIn.issueToken(grant)
          return yield* Effect.orDie(
            tokenResponse(
              { tokenType: "Bearer", accessToken: Redacted.make(accessToken), expiresIn, profile: grant.profile },
              { headers: Authorization.noStore }
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
          if (connection.state !== "active" || !supportsLogout(profile)) {
            return yield* new ConnectionInvalid({ message: "The connection of this profile does not support logout." })
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
              message: "The logout token is unknown, used or expired."
            })
          }
          return signIn.logoutRedirectUri === undefined
            ? HttpServerResponse.empty({ status: 200, headers: Authorization.noStore })
            : HttpServerResponse.redirect(signIn.logoutRedirectUri, { headers: Authorization.noStore })
        })
      )
  })
).pipe(Layer.provide(Digest.layerWebCrypto))

const bearer = HttpApiSecurity.bearer

// The body of this 401 has the key `error` in place of `message`.
const unauthorized = HttpServerResponse.jsonUnsafe({ error: "Unauthorized" }, { status: 401 })

/** Accepts requests with a valid access token. */
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
