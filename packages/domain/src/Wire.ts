/**
 * Structs with snake_case keys on the wire and camelCase keys in programs.
 *
 * These structs are ordinary schemas with a fast path for decoding, which checks the encoded value once, and then copies
 * and converts its fields under their new names. Without the fast path, decoding a response takes more CPU time than all
 * other work for the request (`docs/benchmarks.md`). Effect's interpreter does everything that the fast path does not
 * support, for example error messages.
 *
 * @module
 */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Lazy from "./Lazy.ts"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as SchemaCompiler from "effect/schema/SchemaCompiler"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaParser from "effect/SchemaParser"

/**
 * The snake_case form of a camelCase key: `"createdAt"` becomes `"created_at"`, and `"last4"` becomes `"last_4"`.
 */
export type SnakeCase<Key extends string> = Key extends `${number}`
  ? `_${Key}`
  : Key extends `${infer Head}${infer Tail}`
    ? Head extends Lowercase<Head>
      ? `${Head}${SnakeCase<Tail>}`
      : `_${Lowercase<Head>}${SnakeCase<Tail>}`
    : Key

/**
 * The keys of a struct with their names on the wire.
 */
export type WireKeys<Fields extends Schema.Struct.Fields> = {
  readonly [Key in keyof Fields]: Key extends string ? SnakeCase<Key> : Key
}

/**
 * Makes the schema of a struct whose keys are camelCase in programs and snake_case on the wire.
 *
 * **Details**
 *
 * Equivalent to `Schema.Struct(fields)` with `Schema.encodeKeys`. Decoding is several times as fast if all fields are
 * plain values, arrays, nullable values, structs, or schemas with a {@link fastPath}. With other fields, decoding takes
 * as long as with `Schema.Struct`.
 *
 * A function that returns the fields is called on first use, so that loading a module builds no schema.
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
export const Struct = <const Fields extends Schema.Struct.Fields>(fields: Fields | (() => Fields)) =>
  Lazy.schema(() => make(typeof fields === "function" ? fields() : fields))

const make = <const Fields extends Schema.Struct.Fields>(fields: Fields) => {
  const struct = Schema.Struct(fields)
  const interpreted = struct.pipe(Schema.encodeKeys(wireKeys(fields)))
  const fast = Lazy.value(() => structFastPath(struct.ast, snakeCase))
  const interpret = Lazy.value(() => SchemaParser.decodeUnknownEffect(interpreted))
  const self = interpreted.annotate({
    [fastPathKey]: fast,
    [documentedKey]: (of: DocumentedOf) =>
      make(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, of(field)])))
  })
  SchemaCompiler.set(self.ast, {
    decode: (input, options) => {
      const path = options.onExcessProperty === "error" || options.disableChecks === true ? undefined : fast()
      return path === undefined || !path.accepts(input) ? SchemaCompiler.invalid : path.convert(input)
    },
    decodeEffect: (input, options) => interpret()(input, options)
  })
  return self
}

/**
 * Makes a field of a request optional: `undefined` means that the key is absent, with and without the compiler option
 * `exactOptionalPropertyTypes`. Encoding omits such a key. Decoding rejects a key whose value is `undefined`, and accepts
 * `null` only if `schema` does.
 *
 * **Example** (A payload with an optional field)
 *
 * ```ts
 * import * as Schema from "effect/Schema"
 * import * as Wire from "@effect-workos/domain/Wire"
 *
 * const CreateNote = Wire.Struct({ text: Schema.String, externalId: Wire.optional(Schema.NullOr(Schema.String)) })
 *
 * Schema.encodeSync(CreateNote)({ text: "a", externalId: undefined }) // => { text: "a" }
 * Schema.encodeSync(CreateNote)({ text: "a", externalId: null }) // => { text: "a", external_id: null }
 * ```
 */
export const optional = <S extends Schema.Top>(schema: S) =>
  Schema.optionalKey(schema).pipe(
    Schema.decodeTo(Schema.optional(Schema.toType(schema)), {
      decode: SchemaGetter.passthrough<S["Type"]>(),
      encode: SchemaGetter.transformOptional((value: Option.Option<S["Type"] | undefined>) =>
        Option.getOrUndefined(value) === undefined ? Option.none() : value
      )
    })
  )

/**
 * Returns a function that tests whether a value has the encoded form of a schema: `Schema.is(Schema.toEncoded(schema))`,
 * with the fast path if the schema has one.
 */
export const isEncoded = <S extends Schema.Constraint>(schema: S): Predicate.Refinement<unknown, S["Encoded"]> => {
  const short = annotatedFastPath(schema.ast)
  return short === undefined
    ? Schema.is(Schema.toEncoded(schema))
    : (input): input is S["Encoded"] => short.accepts(input)
}

/**
 * Returns a function that decodes a value: `Schema.decodeUnknownResult(schema)`, with the fast path if the schema has one.
 */
export const decodeResult = <A>(
  schema: Schema.ConstraintDecoder<A>
): ((input: unknown) => Result.Result<A, Schema.SchemaError>) => {
  const short = annotatedFastPath(schema.ast)
  const decode = Schema.decodeUnknownResult(schema)
  // The fast path of a schema converts to its type.
  return (input) => (short?.accepts(input) === true ? Result.succeed(short.convert(input) as A) : decode(input))
}

