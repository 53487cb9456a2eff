// Examples in a document that its own schemas do not allow.
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import type { WireSchema } from "../../ApiOperation.ts"
import { isRow } from "../../ApiConventions.ts"
import { shorten } from "../../Exchange.ts"
import * as Shape from "../Shape.ts"
import { at, entries, type Located, lookup, type Source, tokensOf } from "./Source.ts"

/**
 * Reports the examples of schemas, and of the media types that contain them.
 */
export const check = (source: Source, schemas: ReadonlyMap<Located<unknown>, Schema.Top>): void => {
  const seen = new Set<SchemaAST.AST>()
  for (const [{ pointer }, schema] of schemas) {
    for (const example of mediaExamples(source, pointer)) report(source, example.pointer, schema.ast, example.value)
    visit(source, schema.ast, pointer, seen)
  }
}

const report = (source: Source, pointer: string, ast: SchemaAST.AST, example: unknown) => {
  const [issue] = Shape.issues([Schema.make<WireSchema>(ast)], example)
  if (issue !== undefined) source.defect(pointer, `the example does not match its schema: ${shorten(issue.text, 120)}`)
}

// `example` and `examples` next to `schema`.
const mediaExamples = (source: Source, pointer: string): ReadonlyArray<Located<unknown>> => {
  if (tokensOf(pointer).at(-1) !== "schema") return []
  const parent = pointer.slice(0, pointer.lastIndexOf("/"))
  const media = lookup(source, parent)
  if (!isRow(media)) return []
  const named = entries(media["examples"], at(parent, "examples")).flatMap(([, { pointer, value }]) =>
    isRow(value) && value["value"] !== undefined ? [{ pointer: at(pointer, "value"), value: value["value"] }] : []
  )
  return media["example"] === undefined
    ? named
    : [{ pointer: at(parent, "example"), value: media["example"] }, ...named]
}

const visit = (source: Source, ast: SchemaAST.AST, pointer: string, seen: Set<SchemaAST.AST>): void => {
  if (seen.has(ast)) return
  seen.add(ast)
  // Checks have their own annotations.
  const examples = (ast.annotations ?? SchemaAST.resolve(ast))?.["examples"]
  if (Array.isArray(examples)) for (const example of examples) report(source, pointer, ast, example)
  // The examples of a schema with several alternatives are those of all of them.
  if (SchemaAST.isUnion(ast) && ast.types.filter(SchemaAST.isObjects).length < 2) {
    for (const type of ast.types) visit(source, type, pointer, seen)
  }
  if (SchemaAST.isArrays(ast)) for (const type of ast.rest) visit(source, type, at(pointer, "items"), seen)
  if (SchemaAST.isObjects(ast)) {
    for (const { name, type } of ast.propertySignatures) visit(source, type, at(pointer, String(name)), seen)
  }
}
