// The declaration of the sign-in endpoints.
import * as ApiError from "@effect-workos/domain/ApiError"
import {
  ConnectionInvalid,
  InvalidClient,
  InvalidGrant,
  UnsupportedGrantType
} from "@effect-workos/domain/sso/OAuthError"
import type { Profile } from "@effect-workos/domain/sso/Profile"
import { AccessToken } from "@effect-workos/domain/AccessToken"
import { CodeVerifier, ProfileAndToken, type sso as resource, type TokenRequest } from "@effect-workos/domain/sso/Sso"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiSecurity from "effect/http-api/HttpApiSecurity"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Authorization from "./Authorization.ts"
import type { Context, Declaration } from "./Declaration.ts"
import * as Users from "./Users.ts"
import { secret, SignIn } from "./SignIn.ts"
import * as SignInPage from "./SignInPage.ts"

// One message for all causes, so that it reveals nothing about codes.
const invalidCode =
  "The code is invalid: it is unknown, used, expired, or was issued to another client or for another code_verifier."

const isCodeVerifier = Schema.is(CodeVerifier)

const supportsLogout = ({ connectionType }: Profile): boolean => /(?:SAML|OIDC|Oidc)$/.test(connectionType)

const tokenResponse = HttpServerResponse.schemaJson(ProfileAndToken)

const noProfile = () => new ApiError.NotFound({ message: "Profile not found." })

const bearer = HttpApiSecurity.bearer

const connectionOf = ({ store }: Context, profile: Profile) => store.connections.get(profile.connectionId)

// Clients authenticate with a secret, a code verifier, or both.
const findGrant = Effect.fnUntraced(function* (
  { clientId, clientSecret, code, codeVerifier }: TokenRequest,
  context: Context
) {
  const { clients, codes } = yield* SignIn
  const client = clients.find(clientId)
  if (client === undefined) return yield* new InvalidClient({ message: Authorization.unknownClient })
  if (clientSecret !== undefined && !clients.isSecret(client, clientSecret)) {
    return yield* new InvalidClient({ message: "The client_secret is invalid." })
  }
  if (clientSecret === undefined && codeVerifier === undefined) {
    return yield* new InvalidClient({ message: "A client_secret or a code_verifier is required." })
  }
  const verifier = codeVerifier === undefined ? undefined : Redacted.value(codeVerifier)
  if (verifier !== undefined && !isCodeVerifier(verifier)) return yield* new InvalidGrant({ message: invalidCode })
  const challenge = verifier === undefined ? undefined : Base64Url.encode(yield* Users.sha256(verifier))
  // A code without a challenge accepts no verifier, so that a removed challenge is detected.
  const grant = yield* codes.takeIf(
    Redacted.value(code),
    (grant) =>
      grant.clientId === clientId &&
      grant.codeChallenge === challenge &&
      connectionOf(context, grant.profile)?.state === "active"
  )
  return grant ?? (yield* new InvalidGrant({ message: invalidCode }))
})

export const sso: Declaration<typeof resource.endpoints> = {
  actions: {
    authorize: Effect.fnUntraced(function* ({ query, request }, { store }) {
      const signIn = yield* SignIn
      yield* Authorization.validateClient(signIn.clients, query)
      const found = Authorization.connectionFor(store, query)
      if (Authorization.isError(found)) return yield* Authorization.redirect(Authorization.errorUrl(query, found))
      if (signIn.showsPage) {
        const page = yield* Authorization.urlOf(`${SignInPage.path}${Authorization.searchOf(request.url)}`)
        return yield* Authorization.redirect(page)
      }
      const { loginHint = "" } = query
      const email = Users.isEmail(loginHint) ? loginHint : yield* Users.defaultEmail(found)
      return yield* Authorization.redirect(Authorization.codeUrl(query, yield* signIn.issueCode(found, email, query)))
    }),
    profileAndToken: Effect.fnUntraced(function* ({ payload }, context) {
      const { issueToken } = yield* SignIn
      if (payload.grantType !== "authorization_code") {
        return yield* new UnsupportedGrantType({ message: "The grant_type must be authorization_code." })
      }
      const grant = yield* findGrant(payload, context)
      const { accessToken, expiresIn } = yield* issueToken(grant)
      return yield* Effect.orDie(
        tokenResponse(
          { tokenType: "Bearer", accessToken: Redacted.make(accessToken), expiresIn, profile: grant.profile },
          { headers: Authorization.noStore }
        )
      )
    }),
    profile: Effect.fnUntraced(function* (_, context) {
      const { profileBy } = yield* SignIn
      const profile = yield* profileBy(Redacted.value(yield* HttpApiBuilder.securityDecode(bearer)))
      return profile !== undefined && connectionOf(context, profile) !== undefined ? profile : yield* noProfile()
    }),
    jwks: Effect.fnUntraced(function* ({ params }) {
      const { clients, keys } = yield* SignIn
      if (clients.find(params.clientId) !== undefined) return yield* keys.jwks
      return yield* new ApiError.NotFound({ message: Authorization.unknownClient })
    }),
    logoutAuthorize: Effect.fnUntraced(function* ({ payload }, context) {
      const signIn = yield* SignIn
      const profile = signIn.profile(payload.profileId)
      const connection = profile && connectionOf(context, profile)
      if (profile === undefined || connection === undefined) return yield* noProfile()
      if (connection.state !== "active" || !supportsLogout(profile)) {
        return yield* new ConnectionInvalid({ message: "The connection of this profile does not support logout." })
      }
      const token = yield* secret
      yield* signIn.logouts.set(token, profile)
      return {
        logoutUrl: Redacted.make(yield* Authorization.urlOf(`/sso/logout?${new URLSearchParams({ token })}`)),
        logoutToken: Redacted.make(token)
      }
    }),
    logout: Effect.fnUntraced(function* ({ query }) {
      const { logoutRedirectUri, logouts } = yield* SignIn
      if ((yield* logouts.takeIf(query.token, () => true)) === undefined) {
        return yield* new ApiError.NotFound({ message: "The logout token is unknown, used or expired." })
      }
      return logoutRedirectUri === undefined
        ? HttpServerResponse.empty({ status: 200, headers: Authorization.noStore })
        : HttpServerResponse.redirect(logoutRedirectUri, { headers: Authorization.noStore })
    })
  }
}

// The body of this 401 has the key `error` in place of `message`.
const unauthorized = HttpServerResponse.jsonUnsafe({ error: "Unauthorized" }, { status: 401 })

/** Accepts requests with a valid access token. */
export const layerAccessToken = Layer.effect(
  AccessToken,
  Effect.map(SignIn, ({ profileBy }) =>
    AccessToken.of({
      access_token: (httpEffect, { credential }) =>
        Effect.flatMap(profileBy(Redacted.value(credential)), (profile) =>
          profile === undefined ? Effect.succeed(unauthorized) : httpEffect
        )
    })
  )
)
