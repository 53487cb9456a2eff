// The application: pages, sign-in and sign-out, and an API.
import { WorkOs } from "@effect-workos/client/WorkOs"
import * as RequestSession from "@effect-workos/server/RequestSession"
import * as SessionMiddleware from "@effect-workos/server/SessionMiddleware"
import { CookieSessions } from "@effect-workos/server/CookieSessions"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Api from "./Api.ts"
import type * as Attempts from "./Attempts.ts"
import { html, page, style } from "./Html.ts"
import * as Pages from "./Pages.ts"
import * as Problems from "./Problems.ts"
import { Settings } from "./Settings.ts"
import * as SignInRoutes from "./SignInRoutes.ts"

// A page for signed-in users, to which a user returns after the sign-in.
const protectedPage = <E extends Problems.Problem, R>(
  path: typeof Attempts.ReturnTo.Type,
  handler: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>
) =>
  HttpRouter.add("GET", path, Effect.catch(handler, Problems.respond)).pipe(
    Layer.provide(SessionMiddleware.router({ signInUrl: `/sign-in?returnTo=${path}` }))
  )

const home = Effect.map(RequestSession.find, Pages.home)

const account = Effect.gen(function* () {
  const { organizationMemberships } = yield* WorkOs
  const session = yield* SessionMiddleware.CurrentSession
  const { data } = yield* organizationMemberships.list({ userId: session.user.id, limit: 100 })
  return Pages.account(session, data)
})

const admin = Effect.gen(function* () {
  yield* Effect.mapError(SessionMiddleware.requireRole("admin"), () => new Problems.NotAdministrator())
  const { organizationMemberships } = yield* WorkOs
  const { claims } = yield* SessionMiddleware.CurrentSession
  const organizationId = claims.orgId ?? (yield* new Problems.NotAdministrator())
  const { data } = yield* organizationMemberships.list({ organizationId, limit: 100 })
  return Pages.admin(data)
})

// Rejects forms of other sites, and adds security headers. With `SameSite` alone, forms of other hosts of the same domain
// would be accepted.
const layerSecurity = HttpRouter.middleware(
  Effect.map(Settings, ({ origin, secure }) => {
    const setHeaders = HttpServerResponse.setHeaders({
      "cache-control": "no-store",
      // There is no form-action, because browsers would also apply it to the redirects of forms to WorkOS.
      "content-security-policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
      // With no-referrer, browsers would send `Origin: null` with forms.
      "referrer-policy": "same-origin",
      "x-content-type-options": "nosniff",
      ...(secure ? { "strict-transport-security": "max-age=31536000" } : {})
    })
    return (handler) =>
      Effect.flatMap(HttpServerRequest.HttpServerRequest, ({ headers, method }) =>
        method === "GET" || method === "HEAD" || headers["origin"] === origin
          ? Effect.map(handler, setHeaders)
          : Effect.map(Problems.respond(new Problems.ForeignForm()), setHeaders)
      )
  }),
  { global: true }
)

const layerSessions = Layer.unwrap(
  Effect.map(Settings, ({ cookiePrefix, secure }) =>
    CookieSessions.layerConfig({ cookie: { secure }, cookieName: `${cookiePrefix}wos-session` })
  )
)

const routes = Layer.mergeAll(
  HttpRouter.add("GET", "/", Effect.catch(home, Problems.respond)),
  protectedPage("/account", account),
  protectedPage("/admin", admin),
  SignInRoutes.layer,
  Api.layer,
  HttpRouter.add("GET", "/style.css", HttpServerResponse.text(style, { contentType: "text/css" })),
  HttpRouter.add("*", "/*", page("Page not found", html`<p><a href="/">Home</a></p>`, 404)),
  layerSecurity
)

/** The application. Requires a `WorkOs` client and an HTTP server. */
export const layer = HttpRouter.serve(routes).pipe(Layer.provide(layerSessions), Layer.provide(Settings.layer))
