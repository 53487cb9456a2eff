// Between the wire and the program: structs that are snake_case there and camelCase here.
//
// `Schema` can do all of this, and what this module builds is an ordinary `Schema`. It adds one thing, a direct way
// through it: interpreting a renaming struct key by key costs more than the request it came with. A struct made here
// checks its whole encoded form once, then copies, renames and converts without checking again; whatever does not fit
// that, error messages above all, is left to the interpreter. `docs/benchmarks.md` has the numbers.
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as SchemaCompiler from "effect/schema/SchemaCompiler"
import * as SchemaParser from "effect/SchemaParser"

/**
 * The snake_case form of a camelCase key: `"createdAt"` becomes `"created_at"`.
 */
export type SnakeCase<Key extends string> = Key extends `${infer Head}${infer Tail}`
  ? Head extends Lowercase<Head>
    ? `${Head}${SnakeCase<Tail>}`
    : `_${Lowercase<Head>}${SnakeCase<Tail>}`
  : Key

/**
 * The keys of a struct, each with its name on the wire.
 */
export type WireKeys<Fields extends Schema.Struct.Fields> = {
  readonly [Key in keyof Fields]: Key extends string ? SnakeCase<Key> : Key
}

/**
 * The schema of a struct whose keys are camelCase in programs and snake_case on the wire.
 *
 * **Details**
 *
 * The same as `Schema.Struct(fields)` with `Schema.encodeKeys`, and several times faster to decode when its fields are
 * plain values, arrays, nullable values, structs of either kind, or {@link direct} transformations. Other fields are
 * welcome, and decode as they do elsewhere.
 *
 * **Example** (Describing an object of the API)
 *
 * ```ts
 * import * as Schema from "effect/Schema"
 * import * as Wire from "@effect-workos/domain/Wire"
 *
 * const Membership = Wire.Struct({ id: Schema.String, organizationId: Schema.String })
 *
 * Schema.decodeSync(Membership)({ id: "1", organization_id: "2" }) // => { id: "1", organizationId: "2" }
 * ```
 */
export const Struct = <const Fields extends Schema.Struct.Fields>(fields: Fields) => {
  const struct = Schema.Struct(fields)
  const interpreted = struct.pipe(Schema.encodeKeys(wireKeys(fields)))
  const convert = structConversion(struct.ast, snakeCase)
  const self = interpreted.annotate({ [conversionKey]: convert })
  if (convert !== undefined) {
    const isEncoded = Schema.is(Schema.toEncoded(interpreted))
    SchemaCompiler.set(self.ast, {
      decode: (input, options) =>
        options.onExcessProperty === "error" || options.disableChecks === true || !isEncoded(input)
          ? SchemaCompiler.invalid
          : convert(input),
      decodeEffect: SchemaParser.decodeUnknownEffect(interpreted)
    })
  }
  return self
}

/**
 * Says that `decode` gives, for every valid encoded value, what decoding `self` gives, so that a {@link Struct} with
 * such a field can call it without asking the interpreter.
 *
 * **Example** (A field that counts in cents on the wire)
 *
 * ```ts
 * import * as Schema from "effect/Schema"
 * import * as SchemaTransformation from "effect/SchemaTransformation"
 * import * as Wire from "@effect-workos/domain/Wire"
 *
 * const decode = (cents: number) => cents / 100
 * const Euros = Schema.Finite.pipe(
 *   Schema.decodeTo(Schema.Finite, SchemaTransformation.transform({ decode, encode: (euros) => euros * 100 })),
 *   Wire.direct(decode)
 * )
 *
 * const Price = Wire.Struct({ netAmount: Euros })
 * Schema.decodeSync(Price)({ net_amount: 250 }) // => { netAmount: 2.5 }
 * ```
 */
export const direct =
  <Encoded>(decode: (encoded: Encoded) => unknown) =>
  <S extends Schema.Top & { readonly Encoded: Encoded }>(self: S): S["Rebuild"] =>
    self.annotate({ [conversionKey]: decode })

// -----------------------------------------------------------------------------
// Conversions
// -----------------------------------------------------------------------------

const snakeCase = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const wireKeys = <Fields extends Schema.Struct.Fields>(fields: Fields): WireKeys<Fields> =>
  Object.fromEntries(Object.keys(fields).map((key) => [key, snakeCase(key)])) as WireKeys<Fields>

// What turns an encoded value into its decoded one. It is called with valid values only, so it does not look twice.
type Conversion = (encoded: unknown) => unknown

const conversionKey = "~@effect-workos/domain/Wire/conversion"

const annotatedConversion = SchemaAST.resolveAt<Conversion>(conversionKey)

const unchanged: Conversion = (encoded) => encoded

// `undefined` where only the interpreter knows.
const conversionOf = (ast: SchemaAST.AST): Conversion | undefined => {
  const annotated = annotatedConversion(ast)
  if (annotated !== undefined) return annotated
  if (ast.encoding !== undefined) return undefined
  switch (ast._tag) {
    case "String":
    case "Number":
    case "Boolean":
    case "Literal":
    case "Null":
    case "Unknown":
      return unchanged
    case "Union":
      return unionConversion(ast)
    case "Arrays":
      return arrayConversion(ast)
    case "Objects":
      return structConversion(ast, (name) => name)
    default:
      return undefined
  }
}

const unionConversion = (ast: SchemaAST.Union): Conversion | undefined => {
  const members = ast.types.map(conversionOf)
  if (members.every((member) => member === unchanged)) return unchanged
  const [value, other] = members
  if (ast.checks !== undefined || members.length !== 2 || value === undefined || ast.types[1]?._tag !== "Null") {
    return undefined
  }
  return other === unchanged ? (encoded) => (encoded === null ? null : value(encoded)) : undefined
}

const arrayConversion = (ast: SchemaAST.Arrays): Conversion | undefined => {
  const [item] = ast.rest
  if (item === undefined || ast.rest.length > 1 || ast.elements.length > 0) return undefined
  const convert = conversionOf(item)
  if (convert === unchanged || convert === undefined) return convert
  return ast.checks === undefined ? (encoded) => (encoded as ReadonlyArray<unknown>).map(convert) : undefined
}

const structConversion = (ast: SchemaAST.Objects, rename: (name: string) => string): Conversion | undefined => {
  if (ast.checks !== undefined || ast.indexSignatures.length > 0) return undefined
  const properties: Array<{ readonly from: string; readonly to: string; readonly convert: Conversion }> = []
  for (const { name, type } of ast.propertySignatures) {
    const convert = conversionOf(type)
    if (convert === undefined || typeof name !== "string") return undefined
    properties.push({ from: rename(name), to: name, convert })
  }
  return (encoded) => {
    const input = encoded as Record<string, unknown>
    const decoded: Record<string, unknown> = {}
    for (const { convert, from, to } of properties) {
      // Valid input never holds `undefined`, so a value that is `undefined` is a key that is absent.
      const value = input[from]
      if (value !== undefined) decoded[to] = convert === unchanged ? value : convert(value)
    }
    return decoded
  }
}
