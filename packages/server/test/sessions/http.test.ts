// CookieSessions over HTTP: requests and responses of `HttpApi` and `HttpRouter`, with the times of the test clock.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Cookies from "effect/http/Cookies"
import * as HttpEffect from "effect/http/HttpEffect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiError from "effect/http-api/HttpApiError"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import * as RequestSession from "../../src/RequestSession.ts"
import * as SessionMiddleware from "../../src/SessionMiddleware.ts"
import { type Options, CookieSessions } from "../../src/CookieSessions.ts"
import { makeWorkOs, organizationWithSso, otherOrganization } from "./workos.ts"

const { CurrentSession } = SessionMiddleware

const email = Effect.map(CurrentSession, ({ user }) => HttpServerResponse.text(user.email))

const organization = Effect.map(CurrentSession, ({ claims }) => claims.orgId ?? "none")

// -----------------------------------------------------------------------------
// Routes of an `HttpRouter`
// -----------------------------------------------------------------------------

const pages = Layer.mergeAll(
  HttpRouter.add("GET", "/account", email),
  HttpRouter.add("GET", "/slow", Effect.delay(email, "5 seconds")),
  HttpRouter.add("GET", "/public", Effect.map(email, HttpServerResponse.setHeader("cache-control", "public"))),
  HttpRouter.add("GET", "/defect", Effect.die(new Error("secret"))),
  HttpRouter.add("GET", "/posts", Effect.andThen(SessionMiddleware.requirePermission("posts:write"), email)),
  HttpRouter.add("GET", "/billing", Effect.andThen(SessionMiddleware.requirePermission("billing"), email)),
  HttpRouter.add("GET", "/admin", Effect.andThen(SessionMiddleware.requireRole("admin"), email)),
  HttpRouter.add("GET", "/owner", Effect.andThen(SessionMiddleware.requireRole("owner"), email)),
  HttpRouter.add("POST", "/sign-out", RequestSession.signOut({ returnTo: "https://example.com" }))
).pipe(Layer.provide(SessionMiddleware.router({ signInUrl: ({ url }) => `/sign-in?from=${encodeURIComponent(url)}` })))

const others = Layer.mergeAll(
  HttpRouter.add(
    "GET",
    "/",
    Effect.map(RequestSession.find, (session) => HttpServerResponse.text(session?.user.email ?? "a visitor"))
  ),
  HttpRouter.add("POST", "/end", RequestSession.signOut()),
  HttpRouter.add(
    "POST",
    "/switch/:id",
    Effect.gen(function* () {
      const { id = "" } = yield* HttpRouter.params
      const { claims } = yield* RequestSession.switchOrganization(id)
      return HttpServerResponse.text(claims.orgId ?? "none")
    }).pipe(Effect.catch(({ _tag }) => Effect.succeed(HttpServerResponse.text(_tag, { status: 403 }))))
  )
)

// -----------------------------------------------------------------------------
// An `HttpApi`
// -----------------------------------------------------------------------------

class Members extends HttpApiGroup.make("members")
  .add(HttpApiEndpoint.get("organization", "/api/organization", { success: Schema.String }))
  .add(
    HttpApiEndpoint.get("invoices", "/api/invoices", {
      success: Schema.String,
      error: HttpApiError.ForbiddenNoContent
    })
  )
  .middleware(SessionMiddleware.RequireSession) {}

class Api extends HttpApi.make("api").add(Members) {}

const api = HttpApiBuilder.layer(Api).pipe(
  Layer.provide(
    HttpApiBuilder.group(Api, "members", (handlers) =>
      handlers
        .handle("organization", () => organization)
        .handle("invoices", () => Effect.as(SessionMiddleware.requirePermission("billing"), "invoices"))
    )
  ),
  Layer.provide([SessionMiddleware.RequireSession.layer(), HttpServer.layerServices])
)

// -----------------------------------------------------------------------------
// A browser
// -----------------------------------------------------------------------------

/** A server, and a browser with a cookie jar. */
const start = Effect.fnUntraced(function* (options?: Partial<Options>) {
  const workos = makeWorkOs(options)
  const sessions = yield* workos.sessions
  const signIn = HttpRouter.add(
    "GET",
    "/callback",
    Effect.as(Effect.flatMap(workos.signIn, RequestSession.signIn), HttpServerResponse.text("signed in"))
  )
  const app = yield* HttpRouter.toHttpEffect(
    Layer.mergeAll(pages, others, signIn, api).pipe(
      HttpRouter.provideRequest(Layer.succeed(CookieSessions, sessions)),
      Layer.provide(Layer.succeed(CookieSessions, sessions))
    )
  )
  const jar = new Map<string, string>()
  const send = Effect.fnUntraced(function* (
    path: string,
    { headers = {}, method = "GET" }: { readonly method?: string; readonly headers?: Record<string, string> } = {}
  ) {
    const cookie = Array.from(jar, ([name, value]) => `${name}=${value}`).join("; ")
    const request = HttpServerRequest.fromWeb(
      new Request(`http://localhost${path}`, { method, headers: { ...headers, ...(cookie === "" ? {} : { cookie }) } })
    )
    let sent = HttpServerResponse.empty({ status: 500 })
    yield* HttpEffect.toHandled(app, (_, response) => Effect.sync(() => void (sent = response))).pipe(
      Effect.provideService(HttpServerRequest.HttpServerRequest, request),
      Effect.exit
    )
    const web = HttpServerResponse.toWeb(sent)
    for (const [name, { options, value }] of Object.entries(
      Cookies.fromSetCookie(web.headers.getSetCookie()).cookies
    )) {
      if (options?.maxAge === undefined || value === "") jar.delete(name)
      else jar.set(name, value)
    }
    return { response: web, status: web.status, headers: web.headers, body: yield* Effect.promise(() => web.text()) }
  })
  return { jar, send, sessions, workos }
})

