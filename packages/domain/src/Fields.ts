/**
 * The fields of a schema as plain data, for programs that derive columns, flags or tables from schemas.
 *
 * @module
 */
import * as SchemaAST from "effect/SchemaAST"
import * as Id from "./Id.ts"

/**
 * One field of a struct.
 *
 * **Details**
 *
 * - `isRequired`: the field is never absent and never `null`.
 * - `ast`: the schema AST of the values.
 */
export interface Field {
  readonly name: string
  readonly isRequired: boolean
  readonly kind: Kind
  readonly ast: SchemaAST.AST
}

/**
 * The kind of values that a schema describes.
 *
 * **Details**
 *
 * - `Constant`: one value, for example the value of the field `object`.
 * - `Text`: a string. `literals` are the known values; if `isOpen` is true, other values are possible. `prefix` is set for
 *   ids.
 * - `Instant`: a timestamp, encoded or decoded.
 * - `List`: an array. A comma-separated parameter is a list of its values.
 * - `Struct`: an object with known fields.
 * - `Other`: anything else, for example an object with arbitrary keys.
 */
export type Kind =
  | { readonly _tag: "Constant"; readonly value: SchemaAST.LiteralValue }
  | {
      readonly _tag: "Text"
      readonly literals: ReadonlyArray<string>
      readonly isOpen: boolean
      readonly prefix: string | undefined
    }
  | { readonly _tag: "Instant" }
  | { readonly _tag: "Boolean" }
  | { readonly _tag: "Number" }
  | { readonly _tag: "List"; readonly item: Kind; readonly itemAst: SchemaAST.AST }
  | { readonly _tag: "Struct"; readonly fields: ReadonlyArray<Field> }
  | { readonly _tag: "Other" }

/**
 * Returns the fields of a struct in their order, or the fields that all members of a union of structs have. Other schemas
 * have no fields.
 *
 * **Example** (The fields of a row on the wire)
 *
 * ```ts
 * import * as Fields from "@effect-workos/domain/Fields"
 * import { Connection } from "@effect-workos/domain/sso/Connection"
 * import * as Schema from "effect/Schema"
 *
 * const fields: ReadonlyArray<Fields.Field> = Fields.of(Schema.toEncoded(Connection).ast)
 *
 * const isText = ({ _tag }: Fields.Kind): boolean => _tag === "Text"
 *
 * fields.filter(({ isRequired, kind }) => isRequired && isText(kind)).map(({ name }) => name)
 * // => ["id", "connection_type", "name", "state"]
 * ```
 */
export const of = (ast: SchemaAST.AST): ReadonlyArray<Field> => {
  if (SchemaAST.isObjects(ast)) {
    return ast.propertySignatures.map(({ name, type }) => {
      const types = presentTypes(type)
      const [only = type] = types
      return {
        name: String(name),
        isRequired: !SchemaAST.isOptional(type) && types.length === typesOf(type).length,
        kind: unionOf(types.map(kindOf)),
        ast: types.length === 1 ? only : type
      }
    })
  }
  if (!SchemaAST.isUnion(ast)) return []
  const [first = [], ...others] = ast.types.map(of)
  return first.flatMap((field) => {
    const fields = [[field], ...others].flatMap((fields) => fields.find(({ name }) => name === field.name) ?? [])
    return fields.length <= others.length
      ? []
      : [
          {
            ...field,
            isRequired: fields.every(({ isRequired }) => isRequired),
            kind: unionOf(fields.map(({ kind }) => kind))
          }
        ]
  })
}

/**
 * Returns the kind of the values that a schema describes.
 */
export const kindOf = (ast: SchemaAST.AST): Kind => {
  const encoded = SchemaAST.toEncoded(ast)
  if (SchemaAST.isString(encoded) && encoded.annotations?.["format"] === "date-time") return { _tag: "Instant" }
  switch (ast._tag) {
    case "Literal":
      return { _tag: "Constant", value: ast.literal }
    case "String":
      return text([], true, Id.prefixOf(ast))
    case "Boolean":
    case "Number":
      return { _tag: ast._tag }
    case "Objects":
      return ast.indexSignatures.length === 0 ? struct(ast) : other
    case "Arrays": {
      const [itemAst] = ast.rest
      return itemAst === undefined ? other : { _tag: "List", item: kindOf(itemAst), itemAst }
    }
    case "Union":
      return unionOf(presentTypes(ast).map(kindOf))
    default:
      return other
  }
}

const other: Kind = { _tag: "Other" }

const text = (literals: ReadonlyArray<string>, isOpen: boolean, prefix?: string): Kind => ({
  _tag: "Text",
  literals,
  isOpen,
  prefix
})

// A getter, because most programs read only the outer fields.
const struct = (ast: SchemaAST.AST): Kind => ({
  _tag: "Struct",
  get fields() {
    return of(ast)
  }
})

const typesOf = (ast: SchemaAST.AST): ReadonlyArray<SchemaAST.AST> => (SchemaAST.isUnion(ast) ? ast.types : [ast])

const presentTypes = (ast: SchemaAST.AST): ReadonlyArray<SchemaAST.AST> =>
  typesOf(ast).filter((type) => !SchemaAST.isNull(type) && !SchemaAST.isUndefined(type))

const unionOf = ([first, ...others]: ReadonlyArray<Kind>): Kind => others.reduce(either, first ?? other)

const either = (one: Kind, another: Kind): Kind => {
  if (one._tag === "Constant" && another._tag === "Constant" && one.value === another.value) return one
  const [a, b] = [asText(one), asText(another)]
  if (a !== undefined && b !== undefined) {
    const literals = [...new Set([...a.literals, ...b.literals])]
    return text(literals, a.isOpen || b.isOpen, a.prefix === b.prefix ? a.prefix : undefined)
  }
  return one._tag === another._tag && isSimple(one) ? one : other
}

const asText = (kind: Kind) => {
  if (kind._tag === "Text") return kind
  return kind._tag === "Constant" && typeof kind.value === "string"
    ? { literals: [kind.value], isOpen: false, prefix: undefined }
    : undefined
}

const isSimple = ({ _tag }: Kind): boolean => _tag === "Instant" || _tag === "Boolean" || _tag === "Number"
