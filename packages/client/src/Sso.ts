// Single sign-on, as a program asks for it: a profile for a code, the keys of access tokens, and the way out.
import type * as ApiError from "@effect-workos/domain/ApiError"
import { Jwks } from "@effect-workos/domain/sso/Jwks"
import type * as OAuthError from "@effect-workos/domain/sso/OAuthError"
import { Profile } from "@effect-workos/domain/sso/Profile"
import { Logout, ProfileAndToken, SsoGroup } from "@effect-workos/domain/sso/Sso"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as AuthorizationUrl from "./AuthorizationUrl.ts"
import { type ClientError, InvalidRequest } from "./ClientError.ts"
import * as Endpoints from "./internal/Endpoints.ts"
import * as Excerpt from "./internal/Excerpt.ts"
import * as Operation from "./internal/Operation.ts"
import * as Request from "./internal/Request.ts"
import { RateLimit } from "./RateLimit.ts"
import * as SignIn from "./SignIn.ts"
import { Transport } from "./internal/Transport.ts"
import { type Options, productionUrl, WorkOsConfig } from "./WorkOsConfig.ts"

/**
 * A code, for whom it was asked for, and the verifier with whose challenge it was.
 *
 * **Example** (A code, with the verifier that a cookie brought)
 *
 * ```ts
 * import { Sso, type TokenOptions } from "@effect-workos/client/Sso"
 * import * as Redacted from "effect/Redacted"
 *
 * const options = (code: Redacted.Redacted, cookie: string): TokenOptions => ({
 *   clientId: "client_01HZBC6N1EB1ZY7KG32X",
 *   code,
 *   codeVerifier: Redacted.make(cookie)
 * })
 *
 * const who = (code: Redacted.Redacted, cookie: string) =>
 *   Sso.use(({ profileAndToken }) => profileAndToken(options(code, cookie)))
 * ```
 *
 * @see https://workos.com/docs/reference/sso/profile/get-profile-and-token
 */
export interface TokenOptions {
  /** The application's id, `client_…`. */
  readonly clientId: string
  /** What `SignIn.callback` gave. */
  readonly code: Redacted.Redacted
  /** The verifier of `Pkce`. An application without a secret has to have one; with a secret it makes codes safer. */
  readonly codeVerifier?: Redacted.Redacted | undefined
}

/**
 * Errors of OAuth, each by its name.
 *
 * **Example** (Whether it is the application that is set up wrongly)
 *
 * ```ts
 * import type { GrantError } from "@effect-workos/client/Sso"
 *
 * const isSetUpWrongly = ({ _tag }: GrantError): boolean => _tag === "InvalidClient" || _tag === "InvalidRedirectUri"
 * ```
 */
export type GrantError =
  | OAuthError.InvalidGrant
  | OAuthError.InvalidClient
  | OAuthError.UnauthorizedClient
  | OAuthError.UnsupportedGrantType
  | OAuthError.ConnectionInvalid
  | OAuthError.InvalidRedirectUri
  | OAuthError.OAuthError

/**
 * What changing a code for a profile can fail with.
 *
 * **Example** (Whether to begin again)
 *
 * ```ts
 * import type { TokenError } from "@effect-workos/client/Sso"
 *
 * const isToBeginAgain = ({ _tag }: TokenError): boolean =>
 *   _tag === "InvalidGrant" || _tag === "TransportError" || _tag === "RequestTimeout" || _tag === "ServerError"
 * ```
 */
export type TokenError =
  | ClientError
  | GrantError
  | ApiError.NotFound
  | ApiError.TooManyRequests
  | ApiError.UnprocessableEntity
/**
 * What asking for the profile of an access token can fail with.
 */
export type ProfileError = ClientError | ApiError.Unauthorized | ApiError.NotFound | ApiError.TooManyRequests
/**
 * What asking for the keys of access tokens can fail with.
 */
export type JwksError = ClientError | ApiError.NotFound | ApiError.TooManyRequests
/**
 * What preparing to sign somebody out can fail with.
 *
 * **Example** (Whether to wait and ask again)
 *
 * ```ts
 * import type { JwksError, LogoutError, ProfileError } from "@effect-workos/client/Sso"
 *
 * const isLimited = ({ _tag }: ProfileError | JwksError | LogoutError): boolean => _tag === "TooManyRequests"
 * ```
 */
