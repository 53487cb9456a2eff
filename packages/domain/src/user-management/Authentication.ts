/**
 * Authentication of users: the grants of `authenticate`, authorization URLs, device authorization and sign-out.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import * as Lazy from "../Lazy.ts"
import * as Lenient from "../Lenient.ts"
import * as OpenEnum from "../OpenEnum.ts"
import { OrganizationId } from "../organizations/OrganizationId.ts"
import * as Pagination from "../Pagination.ts"
import { RedactedString } from "../RedactedString.ts"
import * as Resource from "../Resource.ts"
import { AuthorizationUrl, ClientId, CodeChallenge, OAuthTokens, Provider, RedirectUri } from "../sso/Sso.ts"
import * as Wire from "../Wire.ts"
import {
  AuthenticationErrors,
  AuthenticationForbiddenErrors,
  AuthenticationUnauthorizedErrors,
  PendingAuthenticationToken
} from "./AuthenticationError.ts"
import { Email } from "./Email.ts"
import { Impersonator } from "./Impersonator.ts"
import * as RateLimits from "./RateLimits.ts"
import { User } from "./User.ts"

// -----------------------------------------------------------------------------
// Grants
// -----------------------------------------------------------------------------

/**
 * The grant types, by the name of the client method that sends each.
 *
 * @see https://workos.com/docs/reference/authkit/authentication
 */
export const grantTypes = {
  withCode: "authorization_code",
  withRefreshToken: "refresh_token",
  withPassword: "password",
  withMagicAuth: "urn:workos:oauth:grant-type:magic-auth:code",
  withEmailVerification: "urn:workos:oauth:grant-type:email-verification:code",
  withTotp: "urn:workos:oauth:grant-type:mfa-totp",
  withOrganizationSelection: "urn:workos:oauth:grant-type:organization-selection",
  withRadarEmailChallenge: "urn:workos:oauth:grant-type:radar-email-challenge:code",
  withRadarSmsChallenge: "urn:workos:oauth:grant-type:radar-sms-challenge:code",
  withDeviceCode: "urn:ietf:params:oauth:grant-type:device_code"
} as const

/** The fields of all grants: the client, and facts about the request of the user that Radar and the events contain. */
const grant = <const Name extends keyof typeof grantTypes>(name: Name) => ({
  grantType: Schema.Literal(grantTypes[name]),
  clientId: ClientId,
  ipAddress: Wire.optional(Schema.String),
  userAgent: Wire.optional(Schema.String),
  deviceId: Wire.optional(Schema.String)
})

const secret = RedactedString(/sk_test_[A-Za-z0-9]{24}/)

const confidential = { clientSecret: secret }

const invitation = () => ({ invitationToken: Wire.optional(RedactedString(/[A-Za-z0-9]{25}/)) })

const pending = { pendingAuthenticationToken: PendingAuthenticationToken }

const oneTimeCode = RedactedString(/[0-9]{6}/)

/**
 * The grants, by the name of the client method that sends each.
 *
 * @see https://workos.com/docs/reference/authkit/authentication
 */
