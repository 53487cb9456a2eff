/**
 * The public keys that verify access tokens.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import * as Arbitraries from "../Arbitraries.ts"
import * as Lazy from "../Lazy.ts"

/**
 * A public key as a JSON Web Key (RFC 7517). `alg` defaults to `RS256`, and `use` to `sig`.
 *
 * @see https://workos.com/docs/reference/authkit/session-tokens/jwks
 */
export const Jwk = Lazy.schema(() =>
  Schema.Struct({
    alg: Schema.optionalKey(Schema.Literal("RS256")),
    kty: Schema.Literal("RSA"),
    use: Schema.optionalKey(Schema.Literal("sig")),
    kid: Arbitraries.stringMatching(/sso_oidc_key_pair_01[0-9A-HJKMNP-TV-Z]{24}/),
    // 342 characters, in groups because generating one long repetition takes quadratic time.
    n: Arbitraries.stringMatching(/(?:[A-Za-z0-9_-]{18}){19}/),
    e: Arbitraries.stringMatching(/AQAB/),
    x5c: Schema.optionalKey(Schema.Array(Arbitraries.stringMatching(/MII[A-Za-z0-9+/]{60}/))),
    "x5t#S256": Schema.optionalKey(Arbitraries.stringMatching(/[A-Za-z0-9_-]{43}/))
  })
)
export interface Jwk extends Schema.Schema.Type<typeof Jwk> {}

const isJwk = Lazy.value(() => Schema.is(Schema.toEncoded(Jwk)))

// Decoding accepts keys of other kinds, and removes them. OpenAPI documents describe only the keys that decoding keeps.
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
 * The keys of an application: the current signing keys and, for some time after a rotation, previous ones. Keys of unknown
 * kinds are removed, as RFC 7517 recommends.
 *
 * @see https://workos.com/docs/reference/authkit/session-tokens/jwks
 */
export class Jwks extends Schema.Opaque<Jwks>()(Lazy.schema(() => Schema.Struct({ keys: Keys }))) {}
