// Sealed sessions, with the official SDK as the other side.
import type { AuthenticationResponse } from "@effect-workos/domain/user-management/Authentication"
import { runs } from "@effect-workos/testing/Sample"
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import * as Seal from "../../src/internal/Seal.ts"
import * as SealedSession from "../../src/SealedSession.ts"
import { otherPassword, Password, password, AnyResponse, sdkWith, sessionOf } from "./sealed.ts"

const sealedBySdk = (response: AuthenticationResponse, by: Redacted.Redacted) =>
  Effect.promise(async () => {
    const { sealedSession = "" } = await sdkWith(response).authenticateWithRefreshToken({
      refreshToken: "any",
      session: { sealSession: true, cookiePassword: Redacted.value(by) }
    })
    return sealedSession
  })

const openedBySdk = (response: AuthenticationResponse, sealed: string, by: Redacted.Redacted) =>
  Effect.promise(() =>
    sdkWith(response).getSessionFromCookie({ sessionData: sealed, cookiePassword: Redacted.value(by) })
  )

const reasonOf = (sealed: string, passwords: SealedSession.Passwords = password) =>
  Effect.gen(function* () {
    const { unseal } = yield* SealedSession.make(passwords)
    return yield* Effect.match(unseal(sealed), {
      onFailure: ({ reason }) => reason,
      onSuccess: () => "opened" as const
    })
  })

const sealedText = (text: string) => Seal.seal(text, Redacted.value(password))

const bytes = (text: string) => new TextEncoder().encode(text)

const base64 = (buffer: ArrayBuffer | Uint8Array<ArrayBuffer>) =>
  Buffer.from(new Uint8Array(buffer)).toString("base64url")

// Seals a text with an expiry, with Web Crypto as iron does.
const sealedUntil = async (expiry: string, by: Redacted.Redacted): Promise<string> => {
  const { subtle } = globalThis.crypto
  const password = await subtle.importKey("raw", bytes(Redacted.value(by)), "PBKDF2", false, ["deriveKey"])
  const salt = "5a".repeat(32)
  const derive = (to: AesDerivedKeyParams | HmacImportParams, usage: KeyUsage) =>
    subtle.deriveKey({ name: "PBKDF2", salt: bytes(salt), iterations: 1, hash: "SHA-1" }, password, to, false, [usage])
  const iv = new Uint8Array(16)
  const key = await derive({ name: "AES-CBC", length: 256 }, "encrypt")
  const encrypted = await subtle.encrypt({ name: "AES-CBC", iv }, key, bytes("{}"))
  const signed = `Fe26.2*1*${salt}*${base64(iv)}*${base64(encrypted)}*${expiry}`
  const macKey = await derive({ name: "HMAC", hash: "SHA-256", length: 256 }, "sign")
  return `${signed}*${salt}*${base64(await subtle.sign("HMAC", macKey, bytes(signed)))}~2`
}

