// Verification and decoding of webhooks.
import { assert, describe, it } from "@effect/vitest"
import * as WebhookSignature from "@effect-workos/domain/webhooks/WebhookSignature"
import * as Duration from "effect/Duration"
import { isTyped } from "@effect-workos/domain/events/Event"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import * as Webhook from "../src/Webhook.ts"
import { isSignatureError, type WebhookError } from "../src/WebhookError.ts"
import { bytes, eventText, Secret, secret, signed, Text } from "./deliveries.ts"

const verify = (delivery: Webhook.WebhookRequest, trust: Partial<Webhook.VerifyOptions> = {}) =>
  Webhook.verify({ ...delivery, secrets: secret, ...trust })

/** The tag of the error, or "none". */
const refusal = (effect: Effect.Effect<unknown, WebhookError>) =>
  Effect.match(effect, { onFailure: ({ _tag }) => _tag, onSuccess: () => "none" as const })

const Place = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 0.999 }))
const Bit = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 7 }))

describe("Webhook.verify", () => {
  it.effect.prop("Webhook.verify accepts a webhook with a valid signature", [Text, Secret], ([text, secrets]) =>
    Effect.gen(function* () {
      const verified = yield* verify(yield* signed(text, { by: secrets }), { secrets })
      assert.deepStrictEqual(verified.body, bytes(text))
      assert.strictEqual(verified.timestamp, 0)
    })
  )

  it.effect.prop("Webhook.verify rejects a body with one bit changed", [Text, Place, Bit], ([text, place, bit]) =>
    Effect.gen(function* () {
      const { body, signature } = yield* signed(`{${text}`)
      const changed = body.slice()
      const at = Math.floor(place * changed.length)
      changed[at] = (changed[at] ?? 0) ^ (1 << bit)
      assert.strictEqual(yield* refusal(verify({ body: changed, signature })), "WrongSignature")
    })
  )

  it.effect.prop("Webhook.verify rejects a body with a byte added or removed", [Text, Place], ([text, place]) =>
    Effect.gen(function* () {
      const { body, signature } = yield* signed(`{${text}`)
      const at = Math.floor(place * body.length)
      const longer = Uint8Array.from([...body.slice(0, at), 32, ...body.slice(at)])
      const shorter = Uint8Array.from([...body.slice(0, at), ...body.slice(at + 1)])
      for (const changed of [longer, shorter]) {
        assert.strictEqual(yield* refusal(verify({ body: changed, signature })), "WrongSignature")
      }
    })
  )

  it.effect("Webhook.verify rejects a header with any character changed", () =>
    Effect.gen(function* () {
      const { body, signature } = yield* signed("{}", { timestamp: 100_000 })
      for (let at = 0; at < signature.length; at++) {
        for (const character of ["0", "1", "f", "x", " ", ",", "=", "T"]) {
          const changed = signature.slice(0, at) + character + signature.slice(at + 1)
          if (changed !== signature) assert.notStrictEqual(yield* refusal(verify({ body, signature: changed })), "none")
        }
      }
    })
  )

  it.effect.prop("Webhook.verify rejects a signature by another secret", [Secret, Secret], ([by, secrets]) =>
    Effect.gen(function* () {
      const isSame = Redacted.value(by).toWellFormed() === Redacted.value(secrets).toWellFormed()
      const expected = isSame ? "none" : "WrongSignature"
      assert.strictEqual(yield* refusal(verify(yield* signed("{}", { by }), { secrets })), expected)
    })
  )

  it.effect("Webhook.verify rejects a signature by a secret with one character changed", () =>
    Effect.gen(function* () {
      const delivery = yield* signed("{}")
      const text = Redacted.value(secret)
      for (let at = 0; at < text.length; at++) {
        const secrets = Redacted.make(`${text.slice(0, at)}~${text.slice(at + 1)}`)
        assert.strictEqual(yield* refusal(verify(delivery, { secrets })), "WrongSignature")
      }
    })
  )

  it.effect.prop(
    "Webhook.verify accepts a signature by any of several secrets",
    [Schema.Array(Schema.String), Place],
    ([others, place]) =>
      Effect.gen(function* () {
        const wrong = others.map((text) => Redacted.make(`other ${text}`))
        const at = Math.floor(place * (wrong.length + 1))
        const delivery = yield* signed("{}")
        const [first = secret, ...rest] = [...wrong.slice(0, at), secret, ...wrong.slice(at)]
        assert.strictEqual(yield* refusal(verify(delivery, { secrets: [first, ...rest] })), "none")
        const [other, ...more] = wrong
        if (other !== undefined) {
          assert.strictEqual(yield* refusal(verify(delivery, { secrets: [other, ...more] })), "WrongSignature")
        }
      })
  )

  const now = Date.UTC(2026, 0, 15)

  it.effect.each([
    { away: -180_001, expected: "ExpiredSignature" },
    { away: -180_000, expected: "none" },
    { away: 0, expected: "none" },
    { away: 180_000, expected: "none" },
    { away: 180_001, expected: "FutureSignature" }
  ])("Webhook.verify verifies a signature $away ms from now with the result $expected", ({ away, expected }) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(now)
      assert.strictEqual(yield* refusal(verify(yield* signed("{}", { timestamp: now + away }))), expected)
    })
  )

  it.effect.prop(
    "Webhook.verify accepts a timestamp up to the tolerance",
    [Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 86_400_000 }))],
    ([tolerance]) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(now)
        const delivery = yield* signed("{}", { timestamp: now })
        yield* TestClock.adjust(tolerance)
        assert.strictEqual(yield* refusal(verify(delivery, { tolerance })), "none")
        yield* TestClock.adjust(1)
        assert.strictEqual(yield* refusal(verify(delivery, { tolerance })), "ExpiredSignature")
      })
  )

  it.effect("Webhook.verify reports the age of an expired signature", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(now)
      const delivery = yield* signed("{}", { timestamp: now - 600_000 })
      const age = yield* verify(delivery).pipe(
        Effect.as(Duration.zero),
        Effect.catchTag("ExpiredSignature", ({ age }) => Effect.succeed(age))
      )
      assert.strictEqual(Duration.toMinutes(age), 10)
    })
  )

  it.effect("Webhook.verify rejects each kind of invalid header with its own error", () =>
    Effect.gen(function* () {
      const { body, signature } = yield* signed("{}")
      const cases = {
        MissingSignature: [undefined, "", []],
        DuplicateSignature: [`${signature}, ${signature}`, [signature, signature]],
        TruncatedSignature: [signature.slice(0, -1), signature.slice(0, 3)],
        MalformedSignature: [`${signature}0`, signature.replace("v1", "v2")]
      }
      for (const [tag, headers] of Object.entries(cases)) {
        for (const header of headers) {
          assert.strictEqual(yield* refusal(verify({ body, signature: header })), tag, String(header))
        }
      }
    })
  )

  it.effect.prop("Webhook.verify accepts a body as text and limits its bytes", [Schema.String], ([text]) =>
    Effect.gen(function* () {
      const body = `{${text}`
      const delivery = { ...(yield* signed(body)), body }
      const { length } = bytes(body)
      assert.deepStrictEqual((yield* verify(delivery, { maxBytes: length })).body, bytes(body))
      assert.strictEqual(yield* refusal(verify({ ...delivery, body: `${body} ` })), "WrongSignature")
      if (length > 1) {
        assert.strictEqual(yield* refusal(verify(delivery, { maxBytes: length - 1 })), "BodyTooLarge")
      }
    })
  )

  it.effect("Webhook.verify fails with errors that isSignatureError recognizes, and no others", () =>
    Effect.gen(function* () {
      const { body, signature } = yield* signed("{}")
      const refused = [
        verify({ body, signature: undefined }),
        verify({ body, signature: [signature, signature] }),
        verify({ body, signature: "t=" }),
        verify({ body, signature: "none" }),
        verify({ body: "", signature }),
        verify({ body, signature }, { maxBytes: 1 }),
        Effect.andThen(TestClock.setTime(now), verify({ body, signature })),
        Effect.andThen(
          TestClock.setTime(0),
          Effect.flatMap(signed("", { timestamp: now }), (early) => verify(early))
        )
      ]
      const tags = new Set<string>()
      for (const each of refused) {
        const error = yield* Effect.flip(each)
        tags.add(error._tag)
        assert.isTrue(isSignatureError(error), error._tag)
      }
      assert.strictEqual(tags.size, refused.length)
      const notEvent = yield* Effect.flip(eventOf("{}"))
      for (const other of [notEvent, new Error("MissingSignature"), { _tag: "MissingSignature", message: "" }]) {
        assert.isFalse(isSignatureError(other))
      }
    })
  )

  it.effect("Webhook.verify rejects a body longer than maxBytes", () =>
    Effect.gen(function* () {
      const delivery = yield* signed("12345")
      assert.strictEqual(yield* refusal(verify(delivery, { maxBytes: 5 })), "none")
      assert.strictEqual(yield* refusal(verify(delivery, { maxBytes: 4 })), "BodyTooLarge")
    })
  )

  it.effect.each([
    { maxBytes: NaN },
    { maxBytes: Infinity },
    { maxBytes: 0 },
    { tolerance: "Infinity" },
    { tolerance: NaN },
    { tolerance: 0 },
    { tolerance: -1 }
  ] as const)("Webhook.verify dies with the invalid limit %o", (trust) =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(verify(yield* signed("{}"), trust))
      assert.isTrue(Exit.hasDies(exit))
    })
  )

  it.effect("Webhook.verify dies with an empty secret", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(verify(yield* signed("{}"), { secrets: Redacted.make("") }))
      assert.include(String(exit), "anyone could sign")
    })
  )

  it.effect("Webhook.verify keeps secret, expected signature and body out of errors", () =>
    Effect.gen(function* () {
      const { body, signature } = yield* signed(`{"confidential":true}`)
      const right = signature.slice(-64)
      const errors = [
        verify({ body, signature: undefined }),
        verify({ body, signature: signature.replace(right, "0".repeat(64)) }),
        verify({ body, signature: `${signature}, ${signature}` }),
        verify({ body, signature: signature.slice(0, -8) }),
        verify({ body, signature }, { maxBytes: 1 }),
        Effect.andThen(TestClock.adjust("1 hour"), verify({ body, signature }))
      ]
      for (const refused of errors) {
        const error = yield* Effect.flip(refused)
        const shown = `${error} ${JSON.stringify(error)} ${error.stack}`
        for (const hidden of [right.slice(0, 16), Redacted.value(secret), "confidential"]) {
          assert.notInclude(shown, hidden, error._tag)
        }
      }
    })
  )
})

