// The sign-in page of the emulated identity provider.
import { assert, describe, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as SignInPage from "../src/internal/SignInPage.ts"
import {
  findConnection,
  sendRequest,
  authorize,
  callback,
  emulated,
  exchange,
  query,
  redirectParameters
} from "./sign-in.ts"

const press = (search: string, fields: Readonly<Record<string, string>>) =>
  sendRequest(`/_emulator/sign-in?${search}`, {
    body: new URLSearchParams(fields).toString(),
    contentType: "application/x-www-form-urlencoded"
  })

layer(emulated({ signIn: "page" }))("the sign-in page", (it) => {
  it.effect("The sign-in page shows the login hint in a form that posts to the same URL", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* findConnection()
      const sent = yield* authorize({ connection, state: "s", login_hint: "ada@acme.example" })
      assert.strictEqual(sent.status, 302)
      const url = new URL(sent.headers["location"] ?? "")
      const page = yield* sendRequest(`${url.pathname}${url.search}`)
      assert.strictEqual(page.status, 200)
      assert.match(page.headers["content-type"] ?? "", /^text\/html/)
      assert.include(page.headers["content-security-policy"] ?? "", "default-src 'none'")
      assert.include(page.text, 'value="ada@acme.example"')
      assert.notInclude(page.text, "<script")
      const action = /action="([^"]*)"/.exec(page.text)?.[1]?.replaceAll("&amp;", "&")
      assert.strictEqual(action, `${url.pathname}${url.search}`)
    })
  )

  it.effect("The sign-in page redirects with a valid code after a sign-in", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* findConnection()
      const search = query({ connection, state: "a b" })
      const response = yield* press(search, { action: "sign-in", email: "grace.hopper@acme.example" })
      assert.strictEqual(response.status, 303)
      assert.isTrue(response.headers["location"]?.startsWith(`${callback}?`))
      const { code = "", state } = redirectParameters(response)
      assert.strictEqual(state, "a b")
      const { body } = yield* exchange({ code })
      assert.include(body["profile"], { email: "grace.hopper@acme.example", first_name: "Grace" })
    })
  )

  it.effect("The sign-in page redirects with access_denied after a denial, for any email address", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* findConnection()
      const response = yield* press(query({ connection, state: "s" }), { action: "deny", email: "invalid" })
      const { code, error, state } = redirectParameters(response)
      assert.deepStrictEqual({ code, error, state }, { code: undefined, error: "access_denied", state: "s" })
    })
  )

  it.effect("The sign-in page is shown again with an error and the input if the email address is invalid", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* findConnection()
      for (const email of ["", "invalid", `"><script>alert(1)</script>@x`]) {
        const response = yield* press(query({ connection }), { action: "sign-in", email })
        assert.strictEqual(response.status, 422)
        assert.include(response.text, 'role="alert"')
        assert.include(response.text, 'aria-describedby="problem"')
        assert.notInclude(response.text, "<script")
      }
    })
  )

  it.effect("The sign-in page applies the rules of `/sso/authorize`", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* findConnection()
      const filled = { action: "sign-in", email: "ada@acme.example" }
      const elsewhere = query({ connection, redirect_uri: "https://evil.example" })
      for (const response of [yield* press(elsewhere, filled), yield* sendRequest(`/_emulator/sign-in?${elsewhere}`)]) {
        assert.strictEqual(response.status, 400)
        assert.strictEqual(response.body["error"], "invalid_redirect_uri")
      }
      const unknown = query({ connection: "conn_01E4ZCR3C56J083X43JQXF3JK5" })
      assert.strictEqual(redirectParameters(yield* press(unknown, filled))["error"], "connection_invalid")
      assert.strictEqual(redirectParameters(yield* press(query({}), filled))["error"], "invalid_connection_selector")
      assert.strictEqual((yield* press(query({ connection }), { action: "dance" })).status, 422)
      assert.strictEqual(
        (yield* sendRequest(`/_emulator/sign-in?${query({ connection })}`, { body: "{}" })).status,
        422
      )
    })
  )

  it.effect("The URL of the sign-in page is returned to programs that accept JSON", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* findConnection()
      const { body } = yield* authorize({ connection }, { accept: "application/json" })
      assert.strictEqual(new URL(String(body["url"])).pathname, "/_emulator/sign-in")
    })
  )
})

describe("the HTML of the sign-in page", () => {
  it("The HTML of the sign-in page escapes names, email addresses and URLs", () => {
    const html = SignInPage.render({
      action: `/x?a="b'&c`,
      connection: { connectionType: "<b>", name: `</title><script>alert("1")</script>` },
      email: `"><img src=x>`,
      problem: "<i>"
    })
    for (const raw of ["<script", "<img", "<b>", "<i>", `"b'`]) assert.notInclude(html, raw)
    assert.include(html, "&lt;script&gt;alert(&quot;1&quot;)")
    assert.include(html, `action="/x?a=&quot;b&#39;&amp;c"`)
  })
})
