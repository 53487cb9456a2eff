/**
 * Middleware that requires a session, for Effect's `HttpApi` and `HttpRouter`.
 *
 * Handlers read the session with {@link CurrentSession}. A request without a session is rejected with the status 401 and no
 * details, or redirected to the sign-in page. If WorkOS is unavailable, so that a session cannot be refreshed, the status is
 * 503, and the cookie remains. Responses have the header `Cache-Control: no-store` unless the handler sets another one.
 *
 * @module
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpEffect from "effect/http/HttpEffect"
import * as HttpRouter from "effect/http/HttpRouter"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerRespondable from "effect/http/HttpServerRespondable"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApiError from "effect/http-api/HttpApiError"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSecurity from "effect/http-api/HttpApiSecurity"
import * as Layer from "effect/Layer"
import type { Severity } from "effect/LogLevel"
import type { Claims } from "./Claims.ts"
import * as RequestSession from "./RequestSession.ts"
import { isSignInRequired, type RefreshError, type Session, type SignInRequired, type VerifyError } from "./Session.ts"
import { defaultCookieName } from "./SessionCookie.ts"
import { CookieSessions } from "./CookieSessions.ts"

/**
 * Options of the middleware.
 */
export interface Options {
  /**
   * The URL of the sign-in page, to which browsers that open a page without a session are redirected. Other requests, such
   * as those of scripts, are rejected with the status 401. Defaults to none: all requests are rejected.
   */
  readonly signInUrl?: string | URL | ((request: HttpServerRequest) => string | URL) | undefined
}

/**
 * The session of the current request.
 *
 * **Example** (A route with a session)
 *
 * ```ts
 * import * as SessionMiddleware from "@effect-workos/server/SessionMiddleware"
 * import * as Effect from "effect/Effect"
 * import * as HttpRouter from "effect/http/HttpRouter"
 * import * as HttpServerRespondable from "effect/http/HttpServerRespondable"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
 * import * as Layer from "effect/Layer"
 *
 * const account = Effect.map(SessionMiddleware.CurrentSession, ({ user }) => HttpServerResponse.text(user.email))
 *
 * const Account = HttpRouter.add("GET", "/account", account).pipe(
 *   Layer.provide(SessionMiddleware.router({ signInUrl: "/sign-in" }))
 * )
 * ```
 */
export class CurrentSession extends Context.Service<CurrentSession, Session>()(
  "@effect-workos/server/SessionMiddleware/CurrentSession"
) {}

/**
 * Middleware for an `HttpApi`, its groups and its endpoints. The OpenAPI document describes the session cookie with its
 * default name.
 *
 * **Example** (A group that requires a session)
 *
 * ```ts
 * import * as SessionMiddleware from "@effect-workos/server/SessionMiddleware"
 * import * as HttpApi from "effect/http-api/HttpApi"
 * import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
 * import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
 * import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import * as Schema from "effect/Schema"
 *
 * class Account extends HttpApiGroup.make("account")
 *   .add(HttpApiEndpoint.get("email", "/email", { success: Schema.String }))
 *   .middleware(SessionMiddleware.RequireSession) {}
 * class Api extends HttpApi.make("api").add(Account) {}
 *
 * const AccountLive = HttpApiBuilder.group(Api, "account", (handlers) =>
 *   handlers.handle("email", () => Effect.map(SessionMiddleware.CurrentSession, ({ user }) => user.email))
 * ).pipe(Layer.provide(SessionMiddleware.RequireSession.layer()))
 * ```
 */
export class RequireSession extends HttpApiMiddleware.Service<RequireSession, { provides: CurrentSession }>()(
  "@effect-workos/server/SessionMiddleware/RequireSession",
  {
    security: { session: HttpApiSecurity.apiKey({ in: "cookie", key: defaultCookieName }) },
    error: [HttpApiError.UnauthorizedNoContent, HttpApiError.ServiceUnavailableNoContent]
  }
) {
  /**
   * Makes the implementation of the middleware.
   */
  static readonly layer = (options: Options = {}): Layer.Layer<RequireSession, never, CookieSessions> =>
    Layer.effect(
      RequireSession,
      Effect.map(CookieSessions, (sessions) =>
        // The credential is not used, because the cookie may have another name.
        RequireSession.of({
          session: (handler) => protect(handler, Effect.provideService(authenticate(options), CookieSessions, sessions))
        })
      )
    )
}

/**
 * Makes middleware for routes of an `HttpRouter`: a layer to provide to the layers of the routes.
 */
