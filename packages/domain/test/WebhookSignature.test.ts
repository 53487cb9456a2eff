// Signatures of webhooks: parsing, printing and signing.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { createHmac } from "node:crypto"
import * as WebhookSignature from "../src/webhooks/WebhookSignature.ts"

const Signature = Schema.Struct({
  timestamp: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 999_999_999_999_999 })),
  v1: Schema.String.check(Schema.isPattern(/^[0-9a-f]{64}$/))
})

const header = `t=1768478400000, v1=${"0f".repeat(32)}`

const faults = (text: string | undefined) =>
  Result.match(WebhookSignature.parse(text), { onFailure: (fault) => fault, onSuccess: () => "none" })

describe("WebhookSignature", () => {
  it.prop("WebhookSignature parses a printed header to the same signature", [Signature], ([signature]) => {
    assert.deepStrictEqual(WebhookSignature.parse(WebhookSignature.print(signature)), Result.succeed(signature))
  })

  it.each(["", " ", "  ", "     "])("WebhookSignature accepts %j after the comma", (blanks) => {
    assert.strictEqual(faults(header.replace(" ", blanks)), "none")
  })

  it("WebhookSignature ignores signatures of other schemes after the signature", () => {
    const more = `${header}, v2=${"a0".repeat(48)},v3=YWJj/+==,  v10=`
    assert.deepStrictEqual(WebhookSignature.parse(more), WebhookSignature.parse(header))
    for (let length = header.length; length < more.length; length++) {
      assert.include(["none", "Truncated"], faults(more.slice(0, length)), more.slice(0, length))
    }
  })

  it("WebhookSignature reports a missing or empty header as Missing", () => {
    assert.strictEqual(faults(undefined), "Missing")
    assert.strictEqual(faults(""), "Missing")
  })

  it("WebhookSignature reports a header that is cut anywhere as Truncated", () => {
    for (let length = 1; length < header.length; length++) {
      assert.strictEqual(faults(header.slice(0, length)), "Truncated", header.slice(0, length))
    }
  })

  it("WebhookSignature reports two signatures as Duplicate, equal or not", () => {
    const other = header.replace("0f", "f0")
    for (const both of [
      `${header}, ${header}`,
      `${header},${other}`,
      `${header}, v1=${"0f".repeat(32)}`,
      `${header}, v2=00, v1=${"0f".repeat(32)}`,
      `${header}, v2=00, t=1768478400000`,
      `t=1, ${header}`
    ]) {
      assert.strictEqual(faults(both), "Duplicate", both)
    }
  })

  it.each([
    ["in another order", `v1=${"0f".repeat(32)}, t=1768478400000`],
    ["with a fraction", header.replace("t=1768478400000", "t=1768478400.5")],
    ["with a sign", header.replace("t=", "t=-")],
    ["with a leading zero", header.replace("t=", "t=0")],
    ["with more digits than a number can represent exactly", header.replace("t=", "t=1000")],
    ["in capital letters", header.toUpperCase()],
    ["with capital digits", header.replace("0f", "0F")],
    ["with one digit too many", `${header}0`],
    ["with another scheme only", header.replace("v1", "v2")],
    ["with another scheme before the signature", header.replace(", ", ", v2=00, ")],
    ["with a value without a name", `${header}, =00`],
    ["with a leading space", ` ${header}`],
    ["of another authentication scheme", "Bearer 0f0f"]
  ])("WebhookSignature reports a header %s as Malformed", (_, text) => {
    assert.strictEqual(faults(text), "Malformed")
  })

  it.effect.prop(
    "WebhookSignature.sign returns the HMAC-SHA256 of the timestamp, a full stop and the body",
    [Schema.NonEmptyString, Schema.String],
    ([secret, body]) =>
      Effect.gen(function* () {
        const signature = yield* WebhookSignature.sign({ secret: Redacted.make(secret), body, timestamp: 17 })
        const expected = createHmac("sha256", secret).update(`17.${body}`).digest("hex")
        assert.strictEqual(signature, `t=17, v1=${expected}`)
      })
  )

  it.effect("WebhookSignature.sign signs a string like its bytes in UTF-8", () =>
    Effect.gen(function* () {
      const secret = Redacted.make("s")
      const body = `{"name":"日本"}`
      const ofText = yield* WebhookSignature.sign({ secret, body, timestamp: 0 })
      assert.strictEqual(
        yield* WebhookSignature.sign({ secret, body: new TextEncoder().encode(body), timestamp: 0 }),
        ofText
      )
    })
  )

  it.effect("WebhookSignature.sign rejects an empty secret", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(WebhookSignature.sign({ secret: Redacted.make(""), body: "{}", timestamp: 0 }))
      assert.include(String(exit), "anyone could sign")
    })
  )
})
