/**
 * Verification of webhooks: from a request's raw bytes to a typed event.
 *
 * The signature covers the raw bytes. `decodeEvent` therefore parses only the bytes of a `Verified` webhook, and only
 * `verify` returns a `Verified` webhook.
 *
 * @module
 */
import { Event, fromInvalid } from "@effect-workos/domain/events/Event"
import { issuesOf } from "@effect-workos/domain/Issue"
import * as WebhookSignature from "@effect-workos/domain/webhooks/WebhookSignature"
import type * as Arr from "effect/Array"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as ReplayWindow from "./ReplayWindow.ts"
import * as WebhookError from "./WebhookError.ts"

/**
 * A received webhook: the raw body, as bytes or as text, and the value of the `workos-signature` header. The values of a
 * repeated header are an array, or one string joined with commas.
 *
 * **Example** (From a request of Node's `http`)
 *
 * ```ts
 * import type { WebhookRequest } from "@effect-workos/server/Webhook"
 * import type { IncomingMessage } from "node:http"
 *
 * const fromIncomingMessage = (request: IncomingMessage, body: Uint8Array): WebhookRequest => ({
 *   body,
 *   signature: request.headersDistinct["workos-signature"]
 * })
 * ```
 */
export interface WebhookRequest {
  readonly body: Uint8Array | string
  readonly signature: string | ReadonlyArray<string> | undefined
}

/**
 * Options of {@link verify}.
 *
 * **Example** (Two secrets during a rotation)
 *
 * ```ts
 * import * as Webhook from "@effect-workos/server/Webhook"
 * import * as Redacted from "effect/Redacted"
 *
 * const options: Webhook.VerifyOptions = {
 *   secrets: [Redacted.make("whsec_new"), Redacted.make("whsec_old")],
 *   tolerance: Webhook.defaultTolerance,
 *   maxBytes: 2 * Webhook.defaultMaxBytes
 * }
 * ```
 */
export interface VerifyOptions {
  /**
   * The secret of the endpoint, from the WorkOS dashboard, or several secrets during a rotation. A signature with any of
   * the secrets is valid.
   */
  readonly secrets: Redacted.Redacted | Arr.NonEmptyReadonlyArray<Redacted.Redacted>
  /**
   * Maximum difference between the signature's timestamp and now, in either direction. Defaults to
   * {@link defaultTolerance}.
   */
  readonly tolerance?: Duration.Input | undefined
  /** Maximum size of the body, in bytes. Defaults to {@link defaultMaxBytes}. */
  readonly maxBytes?: number | undefined
}

/**
 * Three minutes, the default of WorkOS's SDKs.
 */
export const defaultTolerance = Duration.minutes(3)

/**
 * 1 MiB. Events of WorkOS have a few kilobytes.
 */
export const defaultMaxBytes = 1024 * 1024

class VerifiedWebhook {
  // The field is private, so that no other object has this type.
  readonly #body: Uint8Array
  /** Time of the signature, in milliseconds since 1970. */
  readonly timestamp: number
  /** Id of this delivery, unique per body and timestamp. */
  readonly id: string
  /** Time after which the id may be forgotten, a minute after the signature expires, in milliseconds since 1970. */
  readonly expiresAt: number

  constructor(of: Pick<VerifiedWebhook, "body" | "expiresAt" | "id" | "timestamp">) {
    this.#body = of.body
    this.timestamp = of.timestamp
    this.id = of.id
    this.expiresAt = of.expiresAt
  }

  /** The signed bytes. */
  get body(): Uint8Array {
    return this.#body
  }
}

/**
 * A webhook whose signature was verified. Only {@link verify} returns one.
 *
 * **Example** (Storing the raw body)
 *
 * ```ts
 * import type { Verified } from "@effect-workos/server/Webhook"
 *
 * const rowOf = ({ body, id }: Verified) => ({ id, body })
 * ```
 */
export type Verified = VerifiedWebhook

/**
 * Verifies the signature of a webhook over its raw body. Corresponds to `webhooks.verifyHeader` of the official SDK, and
 * together with {@link decodeEvent} to `webhooks.constructEvent`. The official SDK uses the name `secret` for `secrets`,
 * and `sigHeader` for `signature`.
 *
 * **Details**
 *
 * Fails with
 *
 * - `MissingSignature`, `DuplicateSignature`, `TruncatedSignature` or `MalformedSignature` if the header is invalid,
 * - `BodyTooLarge` if the body is longer than `maxBytes`,
 * - `ExpiredSignature` or `FutureSignature` if the timestamp is outside the tolerance,
 * - `WrongSignature` if none of the secrets made the signature for this body.
 *
 * Each secret is tried, and signatures are compared in constant time.
 *
 * Dies if a secret is empty, if `tolerance` is not positive and finite, or if `maxBytes` is not a positive integer.
 *
 * **Gotchas**
 *
 * Pass the bytes as received, or their UTF-8 text. A body that was parsed and serialized again has another signature.
 *
 * **Example** (Verifying a `Request`)
 *
 * ```ts
 * import * as Webhook from "@effect-workos/server/Webhook"
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 *
 * const secrets = Redacted.make("whsec_…")
 *
 * const readEvent = Effect.fn("readEvent")(function* (request: Request) {
 *   const body = yield* Effect.promise(() => request.bytes())
 *   const signature = request.headers.get("workos-signature") ?? undefined
 *   return yield* Webhook.decodeEvent(yield* Webhook.verify({ body, signature, secrets }))
 * })
 * ```
 *
 * @see https://workos.com/docs/events/data-syncing/webhooks
 */
