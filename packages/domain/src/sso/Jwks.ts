// The keys by which access tokens are verified.
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import * as Arbitraries from "../Arbitraries.ts"
import * as Lazy from "../Lazy.ts"

const base64Url = (length: number) => Arbitraries.stringMatching(new RegExp(`[A-Za-z0-9_-]{${length}}`))

/**
 * A public key: what RFC 7517 calls a JSON Web Key, with the names that it has there. It may leave out what it is for, and
 * is one for signatures with RS256 then.
 *
 * @see https://workos.com/docs/reference/authkit/session-tokens/jwks
 */
export const Jwk = Lazy.schema(() =>
  Schema.Struct({
    alg: Schema.optionalKey(Schema.Literal("RS256")),
    kty: Schema.Literal("RSA"),
    use: Schema.optionalKey(Schema.Literal("sig")),
    kid: Arbitraries.stringMatching(/sso_oidc_key_pair_01[0-9A-HJKMNP-TV-Z]{24}/),
    n: base64Url(342),
    e: Arbitraries.stringMatching(/AQAB/),
    x5c: Schema.optionalKey(Schema.Array(Arbitraries.stringMatching(/MII[A-Za-z0-9+/]{60}/))),
    "x5t#S256": Schema.optionalKey(base64Url(43))
  })
)
export interface Jwk extends Schema.Schema.Type<typeof Jwk> {}

const isJwk = Lazy.value(() => Schema.is(Schema.toEncoded(Jwk)))

// What else stands among keys is none of ours, and described is what is.
const AnyKeys = Lazy.schema(() =>
  Schema.Array(Schema.Unknown).check(
    Schema.makeFilter<ReadonlyArray<unknown>>(() => true, {
      toJsonSchema: () => ({ items: Schema.toJsonSchemaDocument(Schema.toEncoded(Jwk)).schema })
    })
  )
)

const Keys = Lazy.schema(() =>
  AnyKeys.pipe(
    Schema.decodeTo(
      Schema.Array(Jwk),
      SchemaTransformation.transform<ReadonlyArray<Jwk>, ReadonlyArray<unknown>>({
        decode: (keys) => keys.filter(isJwk()),
        encode: (keys) => keys
      })
    )
  )
)

/**
 * The keys of an application: those that tokens are signed with, and for a while those that they were signed with before.
 * Keys of other kinds are left out, as RFC 7517 has it: there may be some one day.
 *
 * **Example** (The key that a token names)
 *
 * ```ts
 * import type { Jwk, Jwks } from "@effect-workos/domain/sso/Jwks"
 *
 * const find = ({ keys }: Jwks, kid: string): Jwk | undefined => keys.find((key) => key.kid === kid)
 * ```
 *
 * @see https://workos.com/docs/reference/authkit/session-tokens/jwks
 */
export class Jwks extends Schema.Opaque<Jwks>()(Schema.Struct({ keys: Keys })) {}
