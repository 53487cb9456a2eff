// The routes of the application: pages, sign-in, callback, sign-out and webhooks.
import * as SignIn from "@effect-workos/client/SignIn"
import { WorkOs } from "@effect-workos/client/WorkOs"
import * as Event from "@effect-workos/domain/events/Event"
import * as WebhookEndpoint from "@effect-workos/server/WebhookEndpoint"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Attempts } from "./Attempts.ts"
import { html, page, style } from "./Html.ts"
import * as Problems from "./Problems.ts"
import * as Sessions from "./Sessions.ts"
import { Settings } from "./Settings.ts"

const to = (location: string | URL) => HttpServerResponse.redirect(location, { status: 303 })

const sessionCookie = Effect.map(Settings, ({ cookiePrefix }) => `${cookiePrefix}session`)

const sessionId = Effect.gen(function* () {
  const { cookies } = yield* HttpServerRequest.HttpServerRequest
  return cookies[yield* sessionCookie] ?? ""
})

const session = Effect.gen(function* () {
  const { find } = yield* Sessions.Sessions
  return yield* find(yield* sessionId)
})

// GET /
const home = Effect.map(session, (session) =>
  session === undefined
    ? page(
        "Welcome",
        html`<form action="/sign-in">
          <label for="email">Work email address</label>
          <input id="email" name="email" type="email" autocomplete="username" required />
          <button>Sign in</button>
        </form>`
      )
    : page("Welcome back", html`<p><a href="/account">Your account</a></p>`)
)

const Whom = Schema.Union([Schema.Struct({ organization: Schema.String }), Schema.Struct({ email: Schema.String })])

const isVerified = (state?: string) => state === "verified" || state === "legacy_verified"

// Only verified domains count, because any organization can add any domain.
const organizationOf = Effect.fnUntraced(function* (email: string) {
  const { organizations } = yield* WorkOs
  const domain = email.slice(email.lastIndexOf("@") + 1).toLowerCase()
  const { data } = yield* organizations.list({ domains: [domain] })
  const found = data.find(({ domains }) =>
    domains.some((owned) => owned.domain.toLowerCase() === domain && isVerified(owned.state))
  )
  return found?.id ?? (yield* new Problems.NoOrganization())
})

// GET /sign-in?email=… or ?organization=…
const signIn = Effect.gen(function* () {
  const { clientId, redirectUri } = yield* Settings
  const { sso } = yield* WorkOs
  const { send } = yield* Attempts
  const { cookies } = yield* HttpServerRequest.HttpServerRequest
  const whom = yield* HttpServerRequest.schemaSearchParams(Whom)
  const whose =
    "organization" in whom ? whom : { organization: yield* organizationOf(whom.email), loginHint: whom.email }
  return yield* send(yield* sso.start({ clientId, redirectUri, ...whose }), cookies)
})

// GET /callback?code=…&state=…
const callback = Effect.gen(function* () {
  const { clientId, cookie, origin } = yield* Settings
  const { sso } = yield* WorkOs
  const sessions = yield* Sessions.Sessions
  const attempts = yield* Attempts
  const { cookies, url } = yield* HttpServerRequest.HttpServerRequest

  const query = new URL(url, origin).searchParams
  const state = query.get("state") ?? ""
  const codeVerifier = yield* attempts.find(state, cookies)
  const code = yield* Effect.fromResult(SignIn.callback(query, { state: codeVerifier === undefined ? "" : state }))
  const askedAt = yield* Clock.currentTimeMillis
  const { profile } = yield* sso.profileAndToken({ clientId, code, codeVerifier })

  yield* sessions.end(yield* sessionId)
  const id = yield* sessions.begin(profile, askedAt)
  const options = { ...cookie, maxAge: Sessions.lifetime }
  return to("/account").pipe(attempts.end(state), HttpServerResponse.setCookieUnsafe(yield* sessionCookie, id, options))
})

// GET /account
const account = Effect.map(session, (session) => {
  if (session === undefined) return to("/")
  const { connectionType, email, firstName, lastName, organizationId } = session.profile
  return page(
    "Your account",
    html`<dl>
        <dt>Name</dt>
        <dd>${[firstName, lastName].join(" ")}</dd>
        <dt>Email address</dt>
        <dd>${email}</dd>
        <dt>Organization</dt>
        <dd>${organizationId ?? "none"}</dd>
        <dt>Signed in with</dt>
        <dd>${connectionType}</dd>
      </dl>
      <form method="post" action="/sign-out"><button>Sign out</button></form>`
  )
})

// POST /sign-out
const signOut = Effect.gen(function* () {
  const { cookie, origin } = yield* Settings
  const { sso } = yield* WorkOs
  const { end } = yield* Sessions.Sessions
  const { headers } = yield* HttpServerRequest.HttpServerRequest
  if (headers["origin"] !== origin) return yield* new Problems.ForeignForm()

  const ended = yield* session
  yield* end(yield* sessionId)
  // The session has ended. Sign out of the identity provider too, if the connection supports this.
  const next =
    ended === undefined
      ? "/"
      : yield* sso.logoutAuthorize({ profileId: ended.profile.id }).pipe(
          Effect.timeout("3 seconds"),
          Effect.map(({ logoutToken }) => sso.logoutUrl(logoutToken)),
          Effect.catch((error) =>
            Effect.as(Effect.logInfo(`Signed out of this application only: ${error.message}`), "/")
          )
        )
  return HttpServerResponse.expireCookieUnsafe(to(next), yield* sessionCookie, cookie)
})

const layerWebhooks = WebhookEndpoint.layer(
  "/webhooks/workos",
  Effect.fnUntraced(function* (event) {
    if (!Event.is("connection.deactivated", "connection.deleted")(event)) return
    const { endAllOf } = yield* Sessions.Sessions
    yield* Effect.logInfo(`${event.event}: ${yield* endAllOf(event.data.id)} sessions ended`)
  })
)

// The policy has no form-action, because browsers would also apply it to the redirect of the sign-in form to WorkOS.
const layerHeaders = HttpRouter.middleware(
  Effect.map(Settings, ({ secure }) =>
    Effect.map(
      HttpServerResponse.setHeaders({
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
        // With no-referrer, browsers would send `Origin: null` with the sign-out form.
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        ...(secure ? { "strict-transport-security": "max-age=31536000" } : {})
      })
    )
  ),
  { global: true }
)

const routes = Layer.mergeAll(
  HttpRouter.add("GET", "/", home),
  HttpRouter.add("GET", "/sign-in", Effect.catch(signIn, Problems.respond)),
  HttpRouter.add("GET", "/callback", Effect.catch(callback, Problems.respond)),
  HttpRouter.add("GET", "/account", account),
  HttpRouter.add("POST", "/sign-out", Effect.catch(signOut, Problems.respond)),
  HttpRouter.add("GET", "/style.css", HttpServerResponse.text(style, { contentType: "text/css" })),
  HttpRouter.add("*", "/*", page("Page not found", html`<p><a href="/">Home</a></p>`, 404)),
  layerWebhooks,
  layerHeaders
)

/** The application. Requires a `WorkOs` client and an HTTP server. */
export const layer = HttpRouter.serve(routes).pipe(
  Layer.provide([Attempts.layer, Sessions.Sessions.layer]),
  Layer.provide(Settings.layer)
)
