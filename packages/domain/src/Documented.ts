/**
 * The documented forms of schemas, for servers, OpenAPI documents and tests of servers. Clients accept more: see `Lenient`.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as Wire from "./Wire.ts"

/**
 * Returns the documented form of a schema, which decodes documented responses to the same values and rejects undocumented
 * ones. A field that is documented as required must be present, and a field that is not documented as nullable must not
 * be `null`.
 *
 * **Example** (A field that is documented as required)
 *
 * ```ts
 * import * as Documented from "@effect-workos/domain/Documented"
 * import * as Lenient from "@effect-workos/domain/Lenient"
 * import * as Wire from "@effect-workos/domain/Wire"
 * import * as Schema from "effect/Schema"
 *
 * const Note = Wire.Struct({ text: Lenient.optional(Schema.String, { required: true }) })
 *
 * Schema.decodeUnknownOption(Note)({}) // => Option.some({})
 * Schema.decodeUnknownOption(Documented.of(Note))({}) // => Option.none()
 * ```
 */
export const of = <S extends Schema.Constraint>(schema: S): S => {
  const form = formOf(schema.ast)
  return form === schema.ast ? schema : Schema.make<S>(form)
}

// Cached, so that OpenAPI documents contain one definition per schema.
const forms = new WeakMap<SchemaAST.AST, SchemaAST.AST>()

const formOf = (ast: SchemaAST.AST): SchemaAST.AST => {
  const known = forms.get(ast)
  if (known !== undefined) return known
  const form = Wire.documented(ast, of)?.ast ?? membersOf(ast)
  const sameOptionality =
    SchemaAST.isOptional(ast) && !SchemaAST.isOptional(form) ? Schema.optionalKey(Schema.make(form)).ast : form
  forms.set(ast, sameOptionality)
  return sameOptionality
}

const membersOf = (ast: SchemaAST.AST): SchemaAST.AST => {
  if (ast.encoding !== undefined) return ast
  if (SchemaAST.isArrays(ast) && ast.elements.length === 0 && ast.rest.length === 1 && ast.checks === undefined) {
    const [item] = ast.rest
    const form = item && formOf(item)
    return form === undefined || form === item ? ast : Schema.Array(Schema.make(form)).ast
  }
  if (SchemaAST.isUnion(ast) && ast.checks === undefined) {
    const types = ast.types.map(formOf)
    return types.every((type, index) => type === ast.types[index])
      ? ast
      : Schema.Union(types.map((type) => Schema.make(type))).ast
  }
  return ast
}
