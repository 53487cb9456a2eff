// The declaration of sessions of users.
import * as ApiError from "@effect-workos/domain/ApiError"
import type { OrganizationMembership } from "@effect-workos/domain/user-management/OrganizationMembership"
import type { Session, sessions as resource } from "@effect-workos/domain/user-management/Session"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Context, Declaration } from "./Declaration.ts"
import * as IdGenerator from "./IdGenerator.ts"
import * as NotFound from "./NotFound.ts"
import { distantFuture, month } from "./SeedRow.ts"
import type { Tables } from "./Tables.ts"

const day = month / 30

/** Returns a session with its status at the current time. */
export const view = (session: Session, { ids: { now } }: Pick<Context, "ids">): Session =>
  session.status === "active" && DateTime.isGreaterThanOrEqualTo(now, session.expiresAt)
    ? { ...session, status: "expired", endedAt: session.expiresAt }
    : session

/** Revokes a session. */
export const end = ({ sessions }: Tables, session: Session, now: DateTime.Utc): void => {
  const updatedAt = IdGenerator.updateTime(now, session.updatedAt)
  sessions.set({ ...session, status: "revoked", endedAt: now, updatedAt })
}

/** Revokes the sessions of a user in an organization that the user has left. */
export const revokeOfMember = (
  store: Tables,
  { organizationId, userId }: Pick<OrganizationMembership, "organizationId" | "userId">
): void => {
  // The event of the change has the current time.
  const now = store.events.rows.at(-1)?.createdAt
  if (now === undefined) return
  for (const session of store.sessions.findBy("userId", userId)) {
    if (session.status === "active" && session.organizationId === organizationId) end(store, session, now)
  }
}

export const sessions: Declaration<typeof resource.endpoints> = {
  parents: { userId: { resource: "users" }, organizationId: { resource: "organizations" } },
  view,
  list: (_, context) => Result.succeed((session) => view(session, context).status === "active"),

  actions: {
    revoke: Effect.fnUntraced(function* ({ payload: { sessionId: id } }, context) {
      const { ids, store } = context
      const session = yield* NotFound.ifUndefined("Session", id)(store.sessions.get(id))
      if (view(session, context).status !== "active") {
        return yield* new ApiError.BadRequest({ message: "The session has already ended." })
      }
      end(store, session, ids.now)
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
