/**
 * The client service of CORS origins.
 *
 * @module
 */
import { corsOrigins } from "@effect-workos/domain/user-management/CorsOrigin"
import * as Client from "./Client.ts"

/**
 * The client of CORS origins, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (Allowing an origin that may be allowed already)
 *
 * ```ts
 * import { CorsOrigins } from "@effect-workos/client/CorsOrigins"
 * import * as Effect from "effect/Effect"
 *
 * const allow = Effect.fn("allow")(
 *   function* (origin: string) {
 *     const corsOrigins = yield* CorsOrigins
 *     yield* corsOrigins.create({ origin })
 *   },
 *   Effect.catchTag("Conflict", () => Effect.void)
 * )
 * ```
 *
 * @see https://workos.com/docs/reference/authkit
 */
export class CorsOrigins extends Client.Service<CorsOrigins>()("@effect-workos/client/CorsOrigins", corsOrigins) {}