/**
 * A fast path for decoding: a test of encoded values, and their conversion.
 */
export interface FastPath {
  readonly accepts: (input: unknown) => boolean
  /** Called only with values that `accepts` has accepted. */
  readonly convert: (encoded: unknown) => unknown
  /**
   * Returns the value of a field that is absent or `null`; `undefined` leaves the field absent. Without this function, the
   * fast path rejects `null` unless `accepts` accepts it, and rejects an absent field unless the schema is optional.
   */
  readonly absent?: (() => unknown) | undefined
}

/**
 * Adds a fast path to a schema. The results of the fast path must equal those of decoding. A function that returns the fast
 * path, or `undefined`, is called on first use.
 *
 * **Example** (An amount in cents on the wire)
 *
 * ```ts
 * import * as Schema from "effect/Schema"
 * import * as SchemaTransformation from "effect/SchemaTransformation"
 * import * as Wire from "@effect-workos/domain/Wire"
 *
 * const Euros = Schema.Finite.pipe(
 *   Schema.decodeTo(
 *     Schema.Finite,
 *     SchemaTransformation.transform({ decode: (cents) => cents / 100, encode: (euros) => euros * 100 })
 *   ),
 *   Wire.fastPath({ accepts: Number.isFinite, convert: (cents) => Number(cents) / 100 })
 * )
 *
 * const Price = Wire.Struct({ netAmount: Euros })
 * Schema.decodeSync(Price)({ net_amount: 250 }) // => { netAmount: 2.5 }
 * ```
 */
export const fastPath =
  (path: FastPath | (() => FastPath | undefined)) =>
  <S extends Schema.Top>(self: S): S["Rebuild"] =>
    self.annotate({ [fastPathKey]: path })

/**
 * Adds a fast path to a union whose members differ in the value of one key: decoding tries only the member for this value.
 *
 * **Example** (A union of shapes)
 *
 * ```ts
 * import * as Schema from "effect/Schema"
 * import * as Wire from "@effect-workos/domain/Wire"
 *
 * const Circle = Wire.Struct({ kind: Schema.Literal("circle"), radius: Schema.Finite })
 * const Other = Wire.Struct({ kind: Schema.String })
 * const Shape = Schema.Union([Circle, Other]).pipe(Wire.fastPathBy("kind", new Map([["circle", Circle]]), Other))
 * ```
 */
export const fastPathBy =
  (key: string, members: ReadonlyMap<string, Schema.Top>, other: Schema.Top) =>
  <S extends Schema.Top>(self: S): S["Rebuild"] | S => {
    const fast = Lazy.value((): FastPath | undefined => {
      const fastPaths = new Map(Array.from(members, ([name, member]) => [name, fastPathOf(member.ast)]))
      const otherFastPath = fastPathOf(other.ast)
      if (otherFastPath === undefined || [...fastPaths.values()].includes(undefined)) return undefined
      const fastPathFor = (input: Readonly<Record<string, unknown>>): FastPath => {
        const name = input[key]
        return (Predicate.isString(name) ? fastPaths.get(name) : undefined) ?? otherFastPath
      }
      return {
        accepts: (input) => Predicate.isReadonlyObject(input) && fastPathFor(input).accepts(input),
        convert: (encoded) => (Predicate.isReadonlyObject(encoded) ? fastPathFor(encoded).convert(encoded) : encoded)
      }
    })
    return self.annotate({ [fastPathKey]: fast })
  }

/**
 * The conversion of a fast path that returns values unchanged.
 */
export const unchanged = (encoded: unknown): unknown => encoded

// -----------------------------------------------------------------------------
// Documented forms
// -----------------------------------------------------------------------------

/**
 * A function that returns the documented form of a schema: see `Documented.of`.
 */
export type DocumentedOf = <S extends Schema.Constraint>(schema: S) => S

/**
 * Adds a documented form to a schema. `Documented.of` returns this form.
 */
export const documentedAs =
  (form: (of: DocumentedOf) => Schema.Top) =>
  <S extends Schema.Top>(self: S): S["Rebuild"] =>
    self.annotate({ [documentedKey]: form })

const documentedKey = "~@effect-workos/domain/Wire/documented"

/**
 * Returns the documented form that was added to a schema, or `undefined`. The form has no fast path.
 */
export const documented = (ast: SchemaAST.AST, of: DocumentedOf): Schema.Top | undefined =>
  // A form inherits the annotations of its decoded type, which belong to the lenient schema.
  resolveDocumented(ast)?.(of).annotate({ [documentedKey]: undefined, [fastPathKey]: undefined })

const resolveDocumented = SchemaAST.resolveAt<(of: DocumentedOf) => Schema.Top>(documentedKey)

// -----------------------------------------------------------------------------
// Fast paths
// -----------------------------------------------------------------------------

const fastPathKey = "~@effect-workos/domain/Wire/fastPath"

