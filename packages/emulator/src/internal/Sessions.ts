// The declaration of sessions of users.
import type { sessions as resource } from "@effect-workos/domain/user-management/Session"
import * as Effect from "effect/Effect"
import type { Declaration } from "./Declaration.ts"
import * as NotFound from "./NotFound.ts"
import { distantFuture, month } from "./SeedRow.ts"

const day = month / 30

export const sessions: Declaration<typeof resource.endpoints> = {
  parents: { userId: { resource: "users" } },
  actions: {
    revoke: ({ payload: { sessionId } }) => Effect.fail(NotFound.make("Session", sessionId))
  },

  seed: ({ below, chance, created, id, index, letters, pick, rowsOf }) => {
    const users = rowsOf("users")
    const user = users[index % users.length]
    const userId = user?.id ?? id("user", created)
    const memberships = chance(0.8) ? rowsOf("organizationMemberships").filter(({ user_id: id }) => id === userId) : []
    const since = Math.max(created, Date.parse(user?.created_at ?? "")) || created
    const status = index < users.length || chance(0.3) ? "active" : pick(["expired", "revoked"])
    const ended = new Date(since + below(30) * day).toISOString()
    return {
      user_id: userId,
      ...(memberships[0]?.status === "active" ? { organization_id: memberships[0].organization_id } : {}),
      auth_method: pick(["magic_code", "oauth", "password", "sso"]),
      status,
      ip_address: `192.0.2.${1 + below(254)}`,
      user_agent: `Mozilla/5.0 (X11) Firefox/${100 + below(40)}.0 ${letters(2)}`,
      expires_at: status === "active" ? distantFuture : ended,
      ended_at: status === "active" ? null : ended,
      created_at: new Date(since).toISOString(),
      updated_at: status === "active" ? new Date(since).toISOString() : ended
    }
  }
}
