// Round trips of values through JSON.
import { assert } from "@effect/vitest"
import { runs } from "@effect-workos/testing/Sample"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Schema from "effect/Schema"

/**
 * Options for properties of generated values.
 */
export const options = { arbitrary: { runs: runs(100, 25) } }

/**
 * Asserts that a value encodes to JSON that decodes to an equivalent value, which encodes to the same JSON.
 */
export const assertRoundTrip = <S extends Schema.Codec<unknown, unknown>>(schema: S, value: S["Type"]) =>
  Effect.gen(function* () {
    const wire = JSON.parse(JSON.stringify(yield* Schema.encodeEffect(schema)(value)))
    const decoded = yield* Schema.decodeUnknownEffect(schema)(wire)
    assert.isTrue(Schema.toEquivalence(schema)(decoded, value))
    assert.deepStrictEqual<unknown>(JSON.parse(JSON.stringify(yield* Schema.encodeEffect(schema)(decoded))), wire)
  })

/**
 * Asserts the same for parts of requests, in which `undefined` means that a key is absent, at every depth.
 */
export const assertRequestRoundTrip = <S extends Schema.Codec<object, unknown>>(schema: S, value: S["Type"]) =>
  Effect.gen(function* () {
    const wire = JSON.parse(JSON.stringify(yield* Schema.encodeEffect(schema)(value)))
    const decoded = yield* Schema.decodeUnknownEffect(schema)(wire)
    assert.isTrue(Equal.equals(given(decoded), given(value)))
    assert.deepStrictEqual<unknown>(yield* Schema.encodeEffect(schema)(decoded), wire)
  })

const given = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(given)
  return typeof value === "object" && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value))
    ? Object.fromEntries(
        Object.entries(value).flatMap(([key, value]) => (value === undefined ? [] : [[key, given(value)]]))
      )
    : value
}
