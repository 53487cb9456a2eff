// What the schema of a resource's rows says about them.
import * as Id from "@effect-workos/domain/Id"
import type { Resource } from "@effect-workos/domain/Resource"
import type * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import type { AnyRow } from "./Tables.ts"

/**
 * The schema of a row: what `get` returns, or the item of `list`. `undefined` for resources without rows.
 */
export const of = ({ endpoints: { get, list } }: Resource): Schema.Codec<AnyRow> | undefined =>
  // Rows of all resources have an id and a time of creation: `Declaration` has no rows for a resource without.
  (get?.success ?? list?.item) as Schema.Codec<AnyRow> | undefined

const typeOf = (schema: Schema.Top, key: string): SchemaAST.AST | undefined => {
  const ast = SchemaAST.toType(schema.ast)
  return SchemaAST.isObjects(ast) ? ast.propertySignatures.find(({ name }) => name === key)?.type : undefined
}

/** The names of the keys of a struct. */
export const keys = (schema: Schema.Top | undefined): ReadonlyArray<string> => {
  const ast = schema && SchemaAST.toType(schema.ast)
  return ast && SchemaAST.isObjects(ast) ? ast.propertySignatures.map(({ name }) => String(name)) : []
}

/** The value of the key `object`. */
export const object = (schema: Schema.Top): string => {
  const type = typeOf(schema, "object")
  return type !== undefined && SchemaAST.isLiteral(type) ? String(type.literal) : ""
}

/** The prefix of ids. */
export const prefix = (schema: Schema.Top): string => {
  const type = typeOf(schema, "id")
  return (type && Id.prefixOf(type)) ?? ""
}
