// Signed webhooks, and arbitraries of unusual texts.
import * as WebhookSignature from "@effect-workos/domain/webhooks/WebhookSignature"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

export const secret = Redacted.make("whsec_0123456789abcdef")

/** Texts with characters that are difficult for encodings, headers and signatures. */
export const Text = Arbitrary.map(
  Arbitrary.schema(
    Schema.Array(Schema.Literals(["a", "Z", "7", " ", ".", ",", "=", "\n", "\0", "é", "日", "𝄞", "\ud800"]))
  ),
  (characters) => characters.join("")
)

/** Secrets that do not end with NUL, because HMAC ignores NUL characters at the end of a key. */
export const Secret = Arbitrary.map(Text, (text) => Redacted.make(`s${text}e`))

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** An event, in the form in which it is delivered. */
export const eventText = (id = "event_01H7ZGXFP5C6BBQY6Z7277ZCT0"): string =>
  JSON.stringify({
    id,
    event: "dsync.group.created",
    data: { name: "Développeurs" },
    created_at: "2026-01-15T12:00:00.000Z"
  })

/** A body with its signature. The timestamp defaults to 0. */
export const signed = (
  text: string,
  { by = secret, timestamp = 0 }: { readonly by?: Redacted.Redacted; readonly timestamp?: number } = {}
): Effect.Effect<{ readonly body: Uint8Array; readonly signature: string }> =>
  Effect.map(WebhookSignature.sign({ secret: by, body: text, timestamp }), (signature) => ({
    body: bytes(text),
    signature
  }))