export const verify = (request: WebhookRequest & VerifyOptions): Effect.Effect<Verified, WebhookError.SignatureError> =>
  Effect.flatMap(readSignature(request), ({ timestamp, v1 }): Effect.Effect<Verified, WebhookError.SignatureError> => {
    const { maxBytes = defaultMaxBytes, secrets } = request
    if (!Number.isSafeInteger(maxBytes) || maxBytes < 1) return Effect.die(new Error(invalidMaxBytes))
    // UTF-8 never has fewer bytes than characters.
    if (request.body.length > maxBytes) return Effect.fail(tooLarge(maxBytes))
    const body = typeof request.body === "string" ? new TextEncoder().encode(request.body) : request.body
    if (body.length > maxBytes) return Effect.fail(tooLarge(maxBytes))
    const expiresAt = timestamp + Duration.toMillis(toleranceOf(request)) + margin
    return Effect.flatMap(
      WebhookSignature.isSignedBy(Redacted.isRedacted(secrets) ? [secrets] : secrets, { body, timestamp, v1 }),
      (isSigned) =>
        isSigned ? Effect.succeed(new VerifiedWebhook({ body, timestamp, id: v1, expiresAt })) : Effect.fail(wrong())
    )
  })

/**
 * Parses the signature header and checks its timestamp, but does not verify the signature. A server can reject an invalid
 * header in this way before it reads the body.
 *
 * **Details**
 *
 * Fails with `MissingSignature`, `DuplicateSignature`, `TruncatedSignature`, `MalformedSignature`, `ExpiredSignature` or
 * `FutureSignature`, as {@link verify} does.
 *
 * **Example** (Rejecting expired webhooks before reading the body)
 *
 * ```ts
 * import * as Webhook from "@effect-workos/server/Webhook"
 * import * as Effect from "effect/Effect"
 *
 * const isInTime = (signature: string | undefined) =>
 *   Webhook.readSignature({ signature }).pipe(
 *     Effect.as(true),
 *     Effect.catchTag(["ExpiredSignature", "FutureSignature", "MissingSignature"], () => Effect.succeed(false))
 *   )
 * ```
 */
export const readSignature = (
  request: Pick<WebhookRequest, "signature"> & Pick<VerifyOptions, "tolerance">
): Effect.Effect<WebhookSignature.WebhookSignature, WebhookError.SignatureError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const tolerance = toleranceOf(request)
    const limit = Duration.toMillis(tolerance)
    if (!Number.isFinite(limit) || limit <= 0) return Effect.die(new Error(invalidTolerance))
    const parsed = parse(request.signature)
    if (Result.isFailure(parsed)) return Effect.fail(parsed.failure)
    const { timestamp } = parsed.success
    if (now - timestamp > limit) return Effect.fail(expired(now - timestamp, tolerance))
    if (timestamp - now > limit) return Effect.fail(future(timestamp - now, tolerance))
    return Effect.succeed(parsed.success)
  })

const toleranceOf = ({ tolerance = defaultTolerance }: Pick<VerifyOptions, "tolerance">) =>
  Duration.fromInputUnsafe(tolerance)

const invalidMaxBytes = "maxBytes must be a positive integer."

const invalidTolerance = "tolerance must be positive and finite."

/**
 * Decodes the event in a verified webhook.
 *
 * **Details**
 *
 * Events of unknown types, and events that do not have the documented shape, are decoded as `UnknownEvent`. For the latter,
 * `issue` describes the difference. Fails with `InvalidEvent` if the body is not JSON or contains no event id.
 *
 * @see https://workos.com/docs/events
 */
export const decodeEvent = ({ body }: Verified): Effect.Effect<Event, WebhookError.InvalidEvent> =>
  Effect.suspend(() => {
    let json: unknown
    try {
      json = JSON.parse(utf8.decode(body), removePrototype)
    } catch {
      return Effect.fail(invalid("", "The signature is valid, but the body is not JSON."))
    }
    return Effect.catch(decode(json), (error) => {
      const [{ message, path } = { message: "", path: "" }] = issuesOf(error)
      const issue = path === "" ? message : `${path}: ${message}`
      return Effect.mapError(Effect.fromOption(fromInvalid(json, issue)), () =>
        invalid(path, `The signature is valid, but the body is not an event of WorkOS: ${issue}.`)
      )
    })
  })

