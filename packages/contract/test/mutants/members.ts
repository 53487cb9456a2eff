// Mutants with faults of invitations, memberships, groups and deleted users.
import type { Store } from "@effect-workos/emulator/Store"
import { createUser, idIn, member, post, user } from "./authKitProbes.ts"
import { makeMutant, type Mutant, type Mutate, type ParsedRequest, rewriteJson } from "./Mutant.ts"
import { createOrganization, type Probe, requestTo } from "./Probe.ts"

type Membership = Store["Service"]["organizationMemberships"]["rows"][number]

// Changes the store after a successful request.
const after = (
  operation: Mutant["operation"],
  change: (store: Store["Service"], parsed: ParsedRequest, before: ReadonlyArray<Membership>) => void
): Mutate =>
  makeMutant((emulator, store) => async (parsed) => {
    const before = [...store.organizationMemberships.rows]
    const original = await emulator(parsed.request)
    if (parsed.operation === operation && original.ok) change(store, parsed, before)
    return original
  })

// -----------------------------------------------------------------------------
// Invitations
// -----------------------------------------------------------------------------

const invite: Probe = (earlier) =>
  post("/user_management/invitations", {
    email: user.email,
    organization_id: idIn(earlier, 1),
    role_slug: "admin"
  })

const ending =
  (action: "accept" | "revoke" | "resend"): Probe =>
  (earlier) =>
    post(`/user_management/invitations/${idIn(earlier, 2)}/${action}`, action === "resend" ? {} : undefined)

const memberships: Probe = (earlier) =>
  requestTo(`/user_management/organization_memberships?user_id=${idIn(earlier, 0)}&statuses=active,pending`)

const invited = (): ReadonlyArray<Probe> => [createUser(), createOrganization({ name: "Zaphod's" }), invite]

// Changes the membership that an accepted invitation leads to.
const joining = (change: (membership: Membership, store: Store["Service"]) => void): Mutate =>
  after("invitations.accept", (store, { id }) => {
    const invitation = store.invitations.get(id)
    const membership = store.organizationMemberships.rows.find(
      (row) => row.userId === invitation?.acceptedUserId && row.organizationId === invitation?.organizationId
    )
    if (membership !== undefined) change(membership, store)
  })

// Treats invitations that have ended as pending.
const asPending = (operation: Mutant["operation"], state: "accepted" | "revoked"): Mutate =>
  makeMutant((emulator, store) => async (parsed) => {
    const invitation = store.invitations.get(parsed.id)
    if (parsed.operation === operation && invitation?.state === state) {
      store.invitations.set({ ...invitation, state: "pending" })
    }
    return emulator(parsed.request)
  })

const invitations: ReadonlyArray<Mutant> = [
  {
    id: "accepted-invitations-make-no-member",
    law: "workos/accepted-invitation",
    operation: "invitations.accept",
    summary: "Accepts an invitation without a membership",
    writes: true,
    mutate: joining(({ id }, { organizationMemberships }) => organizationMemberships.remove(id)),
    shows: () => [...invited(), ending("accept"), memberships]
  },
  {
    id: "accepted-invitations-leave-the-membership-pending",
    law: "workos/accepted-invitation",
    operation: "invitations.accept",
    summary: "Leaves the membership of an accepted invitation pending",
    writes: true,
    subtle: true,
    mutate: joining((row, { organizationMemberships }) => organizationMemberships.set({ ...row, status: "pending" })),
    shows: () => [...invited(), ending("accept"), memberships]
  },
  {
    id: "accepted-invitations-lose-the-role",
    law: "workos/accepted-invitation",
    operation: "invitations.accept",
    summary: "Gives a new member the default role instead of the role of the invitation",
    writes: true,
    subtle: true,
    mutate: joining((row, { organizationMemberships }) =>
      organizationMemberships.set({ ...row, role: { slug: "member" }, roles: [{ slug: "member" }] })
    ),
    shows: () => [...invited(), ending("accept"), memberships]
  },
  {
    id: "revoked-invitations-can-be-accepted",
    law: "workos/ended-invitation",
    operation: "invitations.revoke",
    summary: "Accepts a revoked invitation",
    writes: true,
    mutate: asPending("invitations.accept", "revoked"),
    shows: () => [...invited(), ending("revoke"), ending("accept")]
  },
  {
    id: "revoked-invitations-can-be-sent-again",
    law: "workos/ended-invitation",
    operation: "invitations.revoke",
    summary: "Sends a revoked invitation again",
    writes: true,
    subtle: true,
    mutate: asPending("invitations.resend", "revoked"),
    shows: () => [...invited(), ending("revoke"), ending("resend")]
  },
  {
    id: "accepted-invitations-can-be-revoked",
    law: "workos/ended-invitation",
    operation: "invitations.accept",
    summary: "Revokes an accepted invitation",
    writes: true,
    subtle: true,
    mutate: asPending("invitations.revoke", "accepted"),
    shows: () => [...invited(), ending("accept"), ending("revoke")]
  }
]

