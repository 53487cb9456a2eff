// Webhooks: from the bytes of a request to an event that can be believed.
//
// The order is what matters. The signature is verified over the bytes as they came; only `Verified` bytes are parsed, and
// nothing else makes them than `verify`.
import { Event } from "@effect-workos/domain/events/Event"
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
 * What came: the body as it came, as bytes or, where a framework has made a text of them, as that; and what the `workos-signature` header said. Headers that came twice may be one with a
 * comma between, or an array.
 *
 * **Example** (From a request of Node's `http`)
 *
 * ```ts
 * import type { Delivery } from "@effect-workos/server/Webhook"
 * import type { IncomingMessage } from "node:http"
 *
 * const deliveryOf = (request: IncomingMessage, body: Uint8Array): Delivery => ({
 *   body,
 *   signature: request.headersDistinct["workos-signature"]
 * })
 * ```
 */
export interface Delivery {
  readonly body: Uint8Array | string
  readonly signature: string | ReadonlyArray<string> | undefined
}

/**
 * Whom to believe.
 *
 * **Example** (Two secrets while one is being changed)
 *
 * ```ts
 * import * as Webhook from "@effect-workos/server/Webhook"
 * import * as Redacted from "effect/Redacted"
 *
 * const trust: Webhook.Trust = {
 *   secrets: [Redacted.make("whsec_new"), Redacted.make("whsec_old")],
 *   tolerance: Webhook.defaultTolerance,
 *   maxBytes: 2 * Webhook.defaultMaxBytes
 * }
 * ```
 */
export interface Trust {
  /**
   * The endpoint's secret, from WorkOS's dashboard. Several while it is being changed: one of them is enough.
   */
  readonly secrets: Redacted.Redacted | Arr.NonEmptyReadonlyArray<Redacted.Redacted>
  /**
   * How far the time of the signature may be from now, in either direction; {@link defaultTolerance} where nothing is
   * said.
   */
  readonly tolerance?: Duration.Input | undefined
  /** How many bytes a body may have; {@link defaultMaxBytes} where nothing is said. */
  readonly maxBytes?: number | undefined
}

/**
 * Three minutes, as in WorkOS's own SDKs.
 */
export const defaultTolerance = Duration.minutes(3)

/**
 * 1 MiB. WorkOS's events have a few kilobytes.
 */
export const defaultMaxBytes = 1024 * 1024

class VerifiedDelivery {
  // Private, so that no other object is of this type.
  readonly #body: Uint8Array
  /** When they were signed, in milliseconds since 1970. */
  readonly timestamp: number
  /** Names this delivery: no other body, and no other time, has the same. */
  readonly id: string
  /** When the delivery may be forgotten, in milliseconds since 1970: a minute after the signature is too old. */
  readonly expiresAt: number

  constructor(of: Pick<VerifiedDelivery, "body" | "expiresAt" | "id" | "timestamp">) {
    this.#body = of.body
    this.timestamp = of.timestamp
    this.id = of.id
    this.expiresAt = of.expiresAt
  }

  /** The bytes that were signed. */
  get body(): Uint8Array {
    return this.#body
  }
}

/**
 * A body whose signature was verified. Only {@link verify} makes one.
 *
 * **Example** (What may be stored as it came)
 *
 * ```ts
 * import type { Verified } from "@effect-workos/server/Webhook"
 *
 * const rowOf = ({ body, id }: Verified) => ({ id, body })
 * ```
 */
export type Verified = VerifiedDelivery

/**
 * Verifies the signature of a webhook, over its raw body. With {@link toEvent} it is what the official SDK calls
 * `webhooks.constructEvent`, and by itself its `verifyHeader`; `secrets` are its `secret`, `signature` its `sigHeader`.
 *
 * **Details**
 *
 * Fails with `MissingSignature`, `DoubledSignature`, `TruncatedSignature` or `MalformedSignature` where the header is no
 * good, with `BodyTooLarge`, with `StaleSignature` or `FutureSignature` where its time is more than the tolerance from
 * now, and with `WrongSignature` where no secret has made it, which is also what a changed body leads to. Comparing takes
 * the same time whatever is wrong, and all secrets are tried.
 *
 * An empty secret is a defect. So are a `tolerance` that is nothing or has no end, and a `maxBytes` that is no whole number
 * from 1 on.
 *
 * **Gotchas**
 *
 * Give it the bytes as they came, or the text that they are in UTF-8. A body that was parsed and printed again is another
 * one.
 *
 * **Example** (Verifying what some server has received)
 *
 * ```ts
 * import * as Webhook from "@effect-workos/server/Webhook"
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 *
 * const secrets = Redacted.make("whsec_…")
 *
 * const eventOf = Effect.fn("eventOf")(function* (request: Request) {
 *   const body = yield* Effect.promise(() => request.bytes())
 *   const signature = request.headers.get("workos-signature") ?? undefined
 *   return yield* Webhook.toEvent(yield* Webhook.verify({ body, signature, secrets }))
 * })
 * ```
 *
 * @see https://workos.com/docs/events/data-syncing/webhooks
 */
export const verify = (delivery: Delivery & Trust): Effect.Effect<Verified, WebhookError.SignatureError> =>
  Effect.flatMap(readSignature(delivery), ({ timestamp, v1 }): Effect.Effect<Verified, WebhookError.SignatureError> => {
    const { maxBytes = defaultMaxBytes, secrets } = delivery
    if (!Number.isSafeInteger(maxBytes) || maxBytes < 1) return Effect.die(new Error(unbounded))
    // A text has no fewer bytes than characters.
    if (delivery.body.length > maxBytes) return Effect.fail(tooLarge(maxBytes))
    const body = typeof delivery.body === "string" ? new TextEncoder().encode(delivery.body) : delivery.body
    if (body.length > maxBytes) return Effect.fail(tooLarge(maxBytes))
    const expiresAt = timestamp + Duration.toMillis(toleranceOf(delivery)) + margin
    return Effect.flatMap(
      WebhookSignature.isSignedBy(Redacted.isRedacted(secrets) ? [secrets] : secrets, { body, timestamp, v1 }),
      (isSigned) =>
        isSigned ? Effect.succeed(new VerifiedDelivery({ body, timestamp, id: v1, expiresAt })) : Effect.fail(wrong())
    )
  })

/**
 * What the header says, where it is one that WorkOS may have written just now; nothing is verified yet. It needs no body:
 * whoever has the header first need not read a body that will be refused.
 *
 * **Details**
 *
 * Fails with `MissingSignature`, `DoubledSignature`, `TruncatedSignature`, `MalformedSignature`, `StaleSignature` or
 * `FutureSignature`, as {@link verify} does.
 *
 * **Example** (Refusing what is too old before its body is read)
 *
 * ```ts
 * import * as Webhook from "@effect-workos/server/Webhook"
 * import * as Effect from "effect/Effect"
 *
 * const isInTime = (signature: string | undefined) =>
 *   Webhook.readSignature({ signature }).pipe(
 *     Effect.as(true),
 *     Effect.catchTag(["StaleSignature", "FutureSignature", "MissingSignature"], () => Effect.succeed(false))
 *   )
 * ```
 */
export const readSignature = (
  delivery: Pick<Delivery, "signature"> & Pick<Trust, "tolerance">
): Effect.Effect<WebhookSignature.WebhookSignature, WebhookError.SignatureError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const tolerance = toleranceOf(delivery)
    const limit = Duration.toMillis(tolerance)
    if (!Number.isFinite(limit) || limit <= 0) return Effect.die(new Error(endless))
    const parsed = parse(delivery.signature)
    if (Result.isFailure(parsed)) return Effect.fail(parsed.failure)
    const { timestamp } = parsed.success
    if (now - timestamp > limit) return Effect.fail(stale(now - timestamp, tolerance))
    if (timestamp - now > limit) return Effect.fail(future(timestamp - now, tolerance))
    return Effect.succeed(parsed.success)
  })

