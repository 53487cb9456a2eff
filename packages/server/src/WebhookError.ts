// Why a webhook is refused. No error holds a secret, the signature that would have been right, or any of the body.
import * as Schema from "effect/Schema"

/**
 * The request has no `workos-signature` header, or an empty one. Most likely it is not from WorkOS.
 *
 * @see https://workos.com/docs/events/data-syncing/webhooks
 */
export class MissingSignature extends Schema.TaggedError<MissingSignature>()("MissingSignature", {
  message: Schema.String
}) {}

/**
 * There are two signatures where there has to be one: two headers, or one that holds two.
 */
export class DoubledSignature extends Schema.TaggedError<DoubledSignature>()("DoubledSignature", {
  message: Schema.String
}) {}

/**
 * The header ends before the signature does. Something on the way cuts long headers.
 */
export class TruncatedSignature extends Schema.TaggedError<TruncatedSignature>()("TruncatedSignature", {
  message: Schema.String
}) {}

/**
 * The header is none that WorkOS writes.
 */
export class MalformedSignature extends Schema.TaggedError<MalformedSignature>()("MalformedSignature", {
  message: Schema.String
}) {}

/**
 * The webhook was signed longer ago than is tolerated. It is an old one, sent again by somebody, or it took too long, or
 * the server's clock is fast. `age` is how old it says to be, which is not verified.
 */
export class StaleSignature extends Schema.TaggedError<StaleSignature>()("StaleSignature", {
  message: Schema.String,
  age: Schema.Duration,
  tolerance: Schema.Duration
}) {}

/**
 * The webhook says to be signed later than now, by more than is tolerated. Most likely the server's clock is slow.
 * `ahead` is by how much, which is not verified.
 */
export class FutureSignature extends Schema.TaggedError<FutureSignature>()("FutureSignature", {
  message: Schema.String,
  ahead: Schema.Duration,
  tolerance: Schema.Duration
}) {}

/**
 * No secret has made the signature for this body: it was signed with another one, or the body or the time was changed
 * after signing. Which of them it was cannot be told.
 */
export class WrongSignature extends Schema.TaggedError<WrongSignature>()("WrongSignature", {
  message: Schema.String
}) {}

/**
 * The body has more bytes than are read.
 */
export class BodyTooLarge extends Schema.TaggedError<BodyTooLarge>()("BodyTooLarge", {
  message: Schema.String,
  /** In bytes. */
  limit: Schema.Int
}) {}

/**
 * This very delivery, the same time and the same body, was accepted before. `state` says whether its handler has
 * succeeded already, or is still at work.
 */
export class Replayed extends Schema.TaggedError<Replayed>()("Replayed", {
  message: Schema.String,
  state: Schema.Literals(["UnderWay", "Handled"])
}) {}

/**
 * The body is signed rightly, and is no event all the same: no JSON, or JSON of another shape. `path` is where it
 * differs, `""` for the whole.
 */
export class InvalidEvent extends Schema.TaggedError<InvalidEvent>()("InvalidEvent", {
  message: Schema.String,
  path: Schema.String
}) {}

/**
 * The memory of what was accepted, where it is one outside of the process, could not be asked.
 */
export class ReplayWindowError extends Schema.TaggedError<ReplayWindowError>()("ReplayWindowError", {
  message: Schema.String,
  cause: Schema.optionalKey(Schema.Defect())
}) {}

/**
 * Why a signature is refused: all that `Webhook.verify` fails with.
 *
 * **Example** (As JSON for a page of statistics)
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
  DoubledSignature,
  TruncatedSignature,
  MalformedSignature,
  StaleSignature,
  FutureSignature,
  WrongSignature,
  BodyTooLarge
])
export type SignatureError = typeof SignatureError.Type

/**
 * Tells errors of the signature from all others, whichever of them it is: what the official SDK throws as
 * `SignatureVerificationException`.
 *
 * **Example** (One answer to whatever is not signed rightly)
 *
 * ```ts
 * import * as Webhook from "@effect-workos/server/Webhook"
 * import * as WebhookError from "@effect-workos/server/WebhookError"
 * import * as Effect from "effect/Effect"
 *
 * const isSigned = (delivery: Webhook.Delivery & Webhook.Trust) =>
 *   Webhook.verify(delivery).pipe(
 *     Effect.as(true),
 *     Effect.catchIf(WebhookError.isSignatureError, () => Effect.succeed(false))
 *   )
 * ```
 *
 * @see https://workos.com/docs/events/data-syncing/webhooks
 */
export const isSignatureError: (error: unknown) => error is SignatureError = Schema.is(SignatureError)

/**
 * Why a webhook is not given to its handler.
 *
 * **Example** (What to write into a log, and how loudly)
 *
 * ```ts
 * import type { WebhookError } from "@effect-workos/server/WebhookError"
 * import * as Effect from "effect/Effect"
 *
 * const report = (error: WebhookError): Effect.Effect<void> => {
 *   switch (error._tag) {
 *     case "MissingSignature":
 *     case "MalformedSignature":
 *     case "DoubledSignature":
 *     case "TruncatedSignature":
 *     case "BodyTooLarge":
 *       return Effect.logInfo("Something that WorkOS does not send", error)
 *     case "StaleSignature":
 *       return Effect.logWarning(`It says to be ${error.age} old`, error)
 *     case "FutureSignature":
 *       return Effect.logWarning(`Our clock is ${error.ahead} slow`, error)
 *     case "WrongSignature":
 *       return Effect.logError("Another secret, or somebody who has none", error)
 *     case "Replayed":
 *       return Effect.logDebug(`It was here before: ${error.state}`)
 *     case "InvalidEvent":
 *       return Effect.logError(`No event, at ${error.path}`, error)
 *     case "ReplayWindowError":
 *       return Effect.logError("Our memory can't be asked", error)
 *   }
 * }
 * ```
 */
export type WebhookError = SignatureError | Replayed | InvalidEvent | ReplayWindowError