export const Grants = {
  /** Exchanges an authorization code. `codeVerifier` is required without an API key. */
  withCode: Wire.Struct(() => ({
    ...grant("withCode"),
    clientSecret: Wire.optional(secret),
    code: RedactedString(/01[0-9A-HJKMNP-TV-Z]{24}/),
    codeVerifier: Wire.optional(RedactedString(/[A-Za-z0-9\-._~]{43}/)),
    signalsId: Wire.optional(Schema.String),
    ...invitation()
  })),
  /**
   * Exchanges a refresh token, which can be used once, for new tokens. `organizationId` switches the session to another
   * organization of the user.
   */
  withRefreshToken: Wire.Struct(() => ({
    ...grant("withRefreshToken"),
    clientSecret: Wire.optional(secret),
    refreshToken: RedactedString(/[A-Za-z0-9]{25}/),
    organizationId: Wire.optional(Id.make("org"))
  })),
  /** Authenticates with an email address and a password. */
  withPassword: Wire.Struct(() => ({
    ...grant("withPassword"),
    ...confidential,
    email: Email,
    password: RedactedString(/[A-Za-z0-9]{12}/),
    signalsId: Wire.optional(Schema.String),
    radarAuthAttemptId: Wire.optional(Schema.String),
    ...invitation()
  })),
  /** Authenticates with the code of a magic auth email. */
  withMagicAuth: Wire.Struct(() => ({
    ...grant("withMagicAuth"),
    ...confidential,
    email: Email,
    code: oneTimeCode,
    radarAuthAttemptId: Wire.optional(Schema.String),
    ...invitation()
  })),
  /** Continues after `EmailVerificationRequired` with the code of the email. */
  withEmailVerification: Wire.Struct(() => ({
    ...grant("withEmailVerification"),
    ...confidential,
    ...pending,
    code: oneTimeCode
  })),
  /** Continues after `MfaEnrollmentRequired` or `MfaChallengeRequired` with the code of an authentication factor. */
  withTotp: Wire.Struct(() => ({
    ...grant("withTotp"),
    ...confidential,
    ...pending,
    code: oneTimeCode,
    authenticationChallengeId: Id.make("auth_challenge")
  })),
  /** Continues after `OrganizationSelectionRequired` with the selected organization. */
  withOrganizationSelection: Wire.Struct(() => ({
    ...grant("withOrganizationSelection"),
    ...confidential,
    ...pending,
    organizationId: Id.make("org")
  })),
  /** Continues after `RadarChallengeRequired` with the code of the email. */
  withRadarEmailChallenge: Wire.Struct(() => ({
    ...grant("withRadarEmailChallenge"),
    ...confidential,
    ...pending,
    code: oneTimeCode,
    radarChallengeId: Schema.String
  })),
  /** Continues after `RadarChallengeRequired` with the code of an SMS. */
  withRadarSmsChallenge: Wire.Struct(() => ({
    ...grant("withRadarSmsChallenge"),
    ...confidential,
    ...pending,
    code: oneTimeCode,
    verificationId: Wire.optional(Schema.String),
    phoneNumber: Wire.optional(Schema.String)
  })),
  /** Authenticates a device. Fails with `AuthorizationPending` until the user has entered the code. */
  withDeviceCode: Wire.Struct(() => ({
    ...grant("withDeviceCode"),
    deviceCode: RedactedString(/[A-Za-z0-9]{40}/)
  }))
}

/**
 * The payload of `authenticate`: one of the grants, which `grantType` distinguishes.
 *
 * @see https://workos.com/docs/reference/authkit/authentication
 */
export const Grant = Lazy.schema(() => Schema.Union(Object.values(Grants)))
export type Grant = typeof Grant.Type

// -----------------------------------------------------------------------------
// Responses
// -----------------------------------------------------------------------------

/**
 * The method with which a user authenticated.
 *
 * @see https://workos.com/docs/reference/authkit/authentication
 */
export const AuthenticationMethod = OpenEnum.make(
  [
    "AppleOAuth",
    "BitbucketOAuth",
    "CrossAppAuth",
    "DiscordOAuth",
    "ExternalAuth",
    "GitHubOAuth",
    "GitLabOAuth",
    "GoogleOAuth",
    "GrokOAuth",
    "Impersonation",
    "IntuitOAuth",
    "LinkedInOAuth",
    "MagicAuth",
    "MicrosoftOAuth",
    "MigratedSession",
    "Passkey",
    "Password",
    "SSO",
    "SalesforceOAuth",
    "SlackOAuth",
    "VercelMarketplaceOAuth",
    "VercelOAuth",
    "XOAuth",
    "XeroOAuth"
  ],
  /[A-Z][a-z]{4,8}Auth/
)
export type AuthenticationMethod = typeof AuthenticationMethod.Type

/**
 * A successful authentication: the user, an access token, and the refresh token that replaces it.
 *
 * **Details**
 *
 * - `organizationId`: the organization that the user signed in to, if any.
 * - `refreshToken`: can be used once. Each refresh returns another one.
 * - `impersonator`: present if a WorkOS user signed in as this user.
 * - `oauthTokens`: the tokens of the OAuth provider, if the user signed in with one and the provider returns its tokens.
 *
 * @see https://workos.com/docs/reference/authkit/authentication
 */
