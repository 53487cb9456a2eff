// The providers of the emulated environment, and the accounts that users have connected to them.
import type { ConnectedAccount, connectedAccounts as accounts } from "@effect-workos/domain/pipes/ConnectedAccount"
import {
  DataProviderId,
  type DataProvider,
  type dataProviders as providers
} from "@effect-workos/domain/pipes/DataProvider"
import * as ApiError from "@effect-workos/domain/ApiError"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Declaration } from "./Declaration.ts"
import * as NotFound from "./NotFound.ts"
import type { Tables } from "./Tables.ts"

const createdAt = DateTime.makeUnsafe("2024-01-15T10:30:00.000Z")

const provider = (ulid: string, name: string, scopes: ReadonlyArray<string>): DataProvider => ({
  object: "data_provider",
  id: DataProviderId.make(`data_integration_${ulid}`),
  name,
  description: `Connect your ${name} account.`,
  slug: name.toLowerCase(),
  integrationType: name.toLowerCase(),
  credentialsType: "oauth2",
  scopes,
  authMethods: ["oauth"],
  ownership: "userland_user",
  createdAt,
  updatedAt: createdAt
})

/** Providers are configured in the dashboard. */
const all: ReadonlyArray<DataProvider> = [
  provider("01HM6E2PX0GJ5Q8Z2N7T4W9B1C", "GitHub", ["repo", "user:email"]),
  provider("01HM6E2PX0KX3V6Y8A1D5F7H9M", "Notion", []),
  provider("01HM6E2PX0RB2S4W6Z8C1E3G5K", "Slack", ["channels:read", "chat:write"])
]

const accountOf = (
  { connectedAccounts }: Tables,
  userId: string,
  slug: string,
  organizationId: string | undefined
): (ConnectedAccount & { readonly slug: string }) | undefined =>
  connectedAccounts
    .findBy("userId", userId)
    .find((account) => account.slug === slug && account.organizationId === organizationId)

export const dataProviders: Declaration<typeof providers.endpoints> = {
  actions: {
    list: ({ params: { userId }, query: { organizationId } }, { store }) =>
      Effect.map(NotFound.ifUndefined("User", userId)(store.users.get(userId)), () => ({
        object: "list" as const,
        data: all.map((provider) => {
          const connectedAccount = accountOf(store, userId, provider.slug, organizationId)
          return connectedAccount === undefined ? provider : { ...provider, connectedAccount }
        })
      }))
  }
}

export const connectedAccounts: Declaration<typeof accounts.endpoints> = {
  hidden: ["slug"],
  parents: { userId: { resource: "users", status: 404 }, organizationId: { resource: "organizations", status: 404 } },
  find: ({ params: { slug, userId }, query: { organizationId } }, store) =>
    accountOf(store, userId, slug, organizationId),

  create: ({ accessToken, scopes = [], state }, { organizationId, slug, userId }, { store }) => {
    if (!all.some((provider) => provider.slug === slug)) return Result.fail(NotFound.make("Provider", slug))
    if (accountOf(store, userId, slug, organizationId) !== undefined) {
      const message = `The user has already connected an account of the provider '${slug}'.`
      return Result.fail(new ApiError.Conflict({ message }))
    }
    return Result.succeed({
      slug,
      scopes,
      authMethod: "oauth",
      state: state ?? (accessToken === undefined ? "needs_reauthorization" : "connected")
    })
  },

  update: (account, { accessToken, scopes = account.scopes, state }) =>
    Result.succeed({ scopes, state: state ?? (accessToken === undefined ? account.state : "connected") }),

  seed: ({ created, id, index, pick, rowsOf }) => {
    const [users, organizations] = [rowsOf("users"), rowsOf("organizations")]
    const user = users[index % users.length]
    const { scopes, slug } = pick(all)
    const since = new Date(Math.max(created, Date.parse(user?.created_at ?? "")) || created).toISOString()
    return {
      slug,
      user_id: user?.id ?? id("user", created),
      // A user has one account of a provider for each organization.
      organization_id: index < users.length ? null : (organizations[index % organizations.length]?.id ?? null),
      scopes,
      auth_method: "oauth",
      state: pick(["connected", "connected", "needs_reauthorization"]),
      created_at: since,
      updated_at: since
    }
  }
}
