/**
 * Applications of WorkOS Connect that users have authorized: schemas and endpoints.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import { Application } from "../connect/Application.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import * as Lenient from "../Lenient.ts"
import * as Pagination from "../Pagination.ts"
import * as Resource from "../Resource.ts"
import * as RateLimits from "./RateLimits.ts"
import { UserId } from "./UserId.ts"
import * as Wire from "../Wire.ts"

/**
 * The id of an authorization: `authorized_connect_app_…`.
 *
 * @see https://workos.com/docs/reference/workos-connect/applications
 */
export const AuthorizedApplicationId = Id.make("authorized_connect_app").pipe(Schema.brand("AuthorizedApplicationId"))
export type AuthorizedApplicationId = typeof AuthorizedApplicationId.Type

/**
 * The authorization of an application by a user.
 *
 * **Details**
 *
 * - `grantedScopes`: the scopes to which the user has consented.
 * - `oauthResource`: the resource for which the application requested access, if any.
 *
 * **Example** (The names of applications with access to email addresses)
 *
 * ```ts
 * import type { AuthorizedApplication, AuthorizedApplicationId } from "@effect-workos/domain/user-management/AuthorizedApplication"
 *
 * const withEmail = (authorized: ReadonlyArray<AuthorizedApplication>): ReadonlyMap<AuthorizedApplicationId, string> =>
 *   new Map(
 *     authorized
 *       .filter(({ grantedScopes }) => grantedScopes.includes("email"))
 *       .map(({ application, id }) => [id, application.name])
 *   )
 * ```
 *
 * @see https://workos.com/docs/reference/workos-connect/applications
 */
export class AuthorizedApplication extends Schema.Opaque<AuthorizedApplication>()(
  Wire.Struct(() => ({
    object: ApiObject.kindOf("authorized_connect_application"),
    id: AuthorizedApplicationId,
    grantedScopes: Lenient.withDefault(Schema.Array(Schema.String), () => []),
    oauthResource: Lenient.optional(Arbitraries.url("/resource")),
    application: Application
  }))
) {}

/**
 * The endpoints of authorized applications.
 *
 * @see https://workos.com/docs/reference/workos-connect/applications
 */
export const authorizedApplications = Resource.make("authorizedApplications", {
  /**
   * Returns a page of the applications that a user has authorized. `order` defaults to `desc`.
   *
   * @see https://workos.com/docs/reference/workos-connect/applications
   */
  list: Endpoint.get("/user_management/users/:userId/authorized_applications", {
    summary: "List the applications that a user has authorized",
    params: { userId: UserId },
    query: Wire.Struct(() => Pagination.query("authorized_connect_app")),
    item: AuthorizedApplication,
    errors: [ApiError.NotFound, ApiError.UnprocessableEntity],
    rateLimits: RateLimits.reads
  }),
  /**
   * Revokes the authorization of an application: the user must consent again. `applicationId` is the id or the client id of
   * the application.
   *
   * @see https://workos.com/docs/reference/workos-connect/applications
   */
  delete: Endpoint.delete("/user_management/users/:userId/authorized_applications/:applicationId", {
    summary: "Revoke the authorization of an application",
    description: "The parameter is the id or the client id of the application.",
    params: { userId: UserId, applicationId: Id.make("conn_app", "client") },
    errors: [ApiError.NotFound],
    rateLimits: RateLimits.writes
  })
})
