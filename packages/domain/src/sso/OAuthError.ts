// The errors of OAuth: `{ "error": …, "error_description": … }`, as the endpoints of the sign-in flow answer them.
//
// Most have the status 400, and it is `error` that says which one it is. Each is a class of its own, so that programs catch them by
// name, and one that is not known here is an `OAuthError`.
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as Schema from "effect/Schema"
import { errorFields, fromRequestId, requestIdHeader, toRequestId } from "../ApiError.ts"
import * as Arbitraries from "../Arbitraries.ts"

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

const AnyOAuthError = Schema.Union([...known.map(([, error]) => error), OAuthError])
type AnyOAuthError = typeof AnyOAuthError.Type

const Body = Schema.Struct({
  error: Arbitraries.stringMatching(/[a-z]{4,8}_[a-z]{4,8}/),
  error_description: Schema.optionalKey(Schema.NullOr(Schema.String))
})

// What WorkOS's other endpoints say of an error.
const Message = Schema.Struct({ message: errorFields.message, code: errorFields.code })

const nameOf = (error: AnyOAuthError): string =>
  error._tag === "OAuthError" ? error.error : (known.find(([, known]) => error instanceof known)?.[0] ?? "")

// `otherwise` is RFC 6749's name for the status, for bodies that name no error.
const responseOf = (status: number, otherwise: string) =>
  AnyOAuthError.pipe(
    HttpApiSchema.encodeToWithHeaders(
      { body: Schema.Union([Body, Message]).pipe(HttpApiSchema.status(status)), headers: requestIdHeader },
      {
        decode: ({ body, headers }): AnyOAuthError => {
          const error = "error" in body ? body.error : (body.code ?? otherwise)
          const message = "error" in body ? (body.error_description ?? error) : body.message
          const code = "code" in body ? { code: body.code } : {}
          const fields = { message, ...code, ...toRequestId(headers) }
          const found = known.find(([name]) => name === error)
          return found === undefined ? new OAuthError({ ...fields, error }) : new found[1](fields)
        },
        encode: (error) => ({
          body: { error: nameOf(error), error_description: error.message },
          headers: fromRequestId(error)
        })
      }
    )
  )

/**
 * The 400 that says which error of OAuth it is; `invalid_request` where it says nothing but a message.
 *
 * **Example** (An endpoint that gives tokens)
 *
 * ```ts
 * import * as OAuthError from "@effect-workos/domain/sso/OAuthError"
 * import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
 * import * as Schema from "effect/Schema"
 *
 * const token = HttpApiEndpoint.post("token", "/token", {
 *   payload: Schema.Struct({ code: Schema.String }),
 *   success: Schema.Struct({ access_token: Schema.String }),
 *   error: [
 *     OAuthError.OAuthErrorResponse,
 *     OAuthError.InvalidClientResponse,
 *     OAuthError.UnauthorizedClientResponse
 *   ]
 * })
 * ```
 */
export const OAuthErrorResponse = responseOf(400, "invalid_request")

/**
 * The same with 401, which RFC 6749 has for `invalid_client`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
export const InvalidClientResponse = responseOf(401, "invalid_client")

/**
 * The same with 403, for `unauthorized_client`.
 */
export const UnauthorizedClientResponse = responseOf(403, "unauthorized_client")
