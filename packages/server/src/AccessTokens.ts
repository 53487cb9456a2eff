// The access tokens of those who signed in: whether they are WorkOS's, for this application, and still good.
//
// Tokens are verified here, with keys that WorkOS publishes: no request is made for a token, only now and then one for
// keys.
import type { Jwks } from "@effect-workos/domain/sso/Jwks"
import { Sso } from "@effect-workos/client/Sso"
import { productionUrl, WorkOsConfig } from "@effect-workos/client/WorkOsConfig"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { decodeProtectedHeader } from "jose/decode/protected_header"
import { JWSSignatureVerificationFailed } from "jose/errors"
import { compactVerify } from "jose/jws/compact/verify"
import { Claims } from "./Claims.ts"
import * as Keys from "./internal/Keys.ts"
import * as TokenError from "./TokenError.ts"

/**
 * Whose tokens are accepted, and how keys are kept.
 *
 * **Example** (Tokens of a custom domain)
 *
 * ```ts
 * import { AccessTokens, type Options } from "@effect-workos/server/AccessTokens"
 *
 * const options: Options = {
 *   clientId: "client_01HZBC6N1EB1ZY7KG32X",
 *   issuers: ["https://auth.your-app.com"]
 * }
 *
 * const AccessTokensLive = AccessTokens.layer(options)
 * ```
 */
export interface Options extends Keys.Options {
  /** The id of the application's client, `client_…`. A token that is for another is refused. */
  readonly clientId: string
  /**
   * Who may have issued tokens. Where nothing is said: `https://api.workos.com` and the URL of the API, each with and
   * without a slash behind it, and with `/user_management/` and the client's id. With a custom domain, name that.
   */
  readonly issuers?: ReadonlyArray<string> | undefined
  /**
   * Whether a token has to name the client, as `client_id` or `aud`. Where nothing is said it need not: the token that
   * WorkOS documents has neither, and is known to be for the client only by its key, which WorkOS publishes for each client
   * by itself. A token that names another client is refused in any case.
   */
  readonly requireClient?: boolean | undefined
  /** By how much clocks may differ; {@link defaultClockTolerance} where nothing is said. */
  readonly clockTolerance?: Duration.Input | undefined
}

/**
 * Five seconds: how far the clocks of WorkOS and of this machine may be apart.
 */
export const defaultClockTolerance = Duration.seconds(5)

/**
 * A token that was verified: its claims, and all of them as they came, those of the application's JWT template too.
 *
 * **Example** (Who somebody is, and what the JWT template adds)
 *
 * ```ts
 * import type { VerifiedToken } from "@effect-workos/server/AccessTokens"
 *
 * const whoIs = ({ claims, raw }: VerifiedToken) => ({ id: claims.sub, plan: raw["plan"] })
 * ```
 */
export interface VerifiedToken {
  readonly claims: Claims
  readonly raw: Readonly<Record<string, unknown>>
}

/**
 * Verification of access tokens.
 *
 * **Example** (Who asks)
 *
 * ```ts
 * import { AccessTokens } from "@effect-workos/server/AccessTokens"
 * import * as Effect from "effect/Effect"
 *
 * const userOf = Effect.fn("userOf")(function* (token: string) {
 *   const tokens = yield* AccessTokens
 *   const { claims } = yield* tokens.verify(token)
 *   return claims.sub
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/authkit/session-tokens/access-token
 */
export class AccessTokens extends Context.Service<
  AccessTokens,
  {
    /**
     * Verifies a token: that it is signed with RS256 by a key that WorkOS publishes for the client, is good now, was
     * issued by WorkOS, is not for another client and is no token of another kind that the same keys sign, an id token or a
     * logout token.
     *
     * One that names no client is accepted, unless `requireClient` is set: keys are published for each client, and its key
     * is all that says for which client it is.
     *
     * Fails with `MalformedToken`, `WrongAlgorithm`, `UnknownKey`, `WrongTokenSignature`, `ExpiredToken`,
     * `TokenNotYetValid`, `WrongIssuer` or `WrongClient`, each for what its name says; and with `KeysUnavailable` where
     * the key is not there because keys could not be fetched, or not within thirty seconds.
     */
    readonly verify: (
      token: Redacted.Redacted | string
    ) => Effect.Effect<VerifiedToken, TokenError.InvalidToken | TokenError.KeysUnavailable>
  }
