/**
 * Profiles: users who signed in, as their identity providers describe them.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import { Attributes } from "../Attributes.ts"
import { ConnectionId, ConnectionType } from "./Connection.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as ApiObject from "../ApiObject.ts"
import * as Id from "../Id.ts"
import * as Lenient from "../Lenient.ts"
import { OrganizationId } from "../organizations/OrganizationId.ts"
import * as Wire from "../Wire.ts"

/**
 * The id of a profile: `prof_…`.
 *
 * @see https://workos.com/docs/reference/sso/profile
 */
export const ProfileId = Id.make("prof").pipe(Schema.brand("ProfileId"))
export type ProfileId = typeof ProfileId.Type

/**
 * A role in an organization. The application defines the slugs of its roles.
 *
 * @see https://workos.com/docs/reference/sso/profile
 */
export const ProfileRole = Wire.Struct(() => ({ slug: Arbitraries.stringMatching(/(?:admin|member|viewer)/) }))
export interface ProfileRole extends Schema.Schema.Type<typeof ProfileRole> {}

/**
 * A user who signed in.
 *
 * **Details**
 *
 * - `idpId`: the user's id at the identity provider.
 * - `organizationId`: absent if the connection belongs to no organization.
 * - `role`, `roles` and `groups`: present if the groups of the identity provider are mapped.
 * - `customAttributes`: the custom attributes that are mapped for the connection.
 * - `rawAttributes`: all attributes of the identity provider, unchanged.
 *
 * **Example** (Decoding custom attributes)
 *
 * ```ts
 * import type { Profile } from "@effect-workos/domain/sso/Profile"
 * import * as Schema from "effect/Schema"
 *
 * const Custom = Schema.Struct({ department: Schema.String })
 * const departmentOf = (profile: Profile) =>
 *   Schema.decodeUnknownEffect(Custom)(profile.customAttributes)
 * ```
 *
 * @see https://workos.com/docs/reference/sso/profile
 */
export class Profile extends Schema.Opaque<Profile>()(
  Wire.Struct(() => ({
    object: ApiObject.kindOf("profile"),
    id: ProfileId,
    organizationId: Lenient.optional(OrganizationId, { required: true, nullable: true }),
    connectionId: ConnectionId,
    connectionType: ConnectionType,
    idpId: Lenient.optional(Arbitraries.stringMatching(/00u[0-9A-Za-z]{17}/), { required: true }),
    email: Arbitraries.EmailAddress,
    firstName: Lenient.optional(Arbitraries.FirstName, { required: true, nullable: true }),
    lastName: Lenient.optional(Arbitraries.LastName, { required: true, nullable: true }),
    name: Lenient.optional(Arbitraries.FirstName, { nullable: true }),
    role: Lenient.optional(ProfileRole, { nullable: true }),
    roles: Lenient.optional(Schema.Array(ProfileRole), { nullable: true }),
    groups: Lenient.optional(Schema.Array(Arbitraries.stringMatching(/[A-Z][a-z]{3,9}/))),
    customAttributes: Lenient.optional(Attributes),
    rawAttributes: Lenient.withDefault(Attributes, () => ({}))
  }))
) {}
