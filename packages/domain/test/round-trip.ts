// What every value of the domain owes to whoever sends it: that it comes back as it was.
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Schema from "effect/Schema"

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
 * Asserts the same for query parameters, where `undefined` means that a parameter is absent.
 */
export const assertUrlRoundTrip = <S extends Schema.Codec<object, unknown>>(schema: S, value: S["Type"]) =>
  Effect.gen(function* () {
    const wire = JSON.parse(JSON.stringify(yield* Schema.encodeEffect(schema)(value)))
    const decoded = yield* Schema.decodeUnknownEffect(schema)(wire)
    assert.isTrue(Equal.equals(given(decoded), given(value)))
    assert.deepStrictEqual<unknown>(yield* Schema.encodeEffect(schema)(decoded), wire)
  })

const given = (parameters: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined))