>()("@effect-workos/server/AccessTokens") {
  /**
   * Verification with keys that the client fetches. Without `issuers`, those of `https://api.workos.com` are
   * accepted, and of the client's `baseUrl`.
   *
   * **Example** (A server's layers)
   *
   * ```ts
   * import { Sso } from "@effect-workos/client/Sso"
   * import { WorkOsConfig } from "@effect-workos/client/WorkOsConfig"
   * import { AccessTokens } from "@effect-workos/server/AccessTokens"
   * import * as FetchHttpClient from "effect/http/FetchHttpClient"
   * import * as Layer from "effect/Layer"
   *
   * const Tokens = AccessTokens.layer({ clientId: "client_01H7ZGXFP5C6BBQY6Z7277ZCT0" }).pipe(
   *   Layer.provide(Sso.layer),
   *   Layer.provide([WorkOsConfig.layerConfig, FetchHttpClient.layer])
   * )
   * ```
   */
  static readonly layer = (options: Options): Layer.Layer<AccessTokens, never, Sso | WorkOsConfig> =>
    Layer.effect(
      AccessTokens,
      Effect.gen(function* () {
        const { jwks } = yield* Sso
        const { baseUrl } = yield* WorkOsConfig
        // The keys are those of the client's WorkOS, so nobody else's tokens are let in by the name of production.
        const issuers = options.issuers ?? [productionUrl, baseUrl].flatMap((url) => issuersAt(url, options.clientId))
        return make({ ...options, issuers, jwks: jwks(options.clientId) })
      })
    )

  /**
   * Verification with keys that `jwks` fetches, for programs without an API key and for tests. It is `GET /sso/jwks/{clientId}`. Without
   * `issuers`, tokens of `https://api.workos.com` are accepted.
   *
   * **Example** (Keys from a file, and clocks that are further apart)
   *
   * ```ts
   * import { AccessTokens, defaultClockTolerance } from "@effect-workos/server/AccessTokens"
   * import { Jwks } from "@effect-workos/domain/sso/Jwks"
   * import * as Duration from "effect/Duration"
   * import * as Effect from "effect/Effect"
   * import * as FileSystem from "effect/FileSystem"
   * import * as Schema from "effect/Schema"
   *
   * const jwks = Effect.gen(function* () {
   *   const fs = yield* FileSystem.FileSystem
   *   const text = yield* fs.readFileString("jwks.json")
   *   return yield* Schema.decodeUnknownEffect(Schema.fromJsonString(Jwks))(text)
   * })
   *
   * const AccessTokensLive = AccessTokens.layerWith({
   *   clientId: "client_01HZBC6N1EB1ZY7KG32X",
   *   clockTolerance: Duration.times(defaultClockTolerance, 2),
   *   jwks
   * })
   * ```
   */
  static readonly layerWith = <E, R>(
    options: Options & { readonly jwks: Effect.Effect<Jwks, E, R> }
  ): Layer.Layer<AccessTokens, never, R> =>
    Layer.effect(
      AccessTokens,
      Effect.map(Effect.context<R>(), (context) => make({ ...options, jwks: Effect.provide(options.jwks, context) }))
    )
}

/**
 * Verification as {@link AccessTokens.layerWith} provides it.
 *
 * **Example** (With keys that a test has made)
 *
 * ```ts
 * import * as AccessTokens from "@effect-workos/server/AccessTokens"
 * import type { Jwks } from "@effect-workos/domain/sso/Jwks"
 * import * as Effect from "effect/Effect"
 *
 * declare const jwks: Jwks
 *
 * const tokens = AccessTokens.make({ clientId: "client_01HZBC6N1EB1ZY7KG32X", jwks: Effect.succeed(jwks) })
 *
 * const verified = tokens.verify("eyJhbGciOiJSUzI1NiJ9…")
 * ```
 */
export const make = <E>(options: Options & { readonly jwks: Effect.Effect<Jwks, E> }): AccessTokens["Service"] => {
  const keyOf = Keys.make(Effect.mapError(Effect.timeout(options.jwks, fetchTimeout), keysUnavailable), options)
  const issuers = options.issuers ?? issuersAt(productionUrl, options.clientId)
  const clockTolerance = Duration.toMillis(Duration.fromInputUnsafe(options.clockTolerance ?? defaultClockTolerance))
  return {
    verify: Effect.fnUntraced(function* (token) {
      const text = Redacted.isRedacted(token) ? Redacted.value(token) : token
      const key = yield* keyOf(yield* keyIdOf(text))
      if (key === undefined) return yield* unknownKey()
      const raw = yield* payloadOf(text, key)
      if (foreignClaims.some((name) => Object.hasOwn(raw, name))) return yield* malformed("is one of another kind")
      const claims = yield* Effect.mapError(decodeClaims(raw), () => malformed("lacks claims that access tokens have"))
      const now = yield* Clock.currentTimeMillis
      if (now >= DateTime.toEpochMillis(claims.exp) + clockTolerance) return yield* expired(claims.exp)
      if (claims.nbf !== undefined && now < DateTime.toEpochMillis(claims.nbf) - clockTolerance) {
        return yield* notYetValid(claims.nbf)
      }
      if (!issuers.includes(claims.iss)) return yield* wrongIssuer()
      if (!isFor(options, claims)) return yield* wrongClient()
      return { claims, raw }
    })
  }
}