export type LogoutError =
  | ClientError
  | GrantError
  | ApiError.Unauthorized
  | ApiError.NotFound
  | ApiError.TooManyRequests
  | ApiError.UnprocessableEntity

/**
 * What an application without a secret can do: one on somebody's own machine.
 *
 * **Example** (Signing in on somebody's own machine)
 *
 * ```ts
 * import { PublicSso, type PublicOperations } from "@effect-workos/client/Sso"
 * import * as Effect from "effect/Effect"
 *
 * const begin = (sso: PublicOperations) =>
 *   sso.begin({
 *     clientId: "client_01HZBC6N1EB1ZY7KG32X",
 *     provider: "GitHubOAuth",
 *     redirectUri: "http://127.0.0.1:8250/callback"
 *   })
 *
 * const program = Effect.flatMap(PublicSso, begin)
 *
 * const keys = PublicSso.use(({ jwks }) => jwks("client_01HZBC6N1EB1ZY7KG32X"))
 * ```
 */
export interface PublicOperations {
  /**
   * The URL to send the browser to, at the configured WorkOS; see `AuthorizationUrl.make`.
   *
   * **Example** (With a state of one's own)
   *
   * ```ts
   * import { Sso } from "@effect-workos/client/Sso"
   * import * as Effect from "effect/Effect"
   *
   * const url = (state: string) =>
   *   Sso.use(({ authorizationUrl }) =>
   *     Effect.fromResult(
   *       authorizationUrl({
   *         clientId: "client_01HZBC6N1EB1ZY7KG32X",
   *         organization: "org_01EHWNCE74X7JSDV0X3SZ3KJNY",
   *         redirectUri: "https://your-app.com/callback",
   *         state
   *       })
   *     )
   *   )
   * ```
   *
   * @see https://workos.com/docs/reference/sso/get-authorization-url
   */
  readonly authorizationUrl: (options: AuthorizationUrl.Options) => Result.Result<URL, InvalidRequest>
  /**
   * Begins a sign-in at the configured WorkOS; see `SignIn.begin`.
   *
   * @see https://workos.com/docs/reference/sso/get-authorization-url
   */
  readonly begin: (options: SignIn.BeginOptions) => Effect.Effect<SignIn.Begun, InvalidRequest>
  /**
   * Who signed in, and their access token, for a code with its verifier. `InvalidGrant` for a code that was used before, has
   * expired or was asked for with another verifier. Nothing is sent again that may have used the code: where the answer
   * was lost, or was a 5xx, the call fails with what happened (`TransportError`, `RequestTimeout`, `ServerError`,
   * `InvalidResponse`), and a new sign-in is to be begun.
   *
   * @see https://workos.com/docs/reference/sso/profile/get-profile-and-token
   */
  readonly profileAndToken: (
    options: TokenOptions & { readonly codeVerifier: Redacted.Redacted }
  ) => Effect.Effect<ProfileAndToken, TokenError>
  /**
   * The profile of whoever an access token is of. `Unauthorized` for one that is not valid any more, and `InvalidRequest`
   * for text that can be none: nothing is sent then.
   *
   * @see https://workos.com/docs/reference/sso/profile/get-user-profile
   */
  readonly profile: (accessToken: Redacted.Redacted) => Effect.Effect<Profile, ProfileError>
  /**
   * The keys that access tokens of an application are verified by. `@effect-workos/server` keeps and uses them.
   *
   * @see https://workos.com/docs/reference/authkit/session-tokens/jwks
   */
  readonly jwks: (clientId: string) => Effect.Effect<Jwks, JwksError>
}

/**
 * The operations of single sign-on.
 *
 * **Example** (Signing somebody out of their identity provider)
 *
 * ```ts
 * import { type Operations, Sso } from "@effect-workos/client/Sso"
 * import * as Effect from "effect/Effect"
 *
 * const signOut = (sso: Operations, profileId: string) =>
 *   Effect.map(sso.logoutAuthorize(profileId), ({ logoutToken }) => sso.logoutUrl(logoutToken))
 *
 * const program = Sso.use((sso) => signOut(sso, "prof_01DMC79VCBZ0NY2099737PSVF1"))
 * ```
 */
