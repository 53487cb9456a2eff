// The declaration of organization memberships.
import * as ApiError from "@effect-workos/domain/ApiError"
import { OrganizationId } from "@effect-workos/domain/organizations/OrganizationId"
import {
  type OrganizationMembership,
  OrganizationMembershipId,
  type organizationMemberships as resource,
  type UpdateOrganizationMembership
} from "@effect-workos/domain/user-management/OrganizationMembership"
import type { UserId } from "@effect-workos/domain/user-management/UserId"
import * as Effect from "effect/Effect"
import { memoize } from "effect/Function"
import * as Result from "effect/Result"
import type { Context, Declaration } from "./Declaration.ts"
import * as GroupMembers from "./GroupMembers.ts"
import * as IdGenerator from "./IdGenerator.ts"
import * as NotFound from "./NotFound.ts"
import * as Roles from "./Roles.ts"
import * as SessionRows from "./SessionRows.ts"
import type { EncodedRowOf, Tables } from "./Tables.ts"

/** Returns the membership of a user in an organization. */
export const find = (
  { organizationMemberships }: Tables,
  userId: string,
  organizationId: string
): OrganizationMembership | undefined =>
  organizationMemberships.findBy("userId", userId).find((row) => row.organizationId === organizationId)

/** Adds a user to an organization, or changes the status of the membership that the user has. */
export const join = (
  { ids, store }: Context,
  userId: UserId,
  organizationId: string,
  status: "active" | "pending",
  role?: string
): void => {
  const existing = find(store, userId, organizationId)
  if (existing === undefined) {
    const { createdAt, id } = ids.next(store.organizationMemberships.newest, "om")
    store.organizationMemberships.set({
      object: "organization_membership",
      id: OrganizationMembershipId.make(id),
      userId,
      organizationId: OrganizationId.make(organizationId),
      status,
      directoryManaged: false,
      ...Roles.ofMember(role ?? Roles.defaultSlug),
      createdAt,
      updatedAt: createdAt
    })
  } else if (existing.status !== status) {
    const roles = role === undefined ? {} : Roles.ofMember(role)
    change({ ids, store }, existing, { ...roles, status })
  }
}

const change = ({ ids, store }: Context, row: OrganizationMembership, changes: Partial<OrganizationMembership>) => {
  const changed = { ...row, ...changes, updatedAt: IdGenerator.updateTime(ids.now, row.updatedAt) }
  store.organizationMemberships.set(changed)
  return changed
}

// The row in the table has neither the user nor the name of the organization, because both may change.
const view = (row: OrganizationMembership, { store }: Context): OrganizationMembership => {
  const user = store.users.get(row.userId)
  const organization = store.organizations.get(row.organizationId)
  return {
    ...row,
    ...(user === undefined ? {} : { user }),
    ...(organization === undefined ? {} : { organizationName: organization.name })
  }
}

/** The roles of a payload; `undefined` if the payload has none. */
const rolesIn = ({ roleSlug, roleSlugs }: UpdateOrganizationMembership) => {
  if (roleSlug !== undefined && roleSlugs !== undefined) {
    return invalid("invalid_request_parameters", "Only one of 'role_slug' and 'role_slugs' can be given.")
  }
  const slugs = roleSlugs ?? (roleSlug === undefined ? undefined : [roleSlug])
  if (slugs === undefined) return Result.succeed(undefined)
  const unknown = slugs.find((slug) => !Roles.exists(slug))
  if (unknown !== undefined) return invalid("invalid_role", `The role '${unknown}' does not exist.`)
  const [first, ...more] = new Set(slugs)
  return first === undefined
    ? invalid("invalid_request_parameters", "'role_slugs' must not be empty.")
    : Result.succeed(Roles.ofMember(first, ...more))
}

const invalid = (code: string, message: string) => Result.fail(new ApiError.UnprocessableEntity({ code, message }))

const badRequest = (code: string, message: string) => new ApiError.BadRequest({ code, message })

