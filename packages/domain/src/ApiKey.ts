/**
 * Authentication with an API key: `Authorization: Bearer sk_…`.
 *
 * @module
 */
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSecurity from "effect/http-api/HttpApiSecurity"
import * as ApiErrorResponse from "./ApiErrorResponse.ts"

/**
 * The middleware of endpoints that require an API key. It adds two responses: 401 for a missing or invalid key, and 429 for
 * too many requests. WorkOS counts requests per key.
 *
 * **Example** (Another group with the same authentication)
 *
 * ```ts
 * import { ApiKey } from "@effect-workos/domain/ApiKey"
 * import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
 * import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
 * import * as Schema from "effect/Schema"
 *
 * const Notes = HttpApiGroup.make("notes")
 *   .add(HttpApiEndpoint.get("list", "/notes", { success: Schema.Array(Schema.String) }))
 *   .middleware(ApiKey)
 * ```
 *
 * @see https://workos.com/docs/reference/authentication
 * @see https://workos.com/docs/reference/rate-limits
 */
export class ApiKey extends HttpApiMiddleware.Service<ApiKey>()("@effect-workos/domain/ApiKey", {
  security: { bearer: HttpApiSecurity.bearer },
  error: [ApiErrorResponse.UnauthorizedResponse, ApiErrorResponse.TooManyRequestsResponse],
  requiredForClient: true
}) {}
