// Sign-in and sign-out over real sockets, without a browser.
import { assert, describe, it } from "@effect/vitest"
import * as Clients from "@effect-workos/emulator/Clients"
import * as Admin from "@effect-workos/emulator/Admin"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { browser, type Browser, type Page } from "./browser.ts"
import { type Customer, serve } from "./serving.ts"

const begin = ({ visit }: Browser, { organization }: Customer) => visit(`/sign-in?organization=${organization.id}`)

const signIn = ({ follow }: Browser, { organization }: Customer) => follow(`/sign-in?organization=${organization.id}`)

/** Starts a sign-in, and returns the URL that WorkOS redirects the browser to. */
const redirectBack = (browser: Browser, customer: Customer) =>
  Effect.flatMap(begin(browser, customer), ({ location }) => browser.visit(location)).pipe(
    Effect.map(({ location }) => location)
  )

const signOut = ({ visit }: Browser, headers: Readonly<Record<string, string>>) =>
  visit("/sign-out", { method: "POST", headers })

const isSignedIn = ({ visit }: Browser) => Effect.map(visit("/account"), ({ status }) => status === 200)

const assertRejected = (page: Page, status: number, sentence: RegExp) => {
  assert.strictEqual(page.status, status)
  assert.match(page.text, sentence)
  assert.match(page.text, /<h1>Something went wrong<\/h1>/)
}

