/**
 * Authentication with the access token of a user.
 *
 * @module
 */
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSecurity from "effect/http-api/HttpApiSecurity"
import * as ApiErrorResponse from "./ApiErrorResponse.ts"

/**
 * The middleware of endpoints that require the access token of a user instead of an API key.
 *
 * **Example** (An endpoint for users who have signed in)
 *
 * ```ts
 * import { AccessToken } from "@effect-workos/domain/AccessToken"
 * import { Profile } from "@effect-workos/domain/sso/Profile"
 * import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
 *
 * const me = HttpApiEndpoint.get("me", "/me", { success: Profile }).middleware(AccessToken)
 * ```
 *
 * @see https://workos.com/docs/reference/sso/profile/get-user-profile
 */
export class AccessToken extends HttpApiMiddleware.Service<AccessToken>()("@effect-workos/domain/AccessToken", {
  security: { access_token: HttpApiSecurity.bearer },
  error: [ApiErrorResponse.UnauthorizedResponse, ApiErrorResponse.TooManyRequestsResponse],
  requiredForClient: true
}) {}
