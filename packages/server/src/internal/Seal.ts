// Sealing of text in the format of WorkOS's SDKs: iron's `Fe26.2`, followed by the version `~2`. The text is encrypted with
// AES-256-CBC and authenticated with HMAC-SHA-256. Both keys derive from the password and random salts.
//
// The functions of `node:crypto` are synchronous. Those of Web Crypto are not, and take three times as long for texts of
// this size.
import { createCipheriv, createDecipheriv, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from "node:crypto"
import * as Result from "effect/Result"

/** The minimum length of a password in characters, as in iron. */
export const minPasswordLength = 32

/**
 * The reasons why a text cannot be unsealed. A modified text and an unknown password cannot be distinguished.
 */
export type Failure = "Malformed" | "WrongSeal" | "Expired"

const prefix = "Fe26.2"

const version = "~2"

// The id of the password in the SDKs, which do not open a seal with another id.
const passwordId = "1"

// iron accepts a seal for one minute after its expiry.
const tolerance = 60_000

// One iteration is sufficient for passwords with the entropy of a key, and part of the format.
const keyOf = (password: string, salt: string) => pbkdf2Sync(password, salt, 1, 32, "sha1")

const macOf = (password: string, salt: string, text: string) =>
  createHmac("sha256", keyOf(password, salt)).update(text).digest("base64url")

const randomSalt = () => randomBytes(32).toString("hex")

/**
 * Seals a text. The seal does not expire.
 */
export const seal = (text: string, password: string): string => {
  const encryptionSalt = randomSalt()
  const iv = randomBytes(16)
  const cipher = createCipheriv("aes-256-cbc", keyOf(password, encryptionSalt), iv)
  const encrypted = Buffer.concat([cipher.update(text, "utf8"), cipher.final()])
  const sealed = [prefix, passwordId, encryptionSalt, iv.toString("base64url"), encrypted.toString("base64url"), ""]
  const signed = sealed.join("*")
  const integritySalt = randomSalt()
  return `${signed}*${integritySalt}*${macOf(password, integritySalt, signed)}${version}`
}

/**
 * Opens a seal with any of the passwords. Seals with an expiry, which other programs may make, are accepted until then.
 */
export const unseal = (
  sealed: string,
  passwords: ReadonlyArray<string>,
  now: number
): Result.Result<string, Failure> => {
  if (!sealed.endsWith(version)) return Result.fail("Malformed")
  const parts = sealed.slice(0, -version.length).split("*")
  const [start, , encryptionSalt = "", iv = "", encrypted = "", expiry = "", integritySalt = "", mac = ""] = parts
  if (parts.length !== 8 || start !== prefix) return Result.fail("Malformed")
  const signed = sealed.slice(0, -(integritySalt.length + mac.length + version.length + 2))
  const password = passwords.find((password) => isEqual(macOf(password, integritySalt, signed), mac))
  if (password === undefined) return Result.fail("WrongSeal")
  if (expiry !== "" && !(Number(expiry) > now - tolerance)) return Result.fail("Expired")
  try {
    const decipher = createDecipheriv("aes-256-cbc", keyOf(password, encryptionSalt), Buffer.from(iv, "base64url"))
    return Result.succeed(decipher.update(encrypted, "base64url", "utf8") + decipher.final("utf8"))
  } catch {
    return Result.fail("Malformed")
  }
}

// Texts are compared instead of bytes, because Base64Url has several spellings of the same bytes.
const isEqual = (a: string, b: string): boolean => {
  const [bytesA, bytesB] = [Buffer.from(a), Buffer.from(b)]
  return bytesA.length === bytesB.length && timingSafeEqual(bytesA, bytesB)
}