describe("SealedSession", () => {
  it.effect.prop(
    "SealedSession opens sessions that the official SDK has sealed",
    [AnyResponse, Password],
    ([response, by]) =>
      Effect.gen(function* () {
        const { unseal } = yield* SealedSession.make([otherPassword, by])
        assert.deepStrictEqual(yield* unseal(yield* sealedBySdk(response, by)), sessionOf(response))
      }),
    { arbitrary: { runs: runs(100, 25) } }
  )

  it.effect.prop(
    "The official SDK opens sessions that SealedSession has sealed, and reads the same data as from its own",
    [AnyResponse, Password],
    ([response, by]) =>
      Effect.gen(function* () {
        const { seal } = yield* SealedSession.make([by, otherPassword])
        const ours = Redacted.value(yield* seal(response))
        const own = yield* sealedBySdk(response, by)
        assert.deepStrictEqual(yield* openedBySdk(response, ours, by), yield* openedBySdk(response, own, by))
      }),
    { arbitrary: { runs: runs(100, 25) } }
  )

  it.effect("SealedSession rejects a session that was changed or truncated at any character", () =>
    Effect.gen(function* () {
      const [response] = yield* Arbitrary.sampleEffect(AnyResponse, { count: 1 })
      assert.isDefined(response)
      const { seal, unseal } = yield* SealedSession.make(password)
      const sealed = Redacted.value(yield* seal(response))
      for (let index = 0; index < sealed.length; index++) {
        const [before, after] = [sealed.slice(0, index), sealed.slice(index + 1)]
        const replacement = sealed[index] === "A" ? "B" : "A"
        for (const changed of [before + replacement + after, before + after, before]) {
          const { _tag, message } = yield* Effect.flip(unseal(changed))
          assert.strictEqual(_tag, "InvalidSessionCookie")
          assert.isBelow(message.length, 100)
        }
      }
    })
  )

  it.effect("SealedSession opens with each password and seals with the first", () =>
    Effect.gen(function* () {
      const [response] = yield* Arbitrary.sampleEffect(AnyResponse, { count: 1 })
      assert.isDefined(response)
      const previous = yield* SealedSession.make(otherPassword)
      const rotating = yield* SealedSession.make([password, otherPassword])
      const next = yield* SealedSession.make(password)
      assert.deepStrictEqual(yield* rotating.unseal(yield* previous.seal(response)), sessionOf(response))
      assert.deepStrictEqual(yield* next.unseal(yield* rotating.seal(response)), sessionOf(response))
      const error = yield* Effect.flip(next.unseal(yield* previous.seal(response)))
      assert.strictEqual(error.reason, "WrongSeal")
    })
  )

  it.effect.each([
    { expiry: "60001", expected: "InvalidData" },
    { expiry: "60000", expected: "Expired" },
    { expiry: "soon", expected: "Expired" }
  ])(
    "SealedSession opens a seal with the expiry $expiry two minutes after 1970 with the result $expected",
    ({ expected, expiry }) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(120_000)
        assert.strictEqual(yield* reasonOf(yield* Effect.promise(() => sealedUntil(expiry, password))), expected)
      })
  )

  it.effect.each([
    "",
    "no JSON",
    "null",
    "[]",
    "{}",
    '{"user":{}}',
    '{"user":{"object":"user","id":"user_1"},"accessToken":"a"}'
  ])("SealedSession rejects the sealed text %j", (text) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* reasonOf(sealedText(text)), "InvalidData")
    })
  )

  it.effect("SealedSession ignores keys that would change the prototype of an object", () =>
    Effect.gen(function* () {
      const [response] = yield* Arbitrary.sampleEffect(AnyResponse, { count: 1 })
      assert.isDefined(response)
      const { seal, unseal } = yield* SealedSession.make(password)
      const text = Result.getOrThrow(Seal.unseal(Redacted.value(yield* seal(response)), [Redacted.value(password)], 0))
      const data = JSON.parse(text)
      const changed = JSON.stringify({ ...data, user: { ...data.user, metadata: { key: "x" } } })
      const { user } = yield* unseal(sealedText(changed.replace('"key":"x"', '"__proto__":{"admin":"yes"}')))
      assert.deepStrictEqual(Object.keys(user.metadata), [])
      assert.notProperty(user.metadata, "admin")
    })
  )

  it.effect.each(["", "~2", "Fe26.2", "Fe26.2*1******~2", "Fe26.1*1**AA*AA**AA*AA~2", "é~2"])(
    "SealedSession rejects the text %j",
    (text) =>
      Effect.gen(function* () {
        assert.include(["Malformed", "WrongSeal"], yield* reasonOf(text))
      })
  )

  it.effect.each<SealedSession.Passwords>([
    Redacted.make(""),
    Redacted.make("p".repeat(31)),
    [password, Redacted.make("p".repeat(31))]
  ])("SealedSession fails with one sentence about passwords that are too short", (passwords) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(SealedSession.make(passwords))
      assert.strictEqual(error.message, "cookiePasswords: Expected passwords of at least 32 characters")
    })
  )
})
