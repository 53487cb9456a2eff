// The URL that a browser is sent to, to sign in.
import { type AuthorizationQuery, sso } from "@effect-workos/domain/sso/Sso"
import * as Record from "effect/Record"
import * as Result from "effect/Result"
import { InvalidRequest } from "./ClientError.ts"
import * as BaseUrl from "./internal/BaseUrl.ts"
import * as Failure from "./internal/Failure.ts"
import * as RequestInput from "./internal/RequestInput.ts"
import { productionUrl } from "./WorkOsConfig.ts"

/**
 * Whom to sign in with: by the id of a connection, by that of an organization, which has just one then, or with a provider
 * that everybody can have an account with.
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
 * Where to sign in, and where to come back to.
 *
 * **Details**
 *
 * `clientId` is the application's id, `client_…`, and `redirectUri` one of those that it has registered. `state` comes back
 * as it is, and `codeChallenge` is that of `Pkce`. `providerQueryParams` that are numbers or booleans
 * stand in the URL as they are written. The others are `AuthorizationQuery`'s.
 *
 * **Example** (Whom to sign in with, chosen by what is known of somebody)
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

const operation = "sso.authorizationUrl"

/**
 * The URL to send the browser to. `InvalidRequest` where an id is none, the redirect URI none that a browser
 * can go to, or the base URL one with a query, for example.
 *
 * **Details**
 *
 * It is made of nothing but the options: no request is sent. `baseUrl` is where WorkOS is, if not in production: a
 * URL of `https:` or `http:` without a user, a query and a fragment. `redirectUri` has no white space and a scheme that
 * leads somewhere: `https:`, or an application's own, and not `javascript:` or `data:`.
 *
 * **Example** (To the one connection of a customer)
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
export const make = (options: Options, baseUrl: URL = productionUrl): Result.Result<URL, InvalidRequest> => {
  const { codeChallenge, providerQueryParams, redirectUri, ...rest } = options
  const query: AuthorizationQuery = {
    ...rest,
    redirectUri: String(redirectUri),
    responseType: "code",
    ...(providerQueryParams === undefined ? {} : { providerQueryParams: Record.map(providerQueryParams, String) }),
    ...(codeChallenge === undefined ? {} : { codeChallenge, codeChallengeMethod: "S256" })
  }
  const violation = BaseUrl.violation(baseUrl)
  if (violation !== undefined) {
    return Result.fail(new InvalidRequest({ operation, message: `${operation}: baseUrl: Expected ${violation}` }))
  }
  return RequestInput.urls(sso.endpoints.authorize, baseUrl)({}, query).pipe(
    Result.mapBoth({
      onFailure: (error) => Failure.invalidRequest(operation, error),
      onSuccess: (url) => new URL(url)
    })
  )
}
