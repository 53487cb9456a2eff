// The laws of members of organizations: invitations, memberships, groups, and the parts of deleted users.
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import { valueAt } from "@effect-workos/contract-engine/ApiConventions"
import type { Exchange, NoResponse } from "@effect-workos/contract-engine/Exchange"
import * as Law from "@effect-workos/contract-engine/Law"
import * as Lifecycle from "@effect-workos/contract-engine/Lifecycle"
import * as Property from "@effect-workos/contract-engine/Property"
import { Session } from "@effect-workos/contract-engine/Session"
import { create, operation, rowsIn, send, sendTo, violation } from "./created.ts"
import * as Users from "./users.ts"

const reference = "https://workos.com/docs/reference"

const hasId =
  (...ids: ReadonlyArray<string>) =>
  (operation: { readonly id: string }) =>
    ids.includes(operation.id)

const stringAt = ({ response: { json } }: Exchange, name: string): string => String(valueAt(json, [name]))

type Check = (
  user: Users.User,
  organization: Lifecycle.Created
) => Effect.Effect<Property.CaseResult, NoResponse | Law.CannotCheck, Session>

// Checks users and organizations that are created for the law and deleted after it.
const forEachMember = (check: Check) =>
  Users.forEachUser((user) =>
    Effect.flatMap(create("organizations", { name: "replaced" }), (organization) =>
      Lifecycle.thenRemove(organization, check(user, organization))
    )
  )

/**
 * Adds a user to an organization. Fails with `CannotCheck` if the server refuses.
 */
const join = Effect.fnUntraced(function* (user: Users.User, organization: Lifecycle.Created) {
  const { description } = yield* Session
  const creation = yield* operation("organizationMemberships.create")
  const { created, exchange } = yield* Lifecycle.sendCreate(yield* Lifecycle.creatableOf(creation, description), {
    ...Lifecycle.itemRequest(creation, ""),
    body: { json: { user_id: user.id, organization_id: organization.id } }
  })
  const reason = `the user could not be added to an organization: the server returned ${exchange.response.status}`
  return created === undefined ? yield* new Law.CannotCheck({ reason }) : { ...created, exchange }
})

// The memberships of a user in an organization, with any status.
const membershipsOf = (user: Users.User, organization: Lifecycle.Created) =>
  sendTo(
    "organizationMemberships.list",
    {},
    {
      query: [
        ["user_id", user.id],
        ["organization_id", organization.id],
        ["statuses", "active,inactive,pending"]
      ]
    }
  )

// -----------------------------------------------------------------------------
// Invitations
// -----------------------------------------------------------------------------

/** A role that each environment has, but that is not the default. */
const invitedRole = "admin"

/**
 * Invites a user to an organization. The role may not exist.
 */
const invite = Effect.fnUntraced(function* (user: Users.User, organization: Lifecycle.Created) {
  const { addSecrets } = yield* Session
  const body = { email: user.email, organization_id: organization.id }
  const withRole = yield* send("invitations.create", "", { ...body, role_slug: invitedRole })
  const created = withRole.response.status < 300 ? withRole : yield* send("invitations.create", "", body)
  const { json, status } = created.response
  yield* addSecrets([valueAt(json, ["token"]), valueAt(json, ["accept_invitation_url"])])
  if (status < 300) return { created, id: stringAt(created, "id"), role: valueAt(json, ["role_slug"]) }
  return yield* new Law.CannotCheck({ reason: `no user could be invited: the server returned ${status}` })
})

const invitationJoins: Law.Law = {
  id: "workos/accepted-invitation",
  sentence:
    "An accepted invitation makes the user an active member of the organization, with the role of the invitation.",
  source: {
    kind: "documented",
    text: "“Accepts an invitation and, if linked to an organization, activates the user's membership in that organization.”",
    url: `${reference}/authkit/invitation/accept`
  },
  severity: "error",
  writes: true,
  appliesTo: hasId("invitations.accept"),
  check: () =>
    forEachMember((user, organization) =>
      Effect.gen(function* () {
        const { created, id, role } = yield* invite(user, organization)
        const accepted = yield* send("invitations.accept", id)
        if (accepted.response.status >= 300) {
          return violation("refused a pending invitation", "the accepted invitation", [created, accepted])
        }
        if (stringAt(accepted, "state") !== "accepted" || stringAt(accepted, "accepted_user_id") !== user.id) {
          return violation("did not accept the invitation", `accepted by ${user.id}`, [created, accepted])
        }
        const listed = yield* membershipsOf(user, organization)
        const [membership, ...others] = rowsIn(listed)
        if (membership === undefined || others.length > 0 || membership["status"] !== "active") {
          return violation("does not return one active membership", "one active membership", [accepted, listed])
        }
        return typeof role !== "string" || valueAt(membership, ["role", "slug"]) === role
          ? Property.passed
          : violation("returned a membership with another role", `the role ${role}`, [created, accepted, listed])
      })
    )
}

