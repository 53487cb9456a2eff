// Sign-in, protected pages, organizations and sign-out over real sockets, without a browser.
import { assert, describe, it } from "@effect/vitest"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { browser, type Browser, type Page } from "./browser.ts"
import { serve } from "./serving.ts"

const signIn = ({ follow }: Browser, query = "") => follow(`/sign-in${query}`)

const post = ({ visit }: Browser, path: string, body: Readonly<Record<string, string>>, origin: string) =>
  visit(path, { method: "POST", body: new URLSearchParams(body), headers: { origin } })

/** Opens a page as a browser does, without following redirects. */
const open = ({ visit }: Browser, path: string) => visit(path, { headers: { accept: "text/html" } })

const isSignedIn = (browser: Browser) => Effect.map(open(browser, "/account"), ({ status }) => status === 200)

const assertRejected = (page: Page, status: number, sentence: RegExp) => {
  assert.strictEqual(page.status, status)
  assert.match(page.text, sentence)
  assert.match(page.text, /<h1>(Access denied|Something went wrong)<\/h1>/)
}

describe("sign-in", () => {
  it.effect("A user signs in with AuthKit and sees the account page", () =>
    Effect.gen(function* () {
      const { acme, app, globex, workos } = yield* serve()
      const user = browser(app)
      assert.match((yield* user.visit("/")).text, /<a class="button" href="\/sign-in">/)
      const begun = yield* user.visit("/sign-in?screenHint=sign-up")
      const url = new URL(begun.location)
      assert.strictEqual(url.origin + url.pathname, `${workos}/user_management/authorize`)
      const { code_challenge, state, ...query } = Object.fromEntries(url.searchParams)
      assert.match(`${code_challenge} ${state}`, /^[\w-]{43} [\w-]{43}$/)
      assert.deepStrictEqual(query, {
        client_id: "client_emulator",
        code_challenge_method: "S256",
        provider: "authkit",
        redirect_uri: `${app}/callback`,
        response_type: "code",
        screen_hint: "sign-up"
      })
      const account = yield* signIn(user)
      for (const text of [
        "<dd>Ada Lovelace</dd>",
        "<dd>ada.lovelace@example.com</dd>",
        "<dd>Acme</dd>",
        "<dd>member</dd>"
      ])
        assert.include(account.text, text)
      assert.match(account.text, new RegExp(`<button name="organizationId" value="${globex.id}">\\s*Switch to Globex`))
      assert.notInclude(account.text, acme.id)
      assert.match((yield* user.visit("/")).text, /<a href="\/account">/)
    })
  )

  it.effect("A protected page without a session leads to the sign-in, and the sign-in leads back", () =>
    Effect.gen(function* () {
      const { app, globex } = yield* serve()
      const user = browser(app)
      const { location } = yield* open(user, "/admin")
      assert.strictEqual(location, `${app}/sign-in?returnTo=/admin`)
      const admin = yield* user.follow(`${location}&organizationId=${globex.id}`)
      assert.match(admin.text, /<h1>Members<\/h1>/)
    })
  )

  it.effect("The application sets cookies that scripts cannot read and other sites do not send", () =>
    Effect.gen(function* () {
      const { app } = yield* serve()
      const user = browser(app)
      const begun = yield* user.visit("/sign-in")
      const back = yield* user.visit((yield* user.visit(begun.location)).location)
      assert.deepStrictEqual(
        [...begun.headers.getSetCookie(), ...back.headers.getSetCookie()].map((cookie) =>
          cookie.replaceAll(/=[^;]{30,}/g, "=…").replaceAll(/sign-in-[\w-]{43}/g, "sign-in-…")
        ),
        [
          "sign-in-…=…; Max-Age=600; Path=/; HttpOnly; SameSite=Lax",
          "sign-in-…=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax",
          "wos-session=…; Max-Age=34560000; Path=/; HttpOnly; SameSite=Lax"
        ]
      )
      assert.deepStrictEqual(Array.from(user.cookies.keys()), ["wos-session"])
    })
  )

  it.effect("Cookies on a public host are secure and limited to the host", () =>
    Effect.gen(function* () {
      const clients = [{ clientId: "client_emulator", redirectUris: ["https://app.example/callback"] }]
      const { app } = yield* serve({ env: { APP_URL: "https://app.example/" }, clients })
      const user = browser(app)
      const begun = yield* user.visit("/sign-in")
      assert.match(begun.headers.get("set-cookie") ?? "", /^__Host-sign-in-.*; Path=\/; .*Secure/)
      assert.isTrue(begun.headers.has("strict-transport-security"))
      const { location } = yield* user.visit(begun.location)
      assert.strictEqual(new URL(location).origin, "https://app.example")
      // A proxy in front of the application terminates TLS.
      const back = yield* user.visit(location.replace("https://app.example", app))
      assert.match(back.headers.getSetCookie().at(-1) ?? "", /^__Host-wos-session=.*; Path=\/; .*Secure/)
      assert.isTrue(yield* isSignedIn(user))
      assertRejected(yield* post(user, "/sign-out", {}, app), 403, /by another site/)
      assert.strictEqual((yield* post(user, "/sign-out", {}, "https://app.example")).status, 303)
      assert.deepStrictEqual(Array.from(user.cookies.keys()), [])
    })
  )

  it.effect("The browser keeps the cookies of the latest eight unfinished sign-ins", () =>
    Effect.gen(function* () {
      const { app } = yield* serve()
      const user = browser(app)
      const all = yield* Effect.replicateEffect(user.visit("/sign-in"), 11)
      const states = all.map(({ location }) => `sign-in-${new URL(location).searchParams.get("state")}`)
      assert.deepStrictEqual(Array.from(user.cookies.keys()), states.slice(-8))
    })
  )

  it.effect("A sign-in that the user denies is rejected with 403", () =>
    Effect.gen(function* () {
      const { app } = yield* serve({ signIn: "page" })
      const user = browser(app)
      const { location: page } = yield* user.visit((yield* user.visit("/sign-in")).location)
      const denied = yield* user.visit(page, { method: "POST", body: new URLSearchParams({ action: "deny" }) })
      assertRejected(yield* user.visit(denied.location), 403, /You did not sign in/)
      assert.isFalse(yield* isSignedIn(user))
    })
  )

  it.effect("A sign-in fails with 503 if WorkOS is unavailable, and with 500 if the API key is wrong", () =>
    Effect.gen(function* () {
      const { app, faults, log } = yield* serve()
      const user = browser(app)
      yield* faults.add({ kind: "status", status: 503, path: "/user_management/authenticate", times: 1 })
      assertRejected(yield* signIn(user), 503, /Try again in a minute/)
      yield* faults.add({ kind: "status", status: 401, path: "/user_management/authenticate", times: 1 })
      assertRejected(yield* signIn(user), 500, /an error on our side/)
      assert.match(log.join("\n"), /level=ERROR/)
      assert.notMatch(log.join("\n"), /sk_|Fe26/)
    })
  )
})

