// Structs in snake_case with a fast path: the same results as with Effect's interpreter.
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { Timestamp } from "../src/Timestamp.ts"
import * as Wire from "../src/Wire.ts"

const Item = Schema.Struct({ id: Schema.String.check(Schema.isMinLength(1)), weight: Schema.Finite })

// The same fields with and without a fast path.
const fields = {
  id: Schema.NonEmptyString,
  someText: Schema.String,
  maybeText: Schema.optionalKey(Schema.String),
  nothingOrText: Schema.NullOr(Schema.String),
  createdAt: Timestamp,
  deletedAt: Schema.NullOr(Timestamp),
  expiresAt: Schema.optionalKey(Timestamp),
  manyItems: Schema.Array(Item),
  oneItem: Item,
  keyLast4: Schema.String,
  nestedStruct: Wire.Struct({ innerText: Schema.String, innerTime: Timestamp }),
  anythingAtAll: Schema.Unknown
}
const Direct = Wire.Struct(fields)
const Interpreted = Schema.Struct(fields).pipe(
  Schema.encodeKeys({
    someText: "some_text",
    maybeText: "maybe_text",
    nothingOrText: "nothing_or_text",
    createdAt: "created_at",
    deletedAt: "deleted_at",
    expiresAt: "expires_at",
    manyItems: "many_items",
    oneItem: "one_item",
    keyLast4: "key_last_4",
    nestedStruct: "nested_struct",
    anythingAtAll: "anything_at_all"
  })
)

const issueOf = <A>(exit: Exit.Exit<A, Schema.SchemaError>) =>
  Exit.isFailure(exit) ? String(Result.getOrThrow(Exit.findError(exit))) : "none"

// Encoded values with invalid, missing or superfluous parts.
const Broken = Arbitrary.map(
  Arbitrary.all({
    value: Arbitrary.schema(Direct),
    key: Arbitrary.schema(Schema.Literals(["id", "some_text", "created_at", "many_items", "nested_struct", "extra"])),
    replacement: Arbitrary.schema(
      Schema.Union([Schema.Null, Schema.Finite, Schema.String, Schema.Array(Schema.String), Schema.Struct({})])
    )
  }),
  ({ key, replacement, value }) => ({
    ...Schema.encodeSync(Interpreted)(value),
    [key]: replacement
  })
)

describe("Wire.Struct", () => {
  it.effect.prop("Wire.Struct decodes the same values as Schema.encodeKeys", [Direct], ([value]) =>
    Effect.gen(function* () {
      const encoded = yield* Schema.encodeEffect(Interpreted)(value)
      assert.deepStrictEqual(yield* Schema.decodeEffect(Direct)(encoded), value)
      assert.deepStrictEqual(yield* Schema.decodeEffect(Interpreted)(encoded), value)
      assert.deepStrictEqual(yield* Schema.encodeEffect(Direct)(value), encoded)
    })
  )

  it.effect.prop(
    "Wire.Struct rejects the same values as Schema.encodeKeys, with the same messages",
    [Broken],
    ([broken]) =>
      Effect.gen(function* () {
        for (const options of [{}, { errors: "all" }, { onExcessProperty: "error" }] as const) {
          const direct = yield* Effect.exit(Schema.decodeUnknownEffect(Direct, options)(broken))
          const interpreted = yield* Effect.exit(Schema.decodeUnknownEffect(Interpreted, options)(broken))
          assert.strictEqual(issueOf(direct), issueOf(interpreted))
          assert.deepStrictEqual(direct._tag, interpreted._tag)
          if (Exit.isSuccess(direct) && Exit.isSuccess(interpreted)) {
            assert.deepStrictEqual(direct.value, interpreted.value)
          }
        }
      })
  )

  it("Wire.Struct reports issues with the encoded path", () => {
    const exit = Schema.decodeUnknownExit(Wire.Struct({ outerStruct: Wire.Struct({ innerText: Schema.String }) }))({
      outer_struct: { inner_text: 1 }
    })
    assert.match(issueOf(exit), /"outer_struct"\]\["inner_text"/)
  })

  it("Wire.Struct decodes fields without a fast path with the interpreter", () => {
    const Counted = Wire.Struct({ itemCount: Schema.FiniteFromString })
    assert.deepStrictEqual(Schema.decodeSync(Counted)({ item_count: "3" }), { itemCount: 3 })
    const Guarded = Wire.Struct({ anItem: Item.check(Schema.makeFilter((item) => item.weight > 0)) })
    assert.isTrue(Exit.isFailure(Schema.decodeExit(Guarded)({ an_item: { id: "a", weight: 0 } })))
    const Checked = Direct.check(Schema.makeFilter(() => "never"))
    assert.strictEqual(Exit.isFailure(Schema.decodeUnknownExit(Checked)({})), true)
  })

  it("Wire.Struct ignores a key called __proto__", () => {
    const decoded = Schema.decodeUnknownSync(Wire.Struct({ someText: Schema.String }))(
      JSON.parse(`{ "some_text": "a", "__proto__": { "polluted": true } }`)
    )
    assert.strictEqual(Object.getPrototypeOf(decoded), Object.prototype)
    assert.isFalse("polluted" in decoded)
  })
})

