/**
 * The JWT template, which adds claims to the access tokens of users.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Resource from "../Resource.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import * as RateLimits from "./RateLimits.ts"

const Content = Arbitraries.stringMatching(
  /\{"urn:app:[a-z]{3,8}": "\{\{ ?user\.(?:email|first_name|last_name) ?\}\}"\}/
)

/**
 * The JWT template of the environment. `content` is a JSON object with Liquid expressions, such as `{{ user.email }}`.
 *
 * @see https://workos.com/docs/authkit/jwt-templates
 */
export class JwtTemplate extends Schema.Opaque<JwtTemplate>()(
  Wire.Struct(() => ({
    object: ApiObject.kindOf("jwt_template"),
    content: Content,
    createdAt: Timestamp,
    updatedAt: Timestamp
  }))
) {}

/**
 * The payload that replaces the JWT template.
 *
 * @see https://workos.com/docs/authkit/jwt-templates
 */
export class UpdateJwtTemplate extends Schema.Opaque<UpdateJwtTemplate>()(Wire.Struct(() => ({ content: Content }))) {}

/**
 * The endpoints of the JWT template.
 *
 * @see https://workos.com/docs/authkit/jwt-templates
 */
export const jwtTemplate = Resource.make(
  "jwtTemplate",
  {
    /** Returns the JWT template. Fails with `NotFound` if the environment has none. */
    get: Endpoint.get("/user_management/jwt_template", {
      summary: "Get the JWT template",
      success: JwtTemplate,
      errors: [ApiError.NotFound],
      rateLimits: RateLimits.reads
    }),
    /** Replaces the JWT template, or creates it. */
    update: Endpoint.put("/user_management/jwt_template", {
      summary: "Update the JWT template",
      payload: UpdateJwtTemplate,
      success: JwtTemplate,
      errors: [ApiError.UnprocessableEntity],
      rateLimits: RateLimits.writes
    })
  },
  { title: "JWT template", noun: "JWT template" }
)
