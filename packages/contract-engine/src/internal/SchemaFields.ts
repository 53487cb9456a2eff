// The fields that a schema documents, with the values of enumerations.
import * as SchemaAST from "effect/SchemaAST"
import type { WireSchema } from "../ApiOperation.ts"
import * as Groups from "../report/Groups.ts"

/**
 * A documented field: the pattern of its path, `"data.*.state"`, and its values if the field is an enumeration.
 */
export interface Field {
  readonly pattern: string
  readonly values: ReadonlyArray<string>
}

/** The depth at which recursive schemas end. */
const maxDepth = 8

/**
 * Returns the fields of a schema that have no fields themselves.
 */
export const of = (schema: WireSchema): ReadonlyArray<Field> =>
  Array.from(
    Groups.by(fieldsIn(SchemaAST.toEncoded(schema.ast), []), ({ pattern }) => pattern),
    ([pattern, fields]) => ({ pattern, values: [...new Set(fields.flatMap(({ values }) => values))] })
  )

const fieldsIn = (ast: SchemaAST.AST, path: ReadonlyArray<string>): ReadonlyArray<Field> => {
  if (path.length > maxDepth) return []
  const members = SchemaAST.isUnion(ast) ? ast.types : [ast]
  const inner = members.flatMap((member) => {
    if (SchemaAST.isArrays(member)) return member.rest.slice(0, 1).flatMap((item) => fieldsIn(item, [...path, "*"]))
    if (SchemaAST.isObjects(member))
      return member.propertySignatures.flatMap(({ name, type }) => fieldsIn(type, [...path, String(name)]))
    return member !== ast && SchemaAST.isUnion(member) ? fieldsIn(member, path) : []
  })
  if (inner.length > 0) return inner
  const values = members.flatMap((member) =>
    SchemaAST.isLiteral(member) && typeof member.literal === "string" ? [member.literal] : []
  )
  // A field with one value is a constant.
  return path.length === 0 ? [] : [{ pattern: path.join("."), values: values.length > 1 ? values : [] }]
}
