/**
 * Single sign-on: schemas and endpoints.
 *
 * The application sends the browser to `authorize`. The browser returns with a code, which the application exchanges for a
 * profile and an access token.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Exclusive from "../Exclusive.ts"
import * as Id from "../Id.ts"
import * as Lenient from "../Lenient.ts"
import { Jwks } from "./Jwks.ts"
import { InvalidClientErrors, OAuthErrors, UnauthorizedClientErrors } from "./OAuthError.ts"
import * as Pagination from "../Pagination.ts"
import { Profile } from "./Profile.ts"
import { RedactedString } from "../RedactedString.ts"
import * as Resource from "../Resource.ts"
import * as Wire from "../Wire.ts"
import * as Lazy from "../Lazy.ts"

/**
 * The id of an application, which WorkOS calls a client: `client_…`.
 *
 * @see https://workos.com/docs/reference/sso
 */
export const ClientId = Id.make("client")

/**
 * The OAuth providers that users can sign in with if neither their connection nor their organization is known.
 *
 * @see https://workos.com/docs/reference/sso/get-authorization-url
 */
export const Provider = Lazy.schema(() =>
  Schema.Literals([
    "AppleOAuth",
    "BitbucketOAuth",
    "GitHubOAuth",
    "GitLabOAuth",
    "GoogleOAuth",
    "IntuitOAuth",
    "LinkedInOAuth",
    "MicrosoftOAuth",
    "SalesforceOAuth",
    "SlackOAuth",
    "VercelMarketplaceOAuth",
    "VercelOAuth",
    "XeroOAuth"
  ])
)
export type Provider = typeof Provider.Type

// Schemes that a browser executes or displays. Other schemes are allowed, since native applications register their own.
const noDestination: ReadonlySet<string> = new Set(["about:", "blob:", "data:", "file:", "javascript:", "vbscript:"])

// `URL` removes white space, but comparisons of redirect URIs do not.
const isDestination = (uri: string): boolean =>
  URL.canParse(uri) && !/[\s\p{Cc}]/u.test(uri) && !noDestination.has(new URL(uri).protocol)

/**
 * The URL to which a browser returns after a sign-in: complete, without white space, and with a scheme that opens an
 * application.
 */
export const RedirectUri = Lazy.schema(() =>
  Arbitraries.url("/callback").check(
    Schema.makeFilter(isDestination, { expected: "a complete URL such as https://your-app.com/callback" })
  )
)

/**
 * A code challenge of PKCE: the SHA-256 hash of a code verifier in base64url.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7636#section-4.2
 */
export const CodeChallenge = Lazy.schema(() =>
  Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_-]{43}$/, { expected: "a SHA-256 hash in base64url" }))
)

const selectors = ["connection", "organization", "provider"] as const

/**
 * The query parameters of `authorize`.
 *
 * **Details**
 *
 * - `connection`, `organization` or `provider`: the identity provider. Exactly one of them is required.
 * - `redirectUri`: the URL to which the browser returns. The application must have registered the URL. The URL must be
 *   complete, without white space, and have a scheme that opens an application, such as `https:` or the scheme of a native
 *   application.
 * - `state`: returned unchanged. A random value that is also in a cookie of the browser protects against forged sign-ins.
 * - `codeChallenge`: the hash of a code verifier (PKCE). The code can then be exchanged only with the verifier.
 * - `domainHint` and `loginHint`: hints for the sign-in form of the identity provider.
 * - `nonce`: a value that prevents replay. WorkOS passes it on to identity providers that support nonces.
 * - `prompt`: `login` requires credentials even from users who are signed in at the identity provider.
 * - `providerScopes` and `providerQueryParams`: additional scopes and query parameters for an OAuth provider.
 *
 * @see https://workos.com/docs/reference/sso/get-authorization-url
 */
export const AuthorizationQuery = Lazy.schema(() =>
  Wire.Struct(() => ({
    clientId: ClientId,
    redirectUri: RedirectUri,
    responseType: Schema.Literal("code"),
    connection: Schema.optional(Id.make("conn")),
    organization: Schema.optional(Id.make("org")),
    provider: Schema.optional(Provider),
    state: Schema.optional(Schema.String),
    codeChallenge: Schema.optional(CodeChallenge),
    codeChallengeMethod: Schema.optional(Schema.Literal("S256")),
    domainHint: Schema.optional(Arbitraries.DomainName),
    loginHint: Schema.optional(Arbitraries.stringMatching(/[a-z]{3,9}@(?:acme|contoso)\.example/)),
    nonce: Schema.optional(Arbitraries.stringMatching(/[A-Za-z0-9]{16}/)),
    prompt: Schema.optional(Schema.Literal("login")),
    providerScopes: Schema.optional(Pagination.CommaSeparated(Arbitraries.stringMatching(/[a-z]{4,8}/))),
    providerQueryParams: Schema.optional(Schema.Record(Schema.String, Schema.String))
  })).check(
    Schema.makeFilter((query) => selectors.filter((selector) => query[selector] !== undefined).length === 1, {
      expected: "exactly one of connection, organization and provider"
    }),
    Schema.makeFilter(
      ({ codeChallenge, codeChallengeMethod }) => (codeChallenge === undefined) === (codeChallengeMethod === undefined),
      { expected: "a code challenge with its method, S256" }
    )
  )
)
export type AuthorizationQuery = typeof AuthorizationQuery.Type

