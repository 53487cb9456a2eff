/**
 * The signing keys of access tokens, with rotation.
 *
 * @module
 */
import type { Jwk, Jwks } from "@effect-workos/domain/sso/Jwks"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Digest from "effect/crypto/Digest"
import * as KeyFormat from "effect/crypto/KeyFormat"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Signature from "effect/crypto/Signature"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as SynchronizedRef from "effect/SynchronizedRef"
import * as Ulid from "./Ulid.ts"

const algorithm = Signature.rsaPkcs1v15({ hash: Digest.sha256, modulusLength: 2048 })

interface SigningKey {
  readonly jwk: Jwk
  readonly privateKey: Signature.PrivateKey
}

// Newest first.
type AtLeastOne = readonly [SigningKey, ...ReadonlyArray<SigningKey>]

/**
 * The signing keys of an emulator. The first key is generated on first use.
 *
 * **Example** (Signing a token)
 *
 * ```ts
 * import { Keys } from "@effect-workos/emulator/Keys"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function* () {
 *   const { jwks, sign } = yield* Keys
 *   const token = yield* sign({ sub: "user_01", iss: "https://api.workos.com" })
 *   return { token, keys: yield* jwks }
 * })
 * ```
 */
export class Keys extends Context.Service<
  Keys,
  {
    /** The public keys as a JWKS, the current one first. */
    readonly jwks: Effect.Effect<Jwks>
    /** Signs a JWT with the current key. */
    readonly sign: (claims: Readonly<Record<string, unknown>>) => Effect.Effect<string>
    /** Generates a new key. Older keys stay in the JWKS. */
    readonly rotate: Effect.Effect<Jwk>
  }
>()("@effect-workos/emulator/Keys") {}

const encode = (part: unknown) => Base64Url.encode(JSON.stringify(part))

const makeKeys = Effect.gen(function* () {
  const signature = yield* Signature.Signature
  const keys = yield* SynchronizedRef.make<AtLeastOne | undefined>(undefined)

  const generate: Effect.Effect<SigningKey> = Effect.gen(function* () {
    const { privateKey, publicKey } = yield* signature.generateKeyPair(algorithm)
    const { e = "", n = "" } = yield* KeyFormat.encode(KeyFormat.jwk, publicKey)
    const id = Ulid.make(yield* Clock.currentTimeMillis, yield* Random.Random)
    const jwk: Jwk = { alg: "RS256", kty: "RSA", use: "sig", kid: `sso_oidc_key_pair_${id}`, n, e }
    return { jwk, privateKey }
  }).pipe(Effect.orDie)

  const all: Effect.Effect<AtLeastOne> = SynchronizedRef.modifyEffect(keys, (known) =>
    // Concurrent callers share the first key.
    known === undefined
      ? Effect.map(generate, (key): [AtLeastOne, AtLeastOne] => [[key], [key]])
      : Effect.succeed<[AtLeastOne, AtLeastOne]>([known, known])
  )

  return Keys.of({
    jwks: Effect.map(all, (keys) => ({ keys: keys.map(({ jwk }) => jwk) })),
    sign: Effect.fnUntraced(function* (claims) {
      const [{ jwk, privateKey }] = yield* all
      const text = `${encode({ alg: jwk.alg, kid: jwk.kid, typ: "JWT" })}.${encode(claims)}`
      const bytes = yield* Effect.orDie(signature.sign(privateKey, new TextEncoder().encode(text)))
      return `${text}.${Base64Url.encode(bytes)}`
    }),
    rotate: SynchronizedRef.modifyEffect(keys, (known) =>
      Effect.map(generate, (key) => [key.jwk, [key, ...(known ?? [])]] as const)
    )
  })
})

const layerCrypto = Signature.layerWebCrypto.pipe(Layer.provide(SecureRandom.layerWebCrypto))

/**
 * Makes a `Keys` service, for a program that rotates the keys of its emulator.
 *
 * **Example** (Rotating keys)
 *
 * ```ts
 * import * as Emulator from "@effect-workos/emulator/Emulator"
 * import * as Keys from "@effect-workos/emulator/Keys"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function* () {
 *   const keys = yield* Keys.make
 *   const fetch = yield* Emulator.fetch({ keys })
 *   yield* keys.rotate
 *   return fetch
 * })
 * ```
 */
export const make: Effect.Effect<Keys["Service"]> = Effect.provide(makeKeys, layerCrypto)

/**
 * A layer with new keys.
 *
 * **Example** (A token in a test)
 *
 * ```ts
 * import * as Keys from "@effect-workos/emulator/Keys"
 * import * as Effect from "effect/Effect"
 *
 * const token = Keys.Keys.use(({ sign }) => sign({ sub: "user_01" })).pipe(Effect.provide(Keys.layer))
 * ```
 */
export const layer: Layer.Layer<Keys> = Layer.effect(Keys, make)
