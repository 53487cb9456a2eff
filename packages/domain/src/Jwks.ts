// The keys by which access tokens are verified.
import * as Schema from "effect/Schema"
import * as Generation from "./Generation.ts"

const base64Url = (length: number) => Generation.stringLike(new RegExp(`[A-Za-z0-9_-]{${length}}`))

/**
 * A public key: what RFC 7517 calls a JSON Web Key, with the names that it has there.
 *
 * @see https://workos.com/docs/reference/authkit/session-tokens/jwks
 */
export const Jwk = Schema.Struct({
  alg: Schema.Literal("RS256"),
  kty: Schema.Literal("RSA"),
  use: Schema.Literal("sig"),
  kid: Generation.stringLike(/sso_oidc_key_pair_01[0-9A-HJKMNP-TV-Z]{24}/),
  n: base64Url(342),
  e: Generation.stringLike(/AQAB/),
  x5c: Schema.optionalKey(Schema.Array(Generation.stringLike(/MII[A-Za-z0-9+/]{60}/))),
  "x5t#S256": Schema.optionalKey(base64Url(43))
})
export interface Jwk extends Schema.Schema.Type<typeof Jwk> {}

/**
 * The keys of an application: those that tokens are signed with, and for a while those that they were signed with before.
 *
 * @see https://workos.com/docs/reference/authkit/session-tokens/jwks
 */
export const Jwks = Schema.Struct({ keys: Schema.Array(Jwk) })
export interface Jwks extends Schema.Schema.Type<typeof Jwks> {}