export interface Operations extends PublicOperations {
  /**
   * Who signed in, and their access token, for a code. The API key is the secret, and with a `codeVerifier` that is sent
   * besides. `InvalidGrant` for a code that was used before, has expired or was asked for with another verifier, and
   * `InvalidClient` where the key is not that of the application. Nothing is sent again that may have used the code: where
   * the answer was lost, or was a 5xx, the call fails with what happened (`TransportError`, `RequestTimeout`,
   * `ServerError`, `InvalidResponse`), and a new sign-in is to be begun. `InvalidRequest` where there is neither a key,
   * over `WorkOsConfig.layerPublic`, nor a verifier: nothing is sent then.
   *
   * @see https://workos.com/docs/reference/sso/profile/get-profile-and-token
   */
  readonly profileAndToken: (options: TokenOptions) => Effect.Effect<ProfileAndToken, TokenError>
  /**
   * Prepares to sign somebody out of their identity provider: where to send their browser, soon. `ConnectionInvalid` where
   * their connection can't do it.
   *
   * @see https://workos.com/docs/reference/sso/logout/authorize
   */
  readonly logoutAuthorize: (profileId: string) => Effect.Effect<Logout, LogoutError>
  /**
   * The URL to send the browser to with a token of `logoutAuthorize`, at the configured WorkOS.
   *
   * @see https://workos.com/docs/reference/sso/logout
   */
  readonly logoutUrl: (logoutToken: Redacted.Redacted) => URL
}

/** Those endpoints that a browser is sent to have an origin of their own. */
const authOrigin = new URL("https://auth.workos.com")

const secretsOf = (...secrets: ReadonlyArray<Redacted.Redacted | undefined>): ReadonlyArray<string> =>
  secrets.flatMap((secret) => (secret === undefined ? [] : Excerpt.formsOf(Redacted.value(secret))))

// Whatever else a browser may have brought, no header can hold.
const sendable = (accessToken: Redacted.Redacted): Effect.Effect<void, InvalidRequest> =>
  /^[\x21-\x7e]+$/.test(Redacted.value(accessToken))
    ? Effect.void
    : Effect.fail(
        new InvalidRequest({
          operation: "sso.profile",
          message: "sso.profile: accessToken: Expected a token of visible ASCII characters"
        })
      )

// Without either, WorkOS could only say that it does not know who asks.
const proved = (apiKey: Redacted.Redacted, codeVerifier: Redacted.Redacted | undefined) =>
  Redacted.value(apiKey) !== "" || codeVerifier !== undefined
    ? Effect.void
    : Effect.fail(
        new InvalidRequest({
          operation: "sso.profileAndToken",
          message: "sso.profileAndToken: codeVerifier: Expected the verifier of this sign-in, since there is no API key"
        })
      )

const make = Effect.gen(function* () {
  const { apiKey, baseUrl } = yield* WorkOsConfig
  // Another WorkOS than the real one is all in one place.
  const authUrl = baseUrl.origin === productionUrl.origin ? authOrigin : baseUrl
  const operation = yield* Endpoints.make(SsoGroup)
  const operationAtAuth = yield* Endpoints.make(SsoGroup, authUrl)
  const runToken = operation("token", Operation.decoded(ProfileAndToken), {
    name: "profileAndToken",
    // RFC 6749, 4.1.2: a code that is used twice may have its tokens revoked.
    retryUnsafe: true,
    containsPii: true
  })
  const runProfile = operation("profile", Operation.decoded(Profile), { containsPii: true })
  const runJwks = operation("jwks", Operation.decoded(Jwks))
  const runLogout = operationAtAuth("logoutAuthorize", Operation.decoded(Logout))
  const logoutUrl = Request.urls(SsoGroup.endpoints.logout, authUrl)

  return identity<Operations>({
    authorizationUrl: (options) => AuthorizationUrl.make(options, baseUrl),
    begin: (options) => SignIn.begin(options, baseUrl),
    profileAndToken: ({ clientId, code, codeVerifier }) =>
      runToken(
        {
          payload: {
            clientId,
            code,
            grantType: "authorization_code",
            ...(Redacted.value(apiKey) === "" ? {} : { clientSecret: apiKey }),
            ...(codeVerifier === undefined ? {} : { codeVerifier })
          }
        },
        { secrets: secretsOf(code, codeVerifier), precondition: proved(apiKey, codeVerifier) }
      ),
    profile: (accessToken) =>
      runProfile({}, { secrets: secretsOf(accessToken), precondition: sendable(accessToken), token: accessToken }),
    jwks: (clientId) => runJwks({ params: { clientId } }),
    logoutAuthorize: (profileId) => runLogout({ payload: { profileId } }),
    logoutUrl: (token) => new URL(Result.getOrThrow(logoutUrl({ query: { token: Redacted.value(token) } })))
  })
})

