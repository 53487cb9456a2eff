/**
 * Sessions of signed-in users in sealed cookies.
 *
 * The cookie contains the user, an access token, which is valid for minutes, and a refresh token, which works once. A
 * session is authenticated without a request to WorkOS as long as its access token is valid, and is then refreshed.
 *
 * This service takes and returns the values of cookies. `RequestSession` applies it to requests and responses of Effect's
 * HTTP servers, and `SessionMiddleware` protects their routes.
 *
 * @module
 */
import { Authentication } from "@effect-workos/client/Authentication"
import type { InvalidRequest } from "@effect-workos/client/ClientError"
import { Sso } from "@effect-workos/client/Sso"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import type { AuthenticationResponse } from "@effect-workos/domain/user-management/Authentication"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as AccessTokens from "./AccessTokens.ts"
import * as Internal from "./internal/CookieSessions.ts"
import * as SealedSession from "./SealedSession.ts"
import type {
  CookieValue,
  NewSession,
  RefreshError,
  RefreshOptions,
  ResumedSession,
  Session,
  VerifyError
} from "./Session.ts"
import * as SessionCookie from "./SessionCookie.ts"
import type * as TokenError from "./TokenError.ts"

/**
 * Options for `CookieSessions`: those of `AccessTokens` and of the cookie, the passwords, and the time of refreshes.
 */
export interface Options extends AccessTokens.Options, SessionCookie.Options {
  /** The passwords that seal cookies. The first one seals, and each of them opens, so that passwords can be rotated. */
  readonly cookiePasswords: SealedSession.Passwords
  /**
   * Time before the expiry of the access token from which the session is refreshed. Defaults to
   * {@link defaultRefreshBefore}. A lifetime of access tokens that is not longer causes a refresh with each request.
   */
  readonly refreshBefore?: Duration.Input | undefined
  /**
   * Time after a refresh during which requests with the old cookie receive the new session. Defaults to
   * {@link defaultGracePeriod}.
   */
  readonly gracePeriod?: Duration.Input | undefined
  /**
   * The maximum number of verified cookies in memory. Defaults to 1,000. A cookie is verified again after one minute. With
   * 0, each request decrypts its cookie and verifies its access token.
   */
  readonly cacheCapacity?: number | undefined
}

/** Ten seconds before the expiry of the access token. */
export const defaultRefreshBefore = Duration.seconds(10)

/** Thirty seconds after a refresh. */
export const defaultGracePeriod = Duration.seconds(30)

/**
 * Sessions of signed-in users.
 *
 * **Example** (Authenticating the cookie of any server)
 *
 * ```ts
 * import { CookieSessions } from "@effect-workos/server/CookieSessions"
 * import * as Effect from "effect/Effect"
 *
 * const emailOf = Effect.fn("emailOf")(
 *   function* (cookie: string | undefined) {
 *     const sessions = yield* CookieSessions
 *     const { user } = yield* sessions.authenticate(cookie)
 *     return user.email
 *   },
 *   Effect.catchTag(["NoSession", "InvalidSessionCookie", "SessionEnded"], () => Effect.succeed("signed out"))
 * )
 * ```
 *
 * @see https://workos.com/docs/authkit/sessions
 */
