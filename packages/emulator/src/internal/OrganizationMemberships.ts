// The declaration of organization memberships.
import type { organizationMemberships as resource } from "@effect-workos/domain/user-management/OrganizationMembership"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Declaration } from "./Declaration.ts"
import * as NotFound from "./NotFound.ts"

export const organizationMemberships: Declaration<typeof resource.endpoints> = {
  parents: { userId: { resource: "users", status: 404 }, organizationId: { resource: "organizations", status: 404 } },
  filters: { statuses: (row, statuses) => statuses.some((status) => status === row.status) },
  create: () => Result.succeed({ status: "active", directoryManaged: false, role: { slug: "member" }, roles: [] }),
  update: () => Result.succeed({}),
  actions: {
    deactivate: ({ params: { id } }) => Effect.fail(NotFound.make("Organization membership", id)),
    reactivate: ({ params: { id } }) => Effect.fail(NotFound.make("Organization membership", id))
  },

  seed: ({ chance, created, id, index, rowsOf }) => {
    const [users, organizations] = [rowsOf("users"), rowsOf("organizations")]
    const user = users[index % users.length]
    // Each user belongs to a first organization, and then to further ones.
    const organization = organizations[(index + Math.floor(index / users.length)) % organizations.length]
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
