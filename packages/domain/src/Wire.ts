// Between the wire and the program: structs that are snake_case there and camelCase here.
//
// `Schema` can do all of this, and what this module builds is an ordinary `Schema`. It adds one thing, a short way
// through it: interpreting a renaming struct key by key costs more than the request it came with. A struct made here
// looks at its whole encoded form once, then copies, renames and converts without looking again; whatever does not fit
// that, error messages above all, is left to the interpreter. `docs/benchmarks.md` has the numbers.
import * as Predicate from "effect/Predicate"
import * as Lazy from "./Lazy.ts"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as SchemaCompiler from "effect/schema/SchemaCompiler"
import * as SchemaParser from "effect/SchemaParser"

/**
 * The snake_case form of a camelCase key: `"createdAt"` becomes `"created_at"`.
 *
 * **Example** (The names of keys on the wire)
 *
 * ```ts
 * import * as Wire from "@effect-workos/domain/Wire"
 * import * as Schema from "effect/Schema"
 *
 * const fields = { id: Schema.String, organizationId: Schema.String }
 *
 * const name: Wire.SnakeCase<"organizationId"> = "organization_id"
 * const names: Wire.WireKeys<typeof fields> = { id: "id", organizationId: "organization_id" }
 *
 * Wire.snakeCase("organizationId") // => "organization_id"
 * ```
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
 * plain values, arrays, nullable values, structs of either kind, or have a way of their own ({@link fastPath}). Other fields
 * are welcome, and decode as they do elsewhere.
 *
 * A function that returns the fields is called when the struct is first used, so that loading a module builds no schema.
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
  const self = interpreted.annotate({ [fastPathKey]: fast })
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
 * Tells values of the encoded form from others: what `Schema.is(Schema.toEncoded(schema))` tells, by the short way where
 * there is one.
 *
 * **Example** (Rows that only pass through)
 *
 * ```ts
 * import { Connection } from "@effect-workos/domain/sso/Connection"
 * import * as Wire from "@effect-workos/domain/Wire"
 *
 * const isRow = Wire.isEncoded(Connection)
 * ```
 */
export const isEncoded = <S extends Schema.Constraint>(schema: S): Predicate.Refinement<unknown, S["Encoded"]> => {
  const short = annotatedFastPath(schema.ast)
  return short === undefined
    ? Schema.is(Schema.toEncoded(schema))
    : (input): input is S["Encoded"] => short.accepts(input)
}

/**
 * A way through a schema: which values its encoded form accepts, and what they become.
 *
 * **Example** (Text that is already what it should be)
 *
 * ```ts
 * import * as Wire from "@effect-workos/domain/Wire"
 *
 * const short: Wire.FastPath = {
 *   accepts: (input) => typeof input === "string" && input.length < 10,
 *   convert: Wire.unchanged
 * }
 * ```
 */
export interface FastPath {
  readonly accepts: (input: unknown) => boolean
  /** Is called with values that `accepts` accepted, and with no others. */
  readonly convert: (encoded: unknown) => unknown
}

/**
 * Gives a schema a way of its own. It must lead to what decoding leads to.
 *
 * **Example** (A field that counts in cents on the wire)
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
  (way: FastPath) =>
  <S extends Schema.Top>(self: S): S["Rebuild"] =>
    self.annotate({ [fastPathKey]: way })

/**
 * Gives a union a way: the text that a value has under a key decides which member it is, so that no other is tried.
 *
 * **Example** (Shapes that say what they are)
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
 * The conversion of a way on which values stay what they are.
 */
export const unchanged = (encoded: unknown): unknown => encoded

// -----------------------------------------------------------------------------
// Ways
// -----------------------------------------------------------------------------

const fastPathKey = "~@effect-workos/domain/Wire/fastPath"

const resolveFastPath = SchemaAST.resolveAt<FastPath | (() => FastPath | undefined)>(fastPathKey)

const annotatedFastPath = (ast: SchemaAST.AST): FastPath | undefined => {
  const path = resolveFastPath(ast)
  return typeof path === "function" ? path() : path
}

/**
 * What `SnakeCase` says of types, for values.
 */
export const snakeCase = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const wireKeys = <Fields extends Schema.Struct.Fields>(fields: Fields): WireKeys<Fields> =>
  Object.fromEntries(Object.keys(fields).map((key) => [key, snakeCase(key)])) as WireKeys<Fields>

// `undefined` where only the interpreter knows one.
const fastPathOf = (ast: SchemaAST.AST): FastPath | undefined => {
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
    case "Number":
    case "Boolean":
    case "Unknown":
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
    // An open enumeration accepts all strings: there is no point in looking for the known ones first.
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
      for (const { accepts, from, isOptional } of properties) {
        const value = input[from]
        if (value === undefined ? !isOptional || from in input : !accepts(value)) return false
      }
      return true
    },
    convert: (encoded) => {
      const input = encoded as Record<string, unknown>
      const decoded: Record<string, unknown> = {}
      for (const { convert, from, to } of properties) {
        const value = input[from]
        // A key that is absent: none that was accepted holds `undefined`.
        if (value !== undefined) decoded[to] = convert === unchanged ? value : convert(value)
      }
      return decoded
    }
  }
}
