/**
 * CORS origins: the origins of web pages that may send requests to WorkOS from a browser.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import * as Pagination from "../Pagination.ts"
import * as Resource from "../Resource.ts"
import * as Wire from "../Wire.ts"
import * as RateLimits from "./RateLimits.ts"

/**
 * The id of a CORS origin: `cors_origin_…`.
 *
 * @see https://workos.com/docs/reference/authkit
 */
export const CorsOriginId = Id.make("cors_origin").pipe(Schema.brand("CorsOriginId"))
export type CorsOriginId = typeof CorsOriginId.Type

/**
 * A CORS origin of the environment.
 *
 * @see https://workos.com/docs/reference/authkit
 */
export class CorsOrigin extends Schema.Opaque<CorsOrigin>()(
  ApiObject.make("cors_origin", CorsOriginId, () => ({ origin: Arbitraries.url("") }))
) {}

/**
 * The payload that creates a CORS origin.
 *
 * @see https://workos.com/docs/reference/authkit
 */
export class CreateCorsOrigin extends Schema.Opaque<CreateCorsOrigin>()(
  Wire.Struct(() => ({ origin: Arbitraries.url("") }))
) {}

/**
 * The endpoints of CORS origins.
 *
 * @see https://workos.com/docs/reference/authkit
 */
export const corsOrigins = Resource.make(
  "corsOrigins",
  {
    /** Returns a page of CORS origins. */
    list: Endpoint.get("/user_management/cors_origins", {
      summary: "List CORS origins",
      query: Wire.Struct(() => Pagination.query("cors_origin")),
      item: CorsOrigin,
      errors: [ApiError.UnprocessableEntity],
      rateLimits: RateLimits.reads
    }),
    /** Creates a CORS origin. Fails with `Conflict` and the code `duplicate_cors_origin` if the origin exists. */
    create: Endpoint.post("/user_management/cors_origins", {
      summary: "Create a CORS origin",
      payload: CreateCorsOrigin,
      success: CorsOrigin,
      status: 201,
      errors: [ApiError.Conflict, ApiError.UnprocessableEntity],
      rateLimits: RateLimits.writes
    })
  },
  { title: "CORS origins", noun: "CORS origin" }
)
