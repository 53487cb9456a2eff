// Documented forms of schemas, which are stricter than those with which clients decode.
import { assert, describe, it } from "@effect/vitest"
import { runs } from "@effect-workos/testing/Sample"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Documented from "../src/Documented.ts"
import * as Endpoint from "../src/Endpoint.ts"
import * as Lenient from "../src/Lenient.ts"
import * as resources from "../src/resources.ts"
import * as Wire from "../src/Wire.ts"

const responses = Object.values(resources).flatMap(({ endpoints, name }) =>
  Object.entries<Endpoint.Endpoint>(endpoints).flatMap(([method, endpoint]) => {
    const schema = Endpoint.success(endpoint)
    return schema === undefined ? [] : [{ operation: `${name}.${method}`, schema }]
  })
)

describe("documented forms of responses", () => {
  it.effect.each(responses)("Clients decode documented responses of $operation to the same values", ({ schema }) =>
    Effect.gen(function* () {
      const documented = Documented.of(schema)
      const encode = Schema.encodeUnknownResult(documented)
      // With a small size, objects with many required keys have no optional keys.
      const values = yield* Arbitrary.sampleEffect(Arbitrary.schema(schema), { count: runs(60, 20), seed: 3, size: 30 })
      const encoded = values.map((value) => encode(value)).filter(Result.isSuccess)
      assert.isNotEmpty(encoded)
      for (const { success } of encoded) {
        const strict = yield* Schema.decodeUnknownEffect(documented)(success)
        assert.deepStrictEqual<unknown>(yield* Schema.decodeUnknownEffect(schema)(success), strict)
        assert.isTrue(Wire.isEncoded(schema)(success))
      }
    })
  )
})

describe("Documented.of", () => {
  const Note = Wire.Struct({
    required: Lenient.optional(Schema.String, { required: true }),
    nullable: Lenient.optional(Schema.String, { required: true, nullable: true }),
    optional: Lenient.optional(Schema.String),
    either: Lenient.optional(Schema.String, { nullable: true }),
    list: Lenient.withDefault(
      Schema.Array(Wire.Struct({ item: Lenient.optional(Schema.Int, { required: true }) })),
      () => []
    )
  })
  const full = { required: "a", nullable: "b", optional: "c", either: "d", list: [{ item: 1 }] }
  const accepts = Schema.is(Schema.toEncoded(Documented.of(Note)))

  it.each([
    { field: "required", absent: false, null: false },
    { field: "nullable", absent: false, null: true },
    { field: "optional", absent: true, null: false },
    { field: "either", absent: true, null: true },
    { field: "list", absent: false, null: false }
  ])(
    "Documented.of accepts null and absence of the field $field only as documented",
    ({ absent, field, null: isNullable }) => {
      const without = Object.fromEntries(Object.entries(full).filter(([name]) => name !== field))
      assert.strictEqual(accepts(without), absent)
      assert.strictEqual(accepts({ ...full, [field]: null }), isNullable)
      for (const wire of [without, { ...full, [field]: null }]) assert.isTrue(Wire.isEncoded(Note)(wire))
    }
  )

  it("Documented.of applies to the items of lists", () => {
    assert.isTrue(accepts(full))
    assert.isFalse(accepts({ ...full, list: [{}] }))
    assert.isTrue(Wire.isEncoded(Note)({ ...full, list: [{}] }))
  })

  it("Documented.of encodes absent fields as null where documented, and returns the same schema each time", () => {
    assert.deepStrictEqual<unknown>(Schema.encodeSync(Documented.of(Note))({ required: "a", list: [] }), {
      required: "a",
      nullable: null,
      list: []
    })
    assert.strictEqual(Documented.of(Note).ast, Documented.of(Note).ast)
    assert.strictEqual(Documented.of(Schema.String).ast, Schema.String.ast)
  })
})
