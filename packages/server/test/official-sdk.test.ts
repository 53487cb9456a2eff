// The official SDK for Node, unmodified: signatures in both directions, and events.
import { Event, isTyped } from "@effect-workos/domain/events/Event"
import * as WebhookSignature from "@effect-workos/domain/webhooks/WebhookSignature"
import { assert, describe, it } from "@effect/vitest"
import { WorkOS } from "@workos-inc/node"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Webhook from "../src/Webhook.ts"
import { bytes, eventText, Secret, secret, signed, Text } from "./deliveries.ts"

const { webhooks } = new WorkOS("sk_test_sdk")

// The SDK uses the clock of the machine, so the tolerance covers any time.
const tolerance = Infinity

const Time = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4_000_000_000_000 }))

/** A header as the SDK's own tests write it. */
const signedBySdk = (text: string, by: Redacted.Redacted, timestamp: number) =>
  Effect.map(
    Effect.promise(() => webhooks.computeSignature(timestamp, text, Redacted.value(by))),
    (v1) => ({ body: bytes(text), signature: `t=${timestamp}, v1=${v1}` })
  )

const acceptedBySdk = (
  { body, signature }: { readonly body: Uint8Array; readonly signature: string },
  by: Redacted.Redacted
) =>
  Effect.promise(() =>
    webhooks.verifyHeader({ payload: body, sigHeader: signature, secret: Redacted.value(by), tolerance })
  )

describe("@workos-inc/node", () => {
  it.effect.prop(
    "Webhook.verify accepts signatures of the official SDK",
    [Text, Secret, Time],
    ([text, by, timestamp]) =>
      Effect.gen(function* () {
        const delivery = yield* signedBySdk(text, by, timestamp)
        const { body } = yield* Webhook.verify({ ...delivery, secrets: by, tolerance: timestamp + 1 })
        assert.deepStrictEqual(body, bytes(text))
      })
  )

  it.effect.prop(
    "The official SDK accepts signatures of WebhookSignature.sign",
    [Text, Secret, Time],
    ([text, by, timestamp]) =>
      Effect.gen(function* () {
        assert.isTrue(yield* acceptedBySdk(yield* signed(text, { by, timestamp }), by))
      })
  )

  it.effect.prop(
    "The official SDK makes the same signature as WebhookSignature.sign",
    [Text, Secret, Time],
    ([text, by, timestamp]) =>
      Effect.gen(function* () {
        const ours = yield* signed(text, { by, timestamp })
        assert.deepStrictEqual(ours, yield* signedBySdk(text, by, timestamp))
      })
  )

  it.effect.prop("The official SDK parses the header of WebhookSignature.sign", [Time], ([timestamp]) =>
    Effect.gen(function* () {
      const { signature } = yield* signed("{}", { timestamp })
      const { v1 } = Result.getOrThrow(WebhookSignature.parse(signature))
      assert.deepStrictEqual(webhooks.getTimestampAndSignatureHash(signature), [String(timestamp), v1])
    })
  )

  it.effect.prop("The official SDK decodes the same event as Webhook.decodeEvent", [Event], ([event]) =>
    Effect.gen(function* () {
      const text = JSON.stringify(yield* Schema.encodeEffect(Event)(event))
      const delivery = yield* signed(text)
      const ours = yield* Effect.flatMap(Webhook.verify({ ...delivery, secrets: secret }), Webhook.decodeEvent)
      // Compared as JSON, which has no -0. `decodeEvent` removes keys called `__proto__`.
      const expected: unknown = JSON.parse(text, (key, value: unknown) => (key === "__proto__" ? undefined : value))
      assert.strictEqual(JSON.stringify(yield* Schema.encodeEffect(Event)(ours)), JSON.stringify(expected))
      const theirs = yield* Effect.promise(() =>
        webhooks.constructEvent({
          payload: delivery.body,
          sigHeader: delivery.signature,
          secret: Redacted.value(secret),
          tolerance
        })
      )
      // The SDK returns `undefined` for unknown types.
      if (isTyped(ours)) assert.deepStrictEqual([theirs.id, theirs.event], [ours.id, ours.event])
    })
  )

  it.effect("The official SDK and Webhook.verify reject a signature by another secret", () =>
    Effect.gen(function* () {
      const delivery = yield* signed(eventText(), { by: Redacted.make("another") })
      const theirs = yield* Effect.exit(acceptedBySdk(delivery, secret))
      assert.include(String(theirs), "Signature hash does not match")
      const ours = yield* Effect.flip(Webhook.verify({ ...delivery, secrets: secret }))
      assert.strictEqual(ours._tag, "WrongSignature")
    })
  )
})
