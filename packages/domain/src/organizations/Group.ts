/**
 * Groups of members of an organization: ids, schemas and endpoints.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import * as Lazy from "../Lazy.ts"
import * as Lenient from "../Lenient.ts"
import { OrganizationId } from "./OrganizationId.ts"
import * as Pagination from "../Pagination.ts"
import * as Resource from "../Resource.ts"
import { BaseOrganizationMembership, OrganizationMembershipId } from "../user-management/OrganizationMembership.ts"
import * as RateLimits from "../user-management/RateLimits.ts"
import * as Wire from "../Wire.ts"

/**
 * The id of a group: `group_…`.
 *
 * @see https://workos.com/docs/reference/groups
 */
export const GroupId = Id.make("group").pipe(Schema.brand("GroupId"))
export type GroupId = typeof GroupId.Type

/**
 * A group of members of an organization.
 *
 * **Example** (The names of groups)
 *
 * ```ts
 * import type { Group, GroupId } from "@effect-workos/domain/organizations/Group"
 *
 * const names = (groups: ReadonlyArray<Group>): ReadonlyMap<GroupId, string> =>
 *   new Map(groups.map(({ id, name }) => [id, name]))
 * ```
 *
 * @see https://workos.com/docs/reference/groups
 */
export class Group extends Schema.Opaque<Group>()(
  ApiObject.make("group", GroupId, () => ({
    organizationId: OrganizationId,
    name: Arbitraries.stringMatching(/[A-Z][a-z]{3,9} team/),
    description: Lenient.optional(Arbitraries.stringMatching(/The [a-z]{3,9} team/), { required: true, nullable: true })
  }))
) {}

/**
 * The data of the event of a member that was added to a group or removed from it.
 *
 * @see https://workos.com/docs/events/group
 */
export class GroupMemberInEvent extends Schema.Opaque<GroupMemberInEvent>()(
  Wire.Struct(() => ({ groupId: GroupId, organizationMembershipId: OrganizationMembershipId }))
) {}

const Name = Lazy.schema(() =>
  Schema.String.check(Schema.isMaxLength(256), Arbitraries.patterned(/[A-Z][a-z]{3,9} team/))
)

const Description = Lazy.schema(() =>
  Schema.String.check(Schema.isMaxLength(150), Arbitraries.patterned(/The [a-z]{3,9} team/))
)

/**
 * The payload that creates a group.
 *
 * @see https://workos.com/docs/reference/groups
 */
export class CreateGroup extends Schema.Opaque<CreateGroup>()(
  Wire.Struct(() => ({ name: Name, description: Wire.optional(Schema.NullOr(Description)) }))
) {}

/**
 * The payload that updates a group. Absent fields stay unchanged, and `null` removes the description.
 *
 * @see https://workos.com/docs/reference/groups
 */
export class UpdateGroup extends Schema.Opaque<UpdateGroup>()(
  Wire.Struct(() => ({ name: Wire.optional(Name), description: Wire.optional(Schema.NullOr(Description)) }))
) {}

/**
 * The payload that adds a member to a group.
 *
 * @see https://workos.com/docs/reference/groups
 */
export class AddGroupMember extends Schema.Opaque<AddGroupMember>()(
  Wire.Struct(() => ({ organizationMembershipId: Id.make("om") }))
) {}

const params = { organizationId: OrganizationId, id: GroupId }

const members = { organizationId: OrganizationId, groupId: GroupId }

/**
 * The endpoints of groups.
 *
 * @see https://workos.com/docs/reference/groups
 */
export const groups = Resource.make("groups", {
  /**
   * Returns a page of the groups of an organization. `order` defaults to `desc`.
   *
   * @see https://workos.com/docs/reference/groups
   */
  list: Endpoint.get("/organizations/:organizationId/groups", {
    summary: "List the groups of an organization",
    params: { organizationId: OrganizationId },
    query: Wire.Struct(() => Pagination.query("group")),
    item: Group,
    errors: [ApiError.Forbidden, ApiError.NotFound, ApiError.UnprocessableEntity]
  }),
  /**
   * Returns a group.
   *
   * @see https://workos.com/docs/reference/groups
   */
  get: Endpoint.get("/organizations/:organizationId/groups/:id", {
    summary: "Get a group",
    params,
    success: Group,
    errors: [ApiError.Forbidden, ApiError.NotFound]
  }),
  /**
   * Creates a group in an organization.
   *
   * @see https://workos.com/docs/reference/groups
   */
  create: Endpoint.post("/organizations/:organizationId/groups", {
    summary: "Create a group",
    params: { organizationId: OrganizationId },
    payload: CreateGroup,
    success: Group,
    status: 201,
    errors: [ApiError.BadRequest, ApiError.Forbidden, ApiError.NotFound, ApiError.UnprocessableEntity]
  }),
  /**
   * Updates a group. Absent fields stay unchanged, and `null` removes the description.
   *
   * @see https://workos.com/docs/reference/groups
   */
  update: Endpoint.patch("/organizations/:organizationId/groups/:id", {
    summary: "Update a group",
    params,
    payload: UpdateGroup,
    success: Group,
    errors: [ApiError.BadRequest, ApiError.Forbidden, ApiError.NotFound, ApiError.UnprocessableEntity]
  }),
  /**
   * Permanently deletes a group. Its members remain members of the organization.
   *
   * @see https://workos.com/docs/reference/groups
   */
  delete: Endpoint.delete("/organizations/:organizationId/groups/:id", {
    summary: "Delete a group",
    description: "The members remain members of the organization.",
    params,
    errors: [ApiError.Forbidden, ApiError.NotFound]
  }),
  /**
   * Returns a page of the members of a group. `order` defaults to `desc`.
   *
   * @see https://workos.com/docs/reference/groups
   */
  listMembers: Endpoint.get("/organizations/:organizationId/groups/:groupId/organization-memberships", {
    summary: "List the members of a group",
    params: members,
    query: Wire.Struct(() => Pagination.query("om")),
    item: BaseOrganizationMembership,
    errors: [ApiError.Forbidden, ApiError.NotFound, ApiError.UnprocessableEntity],
    containsPii: true
  }),
  /**
   * Adds a member of the organization to a group.
   *
   * @see https://workos.com/docs/reference/groups
   */
  addMember: Endpoint.post("/organizations/:organizationId/groups/:groupId/organization-memberships", {
    summary: "Add a member to a group",
    params: members,
    payload: AddGroupMember,
    success: Group,
    errors: [ApiError.BadRequest, ApiError.Forbidden, ApiError.NotFound, ApiError.UnprocessableEntity]
  }),
  /**
   * Removes a member from a group.
   *
   * @see https://workos.com/docs/reference/groups
   */
  removeMember: Endpoint.delete(
    "/organizations/:organizationId/groups/:groupId/organization-memberships/:organizationMembershipId",
    {
      summary: "Remove a member from a group",
      params: { ...members, organizationMembershipId: OrganizationMembershipId },
      errors: [ApiError.Forbidden, ApiError.NotFound]
    }
  ),
  /**
   * Returns a page of the groups of an organization membership. `order` defaults to `desc`.
   *
   * @see https://workos.com/docs/reference/groups
   */
  listOfMembership: Endpoint.get("/user_management/organization_memberships/:organizationMembershipId/groups", {
    summary: "List the groups of an organization membership",
    params: { organizationMembershipId: OrganizationMembershipId },
    query: Wire.Struct(() => Pagination.query("group")),
    item: Group,
    errors: [ApiError.NotFound, ApiError.UnprocessableEntity],
    rateLimits: RateLimits.reads
  })
})
