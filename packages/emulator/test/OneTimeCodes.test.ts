// One-time codes: a model of their rules, over arbitrary sequences of attempts.
import { assert, describe, it } from "@effect/vitest"
import { runs } from "@effect-workos/testing/Sample"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as OneTimeCodes from "../src/internal/OneTimeCodes.ts"
import * as Secrets from "../src/internal/Secrets.ts"

const start = DateTime.makeUnsafe(0)

const issue = (store: { readonly secrets: Secrets.Secrets }, id: string, code: string) =>
  OneTimeCodes.issue(store, {
    kind: "magic_auth",
    id,
    code,
    recipient: "ada@acme.example",
    createdAt: start,
    expiresAt: DateTime.addDuration(start, OneTimeCodes.lifetime)
  })

const Attempts = Schema.Array(
  Schema.Struct({
    isRight: Schema.Boolean,
    seconds: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 90 }))
  })
).check(Schema.isMaxLength(20))

describe("one-time codes", () => {
  it.effect.prop(
    "A code is valid once, for ten minutes, and until five wrong codes were entered",
    [Attempts],
    ([attempts]) =>
      Effect.sync(() => {
        const store = { secrets: Secrets.make() }
        issue(store, "magic_auth_1", "123456")
        let now = start
        let wrong = 0
        let isUsed = false
        for (const { isRight, seconds } of attempts) {
          now = DateTime.add(now, { seconds })
          const isExpired = DateTime.toEpochMillis(now) >= 600_000
          const expected = isUsed
            ? "used"
            : isExpired
              ? "expired"
              : wrong >= 5
                ? "tooManyAttempts"
                : isRight
                  ? "valid"
                  : "wrong"
          const code = isRight ? "123456" : "654321"
          assert.strictEqual(OneTimeCodes.consume(store, now, "magic_auth_1", code), expected)
          if (expected === "wrong") wrong += 1
          if (expected === "valid") isUsed = true
        }
      }),
    { arbitrary: { runs: runs(1000, 100) } }
  )

  it("Each of several codes of a recipient can be used, and wrong codes count for the newest one", () => {
    const store = { secrets: Secrets.make() }
    issue(store, "magic_auth_1", "111111")
    issue(store, "magic_auth_2", "222222")
    const use = (code: string, recipient = "ADA@acme.example") =>
      OneTimeCodes.consumeOf(store, start, "magic_auth", recipient, code)
    assert.deepStrictEqual(use("111111", "grace@acme.example"), { outcome: undefined })
    assert.deepStrictEqual(use("111111"), { id: "magic_auth_1", outcome: "valid" })
    assert.deepStrictEqual(use("111111"), { id: "magic_auth_1", outcome: "used" })
    for (let i = 0; i < 5; i++) assert.deepStrictEqual(use("333333"), { id: "magic_auth_2", outcome: "wrong" })
    assert.deepStrictEqual(use("333333"), { id: "magic_auth_2", outcome: "tooManyAttempts" })
    assert.deepStrictEqual(use("222222"), { id: "magic_auth_2", outcome: "tooManyAttempts" })
  })

  it("Revoked codes and codes of unknown records cannot be used", () => {
    const store = { secrets: Secrets.make() }
    issue(store, "magic_auth_1", "111111")
    OneTimeCodes.revoke(store, "magic_auth", "ada@acme.example")
    assert.strictEqual(OneTimeCodes.consume(store, start, "magic_auth_1", "111111"), "used")
    assert.isUndefined(OneTimeCodes.consume(store, start, "magic_auth_2", "111111"))
  })
})
