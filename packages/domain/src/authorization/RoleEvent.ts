/**
 * The data of events of roles.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Lenient from "../Lenient.ts"
import { OrganizationId } from "../organizations/OrganizationId.ts"
import { PermissionSlug, ResourceTypeSlug } from "./Permission.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"

const role = () => ({
  slug: Arbitraries.stringMatching(/(?:admin|billing-admin|editor|member)/),
  resourceTypeSlug: Lenient.optional(ResourceTypeSlug, { required: true }),
  createdAt: Timestamp,
  updatedAt: Timestamp
})

/**
 * The data of an event of a role of the environment. `permissions` contains the slugs of the permissions that the role
 * grants.
 *
 * **Example** (Updating the permissions of roles)
 *
 * ```ts
 * import * as Event from "@effect-workos/domain/events/Event"
 * import * as Option from "effect/Option"
 *
 * const changeOf = (event: Event.Event) =>
 *   Event.is("role.created", "role.updated")(event)
 *     ? Option.some([event.data.slug, event.data.permissions] as const)
 *     : Option.none()
 * ```
 *
 * @see https://workos.com/docs/events/role
 */
export class RoleInEvent extends Schema.Opaque<RoleInEvent>()(
  Wire.Struct(() => ({
    object: ApiObject.kindOf("role"),
    ...role(),
    permissions: Lenient.withDefault(Schema.Array(PermissionSlug), () => [], { required: false })
  }))
) {}

/**
 * The data of an event of a role of one organization.
 *
 * @see https://workos.com/docs/events/organization-role
 */
export class OrganizationRoleInEvent extends Schema.Opaque<OrganizationRoleInEvent>()(
  Wire.Struct(() => ({
    object: ApiObject.kindOf("organization_role"),
    organizationId: OrganizationId,
    ...role(),
    name: Arbitraries.stringMatching(/[A-Z][a-z]{3,9} (?:admin|editor|member)/),
    description: Lenient.optional(Arbitraries.stringMatching(/Can (?:manage|read) [a-z]{4,9}\./), {
      required: true,
      nullable: true
    }),
    permissions: Lenient.withDefault(Schema.Array(PermissionSlug), () => [])
  }))
) {}