const eventOf = (text: string) =>
  Effect.flatMap(
    Effect.flatMap(signed(text), (delivery) => verify(delivery)),
    Webhook.decodeEvent
  )

describe("Webhook.decodeEvent", () => {
  it.effect("Webhook.decodeEvent decodes an event of a known type", () =>
    Effect.gen(function* () {
      const { event, id } = yield* eventOf(eventText())
      assert.deepStrictEqual([event, id], ["dsync.group.created", "event_01H7ZGXFP5C6BBQY6Z7277ZCT0"])
    })
  )

  it.effect.each(["", "null", "[]", "{}", `{"object":"event"`, `"event"`, eventText().replace('"id"', '"key"')])(
    "Webhook.decodeEvent fails with InvalidEvent for %j",
    (text) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(eventOf(text))
        assert.strictEqual(error._tag, "InvalidEvent")
      })
  )

  it.effect.each(["__proto__", "\\u005f_proto__"])("Webhook.decodeEvent removes keys %s at every depth", (name) =>
    Effect.gen(function* () {
      const poisoned = eventText().replaceAll("{", `{"${name}":{"polluted":true},`)
      const { data, ...event } = yield* eventOf(poisoned)
      for (const object of [event, data]) {
        assert.isFalse(Object.hasOwn(Object(object), "__proto__"))
        assert.isFalse("polluted" in Object.assign({}, Object(object)))
      }
      assert.deepStrictEqual({ ...event, data }, yield* eventOf(eventText()))
      const invalid = yield* eventOf(poisoned.replace("dsync.group.created", "connection.deactivated"))
      assert.deepStrictEqual<unknown>(invalid.data, data)
      assert.isFalse(Object.hasOwn(Object(invalid.data), "__proto__"))
    })
  )

  it.effect("Webhook.decodeEvent decodes a webhook without a key object, whose id begins with wh_", () =>
    Effect.gen(function* () {
      const body = {
        id: "wh_07FKJ843CVE8F7BXQSPFH0M53V",
        event: "dsync.user.created",
        data: { id: "directory_user_1" }
      }
      const event = yield* eventOf(JSON.stringify(body))
      assert.deepStrictEqual<unknown>(event, { object: "event", ...body })
    })
  )

  it.effect(
    "Webhook.decodeEvent decodes an event without the documented shape as an unknown event with its issue",
    () =>
      Effect.gen(function* () {
        const body = { ...JSON.parse(eventText()), event: "connection.deactivated" }
        const event = yield* eventOf(JSON.stringify(body))
        assert.isFalse(isTyped(event))
        assert.deepStrictEqual<unknown>(event.data, body.data)
        assert.include(event, { event: "connection.deactivated", issue: "data.id: Missing key" })
        const withOtherId = yield* eventOf(eventText().replace(/event_\w+/, "b1946ac9-2d2f"))
        assert.deepStrictEqual<unknown>([withOtherId.id, withOtherId.event], ["b1946ac9-2d2f", "dsync.group.created"])
        const withoutTime = yield* eventOf(JSON.stringify({ ...body, created_at: "2026-02-30T00:00:00.000Z" }))
        assert.notProperty(withoutTime, "createdAt")
      })
  )

  it.effect("Webhook.decodeEvent fails with InvalidEvent if the bytes are not UTF-8", () =>
    Effect.gen(function* () {
      const body = Uint8Array.of(0x22, 0xff, 0x22)

      const signature = yield* WebhookSignature.sign({ secret, body, timestamp: 0 })
      const error = yield* Effect.flip(Effect.flatMap(verify({ body, signature }), Webhook.decodeEvent))
      assert.strictEqual(error._tag, "InvalidEvent")
    })
  )

  it.effect("Webhook.decodeEvent reports the path of the issue, but not the value", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(eventOf(eventText().replace(/"event_\w+"/, `["confidential"]`)))
      assert.strictEqual(error._tag, "InvalidEvent")
      assert.include(error.message, ": id: Expected ")
      assert.notInclude(`${error} ${JSON.stringify(error)}`, "confidential")
    })
  )
})
