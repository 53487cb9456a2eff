// The implementation of `CookieSessions`.
import type { Authentication } from "@effect-workos/client/Authentication"
import type { AuthenticationResponse } from "@effect-workos/domain/user-management/Authentication"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { AccessTokens, VerifiedToken } from "../AccessTokens.ts"
import type { Claims } from "../Claims.ts"
import type { Sealer, SessionData } from "../SealedSession.ts"
import type {
  CookieValue,
  NewSession,
  RefreshError,
  RefreshOptions,
  ResumedSession,
  Session,
  VerifyError
} from "../Session.ts"
import type { SessionCookie } from "../SessionCookie.ts"
import { type InvalidSessionCookie, NoSession, SessionEnded } from "../SessionError.ts"
import { ExpiredToken, type MalformedToken } from "../TokenError.ts"
import * as EndedSessions from "./EndedSessions.ts"
import * as Refreshes from "./Refreshes.ts"
import * as UnverifiedToken from "./UnverifiedToken.ts"
import * as VerifiedSessions from "./VerifiedSessions.ts"

/** Times are in milliseconds. */
export interface Settings {
  readonly authentication: Pick<Authentication["Service"], "logoutUrl" | "withRefreshToken">
  readonly cacheCapacity: number
  readonly clientId: string
  readonly clockTolerance: number
  readonly cookie: SessionCookie
  readonly gracePeriod: number
  readonly refreshBefore: number
  readonly sealer: Sealer
  readonly verify: AccessTokens["Service"]["verify"]
}

/** A new session with the data in its cookie. */
interface Issued extends NewSession {
  readonly data: SessionData
}

/** A session that is about to end is remembered for this time in milliseconds in addition to the life of its tokens. */
const endedMargin = 60_000

const endedCapacity = 10_000

const refreshCapacity = 1_000

/** The maximum size of a cookie in browsers, which count its name and its value. */
const maxCookieSize = 4_096

/** Age in milliseconds from which a verified cookie is verified again, with the current keys. */
const verifiedFor = 60_000

