/**
 * The client service of single sign-on: authorization URLs, the exchange of codes for profiles, the keys of access tokens,
 * and sign-out.
 *
 * @module
 */
import type { ProfileAndToken } from "@effect-workos/domain/sso/Sso"
import { sso } from "@effect-workos/domain/sso/Sso"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as AuthorizationUrl from "./AuthorizationUrl.ts"
import * as Client from "./Client.ts"
import { InvalidRequest } from "./ClientError.ts"
import * as RequestInput from "./internal/RequestInput.ts"
import * as SignIn from "./SignIn.ts"
import * as WorkOsConfig from "./WorkOsConfig.ts"

/**
 * Options for `profileAndToken`: a code, the application that requested it, and the verifier of its challenge.
 *
 * **Example** (A code, with the verifier from a cookie)
 *
 * ```ts
 * import { Sso, type ProfileAndTokenOptions } from "@effect-workos/client/Sso"
 * import * as Redacted from "effect/Redacted"
 *
 * const options = (code: Redacted.Redacted, cookie: string): ProfileAndTokenOptions => ({
 *   clientId: "client_01HZBC6N1EB1ZY7KG32X",
 *   code,
 *   codeVerifier: Redacted.make(cookie)
 * })
 *
 * const signIn = (code: Redacted.Redacted, cookie: string) =>
 *   Sso.use(({ profileAndToken }) => profileAndToken(options(code, cookie)))
 * ```
 *
 * @see https://workos.com/docs/reference/sso/profile/get-profile-and-token
 */
export interface ProfileAndTokenOptions {
  /** The application's id, `client_…`. */
  readonly clientId: string
  /** The code that `SignIn.callback` returned. */
  readonly code: Redacted.Redacted
  /** The verifier of `Pkce`. Required without an API key. With an API key, the verifier also protects the code. */
  readonly codeVerifier?: Redacted.Redacted | undefined
}

/**
 * The errors of `profileAndToken`.
 *
 * **Example** (Errors after which a new sign-in is needed)
 *
 * ```ts
 * import type { ProfileAndTokenError } from "@effect-workos/client/Sso"
 *
 * const needsNewSignIn = ({ _tag }: ProfileAndTokenError): boolean =>
 *   _tag === "InvalidGrant" ||
 *   _tag === "TransportError" ||
 *   _tag === "RequestTimeout" ||
 *   _tag === "ServerError" ||
 *   _tag === "InvalidResponse"
 * ```
 */
export type ProfileAndTokenError = Client.Error<typeof sso, "profileAndToken">

type Derived = Client.Client<typeof sso.endpoints>

/**
 * The methods of an application without an API key, such as a desktop program.
 *
 * **Example** (Signing in on the user's machine)
 *
 * ```ts
 * import { PublicSso, type PublicMethods } from "@effect-workos/client/Sso"
 * import * as Effect from "effect/Effect"
 *
 * const start = (sso: PublicMethods) =>
 *   sso.start({
 *     clientId: "client_01HZBC6N1EB1ZY7KG32X",
 *     provider: "GitHubOAuth",
 *     redirectUri: "http://127.0.0.1:8250/callback"
 *   })
 *
 * const program = Effect.flatMap(PublicSso, start)
 *
 * const keys = PublicSso.use(({ jwks }) => jwks("client_01HZBC6N1EB1ZY7KG32X"))
 * ```
 */
export interface PublicMethods extends Pick<Derived, "profile" | "jwks"> {
  /**
   * Returns the URL to which to send the browser, at the configured base URL; see `AuthorizationUrl.make`.
   *
   * **Example** (With a state of the application)
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
   * Starts a sign-in at the configured base URL; see `SignIn.start`.
   *
   * @see https://workos.com/docs/reference/sso/get-authorization-url
   */
  readonly start: (options: SignIn.StartOptions) => Effect.Effect<SignIn.AuthorizationRequest, InvalidRequest>
  /**
   * Exchanges an authorization code and its verifier for the profile of the user who signed in, and an access token.
   *
   * Fails with `InvalidGrant` if the code was used before, has expired or was requested with another verifier. A request
   * that may have used the code is not retried: if its response is lost, the call fails (`TransportError`,
   * `RequestTimeout`, `ServerError`, `InvalidResponse`), and the application starts a new sign-in.
   *
   * @see https://workos.com/docs/reference/sso/profile/get-profile-and-token
   */
  readonly profileAndToken: (
    options: ProfileAndTokenOptions & { readonly codeVerifier: Redacted.Redacted }
  ) => Effect.Effect<ProfileAndToken, ProfileAndTokenError>
}

