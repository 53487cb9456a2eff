// The signature of a webhook: `workos-signature: t=<milliseconds>, v1=<hex>`.
//
// WorkOS signs the time and the raw body with the endpoint's secret. What is here is the header's form, and how the
// signature is computed; whoever receives webhooks finds the rest in `@effect-workos/server/Webhook`.
import * as Effect from "effect/Effect"
import * as Hex from "effect/encoding/Hex"
import { WebCrypto } from "effect/crypto/WebCrypto"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"

/**
 * The name of the header, in lower case.
 *
 * @see https://workos.com/docs/events/data-syncing/webhooks
 */
export const headerName = "workos-signature"

/**
 * What the header says.
 *
 * @see https://workos.com/docs/events/data-syncing/webhooks
 */
export interface WebhookSignature {
  /** When it was signed, in milliseconds since 1970. */
  readonly timestamp: number
  /** HMAC-SHA256 of the time, a full stop and the raw body: 64 hexadecimal digits in lower case. */
  readonly v1: string
}

/**
 * What is wrong with a header.
 *
 * - `Missing`: there is none, or it is empty.
 * - `Duplicate`: it holds two signatures. Two headers of one name come as one, with a comma between.
 * - `Truncated`: it ends before the signature does.
 * - `Malformed`: it is none that WorkOS writes.
 */
export type ParseFailure = "Missing" | "Duplicate" | "Truncated" | "Malformed"

// Fifteen digits are exact as a number, and written as they were read. What has another name is of another scheme.
const whole = /^t=(0|[1-9]\d{0,14}), *v1=([0-9a-f]{64})(?:, *(?!(?:t|v1)=)[A-Za-z]\w*=[^,]*)*$/

const begun = /^(?:|t|t=|t=\d{1,15}(?:, *(?:|v|v1|v1=[0-9a-f]{0,63}))?)$/

const begunAnother = /^(.*), *(?:[A-Za-z]\w*)?$/

/**
 * Reads a header, and is strict about it: one time and one signature, in this order. Behind them may stand signatures of
 * other schemes, `v2=…` for example, which are not looked at.
 *
 * **Example** (Reading a header)
 *
 * ```ts
 * import * as WebhookSignature from "@effect-workos/domain/webhooks/WebhookSignature"
 *
 * WebhookSignature.parse(`t=1768478400000, v1=${"0f".repeat(32)}`) // => succeeds with { timestamp: 1768478400000, … }
 * WebhookSignature.parse("t=1768478400000, v1=0f0f") // => fails with "Truncated"
 * WebhookSignature.parse(undefined) // => fails with "Missing"
 * ```
 *
 * @see https://workos.com/docs/events/data-syncing/webhooks
 */
export const parse = (header: string | undefined): Result.Result<WebhookSignature, ParseFailure> => {
  if (header === undefined || header === "") return Result.fail("Missing")
  const [, timestamp, v1] = whole.exec(header) ?? []
  if (timestamp !== undefined && v1 !== undefined) return Result.succeed({ timestamp: Number(timestamp), v1 })
  if (begun.test(header) || whole.test(begunAnother.exec(header)?.[1] ?? "")) return Result.fail("Truncated")
  return Result.fail(isDuplicate(header) ? "Duplicate" : "Malformed")
}

const isDuplicate = (header: string): boolean => {
  const names = header.split(",").map((part) => part.trim().split("=", 1)[0])
  return ["t", "v1"].some((name) => names.indexOf(name) !== names.lastIndexOf(name))
}

/**
 * Writes a header, as WorkOS does.
 *
 * **Example** (Whose fault it is)
 *
 * ```ts
 * import * as WebhookSignature from "@effect-workos/domain/webhooks/WebhookSignature"
 *
 * const sentence = (fault: WebhookSignature.ParseFailure): string =>
 *   fault === "Truncated" ? "A proxy cuts headers." : `${WebhookSignature.headerName} is none of WorkOS's: ${fault}.`
 *
 * WebhookSignature.print({ timestamp: 1771332600000, v1: "5f…" }) // => "t=1771332600000, v1=5f…"
 * ```
 */
export const print = ({ timestamp, v1 }: WebhookSignature): string => `t=${timestamp}, v1=${v1}`

/**
 * What is signed, and when.
 */