const invitationEnds: Law.Law = {
  id: "workos/ended-invitation",
  sentence: "An invitation that was accepted or revoked can be neither accepted, revoked nor sent again.",
  source: {
    kind: "documented",
    text: "“The invitation must be in a pending state.” 400 invite_not_pending, invite_revoked, invite_accepted.",
    url: `${reference}/authkit/invitation/resend`
  },
  severity: "error",
  writes: true,
  appliesTo: hasId("invitations.accept", "invitations.revoke"),
  check: ({ id: end }) =>
    forEachMember((user, organization) =>
      Effect.gen(function* () {
        const { created, id } = yield* invite(user, organization)
        const ended = yield* send(end, id)
        if (ended.response.status >= 300) {
          return violation("refused a pending invitation", "the invitation", [created, ended])
        }
        for (const next of ["invitations.accept", "invitations.revoke", "invitations.resend"]) {
          const refused = yield* send(next, id, next === "invitations.resend" ? {} : undefined)
          if (refused.response.status === 400) continue
          return violation("changed an invitation that is not pending", "400", [created, ended, refused])
        }
        if (end === "invitations.accept") return Property.passed
        const listed = yield* membershipsOf(user, organization)
        const isMember = rowsIn(listed).some(({ status }) => status === "active")
        return isMember ? violation("returned a membership", "no active row", [ended, listed]) : Property.passed
      })
    )
}

// -----------------------------------------------------------------------------
// Memberships
// -----------------------------------------------------------------------------

// Switches a new session of a user to an organization.
const switchTo = Effect.fnUntraced(function* (user: Users.User, organization: Lifecycle.Created) {
  const { refreshToken } = yield* Users.startSession(user)
  return yield* Users.withRefreshToken(refreshToken, organization.id)
})

const deactivatedMembership: Law.Law = {
  id: "workos/deactivated-membership",
  sentence: "A session cannot switch to an organization in which the membership of the user is inactive.",
  source: {
    kind: "documented",
    text: "“If the user is not authorized for the organization, then an appropriate authentication error will be returned”; a deactivated membership has the status inactive.",
    url: `${reference}/authkit/organization-membership/deactivate`
  },
  severity: "error",
  writes: true,
  appliesTo: hasId("organizationMemberships.deactivate"),
  check: () =>
    forEachMember((user, organization) =>
      Effect.gen(function* () {
        const membership = yield* join(user, organization)
        const before = yield* switchTo(user, organization)
        if (stringAt(before, "organization_id") !== organization.id) return Property.inconclusive
        const deactivated = yield* send("organizationMemberships.deactivate", membership.id)
        if (deactivated.response.status >= 300 || stringAt(deactivated, "status") !== "inactive") {
          return violation("did not deactivate an active membership", "inactive", [membership.exchange, deactivated])
        }
        const after = yield* switchTo(user, organization)
        return after.response.status >= 400
          ? Property.passed
          : violation(
              "switched to an organization with an inactive membership",
              "a 4xx status",
              [deactivated, after],
              Users.describeAuthentication(after)
            )
      })
    )
}

const rolesOf = (row: unknown): unknown => [valueAt(row, ["role"]), valueAt(row, ["roles"])]

const reactivatedMembership: Law.Law = {
  id: "workos/reactivated-membership",
  sentence: "A reactivated membership is active, has the previous roles, and sessions can switch to the organization.",
  source: {
    kind: "documented",
    text: "“Reactivates an inactive organization membership, retaining the pre-existing role(s).”",
    url: `${reference}/authkit/organization-membership/reactivate`
  },
  severity: "error",
  writes: true,
  appliesTo: hasId("organizationMemberships.reactivate"),
  check: () =>
    forEachMember((user, organization) =>
      Effect.gen(function* () {
        const membership = yield* join(user, organization)
        const updated = yield* send("organizationMemberships.update", membership.id, { role_slug: invitedRole })
        const previous = updated.response.status < 300 ? updated : membership.exchange
        const deactivated = yield* send("organizationMemberships.deactivate", membership.id)
        if (deactivated.response.status >= 300) return Property.inconclusive
        const reactivated = yield* send("organizationMemberships.reactivate", membership.id)
        const row = reactivated.response.json
        if (stringAt(reactivated, "status") !== "active") {
          return violation("did not reactivate an inactive membership", "active", [deactivated, reactivated])
        }
        if (!Equal.equals(rolesOf(row), rolesOf(previous.response.json))) {
          const expected = JSON.stringify(rolesOf(previous.response.json))
          return violation("returned other roles", expected, [previous, deactivated, reactivated])
        }
        const switched = yield* switchTo(user, organization)
        return stringAt(switched, "organization_id") === organization.id
          ? Property.passed
          : violation(
              "did not switch to the organization",
              "tokens",
              [reactivated, switched],
              Users.describeAuthentication(switched)
            )
      })
    )
}

