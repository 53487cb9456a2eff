// Codes of authenticator apps, after RFC 6238: HMAC-SHA-1, six digits, and a step of 30 seconds.
import { ulidDigits } from "@effect-workos/domain/Id"
import * as Mac from "effect/crypto/Mac"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { IdGenerator } from "./IdGenerator.ts"

/** The step in milliseconds. */
const step = 30_000

// The alphabet of RFC 4648.
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

/** The secret of seeded authenticator apps. */
export const seededSecret = "JBSWY3DPEHPK3PXP"

/** Makes a secret of 160 bits in base 32, as RFC 4226 recommends. */
export const makeSecret = ({ token }: IdGenerator): string =>
  Array.from(token(32), (letter) => alphabet.charAt(ulidDigits.indexOf(letter))).join("")

/** Decodes a secret in base 32. Case, spaces and padding do not matter. Returns `undefined` for other characters. */
export const decodeSecret = (secret: string): Uint8Array | undefined => {
  const letters = secret.toUpperCase().replace(/[\s=]/g, "")
  const values = Array.from(letters, (letter) => alphabet.indexOf(letter))
  if (values.length < 2 || values.includes(-1)) return undefined
  const bits = values.map((value) => value.toString(2).padStart(5, "0")).join("")
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
}

/** Returns the code of a secret at a time in milliseconds. */
export const codeAt = Effect.fnUntraced(
  function* (secret: Uint8Array, millis: number) {
    const { sign } = yield* Mac.Mac
    const counter = new DataView(new ArrayBuffer(8))
    counter.setBigUint64(0, BigInt(Math.floor(millis / step)))
    const hash = yield* sign(yield* Mac.key(Mac.hmacSha1, secret), new Uint8Array(counter.buffer))
    const offset = (hash.at(-1) ?? 0) & 0xf
    const truncated = new DataView(hash.buffer, hash.byteOffset).getUint32(offset) & 0x7fff_ffff
    return String(truncated % 1_000_000).padStart(6, "0")
  },
  Effect.provide(Mac.layerWebCrypto.pipe(Layer.provide(SecureRandom.layerWebCrypto))),
  // The key is not empty, so only a platform without Web Crypto fails.
  Effect.orDie
)

/**
 * Tests whether a code belongs to a secret at a time in milliseconds. The codes of the previous and of the next step are
 * accepted too, because clocks differ.
 */
export const matches = Effect.fnUntraced(function* (secret: string, code: string, millis: number) {
  const bytes = decodeSecret(secret)
  if (bytes === undefined) return false
  const codes = yield* Effect.forEach([0, -step, step], (offset) => codeAt(bytes, Math.max(0, millis + offset)))
  return codes.includes(code)
})

/** Returns the URI with which authenticator apps enroll a secret. */
export const uriOf = (issuer: string, user: string, secret: string): string =>
  `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(user)}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`