export class AuthenticationResponse extends Schema.Opaque<AuthenticationResponse>()(
  Wire.Struct(() => ({
    /** The user. */
    user: User,
    organizationId: Lenient.optional(OrganizationId, { nullable: true }),
    /** The token of requests, which is valid for a few minutes. */
    accessToken: RedactedString(/[A-Za-z0-9_-]{20}\.[A-Za-z0-9_-]{80}\.[A-Za-z0-9_-]{342}/),
    refreshToken: RedactedString(/[A-Za-z0-9]{25}/),
    /** The method of the sign-in. */
    authenticationMethod: Lenient.optional(AuthenticationMethod),
    authkitAuthorizationCode: Lenient.optional(RedactedString(/[A-Za-z0-9]{25}/)),
    /** The WorkOS user who signed in as this user. */
    impersonator: Lenient.optional(Impersonator, { nullable: true }),
    oauthTokens: Lenient.optional(OAuthTokens)
  }))
) {}

// -----------------------------------------------------------------------------
// Authorization URLs
// -----------------------------------------------------------------------------

const selectors = ["connectionId", "organizationId", "provider"] as const

/**
 * The providers of an authorization URL: `authkit` for AuthKit's hosted sign-in page, or an OAuth provider.
 *
 * @see https://workos.com/docs/reference/authkit/authentication/get-authorization-url
 */
export const AuthKitProvider = Lazy.schema(() => Schema.Literals(["authkit", ...Provider.literals]))
export type AuthKitProvider = typeof AuthKitProvider.Type

/**
 * The query parameters of `authorize`.
 *
 * **Details**
 *
 * - `provider`, `connectionId` or `organizationId`: the way to sign in. Exactly one of them is required. `provider` can
 *   also be combined with `organizationId`.
 * - `redirectUri`: the URL to which the browser returns.
 * - `state`: returned unchanged. A random value that is also in a cookie of the browser protects against forged sign-ins.
 * - `codeChallenge`: the hash of a code verifier (PKCE).
 * - `screenHint`: the page that AuthKit shows first.
 * - `invitationToken`: the token of an invitation, which the user accepts by signing in.
 * - `domainHint` and `loginHint`: hints for the sign-in form.
 * - `maxAge`: the age in seconds from which a sign-in must be repeated.
 *
 * @see https://workos.com/docs/reference/authkit/authentication/get-authorization-url
 */