// -----------------------------------------------------------------------------
// Deleted users
// -----------------------------------------------------------------------------

const deletedWithUser: Law.Law = {
  id: "workos/deleted-with-user",
  sentence: "Deleting a user deletes the memberships of the user and ends the sessions.",
  source: {
    kind: "expected",
    text: "“Permanently deletes a user in the current environment.” A deleted user must not keep access to the application.",
    url: `${reference}/authkit/user/delete`
  },
  severity: "error",
  writes: true,
  appliesTo: hasId("users.delete"),
  check: () =>
    forEachMember((user, organization) =>
      Effect.gen(function* () {
        const membership = yield* join(user, organization)
        const { refreshToken } = yield* Users.startSession(user)
        const removed = yield* Lifecycle.remove(user.removal, user.id)
        if (removed.response.status >= 300) return Property.inconclusive
        const got = yield* send("organizationMemberships.get", membership.id)
        if (got.response.status !== 404) {
          return violation("returned a membership of a deleted user", "404", [removed, got])
        }
        const listed = yield* sendTo(
          "organizationMemberships.list",
          {},
          { query: [["organization_id", organization.id]] }
        )
        if (rowsIn(listed).some(({ user_id: id }) => id === user.id)) {
          return violation("returned a membership of a deleted user", "no such row", [removed, listed])
        }
        const refreshed = yield* Users.withRefreshToken(refreshToken)
        if (refreshed.response.status < 400) {
          const actual = Users.describeAuthentication(refreshed)
          return violation("refreshed a session of a deleted user", "a 4xx status", [removed, refreshed], actual)
        }
        const signedIn = yield* Users.withPassword(user)
        return signedIn.response.status >= 400
          ? Property.passed
          : violation(
              "signed in a deleted user",
              "a 4xx status",
              [removed, signedIn],
              Users.describeAuthentication(signedIn)
            )
      })
    )
}

// -----------------------------------------------------------------------------
// Groups
// -----------------------------------------------------------------------------

const ids = (exchange: Exchange): ReadonlyArray<unknown> => rowsIn(exchange).map(({ id }) => id)

const groupMembers: Law.Law = {
  id: "workos/group-members",
  sentence:
    "A member is listed in a group, and the group in the groups of the member, from the addition until the removal.",
  source: {
    kind: "documented",
    text: "“Add an organization membership to a group.” “Remove an organization membership from a group.” “Get a list of organization memberships in a group.”",
    url: `${reference}/groups`
  },
  severity: "error",
  writes: true,
  appliesTo: hasId("groups.addMember", "groups.removeMember"),
  check: () =>
    forEachMember((user, organization) =>
      Effect.gen(function* () {
        const membership = yield* join(user, organization)
        const group = yield* sendTo("groups.create", { organizationId: organization.id }, { json: { name: "Group" } })
        const groupId = valueAt(group.response.json, ["id"])
        if (typeof groupId !== "string") return Property.inconclusive
        const params = { organizationId: organization.id, groupId }
        const json = { organization_membership_id: membership.id }
        const checkListed = Effect.fnUntraced(function* (change: Exchange, isMember: boolean) {
          const members = yield* sendTo("groups.listMembers", params)
          if (ids(members).includes(membership.id) !== isMember) {
            const message = isMember ? "does not return a new member" : "returned a removed member"
            return violation(message, isMember ? membership.id : "no such row", [change, members])
          }
          const groups = yield* sendTo("groups.listOfMembership", { organizationMembershipId: membership.id })
          if (ids(groups).includes(groupId) === isMember) return undefined
          const message = isMember
            ? "does not return the group of a new member"
            : "returned the group of a removed member"
          return violation(message, isMember ? groupId : "no such row", [change, groups])
        })
        const added = yield* sendTo("groups.addMember", params, { json })
        if (added.response.status >= 300) {
          return violation("refused a member of the organization", "the group", [membership.exchange, added])
        }
        const missing = yield* checkListed(added, true)
        if (missing !== undefined) return missing
        const removed = yield* sendTo("groups.removeMember", { ...params, organizationMembershipId: membership.id })
        if (removed.response.status >= 300) {
          return violation("refused to remove a member", "a 2xx status", [added, removed])
        }
        return (yield* checkListed(removed, false)) ?? Property.passed
      })
    )
}

export const members: ReadonlyArray<Law.Law> = [
  invitationJoins,
  invitationEnds,
  deactivatedMembership,
  reactivatedMembership,
  deletedWithUser,
  groupMembers
]
