/**
 * Errors of sessions. They contain neither cookies nor tokens.
 *
 * @module
 */
import * as Schema from "effect/Schema"

/**
 * The request has no session cookie. The user must sign in.
 */
export class NoSession extends Schema.TaggedError<NoSession>()("NoSession", { message: Schema.String }) {}

/**
 * The session cookie cannot be opened. The user must sign in.
 *
 * **Details**
 *
 * `reason` is
 *
 * - `Malformed` if the cookie is not a sealed session, for example because it was truncated,
 * - `WrongSeal` if the cookie was modified, or sealed with a password that is not configured,
 * - `Expired` if another program sealed the cookie with an expiry,
 * - `InvalidData` if the sealed data is not a session.
 */
export class InvalidSessionCookie extends Schema.TaggedError<InvalidSessionCookie>()("InvalidSessionCookie", {
  message: Schema.String,
  reason: Schema.Literals(["Malformed", "WrongSeal", "Expired", "InvalidData"])
}) {}

/**
 * The session has ended: the user signed out, or WorkOS rejected the refresh token. The user must sign in.
 */
export class SessionEnded extends Schema.TaggedError<SessionEnded>()("SessionEnded", {
  message: Schema.String,
  /** The id of the session, `session_…`, if the access token has one. */
  sessionId: Schema.optionalKey(Schema.String)
}) {}

/**
 * The errors after which the user must sign in.
 *
 * **Example** (A hint for the sign-in page)
 *
 * ```ts
 * import type { SessionError } from "@effect-workos/server/SessionError"
 *
 * const hint = (error: SessionError): string => (error._tag === "SessionEnded" ? "You were signed out." : "")
 * ```
 */
export type SessionError = NoSession | InvalidSessionCookie | SessionEnded
