/**
 * The client service of organization memberships.
 *
 * @module
 */
import { organizationMemberships } from "@effect-workos/domain/user-management/OrganizationMembership"
import * as Client from "./Client.ts"

/**
 * The client of organization memberships, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (Making a member an administrator)
 *
 * ```ts
 * import { OrganizationMemberships } from "@effect-workos/client/OrganizationMemberships"
 * import * as Effect from "effect/Effect"
 *
 * const promote = Effect.fn("promote")(function* (userId: string, organizationId: string) {
 *   const memberships = yield* OrganizationMemberships
 *   const { data } = yield* memberships.list({ userId, organizationId })
 *   yield* Effect.forEach(data, ({ id }) => memberships.update(id, { roleSlug: "admin" }))
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/authkit/organization-membership
 */
export class OrganizationMemberships extends Client.Service<OrganizationMemberships>()(
  "@effect-workos/client/OrganizationMemberships",
  organizationMemberships
) {}