const resolveFastPath = SchemaAST.resolveAt<FastPath | (() => FastPath | undefined)>(fastPathKey)

const annotatedFastPath = (ast: SchemaAST.AST): FastPath | undefined => {
  const path = resolveFastPath(ast)
  return typeof path === "function" ? path() : path
}

/**
 * Converts a camelCase key to snake_case. A number at the end is a separate word.
 */
export const snakeCase = (key: string): string => key.replace(/[A-Z]|\d+$/g, (part) => `_${part.toLowerCase()}`)

const wireKeys = <Fields extends Schema.Struct.Fields>(fields: Fields): WireKeys<Fields> =>
  Object.fromEntries(Object.keys(fields).map((key) => [key, snakeCase(key)])) as WireKeys<Fields>

/**
 * Returns the fast path of a schema, or `undefined` if only Effect's interpreter can decode it.
 */
export const fastPathOf = (ast: SchemaAST.AST): FastPath | undefined => {
  const annotated = annotatedFastPath(ast)
  if (annotated !== undefined) return annotated
  if (ast.encoding !== undefined) return undefined
  switch (ast._tag) {
    case "String":
      return {
        accepts: ast.checks === undefined ? Predicate.isString : Schema.is(Schema.make(ast)),
        convert: unchanged
      }
    case "Literal": {
      const { literal } = ast
      return { accepts: (input) => input === literal, convert: unchanged }
    }
    case "Null":
      return { accepts: (input) => input === null, convert: unchanged }
    case "Unknown":
      return { accepts: (input) => input !== undefined, convert: unchanged }
    case "Number":
    case "Boolean":
      return { accepts: Schema.is(Schema.make(ast)), convert: unchanged }
    case "Union":
      return unionFastPath(ast)
    case "Arrays":
      return arrayFastPath(ast)
    case "Objects":
      return structFastPath(ast, (name) => name)
    default:
      return undefined
  }
}

const unionFastPath = (ast: SchemaAST.Union): FastPath | undefined => {
  const members = ast.types.map(fastPathOf)
  if (ast.checks !== undefined || !members.every((member) => member !== undefined)) return undefined
  if (members.every(({ convert }) => convert === unchanged)) {
    // An open enum accepts all strings, so comparing with the known values is unnecessary.
    const open = members.find(({ accepts }) => accepts === Predicate.isString)
    if (open !== undefined && ast.types.every(isString)) return open
    return { accepts: (input) => members.some(({ accepts }) => accepts(input)), convert: unchanged }
  }
  const [value] = members
  if (members.length !== 2 || value === undefined || ast.types[1]?._tag !== "Null") return undefined
  return {
    accepts: (input) => input === null || value.accepts(input),
    convert: (encoded) => (encoded === null ? null : value.convert(encoded))
  }
}

const isString = (ast: SchemaAST.AST): boolean =>
  ast._tag === "String" ||
  (ast._tag === "Literal" && typeof ast.literal === "string") ||
  (ast._tag === "Union" && ast.types.every(isString))

const arrayFastPath = (ast: SchemaAST.Arrays): FastPath | undefined => {
  const [rest] = ast.rest
  if (ast.checks !== undefined || ast.elements.length > 0 || ast.rest.length !== 1 || rest === undefined)
    return undefined
  const item = fastPathOf(rest)
  if (item === undefined) return undefined
  const { accepts, convert } = item
  return {
    accepts: (input) => {
      if (!Array.isArray(input)) return false
      for (let i = 0; i < input.length; i++) if (!accepts(input[i])) return false
      return true
    },
    convert: convert === unchanged ? unchanged : (encoded) => (encoded as ReadonlyArray<unknown>).map(convert)
  }
}

const structFastPath = (ast: SchemaAST.Objects, rename: (name: string) => string): FastPath | undefined => {
  if (ast.checks !== undefined || ast.indexSignatures.length > 0) return undefined
  const properties: Array<FastPath & { readonly from: string; readonly to: string; readonly isOptional: boolean }> = []
  for (const { name, type } of ast.propertySignatures) {
    const value = fastPathOf(type)
    if (value === undefined || typeof name !== "string") return undefined
    properties.push({ ...value, from: rename(name), to: name, isOptional: SchemaAST.isOptional(type) })
  }
  return {
    accepts: (input) => {
      if (!Predicate.isObject(input)) return false
      for (const { absent, accepts, from, isOptional } of properties) {
        const value = input[from]
        if (value === undefined) {
          if ((absent === undefined && !isOptional) || from in input) return false
        } else if (!accepts(value) && (value !== null || absent === undefined)) return false
      }
      return true
    },
    convert: (encoded) => {
      const input = encoded as Record<string, unknown>
      const decoded: Record<string, unknown> = {}
      for (const { absent, convert, from, to } of properties) {
        const value = input[from]
        // The key is absent, since no accepted key has the value `undefined`.
        if (value === undefined || (value === null && absent !== undefined)) {
          const replacement = absent?.()
          if (replacement !== undefined) decoded[to] = replacement
        } else decoded[to] = convert === unchanged ? value : convert(value)
      }
      return decoded
    }
  }
}
