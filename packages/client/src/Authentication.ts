/**
 * The client service of user authentication: sign-in with codes, passwords and the other grants, authorization URLs,
 * devices and sign-out.
 *
 * @module
 */
import {
  type AuthenticationResponse,
  authentication,
  type AuthKitAuthorizationQuery,
  type DeviceAuthorization,
  type Grants,
  grantTypes
} from "@effect-workos/domain/user-management/Authentication"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Client from "./Client.ts"
import { InvalidRequest } from "./ClientError.ts"
import * as BrowserUrl from "./internal/BrowserUrl.ts"
import * as Pkce from "./Pkce.ts"
import type { AuthorizationRequest } from "./SignIn.ts"
import * as WorkOsConfig from "./WorkOsConfig.ts"

type Derived = Client.Client<typeof authentication.endpoints>

/**
 * The errors of all grants. The guide "Users and authentication" handles the next steps.
 *
 * **Example** (Errors after which the user must start again)
 *
 * ```ts
 * import type { AuthenticateError } from "@effect-workos/client/Authentication"
 *
 * const needsNewSignIn = ({ _tag }: AuthenticateError): boolean =>
 *   _tag === "InvalidGrant" || _tag === "InvalidPendingAuthentication"
 * ```
 */
export type AuthenticateError = Client.Error<typeof authentication, "authenticate">

/**
 * The options of a grant: its fields without the grant type and the API key, which the client adds.
 */
export type GrantOptions<Name extends keyof typeof Grants> = Omit<
  (typeof Grants)[Name]["Type"],
  "grantType" | "clientSecret"
>

/**
 * One method per grant.
 */
export type GrantMethods = {
  readonly [Name in keyof typeof Grants]: (
    options: GrantOptions<Name>
  ) => Effect.Effect<AuthenticationResponse, AuthenticateError>
}

/**
 * Options for `authorizationUrl`. At least one of `provider`, `connectionId` and `organizationId` is required.
 *
 * @see https://workos.com/docs/reference/authkit/authentication/get-authorization-url
 */
export interface AuthorizationUrlOptions extends Omit<
  AuthKitAuthorizationQuery,
  "responseType" | "codeChallengeMethod" | "redirectUri" | "providerQueryParams"
> {
  readonly redirectUri: string | URL
  readonly providerQueryParams?: Readonly<Record<string, string | number | boolean>> | undefined
}

/**
 * Options for `logoutUrl`.
 */
export interface LogoutUrlOptions {
  /** The id of the session: the claim `sid` of its access tokens. */
  readonly sessionId: string
  /** The URL to which the browser returns. Defaults to the URL that is set in the dashboard. */
  readonly returnTo?: string | URL | undefined
}

/**
 * Options for `waitForDevice`.
 */
export interface WaitForDeviceOptions {
  readonly clientId: string
  /** The result of `authorizeDevice`. */
  readonly device: Pick<DeviceAuthorization, "deviceCode" | "interval">
}

/** The methods that need no API key, in addition to the grants. */
interface UrlMethods {
  /**
   * Returns the URL to which to send the browser, at the configured base URL. `provider: "authkit"` opens the hosted
   * sign-in page.
   *
   * @see https://workos.com/docs/reference/authkit/authentication/get-authorization-url
   */
  readonly authorizationUrl: (options: AuthorizationUrlOptions) => Result.Result<URL, InvalidRequest>
  /**
   * Starts a sign-in with a new state and a new code verifier. Store both until the browser returns, and pass the URL to
   * `SignIn.callback`.
   *
   * @see https://workos.com/docs/reference/authkit/authentication/get-authorization-url/pkce
   */
  readonly start: (
    options: Omit<AuthorizationUrlOptions, "state" | "codeChallenge">
  ) => Effect.Effect<AuthorizationRequest, InvalidRequest>
  /**
   * Returns the URL that ends a session when the browser opens the URL.
   *
   * @see https://workos.com/docs/reference/authkit/logout
   */
  readonly logoutUrl: (options: LogoutUrlOptions) => Result.Result<URL, InvalidRequest>
  /**
   * Asks for the tokens of a device until the user has entered its code. Fails with `DeviceCodeExpired` or `AccessDenied`
   * if the user does not.
   *
   * @see https://workos.com/docs/reference/authkit/cli-auth
   */
  readonly waitForDevice: (
    options: WaitForDeviceOptions
  ) => Effect.Effect<
    AuthenticationResponse,
    Exclude<AuthenticateError, { readonly _tag: "AuthorizationPending" | "SlowDown" }>
  >
}

/**
 * The methods that authentication has in addition to the derived ones.
 */
export interface AuthenticationMethods extends GrantMethods, UrlMethods {}

/**
 * The methods of an application without an API key, such as a desktop program.
 */
export interface PublicMethods
  extends UrlMethods, Pick<Derived, "authorizeDevice">, Pick<GrantMethods, "withRefreshToken" | "withDeviceCode"> {
  /**
   * Exchanges an authorization code with its code verifier.
   *
   * @see https://workos.com/docs/reference/authkit/authentication/code
   */
  readonly withCode: (
    options: GrantOptions<"withCode"> & { readonly codeVerifier: Redacted.Redacted }
  ) => Effect.Effect<AuthenticationResponse, AuthenticateError>
}

const keyMissing = (name: string, message: string) =>
  Effect.suspend(() => {
    const operation = `authentication.${name}`
    return Effect.fail(new InvalidRequest({ operation, message: `${operation}: ${message}` }))
  })

// RFC 8628, 3.5: the interval of a device authorization without one, and the step of `slow_down`.
const seconds = 5

const { endpoints } = authentication

