// The declaration of groups of members of organizations.
import type { groups as resource } from "@effect-workos/domain/organizations/Group"
import * as Effect from "effect/Effect"
import type { Declaration } from "./Declaration.ts"
import * as NotFound from "./NotFound.ts"

const teams = ["Design", "Engineering", "Finance", "Legal", "Marketing", "Sales", "Support"]

const unknownMember = () => Effect.fail(NotFound.make("Organization membership", ""))

export const groups: Declaration<typeof resource.endpoints> = {
  parents: { organizationId: { resource: "organizations", status: 404 } },
  actions: {
    listMembers: unknownMember,
    addMember: unknownMember,
    removeMember: unknownMember,
    listOfMembership: unknownMember
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