export class CookieSessions extends Context.Service<
  CookieSessions,
  {
    /**
     * Authenticates a session without a request to WorkOS, except for the JWKS. Corresponds to `authenticate` of the
     * official SDK's `CookieSession`.
     *
     * Fails with `NoSession` or `InvalidSessionCookie` if there is no valid cookie, with `SessionEnded` if the user signed
     * out in this process, with `ExpiredToken` if the session must be refreshed, and with the other errors of
     * `AccessTokens.verify`.
     */
    readonly authenticate: (cookie: CookieValue) => Effect.Effect<Session, VerifyError>
    /**
     * Authenticates a session and refreshes it if its access token has expired or is about to expire, or if its key is
     * unknown. `cookie` is then the new value of the cookie.
     *
     * An access token that is still valid is used if WorkOS is unavailable. Fails as `authenticate` and `refresh` do.
     */
    readonly resume: (
      cookie: CookieValue,
      options?: Omit<RefreshOptions, "organizationId">
    ) => Effect.Effect<ResumedSession, VerifyError | RefreshError>
    /**
     * Exchanges the refresh token for new tokens, also to switch to another organization. Concurrent refreshes of one
     * session in this process share one request, and so do refreshes within the grace period.
     *
     * Fails with `SessionEnded` if WorkOS rejects the refresh token, or if the user signs out during the refresh. Fails with
     * the error of the next step, such as `SsoRequired` or `MfaEnrollmentRequired`, if WorkOS requires one, and with the
     * other errors of `Authentication.withRefreshToken`.
     *
     * @see https://workos.com/docs/reference/authkit/authentication/refresh-token
     */
    readonly refresh: (cookie: CookieValue, options?: RefreshOptions) => Effect.Effect<NewSession, RefreshError>
    /**
     * Creates the session of a user who has signed in. Fails with `MalformedToken` if the response contains no access token
     * of a user.
     */
    readonly create: (response: AuthenticationResponse) => Effect.Effect<NewSession, TokenError.MalformedToken>
    /**
     * Ends a session in this process: its cookies are rejected, and a refresh that is running fails. Returns the URL at
     * WorkOS to which to send the browser, which ends the session there, or `undefined` if the cookie contains no session.
     * An expired session can be ended too.
     *
     * @see https://workos.com/docs/reference/authkit/logout
     */
    readonly end: (
      cookie: CookieValue,
      options?: { readonly returnTo?: string | URL | undefined }
    ) => Effect.Effect<URL | undefined, InvalidRequest>
    /**
     * Returns the cookie to set for a new session: `undefined` if the session has ended since, and the cookie of a later
     * refresh if one has completed. Use it shortly before a response is sent, because responses of concurrent requests
     * arrive in any order.
     */
    readonly latest: (cookie: Redacted.Redacted) => Effect.Effect<Redacted.Redacted | undefined>
    /** The name and the attributes of the cookie. */
    readonly cookie: SessionCookie.SessionCookie
  }
>()("@effect-workos/server/CookieSessions") {
  /**
   * Makes a layer that sends requests with an `HttpClient`, and requires a `WorkOsConfig`. Fails with `InvalidConfig` if a
   * password is shorter than 32 characters, or if the cookie is invalid.
   *
   * **Example** (Two passwords during a rotation, and a development server without HTTPS)
   *
   * ```ts
   * import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
   * import { CookieSessions } from "@effect-workos/server/CookieSessions"
   * import * as FetchHttpClient from "effect/http/FetchHttpClient"
   * import * as Layer from "effect/Layer"
   * import * as Redacted from "effect/Redacted"
   *
   * const SessionsLive = CookieSessions.layer({
   *   clientId: "client_01H7ZGXFP5C6BBQY6Z7277ZCT0",
   *   cookiePasswords: [Redacted.make("the new password, 32 characters…"), Redacted.make("the previous password…")],
   *   cookie: { secure: false }
   * }).pipe(Layer.provide([WorkOsConfig.layerConfig, FetchHttpClient.layer]))
   * ```
   */
  static readonly layer = (
    options: Options
  ): Layer.Layer<CookieSessions, WorkOsConfig.InvalidConfig, HttpClient.HttpClient | WorkOsConfig.WorkOsConfig> =>
    Layer.provide(this.layerNoDeps(options), [Authentication.layer, Sso.layer])

  /**
   * Makes a layer from the services that send its requests.
   */
  static readonly layerNoDeps = (
    options: Options
  ): Layer.Layer<CookieSessions, WorkOsConfig.InvalidConfig, Authentication | Sso | WorkOsConfig.WorkOsConfig> =>
    Layer.effect(
      CookieSessions,
      Effect.gen(function* () {
        const authentication = yield* Authentication
        const { verify } = yield* AccessTokens.AccessTokens
        return yield* make({ ...options, authentication, verify })
      })
    ).pipe(Layer.provide(AccessTokens.AccessTokens.layer(options)))

  /**
   * Makes a layer whose client id and password are in `WORKOS_CLIENT_ID` and `WORKOS_COOKIE_PASSWORD`, and that reads the
   * environment variables of `WorkOsConfig.layerConfig`. During a rotation, `WORKOS_PREVIOUS_COOKIE_PASSWORD` contains the
   * previous password. Fails with a `ConfigError` that names the missing or invalid variable.
   *
   * **Example** (A layer from the environment)
   *
   * ```ts
   * import { CookieSessions } from "@effect-workos/server/CookieSessions"
   * import * as FetchHttpClient from "effect/http/FetchHttpClient"
   * import * as Layer from "effect/Layer"
   *
   * const SessionsLive = CookieSessions.layerConfig().pipe(Layer.provide(FetchHttpClient.layer))
   * ```
   */
  static readonly layerConfig = (
    options: Omit<Options, "clientId" | "cookiePasswords"> = {}
  ): Layer.Layer<CookieSessions, Config.ConfigError | WorkOsConfig.InvalidConfig, HttpClient.HttpClient> =>
    Layer.unwrap(Effect.map(fromEnvironment, (required) => this.layer({ ...options, ...required }))).pipe(
      Layer.provide(WorkOsConfig.layerConfig)
    )
}

