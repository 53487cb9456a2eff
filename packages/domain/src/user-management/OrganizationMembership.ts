/**
 * Organization memberships: the users of an organization, with their roles.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as ApiObject from "../ApiObject.ts"
import { Attributes } from "../Attributes.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import * as Lazy from "../Lazy.ts"
import * as Lenient from "../Lenient.ts"
import * as OpenEnum from "../OpenEnum.ts"
import * as Pagination from "../Pagination.ts"
import * as Resource from "../Resource.ts"
import * as RateLimits from "./RateLimits.ts"
import { User } from "./User.ts"
import { UserId } from "./UserId.ts"
import * as Wire from "../Wire.ts"

/**
 * The id of an organization membership: `om_…`.
 *
 * @see https://workos.com/docs/reference/authkit/organization-membership
 */
export const OrganizationMembershipId = Id.make("om").pipe(Schema.brand("OrganizationMembershipId"))
export type OrganizationMembershipId = typeof OrganizationMembershipId.Type

/**
 * The state of an organization membership: `pending` until the user accepts the invitation, and `inactive` after a
 * deactivation.
 *
 * @see https://workos.com/docs/reference/authkit/organization-membership
 */
export const OrganizationMembershipStatus = OpenEnum.make(["active", "inactive", "pending"], /[a-z]{4,8}ed/)
export type OrganizationMembershipStatus = typeof OrganizationMembershipStatus.Type

/**
 * The slug of a role in a request.
 *
 * @see https://workos.com/docs/authkit/roles-and-permissions
 */
export const RoleSlug = Arbitraries.stringMatching(/(?:admin|member)/)

/**
 * A role of a member.
 *
 * @see https://workos.com/docs/authkit/roles-and-permissions
 */
export class MemberRole extends Schema.Opaque<MemberRole>()(
  Wire.Struct(() => ({ slug: Arbitraries.stringMatching(/(?:admin|billing-admin|editor|member)/) }))
) {}

// Some recorded responses have ids of organizations that start with `organization_`.
const MembershipOrganizationId = Id.make("org", "organization").pipe(Schema.brand("OrganizationId"))

const fields = () => ({
  userId: UserId,
  organizationId: MembershipOrganizationId,
  organizationName: Lenient.optional(Arbitraries.CompanyName),
  status: OrganizationMembershipStatus,
  directoryManaged: Lenient.withDefault(Schema.Boolean, () => false),
  customAttributes: Lenient.optional(Attributes)
})

const memberRoles = () => ({
  role: MemberRole,
  roles: Lenient.withDefault(Schema.Array(MemberRole), () => [])
})

/**
 * An organization membership without its user and roles, as lists of members of a group contain it.
 *
 * @see https://workos.com/docs/reference/groups
 */
export class BaseOrganizationMembership extends Schema.Opaque<BaseOrganizationMembership>()(
  ApiObject.make("organization_membership", OrganizationMembershipId, () => fields())
) {}

/**
 * The membership of a user in an organization.
 *
 * **Details**
 *
 * - `role` and `roles`: the first role, and all roles. `roles` is empty in older responses.
 * - `directoryManaged`: whether a directory manages the membership.
 * - `customAttributes`: attributes from the directory.
 * - `user`: absent in older responses.
 *
 * **Example** (The administrators of an organization)
 *
 * ```ts
 * import type {
 *   MemberRole,
 *   OrganizationMembership,
 *   OrganizationMembershipStatus
 * } from "@effect-workos/domain/user-management/OrganizationMembership"
 *
 * const isAdmin = ({ slug }: MemberRole): boolean => slug === "admin"
 *
 * const active: OrganizationMembershipStatus = "active"
 *
 * const administrators = (members: ReadonlyArray<OrganizationMembership>) =>
 *   members.filter(({ role, status }) => isAdmin(role) && status === active).map(({ userId }) => userId)
 * ```
 *
 * @see https://workos.com/docs/reference/authkit/organization-membership
 */
export class OrganizationMembership extends Schema.Opaque<OrganizationMembership>()(
  ApiObject.make("organization_membership", OrganizationMembershipId, () => ({
    ...fields(),
    ...memberRoles(),
    user: Lenient.optional(User, { required: true })
  }))
) {}

/**
 * The data of an event of an organization membership: the membership without its user.
 *
 * @see https://workos.com/docs/events/organization-membership
 */
export class OrganizationMembershipInEvent extends Schema.Opaque<OrganizationMembershipInEvent>()(
  ApiObject.make("organization_membership", OrganizationMembershipId, () => ({ ...fields(), ...memberRoles() }))
) {}

/**
 * The query parameters of the list of organization memberships.
 *
 * **Details**
 *
 * - `userId`, `organizationId`: the user and the organization. WorkOS requires at least one of the two.
 * - `statuses`: the states of the memberships. By default, the list contains only active memberships.
 *
 * @see https://workos.com/docs/reference/authkit/organization-membership/list
 */
export class OrganizationMembershipQuery extends Schema.Opaque<OrganizationMembershipQuery>()(
  Wire.Struct(() => ({
    ...Pagination.query("om"),
    userId: Schema.optional(Id.make("user")),
    organizationId: Schema.optional(Id.make("org")),
    statuses: Schema.optional(
      Pagination.CommaSeparated(Lazy.schema(() => Schema.Literals(["active", "inactive", "pending"])))
    )
  }))
) {}

