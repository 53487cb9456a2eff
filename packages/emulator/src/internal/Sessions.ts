// The declaration of sessions of users.
import * as ApiError from "@effect-workos/domain/ApiError"
import type { sessions as resource } from "@effect-workos/domain/user-management/Session"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Declaration } from "./Declaration.ts"
import * as NotFound from "./NotFound.ts"
import * as SessionRows from "./SessionRows.ts"
import { distantFuture, month } from "./SeedRow.ts"

const day = month / 30

export const sessions: Declaration<typeof resource.endpoints> = {
  parents: { userId: { resource: "users" }, organizationId: { resource: "organizations" } },
  view: SessionRows.view,
  list: (_, context) => Result.succeed((session) => SessionRows.view(session, context).status === "active"),

  actions: {
    revoke: Effect.fnUntraced(function* ({ payload: { sessionId: id } }, context) {
      const { ids, store } = context
      const session = yield* NotFound.ifUndefined("Session", id)(store.sessions.get(id))
      if (SessionRows.view(session, context).status !== "active") {
        return yield* new ApiError.BadRequest({ message: "The session has already ended." })
      }
      SessionRows.end(store, session, ids.now)
    })
  },

  events: (before, after) => {
    if (after === undefined) return []
    if (before === undefined) return [{ event: "session.created", data: after }]
    return before.status !== "revoked" && after.status === "revoked" ? [{ event: "session.revoked", data: after }] : []
  },
  history: ({ endedAt, ...session }) =>
    endedAt === undefined
      ? []
      : [{ ...session, status: "active", expiresAt: DateTime.makeUnsafe(distantFuture), updatedAt: session.createdAt }],

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
