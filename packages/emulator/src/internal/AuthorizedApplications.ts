// The declaration of applications that users have authorized.
import type { authorizedApplications as resource } from "@effect-workos/domain/user-management/AuthorizedApplication"
import type { Declaration } from "./Declaration.ts"

const applications = ["Notes app", "Reports export", "Sales bot"]

export const authorizedApplications: Declaration<typeof resource.endpoints> = {
  hidden: ["userId"],
  parents: { userId: { resource: "users" } },
  find: ({ params: { applicationId, userId } }, { authorizedApplications }) =>
    authorizedApplications
      .findBy("userId", userId)
      .find(({ application: { clientId, id } }) => [clientId, id].some((known) => known === applicationId)),

  seed: ({ below, chance, created, customer, id, index, pick, rowsOf }) => {
    const users = rowsOf("users")
    const userId = users[index % users.length]?.id ?? id("user", created)
    const instant = new Date(created).toISOString()
    const application = {
      object: "connect_application" as const,
      id: id("conn_app", created),
      client_id: id("client", created),
      name: pick(applications),
      description: chance(0.5) ? "An application for the team" : null,
      scopes: ["openid", "profile", "email"],
      created_at: instant,
      updated_at: instant
    }
    const organization = customer === undefined ? {} : { organization_id: customer.id }
    return {
      userId,
      granted_scopes: ["openid", "profile", "email"].slice(0, 1 + below(3)),
      ...(chance(0.3) ? { oauth_resource: "https://api.acme.example/resource" } : {}),
      application: {
        ...application,
        application_type: "oauth",
        redirect_uris: [{ uri: "https://app.acme.example/callback", default: true }],
        uses_pkce: true,
        ...(customer === undefined || chance(0.5)
          ? { is_first_party: true }
          : { is_first_party: false, was_dynamically_registered: false, ...organization })
      }
    }
  }
}