/**
 * The issuers that WorkOS documents, for an API at an address.
 *
 * **Example** (Those of a staging copy)
 *
 * ```ts
 * import * as AccessTokens from "@effect-workos/server/AccessTokens"
 *
 * const issuers = AccessTokens.issuersAt(new URL("https://staging.example.com"), "client_01HZBC6N1EB1ZY7KG32X")
 * // => ["https://staging.example.com", "https://staging.example.com/", …]
 * ```
 */
export const issuersAt = (baseUrl: URL, clientId: string): ReadonlyArray<string> => {
  const base = baseUrl.href.replace(/\/+$/, "")
  return [base, `${base}/`, `${base}/user_management/${clientId}`]
}

const algorithm = "RS256"

// All who wait for keys wait for one fetch, which must not hang for ever.
const fetchTimeout = Duration.seconds(30)

// -----------------------------------------------------------------------------
// Reading
// -----------------------------------------------------------------------------

const decodeClaims = Schema.decodeUnknownEffect(Claims)

// jose overlooks what is no Base64Url, a line's end for example: one token would have many texts. What has no signature is
// told for that.
const isCompact = (token: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)

/** What id tokens have, and logout tokens; access tokens have neither. */
const foreignClaims = ["nonce", "events"]

const isAccessToken = (typ: unknown): boolean =>
  typ === undefined || (typeof typ === "string" && /^(?:jwt|(?:application\/)?at\+jwt)$/i.test(typ))

/** The id of the key that a token names; what else its header says is looked at first. */
const keyIdOf = (token: string): Effect.Effect<string, TokenError.InvalidToken> =>
  Effect.flatMap(
    isCompact(token)
      ? Effect.try({ try: () => decodeProtectedHeader(token), catch: () => malformed("is not a JWT") })
      : Effect.fail(malformed("is not a JWT")),
    ({ alg, crit, kid, typ }): Effect.Effect<string, TokenError.InvalidToken> => {
      if (alg !== algorithm) return Effect.fail(wrongAlgorithm())
      if (!isAccessToken(typ)) return Effect.fail(malformed("is one of another kind"))
      if (crit !== undefined) return Effect.fail(malformed("asks for extensions that access tokens do not have"))
      return typeof kid === "string" ? Effect.succeed(kid) : Effect.fail(malformed("does not name its key"))
    }
  )

const payloadOf = (
  token: string,
  key: CryptoKey
): Effect.Effect<Readonly<Record<string, unknown>>, TokenError.InvalidToken> =>
  Effect.tryPromise({
    try: async () => {
      const { payload } = await compactVerify(token, key, { algorithms: [algorithm] })
      const raw: unknown = JSON.parse(utf8.decode(payload))
      if (!Predicate.isReadonlyObject(raw)) throw new SyntaxError()
      return raw
    },
    // jose's errors hold claims, and are not kept.
    catch: (error) => (error instanceof JWSSignatureVerificationFailed ? wrongSignature() : malformed("is not a JWT"))
  })

const utf8 = new TextDecoder("utf-8", { fatal: true })

// Where a token says twice whom it is for, both have to be true.
const isFor = ({ clientId: client, requireClient = false }: Options, { aud, clientId }: Claims): boolean =>
  (clientId === undefined || clientId === client) &&
  (aud === undefined || aud === client || (typeof aud !== "string" && aud.includes(client))) &&
  !(requireClient && clientId === undefined && aud === undefined)

// -----------------------------------------------------------------------------
// Errors
// -----------------------------------------------------------------------------

const keysUnavailable = (cause: unknown) =>
  new TokenError.KeysUnavailable({ message: "The keys that verify access tokens could not be fetched.", cause })

const malformed = (what: string) => new TokenError.MalformedToken({ message: `The access token ${what}.` })

const wrongAlgorithm = () =>
  new TokenError.WrongAlgorithm({ message: `The access token does not say to be signed with ${algorithm}.` })

const unknownKey = () =>
  new TokenError.UnknownKey({ message: "The access token names a key that WorkOS does not publish for this client." })

const wrongSignature = () =>
  new TokenError.WrongTokenSignature({
    message: "The access token was changed, or was not signed with the key that it names."
  })

const expired = (expiredAt: DateTime.Utc) =>
  new TokenError.ExpiredToken({ message: "The access token has expired: refresh it, or sign in again.", expiredAt })

const notYetValid = (validFrom: DateTime.Utc) =>
  new TokenError.TokenNotYetValid({ message: "The access token is not yet valid: compare the clocks.", validFrom })

const wrongIssuer = () =>
  new TokenError.WrongIssuer({
    message: "The access token was issued by somebody else; a custom domain of WorkOS has to be among `issuers`."
  })

const wrongClient = () =>
  new TokenError.WrongClient({ message: "The access token is not for this application's client." })