// -----------------------------------------------------------------------------
// Memberships
// -----------------------------------------------------------------------------

const changing =
  (action: "deactivate" | "reactivate"): Probe =>
  (earlier) =>
    post(`/user_management/organization_memberships/${idIn(earlier, 2)}/${action}`, undefined, "PUT")

const statuses: ReadonlyArray<Mutant> = [
  {
    id: "deactivation-is-not-stored",
    law: "workos/deactivated-membership",
    operation: "organizationMemberships.deactivate",
    summary: "Returns an inactive membership without storing the status",
    writes: true,
    subtle: true,
    mutate: after("organizationMemberships.deactivate", ({ organizationMemberships }, { id }, before) => {
      const row = before.find((row) => row.id === id)
      if (row !== undefined) organizationMemberships.set(row)
    }),
    shows: () => [...member(), changing("deactivate"), memberships]
  },
  {
    id: "reactivation-resets-the-roles",
    law: "workos/reactivated-membership",
    operation: "organizationMemberships.reactivate",
    summary: "Gives a reactivated member the default role",
    writes: true,
    mutate: rewriteJson("organizationMemberships.reactivate", 200, (body) => ({
      ...Object(body),
      role: { slug: "member" },
      roles: [{ slug: "member" }]
    })),
    shows: () => [...member(), changing("deactivate"), changing("reactivate")]
  }
]

// -----------------------------------------------------------------------------
// Users and groups
// -----------------------------------------------------------------------------

const groupOf: Probe = (earlier) => post(`/organizations/${idIn(earlier, 1)}/groups`, { name: "Crew" })

const inGroup = (earlier: Parameters<Exclude<Probe, Request>>[0]): string =>
  `/organizations/${idIn(earlier, 1)}/groups/${idIn(earlier, 3)}/organization-memberships`

const addMember: Probe = (earlier) => post(inGroup(earlier), { organization_membership_id: idIn(earlier, 2) })

const removeMember: Probe = (earlier) => requestTo(`${inGroup(earlier)}/${idIn(earlier, 2)}`, { method: "DELETE" })

const parts: ReadonlyArray<Mutant> = [
  {
    id: "memberships-outlive-their-user",
    law: "workos/deleted-with-user",
    operation: "users.delete",
    summary: "Keeps the memberships of a deleted user",
    writes: true,
    mutate: after("users.delete", ({ organizationMemberships }, { id }, before) => {
      for (const row of before) if (row.userId === id) organizationMemberships.set(row)
    }),
    shows: () => [
      ...member(),
      (earlier) => requestTo(`/user_management/users/${idIn(earlier, 0)}`, { method: "DELETE" }),
      (earlier) => requestTo(`/user_management/organization_memberships/${idIn(earlier, 2)}`)
    ]
  },
  {
    id: "groups-of-members-are-empty",
    law: "workos/group-members",
    operation: "groups.addMember",
    summary: "Lists no groups of a membership",
    writes: true,
    subtle: true,
    mutate: rewriteJson("groups.listOfMembership", 200, (body) => ({ ...Object(body), data: [] })),
    shows: () => [
      ...member(),
      groupOf,
      addMember,
      (earlier) => requestTo(`/user_management/organization_memberships/${idIn(earlier, 2)}/groups`)
    ]
  },
  {
    id: "removed-members-stay-in-the-group",
    law: "workos/group-members",
    operation: "groups.removeMember",
    summary: "Keeps a removed member in the group",
    writes: true,
    mutate: makeMutant((emulator, { secrets }) => async (parsed) => {
      const before = new Map(secrets.groupMembers)
      const original = await emulator(parsed.request)
      if (parsed.operation === "groups.removeMember") {
        for (const [id, members] of before) secrets.groupMembers.set(id, members)
      }
      return original
    }),
    shows: () => [...member(), groupOf, addMember, removeMember, (earlier) => requestTo(inGroup(earlier))]
  }
]

export const members: ReadonlyArray<Mutant> = [...invitations, ...statuses, ...parts]