/**
 * Makes the service that {@link CookieSessions.layer} provides, from functions that verify access tokens and send requests. Fails
 * with `InvalidConfig` as the layer does.
 *
 * **Example** (Verification with a fixed JWKS)
 *
 * ```ts
 * import { Authentication } from "@effect-workos/client/Authentication"
 * import type { Jwks } from "@effect-workos/domain/sso/Jwks"
 * import * as AccessTokens from "@effect-workos/server/AccessTokens"
 * import * as CookieSessions from "@effect-workos/server/CookieSessions"
 * import * as Effect from "effect/Effect"
 *
 * declare const jwks: Jwks
 *
 * const makeSessions = Effect.fnUntraced(function* (options: CookieSessions.Options) {
 *   const { verify } = AccessTokens.make({ ...options, jwks: Effect.succeed(jwks) })
 *   return yield* CookieSessions.make({ ...options, verify, authentication: yield* Authentication })
 * })
 * ```
 */
export const make = (
  options: Options &
    Pick<AccessTokens.AccessTokens["Service"], "verify"> & {
      readonly authentication: Pick<Authentication["Service"], "logoutUrl" | "withRefreshToken">
    }
): Effect.Effect<CookieSessions["Service"], WorkOsConfig.InvalidConfig> =>
  Effect.gen(function* () {
    const { authentication, cacheCapacity = 1_000, clientId, verify } = options
    return Internal.make({
      authentication,
      cacheCapacity,
      clientId,
      verify,
      clockTolerance: millisOf(options.clockTolerance ?? AccessTokens.defaultClockTolerance),
      cookie: yield* SessionCookie.make(options),
      gracePeriod: millisOf(options.gracePeriod ?? defaultGracePeriod),
      refreshBefore: millisOf(options.refreshBefore ?? defaultRefreshBefore),
      sealer: yield* SealedSession.make(options.cookiePasswords)
    })
  })

const millisOf = (duration: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(duration))

// -----------------------------------------------------------------------------
// Environment
// -----------------------------------------------------------------------------

const passwordFrom = (name: string) =>
  Config.Redacted(name).pipe(
    Config.mapEffect((password) => {
      const expected = SealedSession.violation(password)
      return expected === undefined
        ? Effect.succeed(password)
        : Effect.fail(
            new Config.ConfigError(
              new Schema.SchemaError(new SchemaIssue.Pointer([name], new SchemaIssue.InvalidValue({ expected })))
            )
          )
    })
  )

const fromEnvironment = Effect.gen(function* () {
  const clientId = yield* Config.String("WORKOS_CLIENT_ID")
  const password = yield* passwordFrom("WORKOS_COOKIE_PASSWORD")
  const previous = yield* Config.option(passwordFrom("WORKOS_PREVIOUS_COOKIE_PASSWORD"))
  return { clientId, cookiePasswords: [password, ...Option.toArray(previous)] as const }
})
