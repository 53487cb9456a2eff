// Comparison of values with schemas: issues, undocumented fields and undocumented values.
import { memoize } from "effect/Function"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as SchemaIssue from "effect/SchemaIssue"
import { isRow } from "../ApiConventions.ts"
import type { WireSchema } from "../ApiOperation.ts"

const issuesOf = SchemaIssue.makeFormatterStandardSchemaV1()

/**
 * An issue of a value: a text with the path, `"data.0.state: Expected a string"`, and the pattern of the path,
 * `"data.*.state"`.
 */
export interface Issue {
  readonly text: string
  readonly pattern: string
}

/**
 * Returns the issues of a value. Returns an empty list if one of the schemas matches.
 */
export const issues = (schemas: ReadonlyArray<WireSchema>, value: unknown): ReadonlyArray<Issue> => {
  let found: ReadonlyArray<Issue> = []
  for (const schema of schemas) {
    const decoded = Schema.decodeUnknownResult(schema, { errors: "all" })(value)
    if (Result.isSuccess(decoded)) return []
    found = issuesOf(decoded.failure.issue).issues.map(({ message, path = [] }) => {
      const keys = path.map((segment) => (typeof segment === "object" ? segment.key : segment))
      return {
        text: [keys.map(String).join("."), message].filter((part) => part !== "").join(": "),
        pattern: keys.map((key) => (typeof key === "number" ? "*" : String(key))).join(".")
      }
    })
  }
  return found
}

/**
 * Returns the first issue of each pattern.
 */
export const distinct = (issues: ReadonlyArray<Issue>): ReadonlyArray<Issue> =>
  issues.filter(({ pattern }, index) => issues.findIndex((issue) => issue.pattern === pattern) === index)

/**
 * A value within a value, with its path: `"data.3.domains.0.id"`, whose `pattern` is `"data.*.domains.*.id"`.
 */
export interface Location {
  readonly path: string
  readonly pattern: string
  readonly value: unknown
}

export interface Visitor {
  /** Called for a value that is neither a struct nor an array, with its schema. */
  readonly leaf?: (location: Location, ast: SchemaAST.AST) => void
  /** Called for a field that the schema does not have, with the patterns of the required fields that are missing. */
  readonly undocumented?: (location: Location, missing: ReadonlyArray<string>) => void
}

/**
 * Returns the first schema that matches a value. Defaults to the first schema.
 */
export const firstMatching = <A>(
  candidates: ReadonlyArray<A>,
  value: unknown,
  schemaOf: (candidate: A) => WireSchema
): A | undefined => {
  const [first] = candidates
  // Matching is slow, and a single candidate is the result in either case.
  if (candidates.length < 2) return first
  return candidates.find((candidate) => Schema.is(schemaOf(candidate))(value)) ?? first
}

/**
 * Visits a value together with its schema.
 */
export const visit = (schema: WireSchema, value: unknown, visitor: Visitor): void =>
  visitNode(SchemaAST.toEncoded(schema.ast), { path: "", pattern: "", value }, visitor)

const visitNode = (ast: SchemaAST.AST, location: Location, visitor: Visitor): void => {
  const { value } = location
  if (Array.isArray(value)) {
    const arrays = membersOf(ast).find(SchemaAST.isArrays)
    const item = arrays?.rest[0]
    if (item !== undefined)
      value.forEach((inner, index) => visitNode(item, child(location, String(index), inner, "*"), visitor))
    return
  }
  if (isRow(value)) {
    const struct = firstMatching(membersOf(ast).filter(SchemaAST.isObjects), value, (ast) =>
      Schema.make<WireSchema>(ast)
    )
    if (struct === undefined) return
    for (const [key, inner] of Object.entries(value)) {
      const property = struct.propertySignatures.find(({ name }) => name === key)
      if (property !== undefined) visitNode(property.type, child(location, key, inner), visitor)
      else if (struct.indexSignatures.length === 0 && struct.propertySignatures.length > 0) {
        const missing = struct.propertySignatures
          .filter(({ name, type }) => !SchemaAST.isOptional(type) && !Object.hasOwn(value, name))
          .map(({ name }) => child(location, String(name), undefined).pattern)
        visitor.undocumented?.(child(location, key, inner), missing)
      }
    }
    return
  }
  visitor.leaf?.(location, ast)
}

const child = ({ path, pattern }: Location, key: string, value: unknown, star = key): Location => ({
  path: path === "" ? key : `${path}.${key}`,
  pattern: pattern === "" ? star : `${pattern}.${star}`,
  value
})

const membersOf: (ast: SchemaAST.AST) => ReadonlyArray<SchemaAST.AST> = memoize((ast) =>
  SchemaAST.isUnion(ast) ? ast.types.flatMap(membersOf) : [ast]
)

/**
 * Returns the known values of an open enumeration, or `undefined` for other schemas.
 */
export const knownValues = (ast: SchemaAST.AST): ReadonlyArray<string> | undefined => {
  const known = knownTexts(ast)
  return known.length === 0 ? undefined : known
}

const knownTexts = memoize((ast: SchemaAST.AST): ReadonlyArray<string> => {
  const members = membersOf(ast)
  if (!members.some((member) => member._tag === "String")) return []
  return members.flatMap((member) => (SchemaAST.isLiteral(member) ? [String(member.literal)] : []))
})

/**
 * Formats documented values for display: at most eight, and the number of others.
 */
export const describeValues = (values: ReadonlyArray<string>): string => {
  const shown = values.length <= 8 ? values : values.slice(0, 7)
  const more = values.length - shown.length
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(", ")
}

/**
 * Returns whether a schema describes a timestamp: its format is `date-time`.
 */
export const isInstant = (ast: SchemaAST.AST): boolean =>
  membersOf(ast).some(
    (member) => (member.annotations?.["format"] ?? SchemaAST.resolve(member)?.["format"]) === "date-time"
  )

/**
 * Returns the first result for the members of a union, or for the schema itself.
 */
export const first = <A>(ast: SchemaAST.AST, of: (member: SchemaAST.AST) => A | undefined): A | undefined => {
  for (const member of membersOf(ast)) {
    const found = of(member)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * Returns whether a schema, or any schema in it, satisfies a predicate.
 */
export const some = (schema: WireSchema, is: (ast: SchemaAST.AST) => boolean): boolean => {
  const search = (ast: SchemaAST.AST): boolean => {
    if (is(ast)) return true
    if (SchemaAST.isUnion(ast)) return ast.types.some(search)
    if (SchemaAST.isArrays(ast)) return [...ast.elements, ...ast.rest].some(search)
    return SchemaAST.isObjects(ast) && ast.propertySignatures.some(({ type }) => search(type))
  }
  return search(SchemaAST.toEncoded(schema.ast))
}