/**
 * Verifies a webhook, rejects a replay of it, and passes its event to a handler.
 *
 * **Details**
 *
 * Fails
 *
 * - as {@link verify} and {@link decodeEvent} do; `WebhookError.isSignatureError` recognizes the errors of `verify`,
 * - with `Replayed` if the same delivery was handled or is being handled,
 * - with `ReplayWindowError` if the replay window is unavailable,
 * - with the error of the handler. A replay of this delivery is then accepted.
 *
 * The handler runs uninterruptibly, so that its work is completed even if the sender closes the connection. An
 * `Effect.timeout` inside the handler still interrupts the effect that it limits.
 *
 * **Gotchas**
 *
 * If WorkOS does not receive the response, it sends the event again with a new signature. Such a retry is a new delivery
 * and not a replay, so make the handler idempotent by `event.id`.
 *
 * **Example** (Receiving a webhook in any server)
 *
 * ```ts
 * import * as ReplayWindow from "@effect-workos/server/ReplayWindow"
 * import * as Webhook from "@effect-workos/server/Webhook"
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 *
 * const replayWindow = ReplayWindow.makeMemory()
 *
 * const receive = (body: Uint8Array, signature: string | undefined) =>
 *   Webhook.receive({ body, signature, secrets: Redacted.make("whsec_…"), replayWindow }, (event) =>
 *     Effect.log(`${event.event} at ${event.createdAt}`)
 *   )
 * ```
 *
 * @see https://workos.com/docs/events/data-syncing/webhooks
 */
export const receive = <A, E, R>(
  request: WebhookRequest & VerifyOptions & { readonly replayWindow: ReplayWindow.ReplayWindow["Service"] },
  handler: (event: Event) => Effect.Effect<A, E, R>
): Effect.Effect<A, E | WebhookError.WebhookError, R> =>
  Effect.flatMap(verify(request), (verified) =>
    ReplayWindow.once(request.replayWindow, verified, Effect.flatMap(decodeEvent(verified), handler))
  )

/**
 * Makes the error for a body with more than `limit` bytes.
 *
 * **Example** (Rejecting a request by its `Content-Length`)
 *
 * ```ts
 * import * as Webhook from "@effect-workos/server/Webhook"
 * import * as Effect from "effect/Effect"
 *
 * const checkLength = (length: number) =>
 *   length > Webhook.defaultMaxBytes ? Effect.fail(Webhook.tooLarge(Webhook.defaultMaxBytes)) : Effect.void
 * ```
 */
export const tooLarge = (limit: number): WebhookError.BodyTooLarge =>
  new WebhookError.BodyTooLarge({ message: `The body is longer than ${limit} bytes.`, limit })

// A replay's timestamp is checked shortly before the replay is claimed. The margin keeps the first delivery in the replay
// window until then.
const margin = 60_000

// Some ways to copy an object with the key `__proto__` change the prototype of the copy.
const removePrototype = (key: string, value: unknown): unknown => (key === "__proto__" ? undefined : value)

const utf8 = new TextDecoder("utf-8", { fatal: true })

const decode = Schema.decodeUnknownEffect(Event)

const parse = (
  signature: WebhookRequest["signature"]
): Result.Result<WebhookSignature.WebhookSignature, WebhookError.SignatureError> =>
  Result.mapError(
    WebhookSignature.parse(signature === undefined || typeof signature === "string" ? signature : signature.join(", ")),
    (failure) => signatureErrors[failure]()
  )

const header = `The ${WebhookSignature.headerName} header`

const signatureErrors: Readonly<Record<WebhookSignature.ParseFailure, () => WebhookError.SignatureError>> = {
  Missing: () => new WebhookError.MissingSignature({ message: `${header} is missing.` }),
  Duplicate: () => new WebhookError.DuplicateSignature({ message: `${header} has more than one signature.` }),
  Truncated: () => new WebhookError.TruncatedSignature({ message: `${header} is truncated.` }),
  Malformed: () =>
    new WebhookError.MalformedSignature({
      message: `${header} does not have the form t=<milliseconds>, v1=<signature>.`
    })
}

const expired = (millis: number, tolerance: Duration.Duration) =>
  new WebhookError.ExpiredSignature({
    message: `The webhook was signed longer ago than ${Duration.format(tolerance)}.`,
    age: Duration.millis(millis),
    tolerance
  })

const future = (millis: number, tolerance: Duration.Duration) =>
  new WebhookError.FutureSignature({
    message: `The webhook's timestamp is more than ${Duration.format(tolerance)} in the future.`,
    ahead: Duration.millis(millis),
    tolerance
  })

const wrong = () =>
  new WebhookError.WrongSignature({
    message: "The signature does not match the body and the endpoint's secret."
  })

const invalid = (path: string, message: string) => new WebhookError.InvalidEvent({ message, path })
