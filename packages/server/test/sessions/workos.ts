// A WorkOS whose refresh tokens work once, with the times of the test clock.
import type { Authentication } from "@effect-workos/client/Authentication"
import { TransportError } from "@effect-workos/client/ClientError"
import { InvalidGrant } from "@effect-workos/domain/sso/OAuthError"
import { AuthenticationResponse } from "@effect-workos/domain/user-management/Authentication"
import { SsoRequired } from "@effect-workos/domain/user-management/AuthenticationError"
import { UnsecuredJWT } from "jose"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { AccessTokens } from "../../src/AccessTokens.ts"
import * as UnverifiedToken from "../../src/internal/UnverifiedToken.ts"
import * as CookieSessions from "../../src/CookieSessions.ts"
import { ExpiredToken } from "../../src/TokenError.ts"
import { claims, clientId } from "../tokens.ts"
import { password } from "./sealed.ts"

export const firstOrganization = "org_01EHWNCE74X7JSDV0X3SZ3KJNY"

/** The organization that requires SSO. */
export const organizationWithSso = "org_01EHWNCE74X7JSDV0X3SZ3KJSS"

export const otherOrganization = "org_01EHWNCE74X7JSDV0X3SZ3KJNN"

/** The lifetime of access tokens in seconds. */
export const lifetime = 300

const user = {
  object: "user" as const,
  id: "user_01E4ZCR3C56J083X43JQXF3JK5",
  email: "ada@example.com",
  email_verified: true,
  first_name: "Ada",
  created_at: "2026-01-15T12:00:00.000Z",
  updated_at: "2026-01-15T12:00:00.000Z"
}

// Signatures are verified by the tests of `AccessTokens`. Without them, a request is complete as soon as the test clock is.
const verify: AccessTokens["Service"]["verify"] = Effect.fnUntraced(function* (token) {
  const verified = yield* UnverifiedToken.read(Redacted.isRedacted(token) ? token : Redacted.make(token))
  const { exp } = verified.claims
  const now = yield* Clock.currentTimeMillis
  if (now < DateTime.toEpochMillis(exp) + 5_000) return verified
  return yield* new ExpiredToken({ message: "The access token has expired.", expiredAt: exp })
})

export const makeWorkOs = (options: Partial<CookieSessions.Options> = {}) => {
  const valid = new Set<string>()
  let issued = 0
  const workos = {
    /** The number of refreshes that were requested. */
    refreshes: 0,
    /** The number of refresh tokens that were used twice. */
    reuses: 0,
    /** The duration of a refresh. */
    latency: "1 second" as const,
    isAvailable: true,
    rotates: true
  }

  const respond = Effect.fnUntraced(function* (organization: string, refreshToken?: string) {
    const now = Math.floor((yield* Clock.currentTimeMillis) / 1000)
    const token = refreshToken ?? `refresh${++issued}`
    valid.add(token)
    const payload = { ...claims, org_id: organization, iat: now, exp: now + lifetime }
    const accessToken = new UnsecuredJWT(payload).encode()
    return Schema.decodeSync(AuthenticationResponse)({
      user,
      organization_id: organization,
      access_token: accessToken,
      refresh_token: token
    })
  })

  const withRefreshToken: Authentication["Service"]["withRefreshToken"] = Effect.fnUntraced(function* ({
    organizationId = "",
    refreshToken
  }) {
    workos.refreshes++
    yield* Effect.sleep(workos.latency)
    if (!workos.isAvailable) {
      return yield* new TransportError({
        operation: "authentication.authenticate",
        message: "The connection was refused.",
        attempts: 1,
        elapsed: Duration.zero
      })
    }
    if (organizationId === organizationWithSso)
      return yield* new SsoRequired({ message: "Sign in with SSO.", connectionIds: [] })
    const token = Redacted.value(refreshToken)
    if (!valid.has(token)) {
      workos.reuses++
      return yield* new InvalidGrant({ message: "Session has already ended." })
    }
    if (workos.rotates) valid.delete(token)
    return yield* respond(organizationId, workos.rotates ? undefined : token)
  })

  const sessions = CookieSessions.make({
    clientId,
    cookiePasswords: password,
    ...options,
    verify,
    authentication: {
      withRefreshToken,
      logoutUrl: ({ returnTo, sessionId }) => {
        const url = new URL("https://api.workos.com/user_management/sessions/logout")
        url.searchParams.set("session_id", sessionId)
        if (returnTo !== undefined) url.searchParams.set("return_to", String(returnTo))
        return Result.succeed(url)
      }
    }
  })

  return Object.assign(workos, {
    sessions,
    /** Signs a user in. */
    signIn: respond(firstOrganization),
    /** Ends all sessions at WorkOS. */
    revoke: Effect.sync(() => valid.clear())
  })
}