const toleranceOf = ({ tolerance = defaultTolerance }: Pick<Trust, "tolerance">) => Duration.fromInputUnsafe(tolerance)

const unbounded = "maxBytes has to be a whole number from 1 on: with another a body would have no bound."

const endless = "The tolerance has to be more than nothing, and to have an end: a signature would be good for ever."

/**
 * The event in a verified body: what `constructEvent` of the official SDK gives, typed. Events of types that this library does not know are events too. Fails with `InvalidEvent`
 * where the body is none.
 *
 * @see https://workos.com/docs/events
 */
export const toEvent = ({ body }: Verified): Effect.Effect<Event, WebhookError.InvalidEvent> =>
  Effect.suspend(() => {
    let json: unknown
    try {
      json = JSON.parse(utf8.decode(body))
    } catch {
      return Effect.fail(invalid("", "The webhook is signed rightly, but its body is not JSON."))
    }
    return Effect.mapError(decodeEvent(json), (error) => {
      const path = issuesOf(error)[0]?.path ?? ""
      const place = path === "" ? "" : ` at ${path}`
      return invalid(path, `The webhook is signed rightly, but its body differs${place} from the events of WorkOS.`)
    })
  })

/**
 * Receives a webhook: verifies it, refuses it where it was received before, and gives its event to a handler. What the
 * official SDK's `constructEvent` does, and the replays besides.
 *
 * **Details**
 *
 * Fails as {@link verify} and {@link toEvent} do, with `Replayed` where the same delivery was handled or is being handled,
 * with `ReplayWindowError` where the memory of deliveries could not be asked, and as the handler does. Those of
 * {@link verify} are told from the others by `WebhookError.isSignatureError`. After a handler
 * that failed the same delivery is accepted again.
 *
 * Until the delivery is claimed this can be interrupted, and the handler cannot: what it does is not left half done where
 * a sender goes away. An `Effect.timeout` within it works as ever.
 *
 * **Gotchas**
 *
 * WorkOS delivers an event again, with a new signature, where it did not see the answer to the first. That is no replay,
 * and what a handler does for an event should be done once for each `event.id`.
 *
 * **Example** (An event, in whichever server)
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
  delivery: Delivery & Trust & { readonly replayWindow: ReplayWindow.ReplayWindow["Service"] },
  handler: (event: Event) => Effect.Effect<A, E, R>
): Effect.Effect<A, E | WebhookError.WebhookError, R> =>
  Effect.flatMap(verify(delivery), (verified) =>
    ReplayWindow.once(delivery.replayWindow, verified, Effect.flatMap(toEvent(verified), handler))
  )

/**
 * The error of a body of more bytes than are read.
 *
 * **Example** (For a body that says itself how long it is)
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

// A delivery is claimed a while after it was found to be in time, and must be remembered then.
const margin = 60_000

const utf8 = new TextDecoder("utf-8", { fatal: true })

const decodeEvent = Schema.decodeUnknownEffect(Event)

const parse = (
  signature: Delivery["signature"]
): Result.Result<WebhookSignature.WebhookSignature, WebhookError.SignatureError> =>
  Result.mapError(
    WebhookSignature.parse(signature === undefined || typeof signature === "string" ? signature : signature.join(", ")),
    (fault) => refused[fault]()
  )

const header = `The ${WebhookSignature.headerName} header`

const refused: Readonly<Record<WebhookSignature.ParseFailure, () => WebhookError.SignatureError>> = {
  Missing: () => new WebhookError.MissingSignature({ message: `${header} is missing.` }),
  Duplicate: () => new WebhookError.DoubledSignature({ message: `${header} holds more than one signature.` }),
  Truncated: () => new WebhookError.TruncatedSignature({ message: `${header} ends before the signature does.` }),
  Malformed: () =>
    new WebhookError.MalformedSignature({ message: `${header} is not of the form t=<milliseconds>, v1=<signature>.` })
}

const stale = (millis: number, tolerance: Duration.Duration) =>
  new WebhookError.StaleSignature({
    message: `The webhook was signed longer ago than ${Duration.format(tolerance)}.`,
    age: Duration.millis(millis),
    tolerance
  })

const future = (millis: number, tolerance: Duration.Duration) =>
  new WebhookError.FutureSignature({
    message: `The webhook says to be signed more than ${Duration.format(tolerance)} from now.`,
    ahead: Duration.millis(millis),
    tolerance
  })

const wrong = () =>
  new WebhookError.WrongSignature({
    message: "The signature is none of this body by the endpoint's secret: one of the three is another."
  })

const invalid = (path: string, message: string) => new WebhookError.InvalidEvent({ message, path })