export interface Message {
  /** The raw body. A text stands for its UTF-8. */
  readonly body: Uint8Array | string
  /** In milliseconds since 1970, a whole number. */
  readonly timestamp: number
}

/**
 * Signs a body, and gives the header. Whoever stands in for WorkOS, an emulator or a test, sends it.
 *
 * **Gotchas**
 *
 * An empty secret is a defect: with one, anybody could sign.
 *
 * **Example** (Signing what a test sends)
 *
 * ```ts
 * import * as WebhookSignature from "@effect-workos/domain/webhooks/WebhookSignature"
 * import * as Clock from "effect/Clock"
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 *
 * const headers = Effect.gen(function* () {
 *   const timestamp = yield* Clock.currentTimeMillis
 *   const secret = Redacted.make("whsec_test")
 *   const signature = yield* WebhookSignature.sign({ secret, body: "{}", timestamp })
 *   return { [WebhookSignature.headerName]: signature }
 * })
 * ```
 *
 * @see https://workos.com/docs/events/data-syncing/webhooks
 */
export const sign = (options: Message & { readonly secret: Redacted.Redacted }): Effect.Effect<string> =>
  Effect.map(
    withKey(options.secret, (subtle, key) => subtle.sign("HMAC", key, signedBytes(options))),
    (mac) => print({ timestamp: options.timestamp, v1: Hex.encode(new Uint8Array(mac)) })
  )

/**
 * Whether a signature is one of a body and a time by one of several secrets.
 *
 * **Details**
 *
 * All secrets are tried, whichever is the right one, and signatures are compared by the platform, in constant time: how
 * long it takes tells nothing of secrets, nor of the signature that would have been right. How old the signature may be
 * is not looked at here.
 *
 * **Example** (With the new secret or the old one)
 *
 * ```ts
 * import * as WebhookSignature from "@effect-workos/domain/webhooks/WebhookSignature"
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 *
 * const secrets = [Redacted.make("whsec_new"), Redacted.make("whsec_old")]
 *
 * const isSigned = (message: WebhookSignature.Message, { v1 }: WebhookSignature.WebhookSignature) =>
 *   WebhookSignature.isSignedBy(secrets, { ...message, v1 })
 * ```
 *
 * @see https://workos.com/docs/events/data-syncing/webhooks
 */
export const isSignedBy = (
  secrets: ReadonlyArray<Redacted.Redacted>,
  { v1, ...message }: Message & Pick<WebhookSignature, "v1">
): Effect.Effect<boolean> => {
  const mac = Result.getOrElse(Hex.decode(v1), () => new Uint8Array())
  const signed = signedBytes(message)
  const isBy = (secret: Redacted.Redacted) =>
    withKey(secret, (subtle, key) => subtle.verify("HMAC", key, new Uint8Array(mac), signed))
  return Effect.map(Effect.forEach(secrets, isBy), (matches) => matches.includes(true))
}

// -----------------------------------------------------------------------------
// HMAC
// -----------------------------------------------------------------------------

const encoder = new TextEncoder()

const signedBytes = ({ body, timestamp }: Message): Uint8Array<ArrayBuffer> => {
  const head = encoder.encode(`${timestamp}.`)
  const tail = typeof body === "string" ? encoder.encode(body) : body
  const bytes = new Uint8Array(head.length + tail.length)
  bytes.set(head)
  bytes.set(tail, head.length)
  return bytes
}

// Importing a key takes as long as signing with it: one that is used again is imported once. Whoever forgets the secret
// forgets the key.
const keys = new WeakMap<Redacted.Redacted, { readonly subtle: SubtleCrypto; readonly key: Promise<CryptoKey> }>()

const keyOf = (subtle: SubtleCrypto, secret: Redacted.Redacted): Promise<CryptoKey> => {
  const kept = keys.get(secret)
  if (kept?.subtle === subtle) return kept.key
  const bytes = encoder.encode(Redacted.value(secret))
  if (bytes.length === 0) return Promise.reject(new Error("A webhook's secret is empty: anybody could sign with it."))
  const key = subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"])
  keys.set(secret, { subtle, key })
  return key
}

const withKey = <A>(
  secret: Redacted.Redacted,
  use: (subtle: SubtleCrypto, key: CryptoKey) => Promise<A>
): Effect.Effect<A> =>
  Effect.flatMap(WebCrypto, ({ subtle }) => Effect.promise(async () => use(subtle, await keyOf(subtle, secret))))
