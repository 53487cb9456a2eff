/**
 * Errors of access tokens. They contain neither the token nor its claims.
 *
 * @module
 */
import * as Schema from "effect/Schema"

/**
 * The token is not a JWT, lacks required claims, or is of another kind, such as an id token.
 */
export class MalformedToken extends Schema.TaggedError<MalformedToken>()("MalformedToken", {
  message: Schema.String
}) {}

/**
 * The token's header names another algorithm than RS256, or `none`. Attackers send such tokens to make a server use the
 * public key as a shared secret, or skip the verification of the signature.
 */
export class WrongAlgorithm extends Schema.TaggedError<WrongAlgorithm>()("WrongAlgorithm", {
  message: Schema.String
}) {}

/**
 * The token's key id is not in the JWKS of the client. If the JWKS could not be fetched, the error is
 * {@link JwksUnavailable} instead.
 */
export class UnknownKey extends Schema.TaggedError<UnknownKey>()("UnknownKey", {
  message: Schema.String
}) {}

/**
 * The signature does not match the token and the key that its key id names.
 */
export class WrongTokenSignature extends Schema.TaggedError<WrongTokenSignature>()("WrongTokenSignature", {
  message: Schema.String
}) {}

/**
 * The token expired at `expiredAt`. Refresh it, or sign in again.
 */
export class ExpiredToken extends Schema.TaggedError<ExpiredToken>()("ExpiredToken", {
  message: Schema.String,
  expiredAt: Schema.DateTimeUtc
}) {}

/**
 * The token is not valid before `validFrom`. The server's clock is probably slow.
 */
export class TokenNotYetValid extends Schema.TaggedError<TokenNotYetValid>()("TokenNotYetValid", {
  message: Schema.String,
  validFrom: Schema.DateTimeUtc
}) {}

/**
 * The token's issuer is not one of the accepted issuers.
 */
export class WrongIssuer extends Schema.TaggedError<WrongIssuer>()("WrongIssuer", {
  message: Schema.String
}) {}

/**
 * The token is for another client, or names no client although `requireClient` is set.
 */
export class WrongClient extends Schema.TaggedError<WrongClient>()("WrongClient", {
  message: Schema.String
}) {}

/**
 * The errors of an invalid token.
 *
 * **Example** (A response status per error)
 *
 * ```ts
 * import type { InvalidToken, JwksUnavailable } from "@effect-workos/server/TokenError"
 *
 * const statusOf = (error: InvalidToken | JwksUnavailable): number => {
 *   switch (error._tag) {
 *     case "ExpiredToken":
 *     case "TokenNotYetValid":
 *       // The same user may succeed later, or with a refreshed token.
 *       return 401
 *     case "MalformedToken":
 *     case "WrongAlgorithm":
 *     case "UnknownKey":
 *     case "WrongTokenSignature":
 *     case "WrongIssuer":
 *     case "WrongClient":
 *       return 401
 *     case "JwksUnavailable":
 *       return 503
 *   }
 * }
 * ```
 */
export type InvalidToken =
  | MalformedToken
  | WrongAlgorithm
  | UnknownKey
  | WrongTokenSignature
  | ExpiredToken
  | TokenNotYetValid
  | WrongIssuer
  | WrongClient

/**
 * The token cannot be verified: its key is not cached, and the JWKS could not be fetched. The token may be valid, so try
 * again later. `cause` is the error of the request.
 */
export class JwksUnavailable extends Schema.TaggedError<JwksUnavailable>()("JwksUnavailable", {
  message: Schema.String,
  cause: Schema.optionalKey(Schema.Defect())
}) {}