/**
 * Single sign-on, for programs that need nothing else of WorkOS; `WorkOs` holds it beside the rest.
 *
 * **Example** (Who is back)
 *
 * ```ts
 * import * as SignIn from "@effect-workos/client/SignIn"
 * import { Sso } from "@effect-workos/client/Sso"
 * import * as Effect from "effect/Effect"
 *
 * const whoIsBack = Effect.fn("whoIsBack")(function* (url: URL, begun: Pick<SignIn.Begun, "codeVerifier" | "state">) {
 *   const sso = yield* Sso
 *   const code = yield* Effect.fromResult(SignIn.callback(url, begun))
 *   const { profile } = yield* sso.profileAndToken({
 *     clientId: "client_01HZBC6N1EB1ZY7KG32X",
 *     code,
 *     codeVerifier: begun.codeVerifier
 *   })
 *   return profile.email
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/sso
 */
export class Sso extends Context.Service<Sso, Operations>()("@effect-workos/client/Sso") {
  /**
   * Single sign-on over whichever `HttpClient` and `RateLimit` are provided.
   *
   * **Example** (Under the limit that connections are under as well)
   *
   * ```ts
   * import { Connections } from "@effect-workos/client/Connections"
   * import { RateLimit } from "@effect-workos/client/RateLimit"
   * import { Sso } from "@effect-workos/client/Sso"
   * import * as Layer from "effect/Layer"
   *
   * const Both = Layer.mergeAll(Connections.layerNoDeps, Sso.layerNoDeps).pipe(Layer.provide(RateLimit.layer))
   * ```
   */
  static readonly layerNoDeps: Layer.Layer<Sso, never, HttpClient.HttpClient | RateLimit | WorkOsConfig> = Layer.effect(
    this,
    make
  ).pipe(Layer.provide(Transport.layer))

  /**
   * Single sign-on over whichever `HttpClient` is provided, with the rate limit that the configuration says. Layers are
   * built once: another client in the same program, with another configuration, is over `Layer.fresh` of this one.
   *
   * **Example** (Single sign-on over `fetch`)
   *
   * ```ts
   * import { Sso } from "@effect-workos/client/Sso"
   * import { WorkOsConfig } from "@effect-workos/client/WorkOsConfig"
   * import * as FetchHttpClient from "effect/http/FetchHttpClient"
   * import * as Layer from "effect/Layer"
   *
   * const SsoLive = Sso.layer.pipe(Layer.provide([WorkOsConfig.layerConfig, FetchHttpClient.layer]))
   * ```
   */
  static readonly layer: Layer.Layer<Sso | RateLimit, never, HttpClient.HttpClient | WorkOsConfig> = Layer.provideMerge(
    this.layerNoDeps,
    RateLimit.layer
  )
}

/**
 * Single sign-on for an application that can keep no secret, and so has no API key: one on somebody's own machine. Its
 * codes are proved by PKCE alone.
 *
 * @see https://workos.com/docs/reference/sso/get-authorization-url/pkce
 */
export class PublicSso extends Context.Service<PublicSso, PublicOperations>()("@effect-workos/client/Sso/PublicSso") {
  /**
   * Single sign-on without a key. Fails with a `ConfigError` as `WorkOsConfig.layer` does.
   *
   * **Example** (Without a key)
   *
   * ```ts
   * import { PublicSso } from "@effect-workos/client/Sso"
   * import * as FetchHttpClient from "effect/http/FetchHttpClient"
   * import * as Layer from "effect/Layer"
   *
   * const PublicSsoLive = PublicSso.layer().pipe(Layer.provide(FetchHttpClient.layer))
   * ```
   */
  static readonly layer = (
    options?: Omit<Options, "apiKey">
  ): Layer.Layer<PublicSso, Config.ConfigError, HttpClient.HttpClient> =>
    Layer.effect(this, Sso).pipe(
      Layer.provide(Layer.fresh(Sso.layer)),
      Layer.provide(WorkOsConfig.layerPublic(options))
    )
}
