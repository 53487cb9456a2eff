// Access tokens: their claims, and their signatures by a key in the JWKS of a client.
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Result from "effect/Result"
import { isRow, type Row, valueAt } from "@effect-workos/contract-engine/ApiConventions"
import { send } from "./created.ts"

const parse = (part: string | undefined): Row => {
  const text = Result.getOrElse(Base64Url.decodeString(part ?? ""), () => "")
  try {
    const value: unknown = JSON.parse(text)
    return isRow(value) ? value : {}
  } catch {
    return {}
  }
}

const bytesOf = (part: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Result.getOrElse(Base64Url.decode(part), () => new Uint8Array()))

const isSigned = (token: string, key: Row): Effect.Effect<boolean> => {
  const [head = "", body = "", signature = ""] = token.split(".")
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }
  return Effect.tryPromise(async () => {
    const jwk = { kty: "RSA", n: String(key["n"]), e: String(key["e"]) }
    const imported = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["verify"])
    return crypto.subtle.verify(
      algorithm.name,
      imported,
      bytesOf(signature),
      new TextEncoder().encode(`${head}.${body}`)
    )
  }).pipe(Effect.orElseSucceed(() => false))
}

/**
 * Returns the claims of a token.
 */
export const claimsOf = (token: string): Row => parse(token.split(".")[1])

/**
 * Requests the keys of a client.
 */
export const keysOf = Effect.fnUntraced(function* (clientId: string) {
  const jwks = yield* send("sso.jwks", clientId)
  const keys = valueAt(jwks.response.json, ["keys"])
  return { jwks, keys: Array.isArray(keys) ? keys.filter(isRow) : [] }
})

/**
 * Returns the reason why a token is invalid, if any, according to keys.
 */
export const issueOf = Effect.fnUntraced(function* (token: string, keys: ReadonlyArray<Row>) {
  const { alg, kid } = parse(token.split(".")[0])
  const { exp } = claimsOf(token)
  if (alg !== "RS256") return `the alg is ${String(alg)}, not RS256`
  const key = keys.find((key) => key["kid"] === kid)
  if (key === undefined) return `no key has the kid ${String(kid)}`
  if (!(yield* isSigned(token, key))) return "the signature does not match the key"
  return typeof exp !== "number" || exp * 1000 <= (yield* Clock.currentTimeMillis)
    ? `the token expires at ${String(exp)}`
    : undefined
})