/**
 * The URL of the identity provider, for clients that request JSON instead of a redirect.
 *
 * @see https://workos.com/docs/reference/sso/get-authorization-url
 */
export const AuthorizationUrl = Lazy.schema(() => Schema.Struct({ url: Schema.String }))

/**
 * A code verifier of PKCE: 43 to 128 letters, digits and `-._~`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7636#section-4.1
 */
export const CodeVerifier = Lazy.schema(() =>
  Schema.String.check(
    Schema.isPattern(/^[A-Za-z0-9\-._~]{43,128}$/, { expected: "43 to 128 letters, digits and -._~" })
  )
)

/**
 * The payload that exchanges a code for a profile and an access token.
 *
 * **Details**
 *
 * Applications that can keep a secret send a `clientSecret`, which is the API key. Other applications send the
 * `codeVerifier` of the sign-in. It is safest to send both.
 *
 * @see https://workos.com/docs/reference/sso/profile/get-profile-and-token
 */
export class TokenRequest extends Schema.Opaque<TokenRequest>()(
  Wire.Struct(() => ({
    clientId: ClientId,
    clientSecret: Wire.optional(RedactedString(/sk_test_[A-Za-z0-9]{24}/)),
    code: RedactedString(/01[0-9A-HJKMNP-TV-Z]{24}/),
    codeVerifier: Wire.optional(RedactedString(/[A-Za-z0-9\-._~]{43}/)),
    grantType: Arbitraries.stringMatching(/authorization_code/)
  }))
) {}

/**
 * The tokens of an OAuth identity provider, for requests to that provider. `expiresAt` is in seconds since 1970. Tokens
 * that do not expire have neither `expiresAt` nor a `refreshToken`.
 *
 * @see https://workos.com/docs/reference/sso/profile/get-profile-and-token
 */
export class OAuthTokens extends Schema.Opaque<OAuthTokens>()(
  Wire.Struct(() => ({
    provider: Arbitraries.stringMatching(/(?:GitHub|Google|Microsoft)OAuth/),
    accessToken: RedactedString(/[A-Za-z0-9]{40}/),
    refreshToken: Lenient.optional(RedactedString(/[A-Za-z0-9]{40}/), { required: true }),
    expiresAt: Lenient.optional(Schema.Int, { required: true }),
    scopes: Lenient.withDefault(Schema.Array(Arbitraries.stringMatching(/[a-z]{4,8}/)), () => [])
  }))
) {}

/**
 * The profile of the user who signed in, and an access token that is valid for `expiresIn` seconds.
 *
 * **Example** (Making a session)
 *
 * ```ts
 * import type { OAuthTokens, ProfileAndToken } from "@effect-workos/domain/sso/Sso"
 *
 * const until = ({ expiresAt }: OAuthTokens): Date | undefined =>
 *   expiresAt === undefined ? undefined : new Date(expiresAt * 1000)
 *
 * const session = ({ accessToken, oauthTokens, profile }: ProfileAndToken) => ({
 *   email: profile.email,
 *   accessToken,
 *   provider: oauthTokens && until(oauthTokens)
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/sso/profile/get-profile-and-token
 */
export class ProfileAndToken extends Schema.Opaque<ProfileAndToken>()(
  Wire.Struct(() => ({
    tokenType: Lenient.withDefault(Schema.Literal("Bearer"), () => "Bearer" as const),
    accessToken: RedactedString(/[A-Za-z0-9_-]{20}\.[A-Za-z0-9_-]{80}\.[A-Za-z0-9_-]{342}/),
    expiresIn: Lenient.optional(Schema.Int, { required: true }),
    profile: Profile,
    oauthTokens: Lenient.optional(OAuthTokens)
  }))
) {}

/**
 * The payload that requests a URL for the sign-out of a user.
 *
 * @see https://workos.com/docs/reference/sso/logout/authorize
 */
