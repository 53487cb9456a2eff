// The errors of OAuth: `{ "error": …, "error_description": … }`, as the endpoints of the sign-in flow answer them.
//
// Most have the status 400, and it is `error` that says which one it is. Each is a class of its own, so that programs catch them by
// name, and one that is not known here is an `OAuthError`.
import * as Schema from "effect/Schema"
import type * as ApiError from "../ApiError.ts"
import { errorFields } from "../ApiError.ts"
import * as Lazy from "../Lazy.ts"

/**
 * The authorization code is not valid: it was used before, has expired, was never given out or was given to another
 * client, or the code verifier is not the one that it was asked for with.
 *
 * @see https://workos.com/docs/reference/sso/profile/get-profile-and-token
 */
export class InvalidGrant extends Schema.TaggedError<InvalidGrant>()("InvalidGrant", errorFields) {}

/**
 * The client id or the client secret is wrong.
 *
 * @see https://workos.com/docs/reference/sso/profile/get-profile-and-token
 */
export class InvalidClient extends Schema.TaggedError<InvalidClient>()("InvalidClient", errorFields) {}

/**
 * The client may not do this.
 *
 * @see https://workos.com/docs/reference/sso/profile/get-profile-and-token
 */
export class UnauthorizedClient extends Schema.TaggedError<UnauthorizedClient>()("UnauthorizedClient", errorFields) {}

/**
 * The grant type is none that WorkOS knows.
 *
 * @see https://workos.com/docs/reference/sso/profile/get-profile-and-token
 */
export class UnsupportedGrantType extends Schema.TaggedError<UnsupportedGrantType>()(
  "UnsupportedGrantType",
  errorFields
) {}

/**
 * The connection can't do this: its identity provider, for example, has no way to sign anybody out.
 *
 * @see https://workos.com/docs/reference/sso/logout/authorize
 */
export class ConnectionInvalid extends Schema.TaggedError<ConnectionInvalid>()("ConnectionInvalid", errorFields) {}

/**
 * The redirect URI is not among those that the application has registered.
 *
 * @see https://workos.com/docs/reference/sso/get-authorization-url/redirect-uri
 */
export class InvalidRedirectUri extends Schema.TaggedError<InvalidRedirectUri>()("InvalidRedirectUri", errorFields) {}

/**
 * Any other error of OAuth; `error` is its name.
 *
 * **Example** (Whose turn it is)
 *
 * ```ts
 * import type * as OAuthError from "@effect-workos/domain/sso/OAuthError"
 *
 * type Documented =
 *   | OAuthError.InvalidGrant
 *   | OAuthError.InvalidClient
 *   | OAuthError.UnauthorizedClient
 *   | OAuthError.UnsupportedGrantType
 *   | OAuthError.ConnectionInvalid
 *   | OAuthError.InvalidRedirectUri
 *   | OAuthError.OAuthError
 *
 * const isUsers = (error: Documented): boolean => {
 *   switch (error._tag) {
 *     case "InvalidGrant":
 *     case "ConnectionInvalid":
 *       return true
 *     case "InvalidClient":
 *     case "UnauthorizedClient":
 *     case "UnsupportedGrantType":
 *     case "InvalidRedirectUri":
 *       return false
 *     case "OAuthError":
 *       return error.error === "access_denied"
 *   }
 * }
 * ```
 *
 * @see https://workos.com/docs/reference/sso/get-authorization-url/error-codes
 */
export class OAuthError extends Schema.TaggedError<OAuthError>()("OAuthError", {
  ...errorFields,
  error: Schema.String
}) {}

const known = [
  ["invalid_grant", InvalidGrant],
  ["invalid_client", InvalidClient],
  ["unauthorized_client", UnauthorizedClient],
  ["unsupported_grant_type", UnsupportedGrantType],
  ["connection_invalid", ConnectionInvalid],
  ["invalid_redirect_uri", InvalidRedirectUri]
] as const

const AnyOAuthError = Lazy.schema(() => Schema.Union([...known.map(([, error]) => error), OAuthError]))
type AnyOAuthError = typeof AnyOAuthError.Type

const nameOf = (error: AnyOAuthError): string =>
  error._tag === "OAuthError" ? error.error : (known.find(([, known]) => error instanceof known)?.[0] ?? "")

const errorsWith = (status: number, defaultName: string): ApiError.NamedErrors<AnyOAuthError> => ({
  status,
  schema: AnyOAuthError,
  defaultName,
  fromName: (name, fields) => {
    const found = known.find(([known]) => known === name)
    return found === undefined ? new OAuthError({ ...fields, error: name }) : new found[1](fields)
  },
  toName: nameOf
})

/**
 * The errors of OAuth with status 400; `invalid_request` if the body has no name.
 *
 * **Example** (An endpoint that returns tokens)
 *
 * ```ts
 * import * as Endpoint from "@effect-workos/domain/Endpoint"
 * import * as OAuthError from "@effect-workos/domain/sso/OAuthError"
 * import * as Schema from "effect/Schema"
 *
 * const token = Endpoint.post("/token", {
 *   summary: "Get a token",
 *   payload: Schema.Struct({ code: Schema.String }),
 *   success: Schema.Struct({ access_token: Schema.String }),
 *   errors: [OAuthError.OAuthErrors, OAuthError.InvalidClientErrors, OAuthError.UnauthorizedClientErrors],
 *   access: "public"
 * })
 * ```
 */
export const OAuthErrors = errorsWith(400, "invalid_request")

/**
 * The errors of OAuth with status 401, for which RFC 6749 has `invalid_client`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
export const InvalidClientErrors = errorsWith(401, "invalid_client")

/**
 * The errors of OAuth with status 403: `unauthorized_client`.
 */
export const UnauthorizedClientErrors = errorsWith(403, "unauthorized_client")
