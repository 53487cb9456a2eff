// The members of groups, which no table contains.
import { GroupId } from "@effect-workos/domain/organizations/Group"
import { OrganizationMembershipId } from "@effect-workos/domain/user-management/OrganizationMembership"
import type { Tables } from "./Tables.ts"

const emit = ({ emit }: Tables, change: "added" | "removed", groupId: string, membershipId: string) =>
  emit({
    event: `group.member_${change}`,
    data: {
      groupId: GroupId.make(groupId),
      organizationMembershipId: OrganizationMembershipId.make(membershipId)
    }
  })

/** Tests whether an organization membership is in a group. */
export const has = ({ secrets }: Tables, groupId: string, membershipId: string): boolean =>
  secrets.groupMembers.get(groupId)?.has(membershipId) ?? false

/** Adds an organization membership to a group. */
export const add = (store: Tables, groupId: string, membershipId: string): void => {
  if (has(store, groupId, membershipId)) return
  const { groupMembers } = store.secrets
  groupMembers.set(groupId, new Set([...(groupMembers.get(groupId) ?? []), membershipId]))
  emit(store, "added", groupId, membershipId)
}

/** Removes an organization membership from a group. Returns `false` if the membership is not in the group. */
export const remove = (store: Tables, groupId: string, membershipId: string): boolean => {
  if (!has(store, groupId, membershipId)) return false
  const { groupMembers } = store.secrets
  groupMembers.set(groupId, new Set([...(groupMembers.get(groupId) ?? [])].filter((id) => id !== membershipId)))
  emit(store, "removed", groupId, membershipId)
  return true
}

/** Removes an organization membership from all groups. */
export const removeEverywhere = (store: Tables, membershipId: string): void => {
  for (const groupId of store.secrets.groupMembers.keys()) remove(store, groupId, membershipId)
}
