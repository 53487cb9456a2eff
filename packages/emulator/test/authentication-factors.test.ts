// Authentication factors and their challenges, over plain HTTP.
import { assert, layer } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { TestClock } from "effect/testing"
import * as Emulator from "../src/Emulator.ts"
import * as Totp from "../src/internal/Totp.ts"
import * as Store from "../src/Store.ts"
import { send, sendRequest } from "./requests.ts"

const LayerEmulator = Emulator.layerHttpClient().pipe(Layer.provideMerge(Store.layer({ organizations: 2, seed: 7 })))

const enroll = Effect.fnUntraced(function* (payload: object) {
  const { body, status } = yield* send("POST", "/auth/factors/enroll", payload)
  assert.strictEqual(status, 201)
  return body
})

const challenge = Effect.fnUntraced(function* (factor: unknown) {
  const { body, status } = yield* send("POST", `/auth/factors/${String(factor)}/challenge`, {})
  assert.strictEqual(status, 201)
  return body
})

const verify = (id: unknown, code: string) => send("POST", `/auth/challenges/${String(id)}/verify`, { code })

const totp = { type: "totp", totp_issuer: "Acme & Söhne", totp_user: "ada@acme.example" }

const secretOf = (body: Readonly<Record<string, unknown>>) => {
  const { totp } = body
  assert.isObject(totp)
  return Object(totp)
}

const currentCode = Effect.fnUntraced(function* (secret: string) {
  const bytes = Totp.decodeSecret(secret)
  assert.isDefined(bytes)
  return yield* Totp.codeAt(bytes, yield* Clock.currentTimeMillis)
})

const wrong = (code: string): string => (code === "000000" ? "000001" : "000000")

layer(LayerEmulator)("authentication factors", (it) => {
  it.effect("The secrets of an authenticator app are in the response of its enrolment only", () =>
    Effect.gen(function* () {
      const { id, totp: enrolled } = yield* enroll(totp)
      const { issuer, qr_code: image, secret, uri, user } = Object(enrolled)
      assert.deepStrictEqual([issuer, user], [totp.totp_issuer, totp.totp_user])
      const parsed = new URL(uri)
      assert.strictEqual(decodeURIComponent(parsed.pathname), `/${issuer}:${user}`)
      assert.strictEqual(parsed.searchParams.get("secret"), secret)
      assert.strictEqual(parsed.searchParams.get("issuer"), issuer)
      assert.match(image, /^data:image\/svg\+xml;base64,/)
      const { body } = yield* sendRequest(`/auth/factors/${String(id)}`)
      assert.deepStrictEqual<unknown>(body["totp"], { issuer, user })
    })
  )

  it.effect("A challenge of an authenticator app accepts the current code once", () =>
    Effect.gen(function* () {
      const factor = yield* enroll(totp)
      const { secret } = secretOf(factor)
      const created = yield* challenge(factor.id)
      assert.doesNotHaveAnyKeys(created, ["code", "expires_at"])
      const code = yield* currentCode(secret)
      const invalid = yield* verify(created.id, wrong(code))
      assert.deepStrictEqual<unknown>([invalid.status, invalid.body["valid"]], [201, false])
      const valid = yield* verify(created.id, code)
      assert.deepStrictEqual<unknown>(valid.body, { challenge: created, valid: true })
      const again = yield* verify(created.id, code)
      assert.strictEqual(again.status, 422)
      assert.strictEqual(again.body["code"], "authentication_challenge_previously_verified")
    })
  )

  it.effect("A challenge of a phone has the code in the store, and expires after ten minutes", () =>
    Effect.gen(function* () {
      const { secrets } = yield* Store.Store
      const factor = yield* enroll({ type: "sms", phone_number: "+15005550006" })
      const created = yield* challenge(factor.id)
      assert.doesNotHaveAnyKeys(created, ["code"])
      const { code = "", recipient } = secrets.codes.get(created.id ?? "") ?? {}
      assert.match(code, /^[0-9]{6}$/)
      assert.strictEqual(recipient, "+15005550006")
      yield* TestClock.adjust("10 minutes")
      const expired = yield* verify(created.id, code)
      assert.strictEqual(expired.status, 422)
      assert.strictEqual(expired.body["code"], "authentication_challenge_expired")
    })
  )

  it.effect(
    "A challenge of another factor has the code in the response, and accepts no code after five wrong ones",
    () =>
      Effect.gen(function* () {
        const factor = yield* enroll({ type: "generic_otp" })
        const created = yield* challenge(factor.id)
        const code = String(created["code"])
        for (let i = 0; i < 5; i++) {
          assert.strictEqual<unknown>((yield* verify(created.id, wrong(code))).body["valid"], false)
        }
        const refused = yield* verify(created.id, code)
        assert.strictEqual(refused.status, 400)
        assert.strictEqual(refused.body["code"], "one_time_code_too_many_attempts")
      })
  )

  it.effect("The challenges of a deleted factor do not exist", () =>
    Effect.gen(function* () {
      const factor = yield* enroll(totp)
      const created = yield* challenge(factor.id)
      assert.strictEqual((yield* sendRequest(`/auth/factors/${String(factor.id)}`, { method: "DELETE" })).status, 204)
      assert.strictEqual((yield* verify(created.id, yield* currentCode(secretOf(factor).secret))).status, 404)
      assert.strictEqual((yield* send("POST", `/auth/factors/${String(factor.id)}/challenge`, {})).status, 404)
    })
  )

  it.effect("Enrolment requires the fields of the type, a valid phone number and an existing user", () =>
    Effect.gen(function* () {
      for (const payload of [
        { type: "totp" },
        { type: "sms" },
        { type: "sms", phone_number: "555" },
        { type: "webauthn" },
        { type: "generic_otp", user_id: "user_01E4ZCR3C56J083X43JQXF3JK5" }
      ]) {
        assert.strictEqual((yield* send("POST", "/auth/factors/enroll", payload)).status, 422)
      }
    })
  )
})