describe("roles and organizations", () => {
  it.effect("Only an administrator of the organization sees its members", () =>
    Effect.gen(function* () {
      const { app, globex } = yield* serve()
      const user = browser(app)
      yield* signIn(user)
      assertRejected(yield* open(user, "/admin"), 403, /Only administrators/)
      const before = user.cookies.get("wos-session")
      const switched = yield* post(user, "/switch", { organizationId: globex.id }, app)
      assert.strictEqual(switched.location, `${app}/account`)
      assert.notStrictEqual(user.cookies.get("wos-session"), before)
      const account = yield* open(user, "/account")
      for (const text of ["<dd>Globex</dd>", "<dd>admin</dd>", "<dd>members:read</dd>", "Switch to Acme"])
        assert.include(account.text, text)
      const admin = yield* open(user, "/admin")
      assert.strictEqual(admin.status, 200)
      assert.match(admin.text, /<td>ada.lovelace@example.com<\/td>\s*<td>admin<\/td>/)
    })
  )

  it.effect("A user cannot switch to the organization of others", () =>
    Effect.gen(function* () {
      const { app, client } = yield* serve()
      const { id } = yield* client.organizations.create({ name: "Initech" })
      const user = browser(app)
      yield* signIn(user)
      assertRejected(yield* post(user, "/switch", { organizationId: id }, app), 403, /not a member/)
      assertRejected(yield* post(user, "/switch", { organizationId: "initech" }, app), 400, /not valid/)
      assert.include((yield* open(user, "/account")).text, "<dd>Acme</dd>")
    })
  )

  it.effect("A user who must sign in with SSO is sent to AuthKit's page for the organization", () =>
    Effect.gen(function* () {
      const store = yield* Store.seeded({ connections: 1, organizations: 1, seed: 1 })
      const [connection] = store.connections.rows
      const organizationId = connection?.organizationId ?? ""
      const { acme, app, client, user: ada } = yield* serve({ store, authkit: { requireSso: true } })
      yield* client.organizationMemberships.create({ userId: ada.id, organizationId })
      const user = browser(app)
      yield* signIn(user, `?organizationId=${acme.id}`)
      const { location } = yield* post(user, "/switch", { organizationId }, app)
      assert.strictEqual(location, `${app}/sign-in?organizationId=${organizationId}`)
      assert.include((yield* open(user, "/account")).text, "<dd>Acme</dd>")
    })
  )

  it.effect("A user without an organization has no role", () =>
    Effect.gen(function* () {
      const { app, client, user: ada } = yield* serve()
      const { data } = yield* client.organizationMemberships.list({ userId: ada.id })
      for (const { id } of data) yield* client.organizationMemberships.delete(id)
      const user = browser(app)
      const account = yield* signIn(user)
      assert.match(account.text, /<dt>Organization<\/dt>\s*<dd>none<\/dd>\s*<dt>Role<\/dt>\s*<dd>none<\/dd>/)
      assertRejected(yield* open(user, "/admin"), 403, /Only administrators/)
    })
  )

  it.effect("The API returns the user, and rejects requests without a session", () =>
    Effect.gen(function* () {
      const { acme, app } = yield* serve()
      const user = browser(app)
      assert.strictEqual((yield* user.visit("/api/me")).status, 401)
      yield* signIn(user)
      assert.deepStrictEqual(JSON.parse((yield* user.visit("/api/me")).text), {
        email: "ada.lovelace@example.com",
        organizationId: acme.id,
        role: "member"
      })
    })
  )
})

