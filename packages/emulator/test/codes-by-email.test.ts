// Magic Auth codes and password resets, over plain HTTP.
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Event from "@effect-workos/domain/events/Event"
import { TestClock } from "effect/testing"
import * as Emulator from "../src/Emulator.ts"
import * as Store from "../src/Store.ts"
import { send, sendRequest } from "./requests.ts"

const LayerEmulator = Emulator.layerHttpClient().pipe(Layer.provideMerge(Store.layer({ seed: 7 })))

const created = Effect.fnUntraced(function* (path: string, email: string) {
  const { body, status } = yield* send("POST", `/user_management/${path}`, { email })
  assert.strictEqual(status, 201)
  return body
})

const confirm = (token: unknown, newPassword = "correct horse battery") =>
  send("POST", "/user_management/password_reset/confirm", { token, new_password: newPassword })

layer(LayerEmulator)("codes by email", (it) => {
  it.effect("A Magic Auth code creates a user for an unknown address, and uses the user of a known one", () =>
    Effect.gen(function* () {
      const { users } = yield* Store.Store
      const before = users.rows.length
      const first = yield* created("magic_auth", "ada@acme.example")
      const second = yield* created("magic_auth", "ADA@acme.example")
      assert.strictEqual(users.rows.length, before + 1)
      assert.strictEqual(first["user_id"], second["user_id"])
      assert.match(String(first["code"]), /^[0-9]{6}$/)
      assert.strictEqual(Date.parse(String(first["expires_at"])) - Date.parse(String(first["created_at"])), 600_000)
      const got = yield* sendRequest(`/user_management/magic_auth/${String(first.id)}`)
      assert.deepStrictEqual<unknown>(got.body, first)
    })
  )

  it.effect(
    "A Magic Auth code for an unknown address requires that users can sign up, and a valid invitation if given",
    () =>
      Effect.gen(function* () {
        const { secrets, users } = yield* Store.Store
        const before = users.rows.length
        const invited = { email: "edsger@acme.example", invitation_token: "unknown" }
        const refused = yield* send("POST", "/user_management/magic_auth", invited)
        assert.deepStrictEqual<unknown>([refused.status, refused.body["error"]], [400, "invitation_invalid"])
        secrets.allowSignUp = false
        const unknown = yield* send("POST", "/user_management/magic_auth", { email: "edsger@acme.example" })
        secrets.allowSignUp = true
        assert.deepStrictEqual<unknown>([unknown.status, unknown.body["error"]], [400, "sign_up_not_allowed"])
        assert.strictEqual(users.rows.length, before)
      })
  )

  it.effect("Events of codes and tokens do not contain the code or the token", () =>
    Effect.gen(function* () {
      const { events } = yield* Store.Store
      yield* created("magic_auth", "grace@acme.example")
      const { password_reset_token: token } = yield* created("password_reset", "grace@acme.example")
      assert.strictEqual((yield* confirm(token)).status, 200)
      const last = events.rows.filter(({ event }) => /^(?:magic_auth|password_reset)\./.test(event)).slice(-3)
      assert.deepStrictEqual(
        last.map(({ event }) => event),
        ["magic_auth.created", "password_reset.created", "password_reset.succeeded"]
      )
      for (const event of last) {
        const { data } = Schema.encodeSync(Event.Event)(event)
        assert.doesNotHaveAnyKeys(data, ["code", "password_reset_token", "password_reset_url"])
      }
    })
  )

  it.effect("A password reset sets the password once, and verifies the email address", () =>
    Effect.gen(function* () {
      const { secrets } = yield* Store.Store
      yield* created("magic_auth", "alan@acme.example")
      const reset = yield* created("password_reset", "alan@acme.example")
      assert.include(String(reset["password_reset_url"]), String(reset["password_reset_token"]))
      const weak = yield* confirm(reset["password_reset_token"], "short")
      assert.strictEqual(weak.status, 400)
      assert.strictEqual(weak.body["code"], "password_reset_error")
      assert.isNotEmpty(weak.body["errors"])
      const { body, status } = yield* confirm(reset["password_reset_token"])
      assert.strictEqual(status, 200)
      assert.include(Object(body["user"]), { id: reset["user_id"], email_verified: true })
      assert.strictEqual(secrets.passwords.get(String(reset["user_id"])), "correct horse battery")
      const again = yield* confirm(reset["password_reset_token"])
      assert.strictEqual(again.status, 404)
      assert.strictEqual(again.body["code"], "password_reset_token_not_found")
    })
  )

  it.effect("An expired or unknown token and an unknown address have no password reset", () =>
    Effect.gen(function* () {
      yield* created("magic_auth", "barbara@acme.example")
      const reset = yield* created("password_reset", "barbara@acme.example")
      yield* TestClock.adjust("15 minutes")
      assert.strictEqual((yield* confirm(reset["password_reset_token"])).status, 404)
      assert.strictEqual((yield* confirm("unknown")).status, 404)
      const unknown = yield* send("POST", "/user_management/password_reset", { email: "unknown@acme.example" })
      assert.strictEqual(unknown.status, 404)
    })
  )

  it.effect("The codes of a deleted user do not exist", () =>
    Effect.gen(function* () {
      const code = yield* created("magic_auth", "frances@acme.example")
      const { status } = yield* sendRequest(`/user_management/users/${String(code["user_id"])}`, { method: "DELETE" })
      assert.isBelow(status, 300)
      assert.strictEqual((yield* sendRequest(`/user_management/magic_auth/${String(code.id)}`)).status, 404)
    })
  )
})