export const router = (options: Options = {}) =>
  HttpRouter.middleware<{ provides: CurrentSession }>()(
    Effect.map(CookieSessions, (sessions) => {
      const session = authenticate(options).pipe(
        Effect.catch(HttpServerRespondable.toResponse),
        Effect.provideService(CookieSessions, sessions)
      )
      return (handler) => protect(handler, session)
    })
  ).layer

/**
 * Fails with `Forbidden`, the status 403, unless the session has a permission. Add `HttpApiError.ForbiddenNoContent` to the
 * errors of the endpoint in an `HttpApi`.
 *
 * **Example** (A handler for administrators of billing)
 *
 * ```ts
 * import * as SessionMiddleware from "@effect-workos/server/SessionMiddleware"
 * import * as Effect from "effect/Effect"
 *
 * const invoices = Effect.gen(function* () {
 *   yield* SessionMiddleware.requirePermission("billing:read")
 *   return ["invoice 1"]
 * })
 * ```
 *
 * @see https://workos.com/docs/authkit/roles-and-permissions
 */
export const requirePermission = (permission: string) =>
  requireClaim(({ permissions }) => permissions?.includes(permission) === true)

/**
 * Fails with `Forbidden`, the status 403, unless the session has a role.
 *
 * @see https://workos.com/docs/authkit/roles-and-permissions
 */
export const requireRole = (name: string) =>
  requireClaim(({ role, roles }) => role === name || roles?.includes(name) === true)

// -----------------------------------------------------------------------------
// Implementation
// -----------------------------------------------------------------------------

const requireClaim = (
  isPermitted: (claims: Claims) => boolean
): Effect.Effect<void, HttpApiError.Forbidden, CurrentSession> =>
  Effect.flatMap(CurrentSession, ({ claims }) =>
    isPermitted(claims) ? Effect.void : Effect.fail(new HttpApiError.Forbidden())
  )

/** Runs a handler with a session, or returns the response to a request without one. */
const protect = <E, R, E2, R2>(
  handler: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>,
  session: Effect.Effect<Session | HttpServerResponse.HttpServerResponse, E2, R2>
) =>
  Effect.flatMap(session, (session) =>
    HttpServerResponse.isHttpServerResponse(session)
      ? Effect.succeed(session)
      : Effect.provideService(handler, CurrentSession, session)
  )

/** Returns the session of the request, or the response with which the request is redirected. */
const authenticate = (options: Options) =>
  RequestSession.resume.pipe(
    Effect.tap(() => HttpEffect.appendPreResponseHandler((_, response) => Effect.succeed(withoutCaching(response)))),
    Effect.catch((error): Rejection =>
      isSignInRequired(error)
        ? Effect.andThen(logged(error, isExpected(error) ? "Debug" : "Warn"), signInResponse(options))
        : Effect.andThen(logged(error, "Error"), unavailable)
    )
  )

type Rejection = Effect.Effect<
  HttpServerResponse.HttpServerResponse,
  HttpApiError.Unauthorized | HttpApiError.ServiceUnavailable,
  HttpServerRequest
>

const signInResponse = ({ signInUrl }: Options) =>
  Effect.flatMap(HttpServerRequest, (request) => {
    if (signInUrl === undefined || !isNavigation(request)) return unauthorized
    const url = typeof signInUrl === "function" ? signInUrl(request) : signInUrl
    return Effect.succeed(HttpServerResponse.redirect(url, { headers: noStore }))
  })

const unauthorized = Effect.suspend(() => Effect.fail(new HttpApiError.Unauthorized()))

const unavailable = Effect.suspend(() => Effect.fail(new HttpApiError.ServiceUnavailable()))

const isExpected = ({ _tag }: SignInRequired): boolean => _tag === "NoSession" || _tag === "SessionEnded"

// Messages of these errors contain neither tokens nor data of the user.
const logged = ({ _tag, message }: VerifyError | RefreshError, level: Severity) =>
  Effect.annotateLogs(Effect.logWithLevel(level)(`No session: ${message}`), { error: _tag })

// Browsers follow a redirect of a script's request too, and the script would receive the sign-in page.
const isNavigation = ({ headers, method }: HttpServerRequest): boolean =>
  (method === "GET" || method === "HEAD") && headers["accept"]?.includes("text/html") === true

const noStore = { "cache-control": "no-store" }

const withoutCaching = (response: HttpServerResponse.HttpServerResponse): HttpServerResponse.HttpServerResponse =>
  response.headers["cache-control"] === undefined ? HttpServerResponse.setHeaders(response, noStore) : response
