// The hosted pages of AuthKit, by their forms.
import { assert, describe, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import * as AuthKitPage from "../src/internal/AuthKitPage.ts"
import * as Store from "../src/Store.ts"
import { addMember, addUser, authorize, emulated, grant, password } from "./authkit.ts"
import { press, problemIn, shownIn, titleOf } from "./html-form.ts"
import { totpAt } from "./totp.ts"
import { callback, query, redirectParameters, sendRequest, type SignInResponse } from "./sign-in.ts"

const open = (fields: Parameters<typeof authorize>[0] = {}) =>
  sendRequest(`/_emulator/authkit?${query({ provider: "authkit", ...fields })}`)

/** Exchanges the code of the redirect. */
const exchange = (response: SignInResponse) => {
  assert.strictEqual(response.status, 303, response.text)
  const { code = "" } = redirectParameters(response)
  return grant("authorization_code", { code })
}

layer(emulated({ signIn: "page" }))("the hosted sign-in page", (it) => {
  it.effect("The authorization URL redirects to a page without scripts that posts to the same URL", () =>
    Effect.gen(function* () {
      const sent = yield* authorize({ state: "s", login_hint: "ada@acme.example" })
      assert.strictEqual(sent.status, 302)
      const url = new URL(sent.headers["location"] ?? "")
      const page = yield* sendRequest(`${url.pathname}${url.search}`)
      assert.strictEqual(page.status, 200)
      assert.match(page.headers["content-type"] ?? "", /^text\/html/)
      assert.strictEqual(page.headers["cache-control"], "no-store")
      assert.include(page.headers["content-security-policy"] ?? "", "default-src 'none'")
      assert.include(page.text, 'value="ada@acme.example"')
      assert.notInclude(page.text, "<script")
    })
  )

  it.effect("A user signs in with a password after a wrong one", () =>
    Effect.gen(function* () {
      const { email, id } = yield* addUser("page@example.com")
      const asking = yield* press(yield* open({ state: "a b" }), "Continue", { email })
      assert.strictEqual(titleOf(asking), "Enter your password")
      const refused = yield* press(asking, "Sign in", { password: "wrong" })
      assert.strictEqual(refused.status, 422)
      assert.isDefined(problemIn(refused))
      assert.notInclude(refused.text, "wrong<")
      const done = yield* press(refused, "Sign in", { password })
      assert.isTrue(done.headers["location"]?.startsWith(`${callback}?`))
      assert.strictEqual(redirectParameters(done)["state"], "a b")
      const { body } = yield* exchange(done)
      assert.deepInclude(body["user"], { id })
      assert.strictEqual(body["authentication_method"], "Password")
    })
  )

  it.effect("A user signs in with the magic code that the page shows, and a used code is refused", () =>
    Effect.gen(function* () {
      const { email } = yield* addUser("magic@example.com")
      const asking = yield* press(yield* open(), "Continue", { email })
      const first = yield* press(asking, "Use a code instead")
      assert.match(shownIn(first), /^\d{6}$/)
      const wrong = yield* press(first, "Sign in", { code: shownIn(first) === "000000" ? "000001" : "000000" })
      assert.strictEqual(wrong.status, 422)
      assert.strictEqual(shownIn(wrong), shownIn(first))
      const done = yield* press(wrong, "Sign in", { code: shownIn(wrong) })
      assert.strictEqual((yield* exchange(done)).body["authentication_method"], "MagicAuth")
      const again = yield* press(wrong, "Sign in", { code: shownIn(wrong) })
      assert.strictEqual(again.status, 422)
    })
  )

  it.effect("A new user signs up, verifies the email address and is signed in", () =>
    Effect.gen(function* () {
      const email = "new@example.com"
      const form = yield* press(yield* open(), "Continue", { email })
      assert.strictEqual(titleOf(form), "Sign up")
      const values = { first_name: "Grace", last_name: "Hopper", password }
      const verify = yield* press(form, "Sign up", values)
      assert.strictEqual(titleOf(verify), "Verify your email address")
      const { body } = yield* exchange(yield* press(verify, "Verify", { code: shownIn(verify) }))
      assert.deepInclude(body["user"], { email, first_name: "Grace", last_name: "Hopper", email_verified: true })
      const taken = yield* press(yield* open({ screen_hint: "sign-up" }), "Sign up", { ...values, email })
      assert.include(problemIn(taken), "exists")
    })
  )

  it.effect("A user of several organizations selects one", () =>
    Effect.gen(function* () {
      const { organizations, user } = yield* addMember("choose@example.com", 2)
      const asking = yield* press(yield* open({ login_hint: user.email }), "Continue")
      const choosing = yield* press(asking, "Sign in", { password })
      assert.strictEqual(titleOf(choosing), "Select an organization")
      const { body } = yield* exchange(yield* press(choosing, organizations[1]?.name ?? ""))
      assert.strictEqual(body["organization_id"], organizations[1]?.id)
    })
  )

  it.effect("A user denies the sign-in on every page, and the application receives access_denied", () =>
    Effect.gen(function* () {
      const { email } = yield* addUser("deny@example.com")
      const start = yield* open({ state: "s" })
      for (const page of [start, yield* press(start, "Continue", { email }), yield* press(start, "Sign up")]) {
        const { code, error, state } = redirectParameters(yield* press(page, "Deny"))
        assert.deepStrictEqual({ code, error, state }, { code: undefined, error: "access_denied", state: "s" })
      }
    })
  )

  it.effect("A user signs in with an OAuth provider and with a connection, by email address", () =>
    Effect.gen(function* () {
      const { connections } = yield* Store.Store
      const connection = connections.rows.find(({ state }) => state === "active")
      assert.isDefined(connection)
      const google = yield* press(yield* open({ provider: "GoogleOAuth" }), "Sign in", { email: "g@example.com" })
      const fromGoogle = yield* exchange(google)
      assert.strictEqual(fromGoogle.body["authentication_method"], "GoogleOAuth")
      const page = yield* open({ provider: undefined, connection_id: connection.id })
      assert.strictEqual((yield* press(page, "Sign in", { email: "invalid" })).status, 422)
      const { body } = yield* exchange(yield* press(page, "Sign in", { email: "sso@example.com" }))
      assert.strictEqual(body["authentication_method"], "SSO")
      assert.strictEqual(body["organization_id"], connection.organizationId)
    })
  )

  it.effect("The hosted page applies the rules of the authorization URL", () =>
    Effect.gen(function* () {
      const evil = query({ provider: "authkit", redirect_uri: "https://evil.example" })
      const form = { body: "action=start&email=a@b.example", contentType: "application/x-www-form-urlencoded" }
      for (const options of [{}, form]) {
        const response = yield* sendRequest(`/_emulator/authkit?${evil}`, options)
        assert.strictEqual(response.status, 400)
        assert.strictEqual(response.body["error"], "invalid_redirect_uri")
      }
      const unknown = yield* open({ provider: undefined, connection_id: "conn_01E4ZCR3C56J083X43JQXF3JK5" })
      assert.strictEqual(redirectParameters(unknown)["error"], "connection_invalid")
      const valid = `/_emulator/authkit?${query({ provider: "authkit" })}`
      assert.strictEqual((yield* sendRequest(valid, { body: "{}" })).status, 422)
      assert.strictEqual((yield* sendRequest(valid, { ...form, body: "email=a" })).status, 422)
    })
  )
})

layer(emulated({ signIn: "page", authkit: { allowSignUp: false, requireSso: true, radarChallenge: "email" } }))(
  "the hosted sign-in page with other settings",
  (it) => {
    it.effect("An unknown user is refused if users cannot sign up", () =>
      Effect.gen(function* () {
        const refused = yield* press(yield* open({ screen_hint: "sign-up" }), "Continue", { email: "x@example.com" })
        assert.strictEqual(refused.status, 422)
        assert.strictEqual(problemIn(refused), "No user has this email address.")
      })
    )

    it.effect("A user solves a Radar challenge, and continues with SSO if the organization requires it", () =>
      Effect.gen(function* () {
        const { connections } = yield* Store.Store
        const { organizations, user } = yield* addMember("radar@example.com")
        const connection = connections.rows.find(
          ({ organizationId, state }) => state === "active" && organizationId === organizations[0]?.id
        )
        assert.isDefined(connection)
        const asking = yield* press(yield* open(), "Continue", { email: user.email })
        const challenge = yield* press(asking, "Sign in", { password })
        assert.strictEqual(titleOf(challenge), "Confirm your identity")
        const sso = yield* press(challenge, "Confirm", { code: shownIn(challenge) })
        assert.strictEqual(titleOf(sso), "Use single sign-on")
        const { body } = yield* exchange(yield* press(sso, `Continue with ${connection.name}`))
        assert.strictEqual(body["authentication_method"], "SSO")
        assert.strictEqual(body["organization_id"], connection.organizationId)
      })
    )
  }
)

layer(emulated({ signIn: "page", authkit: { requireMfa: true } }))("the hosted page of second factors", (it) => {
  it.effect("A user sets an authenticator app up with the shown secret, and enters a code at the next sign-in", () =>
    Effect.gen(function* () {
      const { email, id } = yield* addUser("mfa@example.com")
      const store = yield* Store.Store
      const signIn = Effect.gen(function* () {
        return yield* press(yield* press(yield* open(), "Continue", { email }), "Sign in", { password })
      })
      const setup = yield* signIn
      assert.strictEqual(titleOf(setup), "Set up an authenticator app")
      const refused = yield* press(setup, "Continue", { code: "none" })
      assert.strictEqual(shownIn(refused), shownIn(setup))
      // A wrong code enrols no factor.
      assert.lengthOf(store.authenticationFactors.findBy("userId", id), 0)
      const done = yield* press(refused, "Continue", { code: totpAt(shownIn(setup), 0) })
      assert.strictEqual((yield* exchange(done)).status, 200)
      assert.lengthOf(store.authenticationFactors.findBy("userId", id), 1)

      const challenge = yield* signIn
      assert.strictEqual(titleOf(challenge), "Enter the code of your app")
      const again = yield* press(challenge, "Continue", { code: "none" })
      assert.strictEqual(again.status, 422)
      assert.strictEqual(
        (yield* exchange(yield* press(again, "Continue", { code: totpAt(shownIn(setup), 0) }))).status,
        200
      )
    })
  )
})

const startDevice = sendRequest("/user_management/authorize/device", {
  body: JSON.stringify({ client_id: "client_emulator" })
})

const poll = ({ body }: SignInResponse) =>
  grant("urn:ietf:params:oauth:grant-type:device_code", {
    client_secret: undefined,
    device_code: String(body["device_code"])
  })

layer(emulated({ signIn: "page" }))("the page of devices", (it) => {
  it.effect("A device receives tokens once after the user has entered its code and signed in", () =>
    Effect.gen(function* () {
      const { email, id } = yield* addUser("device@example.com")
      const device = yield* startDevice
      const { pathname } = new URL(String(device.body["verification_uri"]))
      assert.strictEqual((yield* poll(device)).body["error"], "authorization_pending")
      assert.strictEqual((yield* poll(device)).body["error"], "slow_down")
      const page = yield* sendRequest(pathname)
      const unknown = yield* press(page, "Continue", { user_code: "AAAA-AAAA" })
      assert.strictEqual(unknown.status, 422)
      const start = yield* press(unknown, "Continue", {
        user_code: String(device.body["user_code"]).toLowerCase().replace("-", " ")
      })
      const done = yield* press(yield* press(start, "Continue", { email }), "Sign in", { password })
      assert.strictEqual(titleOf(done), "The device is connected")
      const tokens = yield* poll(device)
      assert.deepInclude(tokens.body["user"], { id })
      assert.strictEqual((yield* poll(device)).body["error"], "invalid_grant")
    })
  )

  it.effect("A device is refused after the user has denied access, and after five minutes", () =>
    Effect.gen(function* () {
      const denied = yield* startDevice
      const { pathname, search } = new URL(String(denied.body["verification_uri_complete"]))
      const page = yield* sendRequest(`${pathname}${search}`)
      assert.strictEqual(titleOf(yield* press(page, "Deny")), "The device is not connected")
      assert.strictEqual((yield* poll(denied)).body["error"], "access_denied")
      const late = yield* startDevice
      yield* TestClock.adjust("5 minutes")
      assert.strictEqual((yield* poll(late)).body["error"], "expired_token")
    })
  )
})

describe("the HTML of hosted pages", () => {
  it("The HTML of hosted pages escapes all texts", () => {
    const evil = `"><script>alert('x')</script>&`
    const page = AuthKitPage.selectOrganization(evil, [{ id: evil, name: evil }])
    const html = [
      AuthKitPage.render({ ...page, title: evil, text: [evil], shown: { label: evil, value: evil } }, evil, evil),
      AuthKitPage.render(AuthKitPage.signUp({ email: evil, firstName: evil, lastName: evil }), evil)
    ].join("")
    assert.notInclude(html, "<script")
    assert.notInclude(html, `"><`)
    assert.notInclude(html, "x')")
  })
})
