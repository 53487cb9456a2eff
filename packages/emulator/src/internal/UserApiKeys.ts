// The declaration of API keys of users.
import * as ApiError from "@effect-workos/domain/ApiError"
import { ApiKeyId } from "@effect-workos/domain/api-keys/ApiKeyFields"
import type { UserApiKey, userApiKeys as resource } from "@effect-workos/domain/api-keys/UserApiKey"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { OrganizationId } from "@effect-workos/domain/organizations/OrganizationId"
import type { Declaration } from "./Declaration.ts"
import * as NotFound from "./NotFound.ts"

const unprocessable = (message: string) => Effect.fail(new ApiError.UnprocessableEntity({ message }))

export const userApiKeys: Declaration<typeof resource.endpoints> = {
  parents: { userId: { resource: "users" }, organizationId: { resource: "organizations" } },
  filters: {
    userId: { values: ({ owner }) => owner.id },
    organizationId: { values: ({ owner }) => owner.organizationId }
  },

  actions: {
    create: Effect.fnUntraced(function* ({ params: { userId }, payload }, { ids, store }) {
      const { expiresAt, name, organizationId, permissions = [] } = payload
      yield* NotFound.ifUndefined("User", userId)(store.users.get(userId))
      yield* NotFound.ifUndefined("Organization", organizationId)(store.organizations.get(organizationId))
      const isMember = store.organizationMemberships
        .findBy("userId", userId)
        .some((membership) => membership.organizationId === organizationId && membership.status === "active")
      if (!isMember) return yield* unprocessable("The user has no active membership in the organization.")
      if (expiresAt !== undefined && DateTime.isLessThanOrEqualTo(expiresAt, ids.now)) {
        return yield* unprocessable("'expires_at' must be in the future.")
      }
      const value = `sk_${ids.token(40)}`
      const { createdAt, id } = ids.next(store.userApiKeys.newest, "api_key")
      const key: UserApiKey = {
        object: "api_key",
        id: ApiKeyId.make(id),
        owner: { type: "user", id: userId, organizationId: OrganizationId.make(organizationId) },
        name,
        obfuscatedValue: `sk_...${value.slice(-4)}`,
        permissions,
        ...(expiresAt === undefined ? {} : { expiresAt }),
        createdAt,
        updatedAt: createdAt
      }
      store.userApiKeys.set(key)
      return { ...key, value: Redacted.make(value) }
    })
  },

  seed: ({ chance, created, id, index, letters, pick, rowsOf }) => {
    const memberships = rowsOf("organizationMemberships").filter(({ status }) => status === "active")
    const membership = memberships[index % memberships.length]
    const since = new Date(Math.max(created, Date.parse(membership?.created_at ?? "")) || created).toISOString()
    return {
      owner: {
        type: "user",
        id: membership?.user_id ?? id("user", created),
        organization_id: membership?.organization_id ?? id("org", created)
      },
      name: pick(["CI key", "Production key", "Staging key"]),
      obfuscated_value: `sk_...${letters(4)}`,
      permissions: chance(0.5) ? ["posts:read"] : ["posts:read", "posts:write"],
      last_used_at: chance(0.5) ? since : null,
      expires_at: null,
      created_at: since,
      updated_at: since
    }
  }
}
