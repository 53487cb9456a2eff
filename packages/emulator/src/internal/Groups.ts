// The declaration of groups of members of organizations.
import type { groups as resource } from "@effect-workos/domain/organizations/Group"
import * as Effect from "effect/Effect"
import type { Declaration } from "./Declaration.ts"
import * as GroupMembers from "./GroupMembers.ts"
import * as Lists from "./Lists.ts"
import * as NotFound from "./NotFound.ts"
import type { Tables } from "./Tables.ts"

const teams = ["Design", "Engineering", "Finance", "Legal", "Marketing", "Sales", "Support"]

interface GroupParams {
  readonly organizationId: string
  readonly groupId: string
}

const findGroup = ({ groups }: Tables, { groupId, organizationId }: GroupParams) => {
  const group = groups.get(groupId)
  return NotFound.ifUndefined("Group", groupId)(group?.organizationId === organizationId ? group : undefined)
}

const findMember = ({ organizationMemberships }: Tables, organizationId: string, id: string) => {
  const member = organizationMemberships.get(id)
  const found = member?.organizationId === organizationId ? member : undefined
  return NotFound.ifUndefined("Organization membership", id)(found)
}

export const groups: Declaration<typeof resource.endpoints> = {
  parents: { organizationId: { resource: "organizations", status: 404 } },

  actions: {
    listMembers: Effect.fnUntraced(function* ({ params, query }, { store }) {
      const group = yield* findGroup(store, params)
      return yield* Lists.page(store.organizationMemberships, "organization membership", query, {
        where: [["organizationId", group.organizationId]],
        matches: ({ id }) => GroupMembers.has(store, group.id, id)
      })
    }),
    addMember: Effect.fnUntraced(function* ({ params, payload: { organizationMembershipId } }, { store }) {
      const group = yield* findGroup(store, params)
      const member = yield* findMember(store, group.organizationId, organizationMembershipId)
      GroupMembers.add(store, group.id, member.id)
      return group
    }),
    removeMember: Effect.fnUntraced(function* ({ params }, { store }) {
      const { organizationMembershipId: id } = params
      const group = yield* findGroup(store, params)
      yield* NotFound.ifFalse("Organization membership", id)(GroupMembers.remove(store, group.id, id))
    }),
    listOfMembership: Effect.fnUntraced(function* ({ params: { organizationMembershipId: id }, query }, { store }) {
      const member = yield* NotFound.ifUndefined("Organization membership", id)(store.organizationMemberships.get(id))
      return yield* Lists.page(store.groups, "group", query, {
        where: [["organizationId", member.organizationId]],
        matches: (group) => GroupMembers.has(store, group.id, member.id)
      })
    })
  },

  events: {
    created: "group.created",
    updated: "group.updated",
    deleted: "group.deleted"
  },
  onChange: (before, after, { secrets }) => {
    if (before !== undefined && after === undefined) secrets.groupMembers.delete(before.id)
  },

  seed: ({ chance, created, customer, id, index }) => {
    const name = `${teams[index % teams.length]} team ${Math.floor(index / teams.length) + 1}`
    return {
      organization_id: customer?.id ?? id("org", created),
      name,
      description: chance(0.5) ? `The members of ${name}.` : null
    }
  }
}
