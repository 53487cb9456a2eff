// Why an access token is refused. No error holds the token, or what it says of somebody.
import * as Schema from "effect/Schema"

/**
 * The token is none: not a JWT, one without claims that all access tokens have, or one of another kind, an id token for
 * example.
 */
export class MalformedToken extends Schema.TaggedError<MalformedToken>()("MalformedToken", {
  message: Schema.String
}) {}

/**
 * The token says to be signed by another algorithm than RS256, or not at all. Whoever makes such tokens hopes that the
 * public key is taken for a shared secret, or that nobody looks.
 */
export class WrongAlgorithm extends Schema.TaggedError<WrongAlgorithm>()("WrongAlgorithm", {
  message: Schema.String
}) {}

/**
 * The token names a key that WorkOS does not publish for the client. Where keys could not be fetched nobody knows that, and
 * it is {@link KeysUnavailable}.
 */
export class UnknownKey extends Schema.TaggedError<UnknownKey>()("UnknownKey", {
  message: Schema.String
}) {}

/**
 * The signature is none of this token by the key that it names.
 */
export class WrongTokenSignature extends Schema.TaggedError<WrongTokenSignature>()("WrongTokenSignature", {
  message: Schema.String
}) {}

/**
 * The token was good until `expiredAt`. It is time to refresh it, or to sign in again.
 */
export class ExpiredToken extends Schema.TaggedError<ExpiredToken>()("ExpiredToken", {
  message: Schema.String,
  expiredAt: Schema.DateTimeUtc
}) {}

/**
 * The token will be good, and is not yet. Most likely the server's clock is slow.
 */
export class TokenNotYetValid extends Schema.TaggedError<TokenNotYetValid>()("TokenNotYetValid", {
  message: Schema.String,
  validFrom: Schema.DateTimeUtc
}) {}

/**
 * The token was issued by somebody else.
 */
export class WrongIssuer extends Schema.TaggedError<WrongIssuer>()("WrongIssuer", {
  message: Schema.String
}) {}

/**
 * The token is for another client, or names none where it has to.
 */
export class WrongClient extends Schema.TaggedError<WrongClient>()("WrongClient", {
  message: Schema.String
}) {}

/**
 * Why a token is refused.
 *
 * **Example** (What a server answers)
 *
 * ```ts
 * import type { InvalidToken, KeysUnavailable } from "@effect-workos/server/TokenError"
 *
 * const statusOf = (error: InvalidToken | KeysUnavailable): number => {
 *   switch (error._tag) {
 *     case "ExpiredToken":
 *     case "TokenNotYetValid":
 *       // It is good at another time: let the browser refresh it.
 *       return 401
 *     case "MalformedToken":
 *     case "WrongAlgorithm":
 *     case "UnknownKey":
 *     case "WrongTokenSignature":
 *     case "WrongIssuer":
 *     case "WrongClient":
 *       return 401
 *     case "KeysUnavailable":
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
 * The token cannot be verified, because its key is not among those that are there, and the keys of WorkOS could not be
 * fetched. The token may be good: ask for it again later. `cause` is the error of the request.
 */
export class KeysUnavailable extends Schema.TaggedError<KeysUnavailable>()("KeysUnavailable", {
  message: Schema.String,
  cause: Schema.optionalKey(Schema.Defect())
}) {}
