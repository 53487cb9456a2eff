/**
 * Errors of webhooks. They contain no secret, no expected signature and no part of the body.
 *
 * @module
 */
import * as Schema from "effect/Schema"

/**
 * The `workos-signature` header is missing or empty. The request is probably not from WorkOS.
 *
 * @see https://workos.com/docs/events/data-syncing/webhooks
 */
export class MissingSignature extends Schema.TaggedError<MissingSignature>()("MissingSignature", {
  message: Schema.String
}) {}

/**
 * The request has more than one signature: two headers, or two signatures in one header.
 */
export class DuplicateSignature extends Schema.TaggedError<DuplicateSignature>()("DuplicateSignature", {
  message: Schema.String
}) {}

/**
 * The header ends inside the signature. A proxy may truncate long headers.
 */
export class TruncatedSignature extends Schema.TaggedError<TruncatedSignature>()("TruncatedSignature", {
  message: Schema.String
}) {}

/**
 * The header does not have the form `t=<milliseconds>, v1=<signature>`.
 */
export class MalformedSignature extends Schema.TaggedError<MalformedSignature>()("MalformedSignature", {
  message: Schema.String
}) {}

/**
 * The signature is older than the tolerance: the webhook was replayed or delayed, or the server's clock is fast. `age` is
 * computed from the header's timestamp, which is not verified yet.
 */
export class ExpiredSignature extends Schema.TaggedError<ExpiredSignature>()("ExpiredSignature", {
  message: Schema.String,
  age: Schema.Duration,
  tolerance: Schema.Duration
}) {}

/**
 * The signature's timestamp is in the future by more than the tolerance. The server's clock is probably slow. `ahead` is
 * computed from the header's timestamp, which is not verified yet.
 */
export class FutureSignature extends Schema.TaggedError<FutureSignature>()("FutureSignature", {
  message: Schema.String,
  ahead: Schema.Duration,
  tolerance: Schema.Duration
}) {}

/**
 * None of the secrets made this signature for this body and timestamp. The webhook was signed with another secret, or the
 * body or the timestamp was changed after signing.
 */
export class WrongSignature extends Schema.TaggedError<WrongSignature>()("WrongSignature", {
  message: Schema.String
}) {}

/**
 * The body has more than `limit` bytes.
 */
export class BodyTooLarge extends Schema.TaggedError<BodyTooLarge>()("BodyTooLarge", {
  message: Schema.String,
  /** In bytes. */
  limit: Schema.Int
}) {}

/**
 * A delivery with the same timestamp and body was already accepted. `state` is `Handled` if the handler succeeded, and
 * `InProgress` while the handler runs.
 */
export class Replayed extends Schema.TaggedError<Replayed>()("Replayed", {
  message: Schema.String,
  state: Schema.Literals(["InProgress", "Handled"])
}) {}

/**
 * The signature is valid, but the body is not JSON or not an event. `path` is the path of the first issue, or `""` for the
 * whole body.
 */
export class InvalidEvent extends Schema.TaggedError<InvalidEvent>()("InvalidEvent", {
  message: Schema.String,
  path: Schema.String
}) {}

/**
 * The replay window is unavailable, for example because a shared store does not respond. A window in memory never fails.
 */
export class ReplayWindowError extends Schema.TaggedError<ReplayWindowError>()("ReplayWindowError", {
  message: Schema.String,
  cause: Schema.optionalKey(Schema.Defect())
}) {}

/**
 * The errors of `Webhook.verify`.
 *
 * **Example** (Encoding an error as JSON)
 *
 * ```ts
 * import { SignatureError } from "@effect-workos/server/WebhookError"
 * import * as Schema from "effect/Schema"
 *
 * const toJson = Schema.encodeSync(Schema.toCodecJson(SignatureError))
 * ```
 */
export const SignatureError = Schema.Union([
  MissingSignature,
  DuplicateSignature,
  TruncatedSignature,
  MalformedSignature,
  ExpiredSignature,
  FutureSignature,
  WrongSignature,
  BodyTooLarge
])
export type SignatureError = typeof SignatureError.Type

/**
 * Tests whether an error is an error of `Webhook.verify`. The official SDK throws a `SignatureVerificationException` in
 * these cases.
 *
 * **Example** (Testing a signature)
 *
 * ```ts
 * import * as Webhook from "@effect-workos/server/Webhook"
 * import * as WebhookError from "@effect-workos/server/WebhookError"
 * import * as Effect from "effect/Effect"
 *
 * const isSigned = (request: Webhook.WebhookRequest & Webhook.VerifyOptions) =>
 *   Webhook.verify(request).pipe(
 *     Effect.as(true),
 *     Effect.catchIf(WebhookError.isSignatureError, () => Effect.succeed(false))
 *   )
 * ```
 *
 * @see https://workos.com/docs/events/data-syncing/webhooks
 */
export const isSignatureError: (error: unknown) => error is SignatureError = Schema.is(SignatureError)

/**
 * The errors of `Webhook.receive`, without those of the handler.
 *
 * **Example** (A log level per error)
 *
 * ```ts
 * import type { WebhookError } from "@effect-workos/server/WebhookError"
 * import * as Effect from "effect/Effect"
 *
 * const report = (error: WebhookError): Effect.Effect<void> => {
 *   switch (error._tag) {
 *     case "MissingSignature":
 *     case "MalformedSignature":
 *     case "DuplicateSignature":
 *     case "TruncatedSignature":
 *     case "BodyTooLarge":
 *       return Effect.logInfo("Probably not from WorkOS", error)
 *     case "ExpiredSignature":
 *       return Effect.logWarning(`Signed ${error.age} ago`, error)
 *     case "FutureSignature":
 *       return Effect.logWarning(`Our clock may be ${error.ahead} slow`, error)
 *     case "WrongSignature":
 *       return Effect.logError("Wrong secret, or a forged webhook", error)
 *     case "Replayed":
 *       return Effect.logDebug(`Replayed: ${error.state}`)
 *     case "InvalidEvent":
 *       return Effect.logError(`Invalid event at ${error.path}`, error)
 *     case "ReplayWindowError":
 *       return Effect.logError("The replay window is unavailable", error)
 *   }
 * }
 * ```
 */
export type WebhookError = SignatureError | Replayed | InvalidEvent | ReplayWindowError
