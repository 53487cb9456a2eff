/**
 * Errors of OAuth: `{ "error": …, "error_description": … }`, the error responses of the sign-in endpoints.
 *
 * Most of these errors have the status 400 and differ by the name in `error`. Each known name has a class, so that programs
 * can catch errors by tag. Errors with other names are `OAuthError`s.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import { errorFields } from "../ApiError.ts"
import * as NamedErrors from "../NamedErrors.ts"

/**
 * The authorization code is invalid: it was used before, has expired, does not exist or belongs to another client, or the
 * code verifier does not match the code challenge of the sign-in.
 *
 * @see https://workos.com/docs/reference/sso/profile/get-profile-and-token
 */
export class InvalidGrant extends Schema.TaggedError<InvalidGrant>()("InvalidGrant", errorFields) {}

/**
 * The client id or the client secret is invalid.
 *
 * @see https://workos.com/docs/reference/sso/profile/get-profile-and-token
 */
export class InvalidClient extends Schema.TaggedError<InvalidClient>()("InvalidClient", errorFields) {}

/**
 * The client is not permitted to make the request.
 *
 * @see https://workos.com/docs/reference/sso/profile/get-profile-and-token
 */
export class UnauthorizedClient extends Schema.TaggedError<UnauthorizedClient>()("UnauthorizedClient", errorFields) {}

/**
 * WorkOS does not support the grant type.
 *
 * @see https://workos.com/docs/reference/sso/profile/get-profile-and-token
 */
export class UnsupportedGrantType extends Schema.TaggedError<UnsupportedGrantType>()(
  "UnsupportedGrantType",
  errorFields
) {}

/**
 * The connection does not support the request, for example because its identity provider cannot sign users out.
 *
 * @see https://workos.com/docs/reference/sso/logout/authorize
 */
export class ConnectionInvalid extends Schema.TaggedError<ConnectionInvalid>()("ConnectionInvalid", errorFields) {}

/**
 * The application has not registered the redirect URI.
 *
 * @see https://workos.com/docs/reference/sso/get-authorization-url/redirect-uri
 */
export class InvalidRedirectUri extends Schema.TaggedError<InvalidRedirectUri>()("InvalidRedirectUri", errorFields) {}

/**
 * An OAuth error whose name has no class. `error` contains the name.
 *
 * **Example** (Errors that users can resolve)
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
 * const isResolvable = (error: Documented): boolean => {
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

const errorsWith = (status: number, defaultName: string) =>
  NamedErrors.make({
    status,
    defaultName,
    oauth: {
      invalid_grant: InvalidGrant,
      invalid_client: InvalidClient,
      unauthorized_client: UnauthorizedClient,
      unsupported_grant_type: UnsupportedGrantType,
      connection_invalid: ConnectionInvalid,
      invalid_redirect_uri: InvalidRedirectUri
    },
    other: OAuthError
  })

/**
 * The errors of OAuth with the status 400. The name of an error whose body has no name is `invalid_request`.
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
 * The errors of OAuth with the status 401, for which RFC 6749 defines `invalid_client`. The name of an error
 * whose body has no name is `invalid_client`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
export const InvalidClientErrors = errorsWith(401, "invalid_client")

/**
 * The errors of OAuth with the status 403. The name of an error whose body has no name is `unauthorized_client`.
 */
export const UnauthorizedClientErrors = errorsWith(403, "unauthorized_client")
