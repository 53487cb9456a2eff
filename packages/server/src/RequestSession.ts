/**
 * The session of the current HTTP request: sign-in, sign-out and switching organizations in handlers of Effect's HTTP
 * servers.
 *
 * Each function reads the cookie of the current request and sets the cookie of the response, also if the handler then
 * fails. Caches do not store responses with a session cookie.
 *
 * @module
 */
import type { InvalidRequest } from "@effect-workos/client/ClientError"
import type { AuthenticationResponse } from "@effect-workos/domain/user-management/Authentication"
import * as Effect from "effect/Effect"
import * as HttpEffect from "effect/http/HttpEffect"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Redacted from "effect/Redacted"
import { isSignInRequired, type RefreshError, type Session, type SignInRequired, type VerifyError } from "./Session.ts"
import * as SessionCookie from "./SessionCookie.ts"
import { CookieSessions } from "./CookieSessions.ts"
import type { MalformedToken } from "./TokenError.ts"

/**
 * Returns the session of the request, refreshed if necessary. The cookie of a session that has ended is deleted.
 *
 * Fails as `CookieSessions.resume` does. `isSignInRequired` of `Session` recognizes the errors after which the user must sign in.
 *
 * **Example** (A handler that requires a session)
 *
 * ```ts
 * import * as RequestSession from "@effect-workos/server/RequestSession"
 * import * as Effect from "effect/Effect"
 * import * as HttpServerResponse from "effect/http/HttpServerResponse"
 *
 * const account = RequestSession.resume.pipe(
 *   Effect.map(({ user }) => HttpServerResponse.text(user.email)),
 *   Effect.catchTag("NoSession", () => Effect.succeed(HttpServerResponse.redirect("/sign-in")))
 * )
 * ```
 */
export const resume: Effect.Effect<Session, VerifyError | RefreshError, CookieSessions | HttpServerRequest> =
  Effect.gen(function* () {
    const sessions = yield* CookieSessions
    const { cookies, headers } = yield* HttpServerRequest
    const value = cookies[sessions.cookie.name]
    const { cookie, session } = yield* Effect.tapError(
      sessions.resume(value, { userAgent: headers["user-agent"] }),
      (error) => (value !== undefined && isSignInRequired(error) ? setCookie(undefined) : Effect.void)
    )
    if (cookie !== undefined) yield* setCookie(cookie)
    return session
  })

/**
 * Returns the session of the request, refreshed if necessary, or `undefined` if the user must sign in. Fails if WorkOS is
 * unavailable.
 *
 * **Example** (A page for all visitors)
 *
 * ```ts
 * import * as RequestSession from "@effect-workos/server/RequestSession"
 * import * as Effect from "effect/Effect"
 * import * as HttpServerResponse from "effect/http/HttpServerResponse"
 *
 * const home = Effect.map(RequestSession.find, (session) =>
 *   HttpServerResponse.text(session === undefined ? "Welcome" : `Welcome back, ${session.user.firstName}`)
 * )
 * ```
 */
export const find: Effect.Effect<
  Session | undefined,
  Exclude<VerifyError | RefreshError, SignInRequired>,
  CookieSessions | HttpServerRequest
> = Effect.catchIf(resume, isSignInRequired, () => Effect.undefined)

/**
 * Signs a user in: creates the session and sets its cookie. Fails with `MalformedToken` as `CookieSessions.create` does.
 *
 * **Example** (The callback of a sign-in)
 *
 * ```ts
 * import { Authentication } from "@effect-workos/client/Authentication"
 * import * as RequestSession from "@effect-workos/server/RequestSession"
 * import * as Effect from "effect/Effect"
 * import * as HttpServerResponse from "effect/http/HttpServerResponse"
 * import type * as Redacted from "effect/Redacted"
 *
 * const callback = Effect.fn("callback")(function* (code: Redacted.Redacted, codeVerifier: Redacted.Redacted) {
 *   const authentication = yield* Authentication
 *   const clientId = "client_01H7ZGXFP5C6BBQY6Z7277ZCT0"
 *   yield* RequestSession.signIn(yield* authentication.withCode({ clientId, code, codeVerifier }))
 *   return HttpServerResponse.redirect("/account")
 * })
 * ```
 */
export const signIn = (
  response: AuthenticationResponse
): Effect.Effect<Session, MalformedToken, CookieSessions | HttpServerRequest> =>
  Effect.gen(function* () {
    const sessions = yield* CookieSessions
    const { cookie, session } = yield* sessions.create(response)
    yield* setCookie(cookie)
    return session
  })

/**
 * Switches the session to another organization of the user, and sets its cookie. Fails as `CookieSessions.refresh` does, for
 * example with `SsoRequired`. The session then remains in its organization.
 *
 * @see https://workos.com/docs/reference/authkit/authentication/refresh-token
 */
export const switchOrganization = (
  organizationId: string
): Effect.Effect<Session, RefreshError, CookieSessions | HttpServerRequest> =>
  Effect.gen(function* () {
    const sessions = yield* CookieSessions
    const { cookies, headers } = yield* HttpServerRequest
    const { cookie, session } = yield* sessions.refresh(cookies[sessions.cookie.name], {
      organizationId,
      userAgent: headers["user-agent"]
    })
    yield* setCookie(cookie)
    return session
  })

/**
 * Signs the user out: deletes the cookie, ends the session in this process, and redirects the browser to WorkOS, which ends
 * the session there and redirects the browser to `returnTo`. Without a session, redirects the browser to `returnTo`
 * directly, or to `/`.
 *
 * Fails with `InvalidRequest` if the base URL of the client is invalid.
 *
 * **Gotchas**
 *
 * Use a route with the method `POST`: browsers do not send the cookie with `POST` requests of other sites.
 *
 * **Example** (A route that signs out)
 *
 * ```ts
 * import * as RequestSession from "@effect-workos/server/RequestSession"
 * import * as HttpRouter from "effect/http/HttpRouter"
 *
 * const SignOut = HttpRouter.add("POST", "/sign-out", RequestSession.signOut({ returnTo: "https://your-app.com" }))
 * ```
 *
 * @see https://workos.com/docs/reference/authkit/logout
 */
export const signOut = ({ returnTo }: { readonly returnTo?: string | URL | undefined } = {}): Effect.Effect<
  HttpServerResponse.HttpServerResponse,
  InvalidRequest,
  CookieSessions | HttpServerRequest
> =>
  Effect.gen(function* () {
    const sessions = yield* CookieSessions
    const { cookies } = yield* HttpServerRequest
    yield* setCookie(undefined)
    const url = yield* sessions.end(cookies[sessions.cookie.name], { returnTo })
    return HttpServerResponse.redirect(url ?? returnTo ?? "/", { status: 303 })
  })

// Responses of concurrent requests arrive in any order. Another request may have ended or refreshed the session since.
const setCookie = (
  value: Redacted.Redacted | undefined
): Effect.Effect<void, never, CookieSessions | HttpServerRequest> =>
  Effect.flatMap(CookieSessions, (sessions) =>
    HttpEffect.appendPreResponseHandler((_, response) =>
      Effect.map(value === undefined ? Effect.undefined : sessions.latest(value), (latest) =>
        SessionCookie.set(response, sessions.cookie, latest)
      )
    )
  )
