// Codes of authenticator apps, compared with RFC 6238 and with Node's HMAC.
import { assert, describe, it } from "@effect/vitest"
import { runs } from "@effect-workos/testing/Sample"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { createHmac } from "node:crypto"
import * as IdGenerator from "../src/internal/IdGenerator.ts"
import * as Totp from "../src/internal/Totp.ts"

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

const encode = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0"))
    .join("")
    .replace(/.{1,5}/g, (bits) => alphabet.charAt(Number.parseInt(bits.padEnd(5, "0"), 2)))

// Appendix B of RFC 6238 has eight digits, of which the last six are the code with six digits.
const vectors = [
  [59, "94287082"],
  [1111111109, "07081804"],
  [1111111111, "14050471"],
  [1234567890, "89005924"],
  [2000000000, "69279037"],
  [20000000000, "65353130"]
] as const

const Seconds = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4_000_000_000 }))
const Bytes = Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))).check(
  Schema.isMinLength(10),
  Schema.isMaxLength(40)
)

const expected = (secret: Uint8Array, seconds: number): string => {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)))
  const hash = createHmac("sha1", secret).update(counter).digest()
  const offset = hash.readUInt8(19) & 0xf
  return String((hash.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, "0")
}

describe("TOTP", () => {
  it.effect("The codes of the secret in RFC 6238 are those of its test vectors", () =>
    Effect.gen(function* () {
      const secret = new TextEncoder().encode("12345678901234567890")
      for (const [seconds, code] of vectors) {
        assert.strictEqual(yield* Totp.codeAt(secret, seconds * 1000), code.slice(2))
      }
    })
  )

  it.effect.prop(
    "The code of any secret matches within one step, and no other code does",
    [Bytes, Seconds],
    ([bytes, seconds]) =>
      Effect.gen(function* () {
        const secret = Uint8Array.from(bytes)
        const text = encode(secret)
        assert.deepStrictEqual(Totp.decodeSecret(text.toLowerCase()), secret)
        const accepted = [-30, 0, 30].map((offset) => expected(secret, Math.max(0, seconds + offset)))
        for (const code of [
          ...accepted,
          expected(secret, seconds + 60),
          expected(secret, seconds + 90),
          "000000",
          ""
        ]) {
          assert.strictEqual(yield* Totp.matches(text, code, seconds * 1000), accepted.includes(code))
        }
      }),
    { arbitrary: { runs: runs(200, 20) } }
  )

  it.effect("A generated secret has 160 bits", () =>
    Effect.gen(function* () {
      const secret = Totp.makeSecret(yield* IdGenerator.current)
      assert.match(secret, /^[A-Z2-7]{32}$/)
      assert.strictEqual(Totp.decodeSecret(secret)?.length, 20)
    })
  )

  it("A text that is not in base 32 is not a secret", () => {
    for (const text of ["", "A", "ABC1", "é", "JBSWY3DP-HPK3PXP"]) assert.isUndefined(Totp.decodeSecret(text))
  })
})
