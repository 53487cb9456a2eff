// Sessions of users: access tokens, and refresh tokens that can be used once.
import type { AuthenticationMethod, AuthenticationResponse } from "@effect-workos/domain/user-management/Authentication"
import { type Session, SessionId } from "@effect-workos/domain/user-management/Session"
import type { User } from "@effect-workos/domain/user-management/User"
import { OrganizationId } from "@effect-workos/domain/organizations/OrganizationId"
import { InvalidGrant, OAuthError } from "@effect-workos/domain/sso/OAuthError"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Attempt } from "./AuthKitAttempt.ts"
import * as AuthKitOrganizations from "./AuthKitOrganizations.ts"
import type { Settings } from "./AuthKitOptions.ts"
import * as IdGenerator from "./IdGenerator.ts"
import * as SessionRows from "./SessionRows.ts"
import type { SignIn } from "./SignIn.ts"
import type { Tables } from "./Tables.ts"

/** The refresh tokens of a session. The current one can be used once, the others are used. */
interface Family {
  readonly sessionId: string
  readonly clientId: string
  readonly method: AuthenticationMethod
  /** The user had an authentication factor when the session started. */
  readonly hadFactor: boolean
  readonly current: string
}

/** A request for new tokens. */
interface Refresh {
  readonly clientId: string
  readonly refreshToken: Redacted.Redacted
  readonly organizationId?: string | undefined
  readonly ipAddress?: string | undefined
  readonly userAgent?: string | undefined
}

export interface Sessions {
  /** Starts a session. */
  readonly start: (
    attempt: Attempt,
    user: User,
    organizationId: string | undefined
  ) => Effect.Effect<AuthenticationResponse>
  /**
   * Replaces a refresh token. A refused request does not use the token up. A used token ends the session, because either the
   * user or an attacker has a stolen token.
   *
   * @see https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2
   */
  readonly refresh: (
    request: Refresh
  ) => Effect.Effect<AuthenticationResponse, AuthKitOrganizations.AccessError | InvalidGrant>
  /** Ends a session, unless the session is unknown or has ended. */
  readonly end: (sessionId: string) => Effect.Effect<void>
}

// One message for all causes, so that it reveals nothing about tokens.
const invalidToken = () =>
  new InvalidGrant({
    message:
      "The refresh token is invalid: it is unknown or used, was issued to another client, or its session has ended."
  })

const authMethods: Readonly<Record<string, Session["authMethod"]>> = {
  MagicAuth: "magic_code",
  Passkey: "passkey",
  Password: "password",
  SSO: "sso"
}

const organizationOf = (id: string | undefined) =>
  id === undefined ? {} : { organizationId: OrganizationId.make(id, { disableChecks: true }) }

/** Makes the sessions of a store. */
export const make = (store: Tables, { authKitTokens, keys }: SignIn["Service"], settings: Settings): Sessions => {
  const families = new Map<string, Family>()
  const sessionIds = new Map<string, string>()

  const activeSession = (id: string, ids: IdGenerator.IdGenerator): Session | undefined => {
    const session = store.sessions.get(id)
    return session !== undefined && SessionRows.view(session, { ids }).status === "active" ? session : undefined
  }

  const hasFactor = (userId: string): boolean => store.authenticationFactors.findBy("userId", userId).length > 0

  // The handlers do not yield between their checks and this change, so a token is used once.
  const rotate = (family: Omit<Family, "current">, ids: IdGenerator.IdGenerator): string => {
    const current = ids.token(25)
    families.set(family.sessionId, { ...family, current })
    sessionIds.set(current, family.sessionId)
    return current
  }

  const respond = Effect.fnUntraced(function* (
    { clientId, method, sessionId }: Omit<Family, "current">,
    refreshToken: string,
    user: User,
    organizationId: string | undefined,
    ids: IdGenerator.IdGenerator
  ) {
    const issuedAt = Math.floor(DateTime.toEpochMillis(ids.now) / 1000)
    const membership =
      organizationId === undefined ? undefined : AuthKitOrganizations.membership(store, user.id, organizationId)
    const roles = membership?.roles.map(({ slug }) => slug) ?? []
    const accessToken = yield* keys.sign({
      iss: authKitTokens.issuer,
      sub: user.id,
      client_id: clientId,
      sid: sessionId,
      jti: ids.id("").slice(1),
      ...(organizationId === undefined
        ? {}
        : {
            org_id: organizationId,
            ...(membership === undefined ? {} : { role: membership.role.slug, roles }),
            permissions: [...new Set(roles.flatMap(settings.permissionsOf))],
            entitlements: settings.entitlementsOf(organizationId)
          }),
      feature_flags: settings.featureFlags,
      iat: issuedAt,
      exp: issuedAt + authKitTokens.lifetime
    })
    return {
      user,
      ...organizationOf(organizationId),
      accessToken: Redacted.make(accessToken),
      refreshToken: Redacted.make(refreshToken),
      authenticationMethod: method
    }
  })

  return {
    start: Effect.fnUntraced(function* ({ clientId, ipAddress, method, userAgent }, { id }, organizationId) {
      const ids = yield* IdGenerator.current
      const next = ids.next(store.sessions.newest, "session")
      const user = { ...store.users.get(id)!, lastSignInAt: ids.now }
      const family = { sessionId: next.id, clientId, method, hadFactor: hasFactor(id) }
      store.users.set(user)
      store.sessions.set({
        object: "session",
        id: SessionId.make(next.id, { disableChecks: true }),
        userId: user.id,
        ...organizationOf(organizationId),
        ...(ipAddress === undefined ? {} : { ipAddress }),
        ...(userAgent === undefined ? {} : { userAgent }),
        authMethod: authMethods[method] ?? "oauth",
        status: "active",
        expiresAt: DateTime.addDuration(ids.now, settings.sessionLifetime),
        createdAt: next.createdAt,
        updatedAt: next.createdAt
      })
      return yield* respond(family, rotate(family, ids), user, organizationId, ids)
    }),
    refresh: Effect.fnUntraced(function* ({ clientId, refreshToken, ...request }) {
      const ids = yield* IdGenerator.current
      const token = Redacted.value(refreshToken)
      const family = families.get(sessionIds.get(token) ?? "")
      if (family === undefined || family.clientId !== clientId) return yield* invalidToken()
      const session = activeSession(family.sessionId, ids)
      const user = store.users.get(session?.userId ?? "")
      if (session === undefined || user === undefined) return yield* invalidToken()
      if (family.current !== token) {
        SessionRows.end(store, session, ids.now)
        return yield* invalidToken()
      }
      if (settings.requireMfa && family.hadFactor && !hasFactor(user.id)) {
        return yield* new OAuthError({
          error: "mfa_enrollment",
          message: "The user must enrol an authentication factor."
        })
      }
      const organizationId = request.organizationId ?? session.organizationId
      if (organizationId !== undefined) {
        const error = AuthKitOrganizations.accessError(store, settings, { user, organizationId, method: family.method })
        if (error !== undefined) return yield* Effect.fail(error)
      }
      store.sessions.set({
        ...session,
        ...organizationOf(organizationId),
        updatedAt: IdGenerator.updateTime(ids.now, session.updatedAt)
      })
      return yield* respond(family, rotate(family, ids), user, organizationId, ids)
    }),
    end: Effect.fnUntraced(function* (id) {
      const ids = yield* IdGenerator.current
      const session = activeSession(id, ids)
      if (session !== undefined) SessionRows.end(store, session, ids.now)
    })
  }
}
