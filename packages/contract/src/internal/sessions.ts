// The laws of AuthKit's sessions: refresh tokens, access tokens and revoked sessions.
//
// A user who belongs to the run signs in with a password, so these laws also apply to WorkOS itself.
import * as Effect from "effect/Effect"
import { valueAt } from "@effect-workos/contract-engine/ApiConventions"
import type { Exchange } from "@effect-workos/contract-engine/Exchange"
import type * as Law from "@effect-workos/contract-engine/Law"
import * as Property from "@effect-workos/contract-engine/Property"
import { Session } from "@effect-workos/contract-engine/Session"
import * as AccessToken from "./accessToken.ts"
import { rowsIn, send, sendTo, violation } from "./created.ts"
import * as Users from "./users.ts"

const reference = "https://workos.com/docs/reference/authkit"

const hasId =
  (...ids: ReadonlyArray<string>) =>
  (operation: { readonly id: string }) =>
    ids.includes(operation.id)

const checkRefused = (
  refused: Exchange,
  before: readonly [Exchange, ...Array<Exchange>],
  message: string
): Property.CaseResult => {
  if (Users.isInvalidGrant(refused)) return Property.passed
  const [first, ...others] = before
  return violation(message, "400: invalid_grant", [first, ...others, refused], Users.describeAuthentication(refused))
}

const refreshTokenOnce: Law.Law = {
  id: "workos/refresh-token-once",
  sentence: "A refresh token returns new tokens once; a second use returns `invalid_grant`.",
  source: {
    kind: "documented",
    text: "“Refresh tokens may only be used once.”",
    url: `${reference}/session-tokens/refresh-token`
  },
  severity: "error",
  writes: true,
  appliesTo: hasId("authentication.authenticate"),
  check: () =>
    Users.forEachUser((user) =>
      Effect.gen(function* () {
        const { exchange: started, refreshToken } = yield* Users.startSession(user)
        const refreshed = yield* Users.withRefreshToken(refreshToken)
        if (Users.tokensIn(refreshed) === undefined) return Property.inconclusive
        const again = yield* Users.withRefreshToken(refreshToken)
        return checkRefused(again, [started, refreshed], "accepted a refresh token for the second time")
      })
    )
}

const refreshKeepsSession: Law.Law = {
  id: "workos/refresh-keeps-session",
  sentence: "Each refresh returns tokens of the same session and the same user, as long as the session is active.",
  source: {
    kind: "documented",
    text: "“Refreshes will succeed as long as the user's session is still active.”",
    url: `${reference}/session-tokens/refresh-token`
  },
  severity: "error",
  writes: true,
  appliesTo: hasId("authentication.authenticate"),
  check: () =>
    Users.forEachUser((user) =>
      Effect.gen(function* () {
        let last = yield* Users.startSession(user)
        const { sessionId } = last
        for (const _ of refreshes) {
          const { exchange } = last
          const refreshed = yield* Users.withRefreshToken(last.refreshToken)
          const tokens = Users.tokensIn(refreshed)
          if (tokens === undefined) {
            const actual = Users.describeAuthentication(refreshed)
            return violation("refused an unused refresh token", "new tokens", [exchange, refreshed], actual)
          }
          const { sid, sub } = AccessToken.claimsOf(tokens.accessToken)
          if (sid !== sessionId || sub !== user.id) {
            const expected = `the session ${sessionId} of ${user.id}`
            const actual = `the session ${String(sid)} of ${String(sub)}`
            return violation("returned a token of another session", expected, [exchange, refreshed], actual)
          }
          last = tokens
        }
        return Property.passed
      })
    )
}

/** The number of successive refreshes. */
const refreshes = Array.from({ length: 3 })

// Returns whether a session is among the active sessions of a user.
const isListed = (exchange: Exchange, sessionId: string): boolean =>
  rowsIn(exchange).some(({ id, status }) => id === sessionId && status === "active")

const sessions = (userId: string) => sendTo("sessions.list", { userId })

const sessionToken: Law.Law = {
  id: "workos/session-token",
  sentence:
    "An access token is signed with RS256 by a key in the JWKS, is not expired, and contains the user and an active session of the user.",
  source: {
    kind: "documented",
    text: "“a JWT that can be used to verify that a user has an active session”; the claim sub is the id of the user, and sid the id of the session.",
    url: `${reference}/session-tokens/access-token`
  },
  severity: "error",
  writes: true,
  appliesTo: hasId("authentication.authenticate"),
  check: () =>
    Users.forEachUser((user) =>
      Effect.gen(function* () {
        const { settings } = yield* Session
        const { accessToken, exchange, sessionId } = yield* Users.startSession(user)
        const { jwks, keys } = yield* AccessToken.keysOf(settings.clientId ?? "")
        const issue = yield* AccessToken.issueOf(accessToken, keys)
        if (issue !== undefined) {
          return violation("returned no key that verifies the access token", "a valid token", [exchange, jwks], issue)
        }
        const { sub } = AccessToken.claimsOf(accessToken)
        const shown = valueAt(exchange.response.json, ["user", "id"])
        if (sub !== user.id || shown !== user.id) {
          const actual = `the user ${String(shown)} with a token of ${String(sub)}`
          return violation("returned a token of another user", user.id, [exchange], actual)
        }
        const listed = yield* sessions(user.id)
        return isListed(listed, sessionId)
          ? Property.passed
          : violation("does not list the session of the access token", sessionId, [exchange, listed])
      })
    )
}

const revokedSession: Law.Law = {
  id: "workos/revoked-session",
  sentence: "A revoked session is not among the active sessions of the user, and cannot be refreshed.",
  source: {
    kind: "documented",
    text: "“Get a list of all active sessions for a specific user.” “Refreshes will succeed as long as the user's session is still active.”",
    url: `${reference}/session/revoke`
  },
  severity: "error",
  writes: true,
  appliesTo: hasId("sessions.revoke"),
  check: () =>
    Users.forEachUser((user) =>
      Effect.gen(function* () {
        const revoked = yield* Users.startSession(user)
        const other = yield* Users.startSession(user)
        const revoking = yield* send("sessions.revoke", "", { session_id: revoked.sessionId })
        if (revoking.response.status >= 300) {
          return violation("refused to revoke an active session", "200", [revoked.exchange, revoking])
        }
        const listed = yield* sessions(user.id)
        if (isListed(listed, revoked.sessionId)) {
          return violation("returns a revoked session", `no ${revoked.sessionId}`, [revoking, listed])
        }
        if (!isListed(listed, other.sessionId)) {
          return violation("does not list another session of the user", other.sessionId, [revoking, listed])
        }
        const refused = yield* Users.withRefreshToken(revoked.refreshToken)
        const verdict = checkRefused(refused, [revoked.exchange, revoking], "refreshed a revoked session")
        if (verdict._tag === "Violation") return verdict
        const refreshed = yield* Users.withRefreshToken(other.refreshToken)
        return Users.tokensIn(refreshed) === undefined
          ? violation("ended another session of the user", "new tokens", [other.exchange, revoking, refreshed])
          : Property.passed
      })
    )
}

export const sessionLaws: ReadonlyArray<Law.Law> = [refreshTokenOnce, refreshKeepsSession, sessionToken, revokedSession]
