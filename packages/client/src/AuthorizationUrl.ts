/**
 * The URL to which a browser is sent to sign in.
 *
 * @module
 */
import { type AuthorizationQuery, sso } from "@effect-workos/domain/sso/Sso"
import type * as Result from "effect/Result"
import type { InvalidRequest } from "./ClientError.ts"
import * as BrowserUrl from "./internal/BrowserUrl.ts"
import { productionUrl } from "./WorkOsConfig.ts"

/**
 * The identity provider: that of a connection, that of an organization with exactly one connection, or an OAuth provider.
 */
export type Selector =
  | { readonly connection: string; readonly organization?: undefined; readonly provider?: undefined }
  | { readonly organization: string; readonly connection?: undefined; readonly provider?: undefined }
  | {
      readonly provider: NonNullable<AuthorizationQuery["provider"]>
      readonly connection?: undefined
      readonly organization?: undefined
    }

/**
 * Options for `make`.
 *
 * **Details**
 *
 * `clientId` is the application's id, `client_…`, and `redirectUri` one of its registered redirect URIs. WorkOS returns
 * `state` unchanged, and `codeChallenge` is the challenge of `Pkce`. Numbers and booleans in `providerQueryParams` are
 * converted to strings. `AuthorizationQuery` describes the other options.
 *
 * **Example** (Choosing the identity provider)
 *
 * ```ts
 * import * as AuthorizationUrl from "@effect-workos/client/AuthorizationUrl"
 *
 * const selectorOf = (organizationId: string | undefined): AuthorizationUrl.Selector =>
 *   organizationId === undefined ? { provider: "GoogleOAuth" } : { organization: organizationId }
 *
 * const optionsOf = (organizationId: string | undefined): AuthorizationUrl.Options => ({
 *   ...selectorOf(organizationId),
 *   clientId: "client_01HZBC6N1EB1ZY7KG32X",
 *   redirectUri: "https://your-app.com/callback"
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/sso/get-authorization-url
 */
export type Options = Selector &
  Omit<
    AuthorizationQuery,
    keyof Selector | "responseType" | "codeChallengeMethod" | "redirectUri" | "providerQueryParams"
  > & {
    readonly redirectUri: string | URL
    readonly providerQueryParams?: Readonly<Record<string, string | number | boolean>> | undefined
  }

/**
 * Returns the URL to which to send the browser. Fails with `InvalidRequest` if an option is invalid: for example, if an id
 * is malformed, if a browser cannot open the redirect URI, or if the base URL has a query.
 *
 * **Details**
 *
 * No request is sent. `baseUrl` is an `https:` or `http:` URL without user, query and fragment, and defaults to that of the
 * production API. `redirectUri` must not contain white space, and must have a scheme that browsers open: `https:`,
 * `http:` or the scheme of a native application, but not `javascript:` or `data:`.
 *
 * **Example** (The connection of an organization)
 *
 * ```ts
 * import * as AuthorizationUrl from "@effect-workos/client/AuthorizationUrl"
 *
 * const url = AuthorizationUrl.make({
 *   clientId: "client_01HZBC6N1EB1ZY7KG32X",
 *   organization: "org_01EHWNCE74X7JSDV0X3SZ3KJNY",
 *   redirectUri: "https://your-app.com/callback",
 *   state: "dj1kUXc0dzlXZ1hjUQ"
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/sso/get-authorization-url
 */
export const make = (options: Options, baseUrl: URL = productionUrl): Result.Result<URL, InvalidRequest> =>
  BrowserUrl.make(
    "sso.authorizationUrl",
    sso.endpoints.authorize,
    BrowserUrl.authorizationQuery<Options>(options),
    baseUrl
  )