export const AuthKitAuthorizationQuery = Lazy.schema(() =>
  Wire.Struct(() => ({
    clientId: ClientId,
    redirectUri: RedirectUri,
    responseType: Schema.Literal("code"),
    provider: Schema.optional(AuthKitProvider),
    connectionId: Schema.optional(Id.make("conn")),
    organizationId: Schema.optional(Id.make("org")),
    state: Schema.optional(Schema.String),
    codeChallenge: Schema.optional(CodeChallenge),
    codeChallengeMethod: Schema.optional(Schema.Literal("S256")),
    screenHint: Schema.optional(Schema.Literals(["sign-up", "sign-in"])),
    invitationToken: Schema.optional(Schema.String),
    domainHint: Schema.optional(Arbitraries.DomainName),
    loginHint: Schema.optional(Arbitraries.EmailAddress),
    maxAge: Schema.optional(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
    prompt: Schema.optional(Schema.String),
    providerScopes: Schema.optional(Pagination.CommaSeparated(Arbitraries.stringMatching(/[a-z]{4,8}/))),
    providerQueryParams: Schema.optional(Schema.Record(Schema.String, Schema.String))
  })).check(
    Schema.makeFilter((query) => selectors.some((selector) => query[selector] !== undefined), {
      expected: "one of provider, connectionId and organizationId"
    }),
    Schema.makeFilter(
      ({ codeChallenge, codeChallengeMethod }) => (codeChallenge === undefined) === (codeChallengeMethod === undefined),
      { expected: "a code challenge with its method, S256" }
    )
  )
)
export type AuthKitAuthorizationQuery = typeof AuthKitAuthorizationQuery.Type

// -----------------------------------------------------------------------------
// Device authorization and sign-out
// -----------------------------------------------------------------------------

/**
 * The payload that requests a device authorization.
 *
 * @see https://workos.com/docs/reference/authkit/cli-auth
 */
export class DeviceAuthorizationRequest extends Schema.Opaque<DeviceAuthorizationRequest>()(
  Wire.Struct(() => ({ clientId: ClientId }))
) {}

/**
 * A device authorization. Show `userCode` and `verificationUri` to the user, and ask for tokens every `interval` seconds
 * until the code expires after `expiresIn` seconds.
 *
 * @see https://workos.com/docs/reference/authkit/cli-auth
 */
export class DeviceAuthorization extends Schema.Opaque<DeviceAuthorization>()(
  Wire.Struct(() => ({
    deviceCode: RedactedString(/[A-Za-z0-9]{40}/),
    userCode: Arbitraries.stringMatching(/[A-Z]{4}-[A-Z]{4}/),
    verificationUri: Arbitraries.url("/device"),
    verificationUriComplete: Lenient.optional(Arbitraries.url("/device\\?user_code=AAAA-BBBB")),
    expiresIn: Schema.Finite,
    interval: Lenient.optional(Schema.Finite)
  }))
) {}

/**
 * The endpoints of authentication. Browsers open `authorize` and `logout`; programs send requests to the others.
 *
 * @see https://workos.com/docs/reference/authkit/authentication
 */
export const authentication = Resource.make(
  "authentication",
  {
    /** Redirects the browser to the sign-in page. */
    authorize: Endpoint.get("/user_management/authorize", {
      summary: "Initiate a sign-in",
      query: AuthKitAuthorizationQuery,
      success: AuthorizationUrl,
      errors: [AuthenticationErrors, ApiError.UnprocessableEntity, ApiError.TooManyRequests],
      access: "public",
      browser: true
    }),
    /**
     * Authenticates a user with one of the grants. The methods `withCode`, `withPassword` and so on of the client add the
     * grant type and the API key.
     *
     * Fails with the error of the next step if the user must do something else first, for example
     * `EmailVerificationRequired`. A request that may have used a code or a refresh token is not retried.
     *
     * @see https://workos.com/docs/reference/authkit/authentication
     */
    authenticate: Endpoint.post("/user_management/authenticate", {
      summary: "Authenticate a user",
      description: "Codes and refresh tokens can be used once.",
      payload: Grant,
      success: AuthenticationResponse,
      errors: [
        AuthenticationErrors,
        AuthenticationUnauthorizedErrors,
        AuthenticationForbiddenErrors,
        ApiError.NotFound,
        ApiError.UnprocessableEntity,
        ApiError.TooManyRequests
      ],
      access: "public",
      rateLimits: RateLimits.writes,
      // A code or a refresh token that is used twice may end the session.
      retryUnsafe: true,
      containsPii: true
    }),
    /**
     * Starts the sign-in of a device without a browser, such as a command-line program.
     *
     * @see https://workos.com/docs/reference/authkit/cli-auth/device-authorization
     */
    authorizeDevice: Endpoint.post("/user_management/authorize/device", {
      summary: "Authorize a device",
      payload: DeviceAuthorizationRequest,
      success: DeviceAuthorization,
      errors: [
        AuthenticationErrors,
        AuthenticationForbiddenErrors,
        ApiError.UnprocessableEntity,
        ApiError.TooManyRequests
      ],
      access: "public",
      rateLimits: RateLimits.writes
    }),
    /** Ends the session of a user, and redirects the browser to the application. */
    logout: Endpoint.get("/user_management/sessions/logout", {
      summary: "Sign out",
      query: Wire.Struct(() => ({ sessionId: Schema.String, returnTo: Schema.optional(Schema.String) })),
      errors: [ApiError.UnprocessableEntity, ApiError.TooManyRequests],
      status: 200,
      access: "public",
      browser: true
    })
  },
  { title: "Authentication", noun: "authentication" }
)
