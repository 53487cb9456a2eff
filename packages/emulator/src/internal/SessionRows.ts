// Rows of sessions: their status, and their end.
import type { OrganizationMembership } from "@effect-workos/domain/user-management/OrganizationMembership"
import type { Session } from "@effect-workos/domain/user-management/Session"
import * as DateTime from "effect/DateTime"
import * as IdGenerator from "./IdGenerator.ts"
import type { Tables } from "./Tables.ts"

/** Returns a session with its status at the current time. */
export const view = (session: Session, { ids: { now } }: { readonly ids: IdGenerator.IdGenerator }): Session =>
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