export class LogoutRequest extends Schema.Opaque<LogoutRequest>()(
  Wire.Struct(() => ({ profileId: Id.make("prof") }))
) {}

/**
 * The URL that signs the user out when the browser opens it, and the token in that URL, which expires soon. Both are
 * secrets, because anyone who has them can sign the user out.
 *
 * @see https://workos.com/docs/reference/sso/logout/authorize
 */
export class Logout extends Schema.Opaque<Logout>()(
  Wire.Struct(() => ({
    logoutUrl: RedactedString(/https:\/\/sso\.(?:acme|contoso)\.example\/sso\/logout\?token=[A-Za-z0-9_-]{40}/),
    logoutToken: RedactedString(/[A-Za-z0-9_-]{40}/)
  }))
) {}

/**
 * The endpoints of single sign-on. Browsers open `authorize` and `logout`; programs send requests to the others.
 *
 * @see https://workos.com/docs/reference/sso
 */
export const sso = Resource.make(
  "sso",
  {
    /** Redirects the browser to the identity provider. Reports errors to the redirect URI if the URI is registered. */
    authorize: Endpoint.get("/sso/authorize", {
      summary: "Initiate SSO",
      description:
        "Redirects to the identity provider. Errors in the request are reported to the redirect URI, except for an " +
        "unknown client or redirect URI.",
      query: AuthorizationQuery,
      exclusive: Exclusive.make([selectors]),
      success: AuthorizationUrl,
      errors: [OAuthErrors, ApiError.UnprocessableEntity, ApiError.TooManyRequests],
      access: "public",
      browser: true
    }),
    /**
     * Exchanges an authorization code for the profile of the user who signed in, and an access token.
     *
     * Fails with `InvalidGrant` if the code was used before, has expired or belongs to another code verifier. Fails with
     * `InvalidClient` if the API key belongs to another application. A request that may have used the code is not
     * retried: if its response is lost, the call fails with `TransportError`, `RequestTimeout`, `ServerError` or
     * `InvalidResponse`, and the user must sign in again.
     *
     * @see https://workos.com/docs/reference/sso/profile/get-profile-and-token
     */
    profileAndToken: Endpoint.post("/sso/token", {
      summary: "Get a profile and token",
      description: "A code can be used once.",
      payload: TokenRequest,
      encoding: "form",
      success: ProfileAndToken,
      errors: [
        OAuthErrors,
        InvalidClientErrors,
        UnauthorizedClientErrors,
        ApiError.NotFound,
        ApiError.UnprocessableEntity,
        ApiError.TooManyRequests
      ],
      access: "public",
      // RFC 6749, 4.1.2: the tokens of a code that is used twice may be revoked.
      retryUnsafe: true,
      containsPii: true
    }),
    /**
     * Returns the profile of the user to whom an access token was issued. Fails with `Unauthorized` if the token is no
     * longer valid.
     *
     * @see https://workos.com/docs/reference/sso/profile/get-user-profile
     */
    profile: Endpoint.get("/sso/profile", {
      summary: "Get the profile of a signed-in user",
      success: Profile,
      errors: [ApiError.NotFound],
      access: "accessToken",
      containsPii: true
    }),
    /**
     * Returns the keys that verify access tokens of an application. `@effect-workos/server` fetches, caches and uses them.
     *
     * @see https://workos.com/docs/reference/authkit/session-tokens/jwks
     */
    jwks: Endpoint.get("/sso/jwks/:clientId", {
      summary: "Get the keys that verify access tokens",
      params: { clientId: ClientId },
      success: Jwks,
      errors: [ApiError.NotFound, ApiError.TooManyRequests],
      access: "public"
    }),
    /**
     * Returns a URL that signs a user out of the identity provider when the browser opens the URL. Fails with
     * `ConnectionInvalid` if the connection does not support sign-out.
     *
     * @see https://workos.com/docs/reference/sso/logout/authorize
     */
    logoutAuthorize: Endpoint.post("/sso/logout/authorize", {
      summary: "Get a URL that signs a user out",
      payload: LogoutRequest,
      success: Logout,
      errors: [OAuthErrors, ApiError.NotFound, ApiError.UnprocessableEntity],
      origin: "auth"
    }),
    /** Signs a user out. */
    logout: Endpoint.get("/sso/logout", {
      summary: "Sign out",
      query: Schema.Struct({ token: Schema.String }),
      errors: [ApiError.NotFound, ApiError.UnprocessableEntity, ApiError.TooManyRequests],
      status: 200,
      access: "public",
      origin: "auth",
      browser: true
    })
  },
  { title: "Single sign-on", noun: "sign-in" }
)
