/**
 * The sessions of users: ids, schemas and endpoints.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import * as Lenient from "../Lenient.ts"
import * as OpenEnum from "../OpenEnum.ts"
import { OrganizationId } from "../organizations/OrganizationId.ts"
import * as Pagination from "../Pagination.ts"
import * as Resource from "../Resource.ts"
import { Timestamp } from "../Timestamp.ts"
import { Impersonator } from "./Impersonator.ts"
import * as RateLimits from "./RateLimits.ts"
import { UserId } from "./UserId.ts"
import * as Wire from "../Wire.ts"

/**
 * The id of a session: `session_…`. The claim `sid` of access tokens contains it.
 *
 * @see https://workos.com/docs/reference/authkit/session
 */
export const SessionId = Id.make("session").pipe(Schema.brand("SessionId"))
export type SessionId = typeof SessionId.Type

/**
 * The state of a session.
 *
 * @see https://workos.com/docs/reference/authkit/session
 */
export const SessionStatus = OpenEnum.make(["active", "expired", "revoked"], /[a-z]{4,8}ed/)
export type SessionStatus = typeof SessionStatus.Type

/**
 * The method with which the user started a session.
 *
 * @see https://workos.com/docs/reference/authkit/session
 */
export const SessionAuthMethod = OpenEnum.make(
  [
    "cross_app_auth",
    "external_auth",
    "impersonation",
    "magic_code",
    "migrated_session",
    "oauth",
    "passkey",
    "password",
    "sso",
    "unknown"
  ],
  /[a-z]{4,8}_[a-z]{4,8}/
)
export type SessionAuthMethod = typeof SessionAuthMethod.Type

const fields = () => ({
  userId: UserId,
  organizationId: Lenient.optional(OrganizationId, { nullable: true }),
  ipAddress: Lenient.optional(Arbitraries.stringMatching(/192\.0\.2\.[1-9]/), { required: true, nullable: true }),
  userAgent: Lenient.optional(Arbitraries.stringMatching(/Mozilla\/5\.0 \(X11\) [A-Z][a-z]{3,6}\/1\.0/), {
    required: true,
    nullable: true
  }),
  impersonator: Lenient.optional(Impersonator, { nullable: true }),
  endedAt: Lenient.optional(Timestamp, { required: true, nullable: true })
})

/**
 * A session of a user.
 *
 * **Details**
 *
 * - `organizationId`: the organization that the user signed in to, if any.
 * - `impersonator`: present if a WorkOS user signed in as the user.
 * - `endedAt`: absent while the session is active.
 *
 * **Example** (Sessions with a password)
 *
 * ```ts
 * import type { Session, SessionAuthMethod, SessionStatus } from "@effect-workos/domain/user-management/Session"
 *
 * const status: SessionStatus = "active"
 * const method: SessionAuthMethod = "password"
 *
 * const select = (sessions: ReadonlyArray<Session>): ReadonlyArray<Session> =>
 *   sessions.filter((session) => session.status === status && session.authMethod === method)
 * ```
 *
 * @see https://workos.com/docs/reference/authkit/session
 */
export class Session extends Schema.Opaque<Session>()(
  ApiObject.make("session", SessionId, () => ({
    ...fields(),
    authMethod: SessionAuthMethod,
    status: SessionStatus,
    expiresAt: Timestamp
  }))
) {}

/**
 * The data of an event of a session. `authMethod`, `status` and `expiresAt` are absent in older events.
 *
 * @see https://workos.com/docs/events/session
 */
export class SessionInEvent extends Schema.Opaque<SessionInEvent>()(
  ApiObject.make("session", SessionId, () => ({
    ...fields(),
    authMethod: Lenient.optional(SessionAuthMethod, { required: true }),
    status: Lenient.optional(SessionStatus, { required: true }),
    expiresAt: Lenient.optional(Timestamp, { required: true })
  }))
) {}

/**
 * The payload that revokes a session.
 *
 * @see https://workos.com/docs/reference/authkit/session/revoke
 */
export class RevokeSession extends Schema.Opaque<RevokeSession>()(
  Wire.Struct(() => ({ sessionId: Id.make("session") }))
) {}

/**
 * The endpoints of sessions. `authentication` starts sessions.
 *
 * @see https://workos.com/docs/reference/authkit/session
 */
export const sessions = Resource.make("sessions", {
  /**
   * Returns a page of the active sessions of a user. `order` defaults to `desc`.
   *
   * @see https://workos.com/docs/reference/authkit/session/list
   */
  list: Endpoint.get("/user_management/users/:userId/sessions", {
    summary: "List the active sessions of a user",
    params: { userId: UserId },
    query: Wire.Struct(() => Pagination.query("session")),
    item: Session,
    errors: [ApiError.NotFound, ApiError.UnprocessableEntity],
    rateLimits: RateLimits.reads,
    containsPii: true
  }),
  /**
   * Ends a session: its refresh token becomes invalid. Access tokens remain valid until they expire.
   *
   * @see https://workos.com/docs/reference/authkit/session/revoke
   */
  revoke: Endpoint.post("/user_management/sessions/revoke", {
    summary: "Revoke a session",
    description: "Access tokens of the session remain valid until they expire.",
    payload: RevokeSession,
    status: 200,
    errors: [ApiError.BadRequest, ApiError.NotFound, ApiError.UnprocessableEntity],
    rateLimits: RateLimits.writes
  })
})