export const make = (settings: Settings) => {
  const { authentication, clientId, clockTolerance, cookie, refreshBefore, sealer, verify } = settings
  const verified = VerifiedSessions.make<Session>(settings.cacheCapacity)
  const ended = EndedSessions.make(endedCapacity)

  const unseal = (value: CookieValue): Effect.Effect<SessionData, NoSession | InvalidSessionCookie> => {
    const text = textOf(value)
    return text === "" ? Effect.fail(noSession()) : sealer.unseal(text)
  }

  const failIfEnded = ({ sid }: Claims) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => (ended.has(sid, now) ? Effect.fail(signedOut(sid)) : Effect.void))

  const issue = Effect.fnUntraced(function* (response: AuthenticationResponse) {
    const data = dataOf(response)
    const session = sessionOf(data, yield* UnverifiedToken.read(data.accessToken))
    const sealed = yield* sealer.seal(data)
    const size = cookie.name.length + Redacted.value(sealed).length
    if (size > maxCookieSize) {
      yield* Effect.logWarning(
        `The session cookie has ${size} bytes. Browsers ignore cookies of more than 4,096 bytes.`
      )
    }
    return { data, session, cookie: sealed }
  })

  const refreshes = Refreshes.make<Issued, RefreshError, Omit<RefreshOptions, "organizationId">>({
    refresh: Effect.fnUntraced(function* ({ accessToken, refreshToken }, organizationId, facts) {
      const { claims } = yield* UnverifiedToken.read(accessToken)
      const organization = organizationId ?? claims.orgId
      const response = yield* Effect.catchTag(
        authentication.withRefreshToken({
          clientId,
          refreshToken,
          ...facts,
          ...(organization == null ? {} : { organizationId: organization })
        }),
        "InvalidGrant",
        () => Effect.fail(refreshRejected(claims.sid))
      )
      return yield* issue(response)
    }),
    isFinal: ({ _tag }) => _tag === "SessionEnded",
    gracePeriod: settings.gracePeriod,
    capacity: refreshCapacity
  })

  const verifyCookie = Effect.fnUntraced(function* (text: string): Effect.fn.Return<Session, VerifyError> {
    const data = yield* unseal(text)
    const token = yield* verify(data.accessToken)
    const session = sessionOf(data, token)
    verified.set(text, session, (yield* Clock.currentTimeMillis) + verifiedFor)
    return session
  })

  const authenticate = (value: CookieValue): Effect.Effect<Session, VerifyError> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const text = textOf(value)
      const known = verified.get(text, now)
      if (known === undefined) return Effect.tap(verifyCookie(text), ({ claims }) => failIfEnded(claims))
      const { exp, sid } = known.claims
      if (ended.has(sid, now)) return Effect.fail(signedOut(sid))
      return now < DateTime.toEpochMillis(exp) + clockTolerance ? Effect.succeed(known) : Effect.fail(expired(exp))
    })

  const refresh = Effect.fnUntraced(function* (
    value: CookieValue,
    { organizationId, ...facts }: RefreshOptions = {}
  ): Effect.fn.Return<NewSession, RefreshError> {
    const data = yield* unseal(value)
    const { claims } = yield* UnverifiedToken.read(data.accessToken)
    yield* failIfEnded(claims)
    const { cookie, session } = yield* refreshes.run(data, organizationId, facts)
    // The user may have signed out during the refresh.
    yield* failIfEnded(session.claims)
    return { cookie, session }
  })

  const resume = Effect.fnUntraced(function* (
    value: CookieValue,
    facts?: Omit<RefreshOptions, "organizationId">
  ): Effect.fn.Return<ResumedSession, VerifyError | RefreshError> {
    const current = yield* Effect.result(authenticate(value))
    if (Result.isFailure(current)) {
      const { failure } = current
      // A key is unknown if WorkOS has replaced it since the token was issued.
      return failure._tag === "ExpiredToken" || failure._tag === "UnknownKey"
        ? yield* refresh(value, facts)
        : yield* Effect.fail(failure)
    }
    const session = current.success
    const remaining = DateTime.toEpochMillis(session.claims.exp) - (yield* Clock.currentTimeMillis)
    if (remaining > refreshBefore) return { session }
    const next = yield* Effect.result(refresh(value, facts))
    if (Result.isSuccess(next)) return next.success
    // The access token is still valid, so a failure of WorkOS does not matter yet.
    return next.failure._tag === "SessionEnded" ? yield* Effect.fail(next.failure) : { session }
  })

  const end = Effect.fnUntraced(function* (
    value: CookieValue,
    { returnTo }: { readonly returnTo?: string | URL | undefined } = {}
  ) {
    const token = yield* Effect.option(
      Effect.flatMap(unseal(value), ({ accessToken }) => UnverifiedToken.read(accessToken))
    )
    if (Option.isNone(token)) return undefined
    const { exp, iat, sid } = token.value.claims
    if (sid == null) return undefined
    // A refresh that is running may return a token with a complete lifetime.
    const now = yield* Clock.currentTimeMillis
    const lifetime = DateTime.toEpochMillis(exp) - DateTime.toEpochMillis(iat)
    ended.add(sid, Math.max(now + lifetime, DateTime.toEpochMillis(exp)) + endedMargin, now)
    return yield* Effect.fromResult(authentication.logoutUrl({ sessionId: sid, returnTo }))
  })

  const latest = Effect.fnUntraced(function* (value: Redacted.Redacted) {
    const now = yield* Clock.currentTimeMillis
    // The cookie was sealed by this service.
    let data = yield* Effect.orDie(sealer.unseal(value))
    let newest = value
    for (;;) {
      const { claims } = yield* Effect.orDie(UnverifiedToken.read(data.accessToken))
      if (ended.has(claims.sid, now)) return undefined
      const next = refreshes.findRecent(data, now)
      if (next === undefined) return newest
      newest = next.cookie
      if (Redacted.value(next.data.refreshToken) === Redacted.value(data.refreshToken)) return newest
      data = next.data
    }
  })

  const create = (response: AuthenticationResponse): Effect.Effect<NewSession, MalformedToken> =>
    Effect.map(issue(response), ({ cookie, session }) => ({ cookie, session }))

  return { authenticate, cookie, create, end, latest, refresh, resume }
}

const textOf = (value: CookieValue): string =>
  value === undefined ? "" : Redacted.isRedacted(value) ? Redacted.value(value) : value

// The seal contains these fields only.
const dataOf = ({
  accessToken,
  authenticationMethod,
  impersonator,
  organizationId,
  refreshToken,
  user
}: AuthenticationResponse): SessionData => ({
  user,
  accessToken,
  refreshToken,
  ...(organizationId === undefined ? {} : { organizationId }),
  ...(authenticationMethod === undefined ? {} : { authenticationMethod }),
  ...(impersonator === undefined ? {} : { impersonator })
})

const sessionOf = (
  { accessToken, authenticationMethod, impersonator, user }: SessionData,
  { claims, raw }: VerifiedToken
): Session => ({
  user,
  claims,
  raw,
  accessToken,
  ...(authenticationMethod === undefined ? {} : { authenticationMethod }),
  ...(impersonator === undefined ? {} : { impersonator })
})

// -----------------------------------------------------------------------------
// Errors
// -----------------------------------------------------------------------------

const noSession = () => new NoSession({ message: "The request has no session cookie." })

const endedWith =
  (message: string) =>
  (sessionId: string | null | undefined): SessionEnded =>
    new SessionEnded({ message, ...(sessionId == null ? {} : { sessionId }) })

const signedOut = endedWith("The user has signed out.")

const refreshRejected = endedWith("The refresh token was rejected: it was used, or the session has ended.")

const expired = (expiredAt: ExpiredToken["expiredAt"]) =>
  new ExpiredToken({ message: "The access token has expired: refresh the session.", expiredAt })
