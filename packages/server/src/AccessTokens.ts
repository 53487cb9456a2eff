/**
 * Verification of users' access tokens.
 *
 * Tokens are verified locally with the keys of WorkOS's JWKS, which is fetched rarely, so no request is sent per token. A
 * client is an application that is registered at WorkOS, and not the package `client`.
 *
 * @module
 */
import type { Jwks } from "@effect-workos/domain/sso/Jwks"
import { Sso } from "@effect-workos/client/Sso"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as base64Url from "jose/base64url"
import { decodeProtectedHeader } from "jose/decode/protected_header"
import { Claims } from "./Claims.ts"
import * as Keys from "./internal/Keys.ts"
import * as Rs256 from "./internal/Rs256.ts"
import * as TokenError from "./TokenError.ts"

/**
 * Options for `AccessTokens`: the accepted client and issuers, and caching of the JWKS.
 *
 * **Example** (Accepting tokens of a custom domain)
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
  /** Client id of the application, `client_…`. Tokens for another client are rejected. */
  readonly clientId: string
  /**
   * Accepted issuers. Defaults to {@link issuersAt} of `https://api.workos.com`, and in `AccessTokens.layer` also of the
   * `baseUrl` of `WorkOsConfig`. Required for a custom domain.
   */
  readonly issuers?: ReadonlyArray<string> | undefined
  /**
   * Requires the token to name the client in `client_id` or `aud`. Defaults to false, because the token that WorkOS
   * documents has neither claim. WorkOS publishes keys per client, so the signature shows the client of such a token. A
   * token that names another client is always rejected.
   */
  readonly requireClient?: boolean | undefined
  /** Accepted difference between clocks. Defaults to {@link defaultClockTolerance}. */
  readonly clockTolerance?: Duration.Input | undefined
}

/**
 * Default difference that is accepted between the clocks of WorkOS and of this machine: five seconds.
 */
export const defaultClockTolerance = Duration.seconds(5)

/**
 * A verified token: its decoded claims, and the raw payload with claims that the application's JWT template adds.
 *
 * **Example** (Reading a claim of the JWT template)
 *
 * ```ts
 * import type { VerifiedToken } from "@effect-workos/server/AccessTokens"
 *
 * const toUser = ({ claims, raw }: VerifiedToken) => ({ id: claims.sub, plan: raw["plan"] })
 * ```
 */
export interface VerifiedToken {
  /** The documented claims. */
  readonly claims: Claims
  /** All claims, with their names in the token. */
  readonly raw: Readonly<Record<string, unknown>>
}

/**
 * Verification of access tokens.
 *
 * **Example** (The id of the signed-in user)
 *
 * ```ts
 * import { AccessTokens } from "@effect-workos/server/AccessTokens"
 * import * as Effect from "effect/Effect"
 *
 * const userId = Effect.fn("userId")(function* (token: string) {
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
     * Verifies that a token is an access token, that a key of the client's JWKS signed it with RS256, and that it is
     * currently valid, from an accepted issuer and not for another client. Id tokens and logout tokens, which the same keys
     * sign, are rejected.
     *
     * A token that names no client is accepted unless `requireClient` is set, because WorkOS publishes keys per client.
     *
     * Fails with `MalformedToken`, `WrongAlgorithm`, `UnknownKey`, `WrongTokenSignature`, `ExpiredToken`,
     * `TokenNotYetValid`, `WrongIssuer` or `WrongClient` if the token is invalid, and with `JwksUnavailable` if its key is
     * not cached and the JWKS could not be fetched within thirty seconds.
     */
    readonly verify: (
      token: Redacted.Redacted | string
    ) => Effect.Effect<VerifiedToken, TokenError.InvalidToken | TokenError.JwksUnavailable>
  }