const roles = () => ({
  roleSlug: Wire.optional(RoleSlug),
  roleSlugs: Wire.optional(Schema.Array(RoleSlug))
})

/**
 * The payload that creates an organization membership. The role defaults to the default role of the environment. `roleSlug`
 * and `roleSlugs` exclude each other.
 *
 * @see https://workos.com/docs/reference/authkit/organization-membership/create
 */
export class CreateOrganizationMembership extends Schema.Opaque<CreateOrganizationMembership>()(
  Wire.Struct(() => ({ userId: Id.make("user"), organizationId: Id.make("org"), ...roles() }))
) {}

/**
 * The payload that updates the roles of a member. `roleSlug` and `roleSlugs` exclude each other.
 *
 * @see https://workos.com/docs/reference/authkit/organization-membership/update
 */
export class UpdateOrganizationMembership extends Schema.Opaque<UpdateOrganizationMembership>()(
  Wire.Struct(() => roles())
) {}

const params = { id: OrganizationMembershipId }

/**
 * The endpoints of organization memberships.
 *
 * @see https://workos.com/docs/reference/authkit/organization-membership
 */
export const organizationMemberships = Resource.make("organizationMemberships", {
  /**
   * Returns a page of organization memberships, by default of the active ones. `order` defaults to `desc`. Fails with
   * `BadRequest` without `userId` and `organizationId`.
   *
   * @see https://workos.com/docs/reference/authkit/organization-membership/list
   */
  list: Endpoint.get("/user_management/organization_memberships", {
    summary: "List organization memberships",
    description: "Responds with 400 unless the query has a `user_id` or an `organization_id`.",
    query: OrganizationMembershipQuery,
    requiresOneOf: ["userId", "organizationId"],
    item: OrganizationMembership,
    errors: [ApiError.BadRequest, ApiError.NotFound, ApiError.UnprocessableEntity],
    rateLimits: RateLimits.reads,
    containsPii: true
  }),
  /**
   * Returns an organization membership.
   *
   * @see https://workos.com/docs/reference/authkit/organization-membership/get
   */
  get: Endpoint.get("/user_management/organization_memberships/:id", {
    summary: "Get an organization membership",
    params,
    success: OrganizationMembership,
    errors: [ApiError.NotFound],
    rateLimits: RateLimits.reads,
    containsPii: true
  }),
  /**
   * Adds a user to an organization. Activates an inactive membership of the user, with the given roles. Fails with
   * `UnprocessableEntity` and the code `invalid_role` if a role is unknown.
   *
   * @see https://workos.com/docs/reference/authkit/organization-membership/create
   */
  create: Endpoint.post("/user_management/organization_memberships", {
    summary: "Create an organization membership",
    description: "Activates an inactive membership of the user, with the given roles.",
    payload: CreateOrganizationMembership,
    success: OrganizationMembership,
    status: 201,
    errors: [ApiError.BadRequest, ApiError.NotFound, ApiError.UnprocessableEntity],
    rateLimits: RateLimits.writes,
    containsPii: true
  }),
  /**
   * Updates the roles of a member. Fails with `UnprocessableEntity` and the code `invalid_role` if a role is unknown.
   *
   * @see https://workos.com/docs/reference/authkit/organization-membership/update
   */
  update: Endpoint.put("/user_management/organization_memberships/:id", {
    summary: "Update an organization membership",
    params,
    payload: UpdateOrganizationMembership,
    success: OrganizationMembership,
    errors: [ApiError.NotFound, ApiError.UnprocessableEntity],
    rateLimits: RateLimits.writes,
    containsPii: true
  }),
  /**
   * Permanently removes a user from an organization.
   *
   * @see https://workos.com/docs/reference/authkit/organization-membership/delete
   */
  delete: Endpoint.delete("/user_management/organization_memberships/:id", {
    summary: "Delete an organization membership",
    description: "A deletion cannot be undone.",
    params,
    status: [200, 204],
    errors: [ApiError.NotFound],
    rateLimits: RateLimits.writes
  }),
  /**
   * Deactivates an active membership. The roles are kept. Fails with `BadRequest` if the membership is pending.
   *
   * @see https://workos.com/docs/reference/authkit/organization-membership/deactivate
   */
  deactivate: Endpoint.put("/user_management/organization_memberships/:id/deactivate", {
    summary: "Deactivate an organization membership",
    description: "Does not change an inactive membership. Responds with 400 if the membership is pending.",
    params,
    success: OrganizationMembership,
    errors: [ApiError.BadRequest, ApiError.NotFound, ApiError.UnprocessableEntity],
    rateLimits: RateLimits.writes,
    containsPii: true
  }),
  /**
   * Reactivates an inactive membership, with its roles. Fails with `BadRequest` if the membership is pending.
   *
   * @see https://workos.com/docs/reference/authkit/organization-membership/reactivate
   */
  reactivate: Endpoint.put("/user_management/organization_memberships/:id/reactivate", {
    summary: "Reactivate an organization membership",
    description: "Does not change an active membership. Responds with 400 if the membership is pending.",
    params,
    success: OrganizationMembership,
    errors: [ApiError.BadRequest, ApiError.NotFound, ApiError.UnprocessableEntity],
    rateLimits: RateLimits.writes,
    containsPii: true
  })
})
