/**
 * Permissions, which roles grant to users.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Lazy from "../Lazy.ts"
import * as Lenient from "../Lenient.ts"

/**
 * The id of a permission: `perm_…`. Samples in the documentation of events lack the prefix, so any string is accepted.
 *
 * @see https://workos.com/docs/reference/roles/permission
 */
export const PermissionId = Lazy.schema(() =>
  Arbitraries.stringMatching(/perm_01[0-9A-HJKMNP-TV-Z]{24}/).pipe(Schema.brand("PermissionId"))
)
export type PermissionId = typeof PermissionId.Type

/**
 * The identifier of a permission, which the application chooses.
 */
export const PermissionSlug = Arbitraries.stringMatching(/(?:billing|posts|users):(?:manage|read|write)/)

/**
 * The identifier of the type of resource that a role or permission applies to, for example `organization`.
 */
export const ResourceTypeSlug = Arbitraries.stringMatching(/(?:organization|project|workspace)/)

/**
 * A permission.
 *
 * **Details**
 *
 * - `slug`: the identifier that the application chose, for example `users:read`.
 * - `system`: true if WorkOS defines the permission.
 * - `resourceTypeSlug`: the type of resource that the permission applies to. Absent in older versions.
 *
 * **Example** (Decoding a permission)
 *
 * ```ts
 * import * as Schema from "effect/Schema"
 * import { Permission, type PermissionId } from "@effect-workos/domain/authorization/Permission"
 *
 * const permission = Schema.decodeUnknownSync(Permission)({
 *   object: "permission",
 *   id: "perm_01EHWNCE74X7JSDV0X3SZ3KJNY",
 *   slug: "billing:manage",
 *   name: "Manage billing",
 *   description: null,
 *   system: false,
 *   created_at: "2026-01-15T12:00:00.000Z",
 *   updated_at: "2026-01-15T12:00:00.000Z"
 * })
 *
 * const id: PermissionId = permission.id
 * ```
 *
 * @see https://workos.com/docs/reference/roles/permission
 */
export class Permission extends Schema.Opaque<Permission>()(
  ApiObject.make("permission", PermissionId, () => ({
    slug: PermissionSlug,
    name: Arbitraries.stringMatching(/(?:Manage|Read) [a-z]{4,9}/),
    description: Lenient.optional(Arbitraries.stringMatching(/Allows to (?:manage|read) [a-z]{4,9}\./), {
      required: true,
      nullable: true
    }),
    system: Schema.Boolean,
    resourceTypeSlug: Lenient.optional(ResourceTypeSlug)
  }))
) {}
