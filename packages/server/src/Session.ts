/**
 * Types of sessions: a session, its cookie, and the errors of its operations.
 *
 * @module
 */
import type { AuthenticateError } from "@effect-workos/client/Authentication"
import type * as Redacted from "effect/Redacted"
import type { VerifiedToken } from "./AccessTokens.ts"
import type { SessionData } from "./SealedSession.ts"
import type { SessionError } from "./SessionError.ts"
import type * as TokenError from "./TokenError.ts"

/**
 * The session of a signed-in user. `claims` contains the session id, the organization, the roles and the permissions, and
 * `raw` the claims of the application's JWT template too.
 *
 * **Example** (Checking a permission)
 *
 * ```ts
 * import type { Session } from "@effect-workos/server/Session"
 *
 * const mayBill = ({ claims }: Session): boolean => claims.permissions?.includes("billing") === true
 * ```
 */
export interface Session extends Omit<SessionData, "organizationId" | "refreshToken">, VerifiedToken {}

/**
 * A session with the value of the cookie that the browser must receive.
 */
export interface NewSession {
  readonly session: Session
  readonly cookie: Redacted.Redacted
}

/**
 * A session, with the value of a new cookie if the session was refreshed.
 */
export interface ResumedSession extends Pick<NewSession, "session">, Partial<Pick<NewSession, "cookie">> {}

/**
 * Options of a refresh: the organization to switch to, and facts about the request that WorkOS records.
 */
export interface RefreshOptions {
  /** The organization of the new session. Defaults to that of the current session. */
  readonly organizationId?: string | undefined
  readonly ipAddress?: string | undefined
  readonly userAgent?: string | undefined
}

/**
 * The errors of `refresh`: of the cookie, and of WorkOS, which can require a next step such as MFA. A rejected refresh
 * token is a `SessionEnded`.
 *
 * **Example** (Errors after which the same cookie may work later)
 *
 * ```ts
 * import type { RefreshError } from "@effect-workos/server/Session"
 *
 * const mayWorkLater = ({ _tag }: RefreshError): boolean =>
 *   _tag === "TransportError" || _tag === "ServerError" || _tag === "TooManyRequests"
 * ```
 */
export type RefreshError =
  | SessionError
  | TokenError.MalformedToken
  | Exclude<AuthenticateError, { readonly _tag: "InvalidGrant" }>

/**
 * The errors of `authenticate`: of the cookie and of its access token.
 */
export type VerifyError = SessionError | TokenError.InvalidToken | TokenError.JwksUnavailable

/** The value of a session cookie, or `undefined` if the request has none. */
export type CookieValue = Redacted.Redacted | string | undefined

const signInTags = [
  "NoSession",
  "InvalidSessionCookie",
  "SessionEnded",
  "MalformedToken",
  "WrongAlgorithm",
  "UnknownKey",
  "WrongTokenSignature",
  "ExpiredToken",
  "WrongIssuer",
  "WrongClient",
  "EmailVerificationRequired",
  "MfaChallengeRequired",
  "MfaEnrollmentRequired",
  "OrganizationAuthenticationMethodsRequired",
  "OrganizationSelectionRequired",
  "RadarChallengeRequired",
  "SsoRequired"
] as const satisfies ReadonlyArray<(VerifyError | RefreshError)["_tag"]>

/**
 * The errors after which the user must sign in again: the cookie will never work. After other errors, it may work later.
 */
export type SignInRequired = Extract<VerifyError | RefreshError, { readonly _tag: (typeof signInTags)[number] }>

const tags: ReadonlySet<string> = new Set(signInTags)

/**
 * Tests whether the user must sign in again.
 *
 * **Example** (A response status per error)
 *
 * ```ts
 * import { isSignInRequired, type RefreshError, type VerifyError } from "@effect-workos/server/Session"
 *
 * const statusOf = (error: VerifyError | RefreshError): number => (isSignInRequired(error) ? 401 : 503)
 * ```
 */
export const isSignInRequired = (error: VerifyError | RefreshError): error is SignInRequired => tags.has(error._tag)