/**
 * The methods that single sign-on has in addition to the derived ones, or in place of them.
 */
export interface SsoMethods extends Omit<PublicMethods, "profile" | "jwks" | "profileAndToken"> {
  /**
   * Exchanges an authorization code for the profile of the user who signed in, and an access token. The request
   * contains the API key as the client secret, and the `codeVerifier` if it is given.
   *
   * Fails with `InvalidGrant` if the code was used before, has expired or was requested with another verifier, and with
   * `InvalidClient` if the key is not that of the application. Fails with `InvalidRequest`, and sends nothing, if there is
   * neither a key nor a verifier. A request that may have used the code is not retried: if its response is lost, the call
   * fails (`TransportError`, `RequestTimeout`, `ServerError`, `InvalidResponse`), and the application starts a new sign-in.
   *
   * @see https://workos.com/docs/reference/sso/profile/get-profile-and-token
   */
  readonly profileAndToken: (options: ProfileAndTokenOptions) => Effect.Effect<ProfileAndToken, ProfileAndTokenError>
  /**
   * Returns the sign-out URL for a token of `logoutAuthorize`. Send the browser to this URL. The URL is at the configured
   * base URL, except for the production API, which serves it at https://auth.workos.com.
   *
   * @see https://workos.com/docs/reference/sso/logout
   */
  readonly logoutUrl: (logoutToken: Redacted.Redacted) => URL
}

const verifierMissing = Effect.suspend(() =>
  Effect.fail(
    new InvalidRequest({
      operation: "sso.profileAndToken",
      message: "sso.profileAndToken: codeVerifier: Expected the verifier of this sign-in, since there is no API key"
    })
  )
)

const makeMethods = ({ profileAndToken }: Derived): Effect.Effect<SsoMethods, never, WorkOsConfig.WorkOsConfig> =>
  Effect.map(WorkOsConfig.WorkOsConfig, ({ apiKey, baseUrl }) => {
    const hasKey = Redacted.value(apiKey) !== ""
    return {
      authorizationUrl: (options) => AuthorizationUrl.make(options, baseUrl),
      start: (options) => SignIn.start(options, baseUrl),
      profileAndToken: ({ clientId, code, codeVerifier }) =>
        hasKey || codeVerifier !== undefined
          ? profileAndToken({
              clientId,
              code,
              grantType: "authorization_code",
              ...(hasKey ? { clientSecret: apiKey } : {}),
              ...(codeVerifier === undefined ? {} : { codeVerifier })
            })
          : verifierMissing,
      logoutUrl: (token) => {
        const { logout } = sso.endpoints
        const url = RequestInput.urls(logout, WorkOsConfig.originOf(baseUrl, logout.origin))
        return new URL(Result.getOrThrow(url({}, { token: Redacted.value(token) })))
      }
    }
  })

/**
 * Single sign-on, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (The email address of the user who signed in)
 *
 * ```ts
 * import * as SignIn from "@effect-workos/client/SignIn"
 * import { Sso } from "@effect-workos/client/Sso"
 * import * as Effect from "effect/Effect"
 *
 * const emailOf = Effect.fn("emailOf")(function* (
 *   url: URL,
 *   request: Pick<SignIn.AuthorizationRequest, "codeVerifier" | "state">
 * ) {
 *   const sso = yield* Sso
 *   const code = yield* Effect.fromResult(SignIn.callback(url, request))
 *   const { profile } = yield* sso.profileAndToken({
 *     clientId: "client_01HZBC6N1EB1ZY7KG32X",
 *     code,
 *     codeVerifier: request.codeVerifier
 *   })
 *   return profile.email
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/sso
 */
export class Sso extends Client.Service<Sso>()("@effect-workos/client/Sso", sso, makeMethods) {}

/**
 * Single sign-on for an application that cannot keep a secret, and so has no API key. PKCE alone protects its codes.
 *
 * @see https://workos.com/docs/reference/sso/get-authorization-url/pkce
 */
export class PublicSso extends Context.Service<PublicSso, PublicMethods>()("@effect-workos/client/Sso/PublicSso") {
  /**
   * Makes a layer without an API key. Fails with `InvalidConfig` if an option is invalid, as `WorkOsConfig.layer` does.
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
    options?: Omit<WorkOsConfig.Options, "apiKey">
  ): Layer.Layer<PublicSso, WorkOsConfig.InvalidConfig, HttpClient.HttpClient> =>
    Layer.effect(this, Sso).pipe(
      Layer.provide(Layer.fresh(Sso.layer)),
      Layer.provide(WorkOsConfig.layerPublic(options))
    )
}