const pendingError = (verb: "deactivate" | "reactivate") =>
  badRequest(`cannot_${verb}_pending_organization_membership`, `A pending membership cannot be ${verb}d.`)

const setStatus = (status: "active" | "inactive") =>
  Effect.fnUntraced(function* ({ params: { id } }: { readonly params: { readonly id: string } }, context: Context) {
    const row = yield* NotFound.ifUndefined(
      "Organization membership",
      id
    )(context.store.organizationMemberships.get(id))
    if (row.status === "pending") return yield* pendingError(status === "active" ? "reactivate" : "deactivate")
    return view(row.status === status ? row : change(context, row, { status }), context)
  })

// Sorted once for all rows of a seed.
const oldestFirst = memoize((rows: ReadonlyArray<EncodedRowOf<"organizations">>) =>
  rows.toSorted((a, b) => (a.created_at < b.created_at ? -1 : 1))
)

export const organizationMemberships: Declaration<typeof resource.endpoints> = {
  parents: { userId: { resource: "users", status: 404 }, organizationId: { resource: "organizations", status: 404 } },
  filters: { statuses: (row, statuses) => statuses.some((status) => status === row.status) },
  view,

  list: ({ organizationId, statuses, userId }) => {
    if (organizationId === undefined && userId === undefined) {
      const message = "At least one of 'user_id' and 'organization_id' must be given."
      return Result.fail(badRequest("missing_user_id_or_organization_id", message))
    }
    return Result.succeed(({ status }) => statuses !== undefined || status === "active")
  },

  existing: ({ organizationId, userId, ...payload }, { ids, store }) =>
    Result.gen(function* () {
      const roles = yield* rolesIn(payload)
      const row = find(store, userId, organizationId)
      if (row === undefined) return undefined
      if (row.status === "pending") return yield* Result.fail(pendingError("reactivate"))
      if (row.status === "active") {
        const message = "The user is already a member of the organization."
        return yield* Result.fail(badRequest("user_already_organization_member", message))
      }
      const updatedAt = IdGenerator.updateTime(ids.now, row.updatedAt)
      return { ...row, ...(roles ?? Roles.ofMember(Roles.defaultSlug)), status: "active", updatedAt }
    }),
  create: (payload) =>
    Result.map(rolesIn(payload), (roles) => ({
      status: "active",
      directoryManaged: false,
      ...(roles ?? Roles.ofMember(Roles.defaultSlug))
    })),
  update: (_, payload) => Result.map(rolesIn(payload), (roles) => roles ?? {}),

  actions: { deactivate: setStatus("inactive"), reactivate: setStatus("active") },

  events: {
    created: "organization_membership.created",
    updated: "organization_membership.updated",
    deleted: "organization_membership.deleted"
  },
  onChange: (before, after, store) => {
    if (before !== undefined && after === undefined) GroupMembers.removeEverywhere(store, before.id)
    if (before?.status === "active" && after?.status !== "active") SessionRows.revokeOfMember(store, before)
  },

  seed: ({ chance, created, id, index, rowsOf }) => {
    const [users, organizations] = [rowsOf("users"), oldestFirst(rowsOf("organizations"))]
    const user = users[index % users.length]
    // Each user belongs to a first organization, and then to further ones.
    const organization = organizations[(index + Math.floor(index / users.length) + 1) % organizations.length]
    const since =
      Math.max(created, Date.parse(user?.created_at ?? ""), Date.parse(organization?.created_at ?? "")) || created
    const role = { slug: chance(0.2) ? "admin" : "member" }
    const status = chance(0.8) ? "active" : chance(0.5) ? "inactive" : "pending"
    const instant = new Date(since).toISOString()
    return {
      user_id: user?.id ?? id("user", created),
      organization_id: organization?.id ?? id("org", created),
      status,
      directory_managed: status !== "pending" && chance(0.1),
      role,
      roles: [role],
      created_at: instant,
      updated_at: instant
    }
  }
}