describe("a check on a Wire.Struct", () => {
  it("Wire.Struct applies a check although the struct has a fast path", () => {
    const Renamed = Wire.Struct({ someText: Schema.String }).check(
      Schema.makeFilter((value) => (value.someText === "b" ? true : "Expected b"))
    )
    assert.isTrue(Exit.isFailure(Schema.decodeExit(Renamed)({ some_text: "a" })))
    assert.isTrue(Exit.isSuccess(Schema.decodeExit(Renamed)({ some_text: "b" })))
    const Outer = Wire.Struct({ innerStruct: Renamed })
    assert.isTrue(Exit.isFailure(Schema.decodeExit(Outer)({ inner_struct: { some_text: "a" } })))
  })
})

describe("Wire.fastPathBy", () => {
  const Circle = Wire.Struct({ shapeKind: Schema.Literal("circle"), outerRadius: Schema.Finite })
  const Other = Wire.Struct({ shapeKind: Schema.String.check(Schema.makeFilter((kind) => kind !== "circle")) })
  const Interpreted = Schema.Union([Circle, Other])
  const Outer = Wire.Struct({
    oneShape: Interpreted.pipe(Wire.fastPathBy("shape_kind", new Map([["circle", Circle]]), Other))
  })

  it.each([
    { shape_kind: "circle", outer_radius: 1 },
    { shape_kind: "square" },
    { shape_kind: "__proto__" },
    { shape_kind: "constructor" },
    { shape_kind: "toString" }
  ])("Wire.fastPathBy decodes %j to the same member as the interpreter", (wire) => {
    assert.isTrue(Wire.isEncoded(Outer)({ one_shape: wire }))
    assert.deepStrictEqual<unknown>(
      Schema.decodeUnknownSync(Outer)({ one_shape: wire }).oneShape,
      Schema.decodeUnknownSync(Interpreted)(wire)
    )
  })

  it.each(
    [
      { shape_kind: "circle" },
      { shape_kind: "circle", outer_radius: "1" },
      { shape_kind: 7 },
      {},
      [],
      null,
      "circle"
    ].map((wire) => ({ wire }))
  )("Wire.fastPathBy rejects $wire like the interpreter", ({ wire }) => {
    assert.isFalse(Wire.isEncoded(Outer)({ one_shape: wire }))
    assert.isTrue(Exit.isFailure(Schema.decodeUnknownExit(Outer)({ one_shape: wire })))
    assert.isTrue(Exit.isFailure(Schema.decodeUnknownExit(Interpreted)(wire)))
  })
})
