/**
 * Fields of responses that servers omit or set to `null`.
 *
 * Versions of the documentation and recorded responses disagree on which fields are always present. If any of these
 * sources omits a field or sets the field to `null`, decoding accepts an absent field and `null`. `Documented.of` returns
 * the stricter, documented form.
 *
 * @module
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as Wire from "./Wire.ts"

/**
 * The documented form of a field that decoding does not require.
 *
 * **Details**
 *
 * - `required`: the key is documented as always present.
 * - `nullable`: the value is documented as possibly `null`.
 * - `encodeNull`: encoding writes `null` for an absent field. Defaults to true if the field is both required and nullable.
 */
export interface Documented {
  readonly required?: boolean
  readonly nullable?: boolean
  readonly encodeNull?: boolean
}

/**
 * A field that may be absent or `null`. Both decode to an absent field.
 *
 * **Example** (A field that is documented as required and nullable)
 *
 * ```ts
 * import * as Lenient from "@effect-workos/domain/Lenient"
 * import * as Wire from "@effect-workos/domain/Wire"
 * import * as Schema from "effect/Schema"
 *
 * const Note = Wire.Struct({ text: Lenient.optional(Schema.String, { required: true, nullable: true }) })
 *
 * Schema.decodeSync(Note)({ text: null }) // => {}
 * Schema.decodeSync(Note)({}) // => {}
 * Schema.encodeSync(Note)({}) // => { text: null }
 * ```
 */
export const optional = <S extends Schema.Constraint>(
  schema: S,
  { nullable = false, required = false, encodeNull = nullable && required }: Documented = {}
) => {
  const to = Schema.optionalKey(Schema.toType(schema))
  const transformation = {
    decode: SchemaGetter.transformOptional(Option.filter(isPresent<S["Type"]>)),
    encode: SchemaGetter.transformOptional<S["Type"] | null, S["Type"]>((value) =>
      encodeNull ? Option.orElseSome(value, () => null) : value
    )
  }
  return Schema.optionalKey(Schema.NullOr(schema)).pipe(
    Schema.decodeTo(to, transformation),
    Wire.fastPath(() => fastPathOf(schema, () => undefined)),
    Wire.documentedAs((of) => documented(of(schema), nullable, required).pipe(Schema.decodeTo(to, transformation)))
  )
}

/**
 * A field that may be absent or `null`. Both decode to a default value.
 *
 * **Example** (A list that is empty if the server omits it)
 *
 * ```ts
 * import * as Lenient from "@effect-workos/domain/Lenient"
 * import * as Wire from "@effect-workos/domain/Wire"
 * import * as Schema from "effect/Schema"
 *
 * const Note = Wire.Struct({ tags: Lenient.withDefault(Schema.Array(Schema.String), () => []) })
 *
 * Schema.decodeSync(Note)({}) // => { tags: [] }
 * Schema.decodeSync(Note)({ tags: null }) // => { tags: [] }
 * ```
 */
export const withDefault = <S extends Schema.Constraint>(
  schema: S,
  value: () => S["Type"],
  { nullable = false, required = true }: Omit<Documented, "encodeNull"> = {}
) => {
  const to = Schema.toType(schema)
  const transformation = {
    decode: SchemaGetter.transformOptional<S["Type"], S["Type"] | null>((encoded) =>
      Option.orElseSome(Option.filter(encoded, isPresent<S["Type"]>), value)
    ),
    encode: SchemaGetter.passthroughSupertype<S["Type"] | null, S["Type"]>()
  }
  return Schema.optionalKey(Schema.NullOr(schema)).pipe(
    Schema.decodeTo(to, transformation),
    Wire.fastPath(() => fastPathOf(schema, value)),
    Wire.documentedAs((of) => documented(of(schema), nullable, required).pipe(Schema.decodeTo(to, transformation)))
  )
}

// The encoded side of the documented form.
const documented = <S extends Schema.Constraint>(value: S, nullable: boolean, required: boolean) => {
  const nullOr = nullable ? Schema.NullOr(value) : value
  const form: Schema.Constraint = required ? nullOr : Schema.optionalKey(nullOr)
  return Schema.make<Schema.Codec<S["Type"] | null, unknown>>(form.ast)
}

const isPresent = <A>(value: A | null): value is A => value !== null

const fastPathOf = (schema: Schema.Constraint, absent: () => unknown): Wire.FastPath | undefined => {
  const path = Wire.fastPathOf(schema.ast)
  return path && { ...path, absent }
}
