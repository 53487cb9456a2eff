// What every value of the domain owes to whoever sends it: that it comes back as it was.
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Schema from "effect/Schema"

/**
 * A value encodes to JSON that decodes to an equivalent one, which encodes to the same JSON.
 */
export const survives = <S extends Schema.Codec<unknown, unknown>>(schema: S, value: S["Type"]) =>
  Effect.gen(function* () {
    const wire = JSON.parse(JSON.stringify(yield* Schema.encodeEffect(schema)(value)))
    const decoded = yield* Schema.decodeUnknownEffect(schema)(wire)
    assert.isTrue(Schema.toEquivalence(schema)(decoded, value))
    assert.deepStrictEqual<unknown>(JSON.parse(JSON.stringify(yield* Schema.encodeEffect(schema)(decoded))), wire)
  })

/**
 * The same for what a URL asks for, in which a parameter that is `undefined` is none.
 */
export const survivesInUrls = <S extends Schema.Codec<object, unknown>>(schema: S, value: S["Type"]) =>
  Effect.gen(function* () {
    const wire = JSON.parse(JSON.stringify(yield* Schema.encodeEffect(schema)(value)))
    const decoded = yield* Schema.decodeUnknownEffect(schema)(wire)
    assert.isTrue(Equal.equals(given(decoded), given(value)))
    assert.deepStrictEqual<unknown>(yield* Schema.encodeEffect(schema)(decoded), wire)
  })

const given = (parameters: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined))
