// Attacks on the application: stolen and modified cookies, replayed callbacks, forms of other sites, and injection.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Html, html } from "../src/Html.ts"
import { browser, type Browser, type Page } from "./browser.ts"
import { serve } from "./serving.ts"

const redirectBack = ({ visit }: Browser) =>
  visit("/sign-in").pipe(
    Effect.flatMap(({ location }) => visit(location)),
    Effect.map(({ location }) => location)
  )

const isSignedIn = ({ visit }: Browser) => Effect.map(visit("/api/me"), ({ status }) => status === 200)

const assertRejected = (page: Page, status: number, sentence: RegExp) => {
  assert.strictEqual(page.status, status)
  assert.match(page.text, sentence)
}

const over = /This sign-in has ended, or was started in another browser/

describe("attacks", () => {
  it.effect("A modified, truncated or foreign session cookie does not sign a user in", () =>
    Effect.gen(function* () {
      const { app } = yield* serve()
      const user = browser(app)
      yield* user.follow("/sign-in")
      const session = user.cookies.get("wos-session") ?? ""
      const foreign = yield* serve({ env: { WORKOS_COOKIE_PASSWORD: "another password of 32 characters" } })
      const other = browser(foreign.app)
      yield* other.follow("/sign-in")
      const middle = Math.floor(session.length / 2)
      const modified = session.slice(0, middle) + (session[middle] === "a" ? "b" : "a") + session.slice(middle + 1)
      for (const cookie of [
        "",
        "x",
        "%00",
        "__proto__",
        modified,
        session.slice(0, -9),
        other.cookies.get("wos-session")
      ]) {
        const thief = browser(app)
        thief.cookies.set("wos-session", cookie ?? "")
        const { location } = yield* thief.visit("/account", { headers: { accept: "text/html" } })
        assert.strictEqual(location, `${app}/sign-in?returnTo=/account`)
        assert.isFalse(yield* isSignedIn(thief))
        assert.strictEqual((yield* thief.visit("/")).status, 200)
      }
      assert.isTrue(yield* isSignedIn(user))
    })
  )

  it.effect("A code signs in once", () =>
    Effect.gen(function* () {
      const { app } = yield* serve()
      const user = browser(app)
      const back = yield* redirectBack(user)
      const kept = new Map(user.cookies)
      assert.strictEqual((yield* user.visit(back)).location, `${app}/account`)
      // The page is reloaded, and reloaded by a browser that kept its cookie.
      assertRejected(yield* user.visit(back), 400, over)
      const again = browser(app)
      for (const [name, cookie] of kept) again.cookies.set(name, cookie)
      assertRejected(yield* again.visit(back), 400, /This sign-in was already used/)
      assert.isTrue(yield* isSignedIn(user))
      assert.isFalse(yield* isSignedIn(again))
    })
  )

  it.effect("A code of another browser does not sign a user in", () =>
    Effect.gen(function* () {
      const { app } = yield* serve()
      const attacker = browser(app)
      const victim = browser(app)
      const theirs = new URL(yield* redirectBack(attacker))
      const own = new URL(yield* redirectBack(victim))
      assertRejected(yield* victim.visit(theirs.href), 400, over)
      assertRejected(yield* victim.visit(`${own.href}&state=another`), 400, over)
      assertRejected(yield* victim.visit("/callback?code=1"), 400, over)
      assertRejected(yield* victim.visit(own.href.replace(/code=[^&]*&/, "")), 400, over)
      // The code of the attacker with the state of the victim has another verifier.
      own.searchParams.set("code", theirs.searchParams.get("code") ?? "")
      assertRejected(yield* victim.visit(own.href), 400, /This sign-in was already used/)
      assert.isFalse(yield* isSignedIn(victim))
    })
  )

  it.effect("Forms of other sites can neither sign a user out nor switch the organization", () =>
    Effect.gen(function* () {
      const { app, globex } = yield* serve()
      const user = browser(app)
      yield* user.follow("/sign-in")
      const before = user.cookies.get("wos-session")
      const body = new URLSearchParams({ organizationId: globex.id })
      for (const path of ["/sign-out", "/switch"]) {
        for (const headers of [{}, { origin: "null" }, { origin: "https://evil.example" }, { origin: `${app}.evil` }]) {
          const page = yield* user.visit(path, { method: "POST", body, headers })
          assertRejected(page, 403, /by another site/)
          assert.strictEqual(page.headers.get("cache-control"), "no-store")
        }
        assert.strictEqual((yield* user.visit(path)).status, 404)
      }
      assert.isTrue(yield* isSignedIn(user))
      assert.strictEqual(user.cookies.get("wos-session"), before)
    })
  )

  it.effect("The application redirects only to WorkOS and to its own pages", () =>
    Effect.gen(function* () {
      const { app, workos } = yield* serve()
      const evil = "https://evil.example"
      for (const path of [
        `/sign-in?returnTo=${evil}`,
        "/sign-in?returnTo=//evil.example",
        "/sign-in?returnTo=/\\evil.example",
        "/sign-in?returnTo=/account&returnTo=//evil.example",
        `/sign-in?redirect_uri=${evil}&redirectUri=${evil}&state=1`,
        `/sign-in?organizationId=${encodeURIComponent(`org_1&redirect_uri=${evil}`)}`,
        `/callback?error=x&state=x&returnTo=${evil}`,
        "//evil.example",
        "//evil.example/%2e%2e/sign-in"
      ]) {
        const { location, status } = yield* browser(app).visit(app + path)
        if (location === "") {
          assert.isAtLeast(status, 400)
          continue
        }
        const url = new URL(location)
        assert.strictEqual(url.origin, workos)
        assert.deepStrictEqual(url.searchParams.getAll("redirect_uri"), [`${app}/callback`])
      }
      // A cookie that an attacker planted leads nowhere either.
      const user = browser(app)
      const back = yield* redirectBack(user)
      for (const [name, cookie] of user.cookies) user.cookies.set(name, cookie.replace("%2Faccount", "%2F%2Fevil"))
      assertRejected(yield* user.visit(back), 400, over)
    })
  )

  it.effect("A request can inject neither headers nor scripts, and each page forbids scripts, frames and caching", () =>
    Effect.gen(function* () {
      const { app } = yield* serve()
      const lines = encodeURIComponent("\r\nset-cookie: wos-session=evil\r\n\r\n<script>")
      for (const path of [
        "/",
        "/account",
        "/style.css",
        "/api/me",
        `/${lines}`,
        `/sign-in?organizationId=${lines}`,
        `/callback?code=1&state=${lines}`,
        `/callback?error=${lines}&error_description=${lines}&state=x`
      ]) {
        const { headers, text } = yield* browser(app).visit(path)
        assert.notInclude(headers.getSetCookie().join("\n"), "wos-session=evil")
        assert.notInclude(text, "<script>")
        assert.deepInclude(Object.fromEntries(headers), {
          "cache-control": "no-store",
          "content-security-policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
          "referrer-policy": "same-origin",
          "x-content-type-options": "nosniff"
        })
      }
    })
  )
})

it.effect.prop("A page shows any text unchanged without interpreting tags", [Schema.String], ([text]) =>
  Effect.sync(() => {
    const { text: shown } = html`<p title="${text}">${[html`${text}`, new Html({ text: "<br>" })]}</p>`
    const [, attribute = "", content = ""] = /^<p title="([^"<>]*)">([^<>]*)<br><\/p>$/.exec(shown) ?? []
    const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" }
    const read = (escaped: string) => escaped.replace(/&([^;]*);/g, (_, name: string) => entities[name] ?? "")
    assert.deepStrictEqual([read(attribute), read(content)], [text, text])
  })
)
