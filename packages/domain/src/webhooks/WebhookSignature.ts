/**
 * Signatures of webhooks: `workos-signature: t=<milliseconds>, v1=<hex>`.
 *
 * WorkOS signs the timestamp and the raw body with the secret of the endpoint. This module parses and prints the header,
 * and computes and verifies signatures. `@effect-workos/server/Webhook` verifies requests.
 *
 * @module
 */
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
 * The contents of the header.
 *
 * @see https://workos.com/docs/events/data-syncing/webhooks
 */
export interface WebhookSignature {
  /** The time of signing, in milliseconds since 1970. */
  readonly timestamp: number
  /** The HMAC-SHA256 of the timestamp, a full stop and the raw body, as 64 lower-case hexadecimal digits. */
  readonly v1: string
}

/**
 * The reason why a header is invalid.
 *
 * - `Missing`: the header is absent or empty.
 * - `Duplicate`: the header contains two signatures. Servers join two headers of one name with a comma.
 * - `Truncated`: the header ends within the signature.
 * - `Malformed`: the header does not have WorkOS's format.
 */
export type ParseFailure = "Missing" | "Duplicate" | "Truncated" | "Malformed"

// The timestamp has at most fifteen digits, because longer numbers are rounded. Fields with other names than `t` and `v1`
// are signatures of other schemes.
const completePattern = /^t=(0|[1-9]\d{0,14}), *v1=([0-9a-f]{64})(?:, *(?!(?:t|v1)=)[A-Za-z]\w*=[^,]*)*$/

const truncatedPattern = /^(?:|t|t=|t=\d{1,15}(?:, *(?:|v|v1|v1=[0-9a-f]{0,63}))?)$/

const incompleteTail = /^(.*), *(?:[A-Za-z]\w*)?$/

/**
 * Parses a header strictly: one timestamp and one signature, in this order. Signatures of other schemes after them, for
 * example `v2=…`, are ignored.
 *
 * **Example** (Parsing a header)
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
  const [, timestamp, v1] = completePattern.exec(header) ?? []
  if (timestamp !== undefined && v1 !== undefined) return Result.succeed({ timestamp: Number(timestamp), v1 })
  if (truncatedPattern.test(header) || completePattern.test(incompleteTail.exec(header)?.[1] ?? ""))
    return Result.fail("Truncated")
  return Result.fail(isDuplicate(header) ? "Duplicate" : "Malformed")
}

const isDuplicate = (header: string): boolean => {
  const names = header.split(",").map((part) => part.trim().split("=", 1)[0])
  return ["t", "v1"].some((name) => names.indexOf(name) !== names.lastIndexOf(name))
}

/**
 * Prints a header in WorkOS's format, for example `t=1771332600000, v1=5f…`.
 */
export const print = ({ timestamp, v1 }: WebhookSignature): string => `t=${timestamp}, v1=${v1}`

/**
 * A body to sign, and the time of signing.
 */
export interface Message {
  /** The raw body. A string is encoded as UTF-8. */
  readonly body: Uint8Array | string
  /** An integer number of milliseconds since 1970. */
  readonly timestamp: number
}

/**
 * Signs a body and returns the value of the header. Use in emulators and tests that send webhooks in place of WorkOS.
 *
 * **Gotchas**
 *
 * An empty secret is a defect, because anyone can sign with it.
 *
 * **Example** (Signing the request of a test)
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
 * Tests whether a signature is valid for a body and a timestamp with one of several secrets.
 *
 * **Details**
 *
 * The function tries all secrets, and the platform compares signatures in constant time. So the duration reveals neither
 * which secret matches nor the valid signature. The function does not check the age of the timestamp.
 *
 * **Example** (Accepting a new and an old secret)
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

// Importing a key takes as long as signing with it, so keys are cached for as long as their secrets exist.
const keys = new WeakMap<Redacted.Redacted, { readonly subtle: SubtleCrypto; readonly key: Promise<CryptoKey> }>()

const keyOf = (subtle: SubtleCrypto, secret: Redacted.Redacted): Promise<CryptoKey> => {
  const cached = keys.get(secret)
  if (cached?.subtle === subtle) return cached.key
  const bytes = encoder.encode(Redacted.value(secret))
  if (bytes.length === 0)
    return Promise.reject(new Error("The secret of a webhook is empty, so anyone could sign with it."))
  const key = subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"])
  keys.set(secret, { subtle, key })
  return key
}

const withKey = <A>(
  secret: Redacted.Redacted,
  use: (subtle: SubtleCrypto, key: CryptoKey) => Promise<A>
): Effect.Effect<A> =>
  Effect.flatMap(WebCrypto, ({ subtle }) => Effect.promise(async () => use(subtle, await keyOf(subtle, secret))))