const makeMethods = ({
  authenticate
}: Derived): Effect.Effect<AuthenticationMethods, never, WorkOsConfig.WorkOsConfig> =>
  Effect.map(WorkOsConfig.WorkOsConfig, ({ apiKey, baseUrl }) => {
    const clientSecret = Redacted.value(apiKey) === "" ? undefined : apiKey
    const confidential =
      <const Name extends keyof typeof grantTypes>(name: Name) =>
      (options: GrantOptions<Name>) =>
        clientSecret === undefined
          ? keyMissing(name, "Expected an API key")
          : // The options and the two added fields are those of the grant.
            authenticate({ ...options, grantType: grantTypes[name], clientSecret } as Parameters<
              typeof authenticate
            >[0])
    const secret = clientSecret === undefined ? {} : { clientSecret }
    const grants: GrantMethods = {
      withCode: (options) =>
        clientSecret === undefined && options.codeVerifier === undefined
          ? keyMissing("withCode", "codeVerifier: Expected the verifier of this sign-in, since there is no API key")
          : authenticate({ ...options, ...secret, grantType: grantTypes.withCode }),
      withRefreshToken: (options) => authenticate({ ...options, ...secret, grantType: grantTypes.withRefreshToken }),
      withDeviceCode: (options) => authenticate({ ...options, grantType: grantTypes.withDeviceCode }),
      withPassword: confidential("withPassword"),
      withMagicAuth: confidential("withMagicAuth"),
      withEmailVerification: confidential("withEmailVerification"),
      withTotp: confidential("withTotp"),
      withOrganizationSelection: confidential("withOrganizationSelection"),
      withRadarEmailChallenge: confidential("withRadarEmailChallenge"),
      withRadarSmsChallenge: confidential("withRadarSmsChallenge")
    }
    const authorizationUrl = (options: AuthorizationUrlOptions) =>
      BrowserUrl.make(
        "authentication.authorizationUrl",
        endpoints.authorize,
        BrowserUrl.authorizationQuery(options),
        baseUrl
      )
    const waitForDevice: UrlMethods["waitForDevice"] = Effect.fnUntraced(function* ({
      clientId,
      device: { deviceCode, interval = seconds }
    }) {
      let delay = interval
      for (;;) {
        yield* Effect.sleep(`${delay} seconds`)
        const result = yield* Effect.result(grants.withDeviceCode({ clientId, deviceCode }))
        if (Result.isSuccess(result)) return result.success
        const error = result.failure
        if (error._tag === "SlowDown") delay += seconds
        else if (error._tag !== "AuthorizationPending") return yield* Effect.fail(error)
      }
    })
    return {
      ...grants,
      authorizationUrl,
      start: Effect.fnUntraced(function* (options) {
        const state = yield* Pkce.randomString
        const { codeChallenge, codeVerifier } = yield* Pkce.generate
        const url = yield* Effect.fromResult(authorizationUrl({ ...options, state, codeChallenge }))
        return { url, state, codeVerifier }
      }),
      logoutUrl: ({ returnTo, sessionId }) =>
        BrowserUrl.make(
          "authentication.logoutUrl",
          endpoints.logout,
          { sessionId, ...(returnTo === undefined ? {} : { returnTo: String(returnTo) }) },
          baseUrl
        ),
      waitForDevice
    }
  })

/**
 * The client of user authentication, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (Signing in with a password)
 *
 * ```ts
 * import { Authentication } from "@effect-workos/client/Authentication"
 * import * as Effect from "effect/Effect"
 * import type * as Redacted from "effect/Redacted"
 *
 * const signIn = Effect.fn("signIn")(function* (email: string, password: Redacted.Redacted) {
 *   const authentication = yield* Authentication
 *   const { user } = yield* authentication.withPassword({ clientId: "client_01HZBC6N1EB1ZY7KG32X", email, password })
 *   return user
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/authkit/authentication
 */
export class Authentication extends Client.Service<Authentication>()(
  "@effect-workos/client/Authentication",
  authentication,
  makeMethods
) {}

/**
 * User authentication for an application that cannot keep a secret, and so has no API key. PKCE alone protects its codes.
 *
 * @see https://workos.com/docs/reference/authkit/authentication/get-authorization-url/pkce
 */
export class PublicAuthentication extends Context.Service<PublicAuthentication, PublicMethods>()(
  "@effect-workos/client/Authentication/PublicAuthentication"
) {
  /**
   * Makes a layer without an API key. Fails with `InvalidConfig` if an option is invalid, as `WorkOsConfig.layer` does.
   *
   * **Example** (A command-line program that signs in)
   *
   * ```ts
   * import { PublicAuthentication } from "@effect-workos/client/Authentication"
   * import * as Effect from "effect/Effect"
   * import * as FetchHttpClient from "effect/http/FetchHttpClient"
   * import * as Layer from "effect/Layer"
   *
   * const clientId = "client_01HZBC6N1EB1ZY7KG32X"
   *
   * const program = Effect.gen(function* () {
   *   const authentication = yield* PublicAuthentication
   *   const device = yield* authentication.authorizeDevice({ clientId })
   *   yield* Effect.log(`Open ${device.verificationUri} and enter ${device.userCode}`)
   *   return yield* authentication.waitForDevice({ clientId, device })
   * }).pipe(Effect.provide(PublicAuthentication.layer().pipe(Layer.provide(FetchHttpClient.layer))))
   * ```
   */
  static readonly layer = (
    options?: Omit<WorkOsConfig.Options, "apiKey">
  ): Layer.Layer<PublicAuthentication, WorkOsConfig.InvalidConfig, HttpClient.HttpClient> =>
    Layer.effect(this, Authentication).pipe(
      Layer.provide(Layer.fresh(Authentication.layer)),
      Layer.provide(WorkOsConfig.layerPublic(options))
    )
}
