// Authentication: `Authorization: Bearer sk_…`, and what every endpoint behind it may answer.
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSecurity from "effect/http-api/HttpApiSecurity"
import * as ApiErrorResponse from "./ApiErrorResponse.ts"

/**
 * The middleware of every group that wants an API key. Clients send the key with its requests and no others; servers
 * answer 401 to a wrong one, and 429 to too many requests with a right one, since WorkOS counts them by key.
 *
 * **Example** (A group of one's own behind the same key)
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