describe("sign-in", () => {
  it.effect("The application finds the organization by the domain of an email address, and fills the address in", () =>
    Effect.gen(function* () {
      const { app, customer, workos } = yield* serve()
      const user = browser(app)
      assert.match((yield* user.visit("/")).text, /<form action="\/sign-in">/)
      const begun = yield* user.visit(`/sign-in?email=Ada.Lovelace@${customer.domain.toUpperCase()}`)
      const url = new URL(begun.location)
      assert.strictEqual(url.origin + url.pathname, `${workos}/sso/authorize`)
      const { code_challenge, state, ...query } = Object.fromEntries(url.searchParams)
      assert.match(`${code_challenge} ${state}`, /^[\w-]{43} [\w-]{43}$/)
      assert.deepStrictEqual(query, {
        client_id: "client_emulator",
        code_challenge_method: "S256",
        login_hint: `Ada.Lovelace@${customer.domain.toUpperCase()}`,
        organization: customer.organization.id,
        redirect_uri: `${app}/callback`,
        response_type: "code"
      })
      const account = yield* user.follow(begun.location)
      assert.match(account.text, /<h1>Your account<\/h1>/)
      assert.include(account.text, "<dd>Ada Lovelace</dd>")
      assert.include(account.text, `<dd>${customer.organization.id}</dd>`)
      assert.match((yield* user.visit("/")).text, /<a href="\/account">/)
    })
  )

  it.effect("The application sets cookies that scripts cannot read and other sites do not send", () =>
    Effect.gen(function* () {
      const { app, customer } = yield* serve()
      const user = browser(app)
      const cookies: Array<string> = []
      const begun = yield* begin(user, customer)
      cookies.push(...begun.headers.getSetCookie())
      const back = yield* user.visit(begun.location)
      cookies.push(...(yield* user.visit(back.location)).headers.getSetCookie())
      assert.deepStrictEqual(
        cookies.map((cookie) => cookie.replaceAll(/=[^;]{30,}/g, "=…").replaceAll(/attempt-[\w-]{43}/g, "attempt-…")),
        [
          "attempt-…=…; Max-Age=600; Path=/; HttpOnly; SameSite=Lax",
          "attempt-…=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax",
          "session=…; Max-Age=28800; Path=/; HttpOnly; SameSite=Lax"
        ]
      )
      assert.deepStrictEqual(Array.from(user.cookies.keys()), ["session"])
    })
  )

  it.effect("Cookies on a public host are secure and limited to the host", () =>
    Effect.gen(function* () {
      const clients = [{ clientId: Clients.defaultClientId, redirectUris: ["https://app.example/callback"] }]
      const { app, customer } = yield* serve({ env: { APP_URL: "https://app.example/" }, clients })
      const user = browser(app)
      const begun = yield* begin(user, customer)
      assert.match(begun.headers.get("set-cookie") ?? "", /^__Host-attempt-.*; Path=\/; .*Secure/)
      assert.isTrue(begun.headers.has("strict-transport-security"))
      const { location } = yield* user.visit(begun.location)
      assert.strictEqual(new URL(location).origin, "https://app.example")
      // A proxy in front of the application terminates TLS.
      const back = yield* user.visit(location.replace("https://app.example", app))
      assert.match(back.headers.getSetCookie().at(-1) ?? "", /^__Host-session=.*; Path=\/; .*Secure/)
      assert.isTrue(yield* isSignedIn(user))
      assertRejected(yield* signOut(user, { origin: app }), 403, /by another site/)
      assert.strictEqual((yield* signOut(user, { origin: "https://app.example" })).status, 303)
      assert.deepStrictEqual(Array.from(user.cookies.keys()), [])
    })
  )

  it.effect("Two concurrent sign-ins in one browser succeed", () =>
    Effect.gen(function* () {
      const { another, app, customer } = yield* serve()
      const user = browser(app)
      const [first, second] = yield* Effect.all([redirectBack(user, customer), redirectBack(user, another)], {
        concurrency: "unbounded"
      })
      assert.include((yield* user.follow(second)).text, another.organization.id)
      const replaced = user.cookies.get("session") ?? ""
      assert.include((yield* user.follow(first)).text, customer.organization.id)
      const thief = browser(app)
      thief.cookies.set("session", replaced)
      assert.isFalse(yield* isSignedIn(thief))
    })
  )

  it.effect("The browser keeps the cookies of the latest eight unfinished sign-ins", () =>
    Effect.gen(function* () {
      const { app, customer } = yield* serve()
      const user = browser(app)
      const all = yield* Effect.replicateEffect(begin(user, customer), 11)
      const states = all.map(({ location }) => `attempt-${new URL(location).searchParams.get("state")}`)
      assert.deepStrictEqual(Array.from(user.cookies.keys()), states.slice(-8))
    })
  )

  it.effect("A session expires after eight hours", () =>
    Effect.gen(function* () {
      const { app, customer } = yield* serve()
      const user = browser(app)
      yield* signIn(user, customer)
      yield* TestClock.adjust("479 minutes")
      assert.isTrue(yield* isSignedIn(user))
      yield* TestClock.adjust("1 minute")
      assert.isFalse(yield* isSignedIn(user))
    })
  )

  it.effect("The application escapes values of the identity provider", () =>
    Effect.gen(function* () {
      const { app, customer } = yield* serve()
      const user = browser(app)
      const account = yield* user.follow(`/sign-in?email=${encodeURIComponent(`o'neill&co@${customer.domain}`)}`)
      assert.include(account.text, `<dd>o&#39;neill&amp;co@${customer.domain}</dd>`)
    })
  )
})

describe("rejected sign-ins", () => {
  it.effect("A request without a valid session is redirected to the sign-in page", () =>
    Effect.gen(function* () {
      const { app } = yield* serve()
      const user = browser(app)
      for (const session of ["", "0".repeat(43), "__proto__", "%00"]) {
        user.cookies.set("session", session)
        const { location, status } = yield* user.visit("/account")
        assert.deepStrictEqual([status, location], [303, `${app}/`])
      }
    })
  )

  it.effect("A sign-in that the user denies is rejected with 403", () =>
    Effect.gen(function* () {
      const { app, customer } = yield* serve({ signIn: "page" })
      const user = browser(app)
      const { location: page } = yield* user.visit((yield* begin(user, customer)).location)
      const denied = yield* user.visit(page, { method: "POST", body: new URLSearchParams({ action: "deny" }) })
      assertRejected(yield* user.visit(denied.location), 403, /You did not sign in/)
      assert.isFalse(yield* isSignedIn(user))
    })
  )

  it.effect("A code of another browser is rejected", () =>
    Effect.gen(function* () {
      const { app, customer } = yield* serve()
      const attacker = browser(app)
      const victim = browser(app)
      const over = /This sign-in has ended, or was started in another browser/
      const theirs = yield* redirectBack(attacker, customer)
      assertRejected(yield* victim.visit(theirs), 400, over)
      // The same with an unfinished sign-in of the victim.
      const own = new URL(yield* redirectBack(victim, customer))
      assertRejected(yield* victim.visit(theirs), 400, over)
      for (const [name, cookie] of victim.cookies) {
        victim.cookies.set(
          name,
          cookie.replace(/^\d/, (digit) => String((Number(digit) + 1) % 10))
        )
        assertRejected(yield* victim.visit(own.href), 400, over)
        victim.cookies.set(name, cookie)
      }
      assertRejected(yield* victim.visit(`${own.href}&state=another`), 400, over)
      assertRejected(yield* victim.visit("/callback"), 400, over)
      assertRejected(yield* victim.visit("/callback?code=1&state="), 400, over)
      assertRejected(yield* victim.visit(own.href.replace(/code=[^&]*&/, "")), 400, over)
      // The attacker's cookie does not match the victim's state.
      const [[name = "", cookie = ""] = []] = attacker.cookies
      victim.cookies.set(name.replace(/-.*/, `-${own.searchParams.get("state")}`), cookie)
      assertRejected(yield* victim.visit(own.href), 400, over)
    })
  )

  it.effect("A code of another browser with a state of this browser is rejected", () =>
    Effect.gen(function* () {
      const { app, customer } = yield* serve()
      const attacker = browser(app)
      const victim = browser(app)
      const stolen = new URL(yield* redirectBack(victim, customer)).searchParams.get("code") ?? ""
      const own = new URL(yield* redirectBack(attacker, customer))
      own.searchParams.set("code", stolen)
      assertRejected(yield* attacker.visit(own.href), 400, /This sign-in was already used/)
    })
  )

  it.effect("A code signs in once", () =>
    Effect.gen(function* () {
      const { app, customer } = yield* serve()
      const user = browser(app)
      const back = yield* redirectBack(user, customer)
      const kept = new Map(user.cookies)
      assert.strictEqual((yield* user.visit(back)).location, `${app}/account`)
      // The page is reloaded, and reloaded by a browser that kept its cookie.
      assertRejected(yield* user.visit(back), 400, /This sign-in has ended/)
      const again = browser(app)
      for (const [name, cookie] of kept) again.cookies.set(name, cookie)
      assertRejected(yield* again.visit(back), 400, /This sign-in was already used/)
      assert.isTrue(yield* isSignedIn(user))
      assert.isFalse(yield* isSignedIn(again))
    })
  )

  it.effect("A sign-in expires after ten minutes", () =>
    Effect.gen(function* () {
      const { app, customer } = yield* serve()
      const user = browser(app)
      const back = yield* redirectBack(user, customer)
      yield* TestClock.adjust("10 minutes")
      assertRejected(yield* user.visit(back), 400, /This sign-in has ended/)
    })
  )

  it.effect("A sign-in through an inactive connection is rejected", () =>
    Effect.gen(function* () {
      const { app, customer, inStore, inactive } = yield* serve()
      const user = browser(app)
      assertRejected(yield* signIn(user, inactive), 403, /Your organization has turned its sign-in off/)
      const back = yield* redirectBack(user, customer)
      yield* inStore(Admin.setConnectionState(customer.connection.id, "inactive"))
      assertRejected(yield* user.visit(back), 400, /is no longer allowed/)
    })
  )

  it.effect("A sign-in to an unknown organization, or by an unverified domain, is rejected", () =>
    Effect.gen(function* () {
      const { app, customer, inStore } = yield* serve()
      const user = browser(app)
      assertRejected(yield* user.follow("/sign-in?organization=org_01"), 403, /has not set up its sign-in/)
      assertRejected(yield* user.visit("/sign-in?email=ada@unknown.example"), 404, /No organization signs in here/)
      for (const { domain, id } of customer.organization.domains) {
        yield* inStore(Admin.setDomainState(id, "pending"))
        assertRejected(yield* user.visit(`/sign-in?email=ada@${domain}`), 404, /No organization signs in here/)
      }
    })
  )

  it.effect("The application rejects a sign-in without a valid organization or address", () =>
    Effect.gen(function* () {
      const { app } = yield* serve()
      for (const query of [
        "",
        "?organization=",
        "?organization=conn_01",
        "?organization=org_1&organization=org_2",
        "?email=",
        "?email=ada",
        "?email=ada@",
        "?email=a@acme.example&email=b@acme.example"
      ]) {
        const page = yield* browser(app).visit(`/sign-in${query}`)
        assert.include([400, 404], page.status, query)
        assert.match(page.text, /<h1>Something went wrong<\/h1>/)
      }
    })
  )

  it.effect("A sign-in fails with 503 if WorkOS is unavailable, and with 500 if the API key is wrong", () =>
    Effect.gen(function* () {
      const { app, customer, faults, log } = yield* serve()
      const user = browser(app)
      yield* faults.add({ kind: "status", status: 503, path: "/sso/token", times: 1 })
      assertRejected(yield* signIn(user, customer), 503, /Try again in a minute/)
      const stranger = yield* serve({ env: { WORKOS_API_KEY: "sk_wrong" } })
      assertRejected(yield* signIn(browser(stranger.app), stranger.customer), 500, /an error on our side/)
      assert.match(stranger.log.join("\n"), /level=ERROR.*problem=InvalidClient/)
      assert.notMatch([...log, ...stranger.log].join("\n"), /sk_|whsec_/)
    })
  )
})

describe("sign-out", () => {
  it.effect("A sign-out ends the session at the application and at the identity provider", () =>
    Effect.gen(function* () {
      const { app, customer, workos } = yield* serve({ logoutRedirectUri: "http://localhost/bye" })
      const user = browser(app)
      yield* signIn(user, customer)
      const session = user.cookies.get("session") ?? ""
      const out = yield* signOut(user, { origin: app })
      assert.strictEqual(out.status, 303)
      assert.isTrue(out.location.startsWith(`${workos}/sso/logout?token=`))
      assert.strictEqual((yield* user.visit(out.location)).location, "http://localhost/bye")
      assert.isFalse(user.cookies.has("session"))
      user.cookies.set("session", session)
      assert.isFalse(yield* isSignedIn(user))
    })
  )

  it.effect("A sign-out ends the session at the application if the identity provider is unreachable", () =>
    Effect.gen(function* () {
      const { app, customer, faults } = yield* serve()
      const user = browser(app)
      yield* signIn(user, customer)
      yield* faults.add({ kind: "reset", at: "request", path: "/sso/logout/authorize" })
      assert.strictEqual((yield* signOut(user, { origin: app })).location, `${app}/`)
      assert.isFalse(yield* isSignedIn(user))
      assert.strictEqual((yield* signOut(user, { origin: app })).location, `${app}/`)
    })
  )

  it.effect("A sign-out by another site is rejected", () =>
    Effect.gen(function* () {
      const { app, customer } = yield* serve()
      const user = browser(app)
      yield* signIn(user, customer)
      for (const headers of [{}, { origin: "null" }, { origin: "https://evil.example" }, { origin: `${app}.evil` }]) {
        assertRejected(yield* signOut(user, headers), 403, /by another site/)
      }
      assert.strictEqual((yield* user.visit("/sign-out")).status, 404)
      assert.isTrue(yield* isSignedIn(user))
    })
  )
})