describe("sessions", () => {
  it.effect("A session is refreshed when its access token has expired, and shows changes at WorkOS", () =>
    Effect.gen(function* () {
      const { acme, app, client, user: ada } = yield* serve()
      const user = browser(app)
      yield* signIn(user)
      const before = user.cookies.get("wos-session")
      const { data } = yield* client.organizationMemberships.list({ userId: ada.id, organizationId: acme.id })
      for (const { id } of data) yield* client.organizationMemberships.update(id, { roleSlug: "admin" })
      assert.strictEqual((yield* open(user, "/admin")).status, 403)
      assert.strictEqual(user.cookies.get("wos-session"), before)
      yield* TestClock.adjust("5 minutes")
      assert.strictEqual((yield* open(user, "/admin")).status, 200)
      assert.notStrictEqual(user.cookies.get("wos-session"), before)
    })
  )

  it.effect("Concurrent requests after the expiry of the access token refresh the session once", () =>
    Effect.gen(function* () {
      const { app } = yield* serve()
      const user = browser(app)
      yield* signIn(user)
      yield* TestClock.adjust("5 minutes")
      const pages = yield* Effect.replicateEffect(open(user, "/account"), 5, { concurrency: "unbounded" })
      assert.deepStrictEqual(
        pages.map(({ status }) => status),
        [200, 200, 200, 200, 200]
      )
      yield* TestClock.adjust("5 minutes")
      assert.isTrue(yield* isSignedIn(user))
    })
  )

  it.effect("A session that was revoked at WorkOS ends when its access token has expired", () =>
    Effect.gen(function* () {
      const { app, client, user: ada } = yield* serve()
      const user = browser(app)
      yield* signIn(user)
      const { data } = yield* client.sessions.list(ada.id)
      for (const { id } of data) yield* client.sessions.revoke({ sessionId: id })
      yield* TestClock.adjust("5 minutes")
      assert.strictEqual((yield* open(user, "/account")).location, `${app}/sign-in?returnTo=/account`)
      assert.isFalse(user.cookies.has("wos-session"))
    })
  )

  it.effect("A session that has expired at WorkOS ends", () =>
    Effect.gen(function* () {
      const { app } = yield* serve({ authkit: { sessionLifetime: "1 hour" } })
      const user = browser(app)
      yield* signIn(user)
      yield* TestClock.adjust("59 minutes")
      assert.isTrue(yield* isSignedIn(user))
      yield* TestClock.adjust("10 minutes")
      assert.isFalse(yield* isSignedIn(user))
      assert.isFalse(user.cookies.has("wos-session"))
    })
  )

  it.effect("A session survives while WorkOS is unavailable", () =>
    Effect.gen(function* () {
      const { app, faults } = yield* serve()
      const user = browser(app)
      yield* signIn(user)
      yield* TestClock.adjust("10 minutes")
      yield* faults.add({ kind: "status", status: 503, path: "/user_management/authenticate", times: 1 })
      assert.strictEqual((yield* open(user, "/account")).status, 503)
      assert.isTrue(yield* isSignedIn(user))
    })
  )
})

describe("sign-out", () => {
  it.effect("A sign-out ends the session at the application and at WorkOS", () =>
    Effect.gen(function* () {
      const { app, client, user: ada, workos } = yield* serve()
      const user = browser(app)
      yield* signIn(user)
      const session = user.cookies.get("wos-session") ?? ""
      const out = yield* post(user, "/sign-out", {}, app)
      assert.strictEqual(out.status, 303)
      assert.isTrue(out.location.startsWith(`${workos}/user_management/sessions/logout?session_id=session_`))
      assert.isFalse(user.cookies.has("wos-session"))
      assert.strictEqual((yield* user.visit(out.location)).location, `${app}/`)
      assert.deepStrictEqual((yield* client.sessions.list(ada.id)).data, [])
      // A copy of the cookie is useless.
      user.cookies.set("wos-session", session)
      assert.isFalse(yield* isSignedIn(user))
      assert.strictEqual((yield* post(user, "/sign-out", {}, app)).status, 303)
    })
  )
})