const signedIn = Effect.fnUntraced(function* (options?: Partial<Options>) {
  const browser = yield* start(options)
  yield* browser.send("/callback")
  return browser
})

const html = { headers: { accept: "text/html,*/*" } }

// Sends a request that refreshes the session.
const refreshing = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect)
    yield* TestClock.adjust("2 seconds")
    return yield* Fiber.join(fiber)
  })

describe("sessions over HTTP", () => {
  it.effect("A sign-in sets a cookie that only the server can read, and that only HTTPS and this site send", () =>
    Effect.gen(function* () {
      const { send } = yield* start()
      const { headers } = yield* send("/callback")
      const [cookie = ""] = headers.getSetCookie()
      assert.match(cookie, /^wos-session=Fe26\.2\*1\*[\w*-]+~2; /)
      assert.deepStrictEqual(cookie.split("; ").slice(1).toSorted(), [
        "HttpOnly",
        "Max-Age=34560000",
        "Path=/",
        "SameSite=Lax",
        "Secure"
      ])
      assert.strictEqual(headers.get("cache-control"), "no-store")
    })
  )

  it.effect("The cookie has the configured name and attributes, also when it is deleted", () =>
    Effect.gen(function* () {
      const cookie = {
        domain: "example.com",
        path: "/app",
        sameSite: "strict",
        secure: false,
        maxAge: "1 day"
      } as const
      const { send } = yield* start({ cookieName: "session", cookie })
      const attributes = ["Domain=example.com", "HttpOnly", "Path=/app", "SameSite=Strict"]
      const set = (yield* send("/callback")).headers.getSetCookie()
      assert.deepStrictEqual(set[0]?.split("; ").slice(1).toSorted(), [
        ...attributes.slice(0, 2),
        "Max-Age=86400",
        ...attributes.slice(2)
      ])
      const [deleted = ""] = (yield* send("/end", { method: "POST" })).headers.getSetCookie()
      assert.match(deleted, /^session=; /)
      assert.includeMembers(deleted.split("; "), [...attributes, "Max-Age=0"])
    })
  )

  it.effect.each(["/account", "/api/organization"])("%s passes the session to its handler", (path) =>
    Effect.gen(function* () {
      const { send } = yield* signedIn()
      const { body, headers, status } = yield* send(path)
      assert.strictEqual(status, 200)
      assert.include(body, path === "/account" ? "ada@example.com" : "org_01EHWNCE74X7JSDV0X3SZ3KJNY")
      assert.strictEqual(headers.get("cache-control"), "no-store")
      assert.isEmpty(headers.getSetCookie())
    })
  )

  it.effect.each(["/account", "/api/organization"])(
    "%s rejects a request without a session, and says nothing else",
    (path) =>
      Effect.gen(function* () {
        const { send } = yield* start()
        const { body, headers, status } = yield* send(path)
        assert.deepStrictEqual({ body, status }, { body: "", status: 401 })
        assert.isEmpty(headers.getSetCookie())
      })
  )

  it.effect(
    "A browser that opens a page without a session is redirected to the sign-in page, and scripts are not",
    () =>
      Effect.gen(function* () {
        const { send } = yield* start()
        const { headers, status } = yield* send("/account?tab=1", html)
        assert.deepStrictEqual([status, headers.get("location")], [302, "/sign-in?from=%2Faccount%3Ftab%3D1"])
        assert.strictEqual(headers.get("cache-control"), "no-store")
        assert.strictEqual((yield* send("/sign-out", { ...html, method: "POST" })).status, 401)
      })
  )

  it.effect.each(["/account", "/api/organization"])("%s deletes an invalid cookie", (path) =>
    Effect.gen(function* () {
      const { jar, send } = yield* signedIn()
      jar.set("wos-session", `${jar.get("wos-session")?.slice(0, -9)}~2`)
      assert.strictEqual((yield* send(path)).status, 401)
      assert.isFalse(jar.has("wos-session"))
    })
  )

  it.effect.each(["/account", "/api/organization", "/defect"])("%s sets the cookie of a refreshed session", (path) =>
    Effect.gen(function* () {
      const { jar, send, sessions, workos } = yield* signedIn()
      const before = jar.get("wos-session")
      yield* TestClock.adjust("1 hour")
      const { headers, status } = yield* refreshing(send(path))
      assert.strictEqual(status, path === "/defect" ? 500 : 200)
      assert.strictEqual(headers.get("cache-control"), "no-store")
      assert.notStrictEqual(jar.get("wos-session"), before)
      assert.strictEqual((yield* sessions.authenticate(jar.get("wos-session"))).user.email, "ada@example.com")
      assert.strictEqual(workos.refreshes, 1)
    })
  )

  it.effect.each(["/account", "/api/organization"])("%s deletes the cookie of a session that has ended", (path) =>
    Effect.gen(function* () {
      const { jar, send, workos } = yield* signedIn()
      yield* workos.revoke
      yield* TestClock.adjust("1 hour")
      const { body, status } = yield* refreshing(send(path))
      assert.deepStrictEqual({ body, status }, { body: "", status: 401 })
      assert.isFalse(jar.has("wos-session"))
    })
  )

  it.effect.each(["/account", "/api/organization", "/"])("%s keeps the cookie while WorkOS is unavailable", (path) =>
    Effect.gen(function* () {
      const { jar, send, workos } = yield* signedIn()
      workos.isAvailable = false
      yield* TestClock.adjust("1 hour")
      const { body, status } = yield* refreshing(send(path))
      assert.deepStrictEqual({ body, status }, { body: "", status: path === "/" ? 500 : 503 })
      assert.isTrue(jar.has("wos-session"))
    })
  )

  it.effect("A handler can permit caches to store a response without a session cookie", () =>
    Effect.gen(function* () {
      const { send } = yield* signedIn()
      assert.strictEqual((yield* send("/public")).headers.get("cache-control"), "public")
      yield* TestClock.adjust("1 hour")
      assert.strictEqual((yield* refreshing(send("/public"))).headers.get("cache-control"), "no-store")
    })
  )

  it.effect.each([
    { path: "/posts", status: 200 },
    { path: "/billing", status: 403 },
    { path: "/admin", status: 200 },
    { path: "/owner", status: 403 },
    { path: "/api/invoices", status: 403 }
  ])("A session with other permissions and roles receives $status from $path", ({ path, status }) =>
    Effect.gen(function* () {
      const { send } = yield* signedIn()
      assert.strictEqual((yield* send(path)).status, status)
    })
  )

  it.effect("A public page finds the session if there is one", () =>
    Effect.gen(function* () {
      const { send } = yield* start()
      assert.strictEqual((yield* send("/")).body, "a visitor")
      yield* send("/callback")
      assert.strictEqual((yield* send("/")).body, "ada@example.com")
    })
  )

  it.effect("A user switches the organization, and remains in it if the other one requires SSO", () =>
    Effect.gen(function* () {
      const { send } = yield* signedIn()
      const switched = yield* refreshing(send(`/switch/${otherOrganization}`, { method: "POST" }))
      assert.strictEqual(switched.body, otherOrganization)
      const rejected = yield* refreshing(send(`/switch/${organizationWithSso}`, { method: "POST" }))
      assert.strictEqual(rejected.body, "SsoRequired")
      assert.strictEqual(JSON.parse((yield* send("/api/organization")).body), otherOrganization)
    })
  )

  it.effect("A sign-out deletes the cookie, and a slow response of another request does not set it again", () =>
    Effect.gen(function* () {
      const { jar, send } = yield* signedIn()
      const before = jar.get("wos-session") ?? ""
      yield* TestClock.adjust("1 hour")
      const slow = yield* Effect.forkChild(send("/slow"))
      yield* TestClock.adjust("2 seconds")
      const { headers, status } = yield* send("/sign-out", { method: "POST" })
      assert.strictEqual(status, 303)
      const url = new URL(headers.get("location") ?? "")
      assert.strictEqual(url.searchParams.get("return_to"), "https://example.com")
      assert.isFalse(jar.has("wos-session"))
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual((yield* Fiber.join(slow)).status, 200)
      assert.isFalse(jar.has("wos-session"))
      jar.set("wos-session", before)
      assert.strictEqual((yield* send("/account")).status, 401)
    })
  )

  it.effect("A sign-out without a session redirects the browser to the application", () =>
    Effect.gen(function* () {
      const { send } = yield* start()
      const { headers, status } = yield* send("/end", { method: "POST" })
      assert.deepStrictEqual([status, headers.get("location")], [303, "/"])
    })
  )

  it("The OpenAPI document describes the session cookie", () => {
    const { components, paths } = OpenApi.fromApi(Api)
    assert.deepStrictEqual(components.securitySchemes["session"], { type: "apiKey", in: "cookie", name: "wos-session" })
    assert.hasAllKeys(paths["/api/organization"]?.get?.responses, ["200", "401", "503"])
  })
})