>()("@effect-workos/server/AccessTokens") {
  /**
   * Verification with the JWKS that `Sso` fetches. `issuers` defaults to the issuers of `https://api.workos.com` and of the
   * `baseUrl` of `WorkOsConfig`.
   *
   * **Example** (Layers of a server)
   *
   * ```ts
   * import { Sso } from "@effect-workos/client/Sso"
   * import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
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
  static readonly layer = (options: Options): Layer.Layer<AccessTokens, never, Sso | WorkOsConfig.WorkOsConfig> =>
    Layer.effect(
      AccessTokens,
      Effect.gen(function* () {
        const { jwks } = yield* Sso
        const { baseUrl } = yield* WorkOsConfig.WorkOsConfig
        // Accepting the issuers of production is safe: the keys come from the configured `baseUrl`.
        const issuers =
          options.issuers ?? [WorkOsConfig.productionUrl, baseUrl].flatMap((url) => issuersAt(url, options.clientId))
        return make({ ...options, issuers, jwks: jwks(options.clientId) })
      })
    )

  /**
   * Verification with the JWKS that `jwks` returns, for programs without an API key and for tests. WorkOS serves the
   * JWKS at `GET /sso/jwks/{clientId}`. `issuers` defaults to the issuers of `https://api.workos.com`.
   *
   * **Example** (A JWKS from a file, and a larger clock tolerance)
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
 * Makes the service that {@link AccessTokens.layerWith} provides.
 *
 * **Example** (A fixed JWKS)
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
  const findKey = Keys.make(Effect.mapError(Effect.timeout(options.jwks, fetchTimeout), jwksUnavailable), options)
  const issuers = options.issuers ?? issuersAt(WorkOsConfig.productionUrl, options.clientId)
  const clockTolerance = Duration.toMillis(Duration.fromInputUnsafe(options.clockTolerance ?? defaultClockTolerance))
  return {
    verify: Effect.fnUntraced(function* (token) {
      const text = Redacted.isRedacted(token) ? Redacted.value(token) : token
      const key = yield* findKey(yield* keyIdOf(text))
      if (key === undefined) return yield* unknownKey()
      const raw = yield* payloadOf(text, key)
      if (foreignClaims.some((name) => Object.hasOwn(raw, name))) return yield* malformed("is of another kind")
      const claims = yield* Effect.mapError(decodeClaims(raw), () => malformed("lacks required claims"))
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
 * Returns the issuers that WorkOS documents, for an API at `baseUrl`.
 *
 * **Example** (Issuers for another base URL)
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

// All pending verifications wait for the same fetch, so it must not hang.
const fetchTimeout = Duration.seconds(30)

// -----------------------------------------------------------------------------
// Reading
// -----------------------------------------------------------------------------

const decodeClaims = Schema.decodeUnknownEffect(Claims)

// jose ignores characters outside of Base64Url, such as line ends, so one token would have many spellings. An empty
// signature passes here, so that a token with the algorithm `none` fails with `WrongAlgorithm`.
const isCompact = (token: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)

/** Claims of id tokens and logout tokens that access tokens do not have. */
const foreignClaims = ["nonce", "events"]

const isAccessToken = (typ: unknown): boolean =>
  typ === undefined || (typeof typ === "string" && /^(?:jwt|(?:application\/)?at\+jwt)$/i.test(typ))

/** Checks a token's header and returns its key id. */
const keyIdOf = (token: string): Effect.Effect<string, TokenError.InvalidToken> =>
  Effect.flatMap(
    isCompact(token)
      ? Effect.try({ try: () => decodeProtectedHeader(token), catch: () => malformed("is not a JWT") })
      : Effect.fail(malformed("is not a JWT")),
    ({ alg, crit, kid, typ }): Effect.Effect<string, TokenError.InvalidToken> => {
      if (alg !== algorithm) return Effect.fail(wrongAlgorithm())
      if (!isAccessToken(typ)) return Effect.fail(malformed("is of another kind"))
      if (crit !== undefined) return Effect.fail(malformed("requires unsupported extensions"))
      return typeof kid === "string" ? Effect.succeed(kid) : Effect.fail(malformed("has no key id"))
    }
  )

// `keyIdOf` has checked the header, so only the signature and the payload remain.
const payloadOf = (
  token: string,
  key: CryptoKey
): Effect.Effect<Readonly<Record<string, unknown>>, TokenError.InvalidToken> =>
  Effect.tryPromise({
    try: async () => {
      const [header = "", payload = "", signature = ""] = token.split(".")
      const isSigned = Rs256.verify(key, ascii.encode(`${header}.${payload}`), bytesOf(signature))
      if (!(typeof isSigned === "boolean" ? isSigned : await isSigned)) return undefined
      const raw: unknown = JSON.parse(utf8.decode(bytesOf(payload)))
      if (!Predicate.isReadonlyObject(raw)) throw new SyntaxError()
      return raw
    },
    // Errors contain parts of the token, so they are dropped.
    catch: () => malformed("is not a JWT")
  }).pipe(Effect.flatMap((raw) => (raw === undefined ? Effect.fail(wrongSignature()) : Effect.succeed(raw))))

const bytesOf = (part: string) => new Uint8Array(base64Url.decode(part))

const ascii = new TextEncoder()

const utf8 = new TextDecoder("utf-8", { fatal: true })

// A token may name its client in two claims, and both must match.
const isFor = ({ clientId: client, requireClient = false }: Options, { aud, clientId }: Claims): boolean =>
  (clientId === undefined || clientId === client) &&
  (aud === undefined || aud === client || (typeof aud !== "string" && aud.includes(client))) &&
  !(requireClient && clientId === undefined && aud === undefined)

// -----------------------------------------------------------------------------
// Errors
// -----------------------------------------------------------------------------

const jwksUnavailable = (cause: unknown) =>
  new TokenError.JwksUnavailable({ message: "The JWKS that verifies access tokens could not be fetched.", cause })

const malformed = (problem: string) => new TokenError.MalformedToken({ message: `The access token ${problem}.` })

const wrongAlgorithm = () =>
  new TokenError.WrongAlgorithm({ message: `The access token is not signed with ${algorithm}.` })

const unknownKey = () =>
  new TokenError.UnknownKey({ message: "The access token's key id is not in the JWKS of this client." })

const wrongSignature = () =>
  new TokenError.WrongTokenSignature({
    message: "The signature does not match the access token and its key id."
  })

const expired = (expiredAt: DateTime.Utc) =>
  new TokenError.ExpiredToken({ message: "The access token has expired: refresh it, or sign in again.", expiredAt })

const notYetValid = (validFrom: DateTime.Utc) =>
  new TokenError.TokenNotYetValid({
    message: "The access token is not yet valid: check the server's clock.",
    validFrom
  })

const wrongIssuer = () =>
  new TokenError.WrongIssuer({
    message: "The access token has another issuer. For a custom domain, set `issuers`."
  })

const wrongClient = () => new TokenError.WrongClient({ message: "The access token does not name this client." })
