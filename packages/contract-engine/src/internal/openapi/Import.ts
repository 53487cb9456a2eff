// Import of the schemas of a document. A schema for any value replaces a schema that Effect cannot import.
import type * as JsonSchema from "effect/JsonSchema"
import type * as Schema from "effect/Schema"
import * as SchemaRepresentation from "effect/SchemaRepresentation"
import { isRow } from "../../ApiConventions.ts"
import { convert, type Direction } from "./Schemas.ts"
import { at, type Located, type Source } from "./Source.ts"

/**
 * Returns the schema of each root, for values in their wire form.
 */
export const importSchemas = <Root extends Located<unknown>>(
  source: Source,
  roots: ReadonlyArray<Root>,
  direction: Direction
): ReadonlyMap<Root, Schema.Top> => {
  const { definitions, roots: schemas } = convert(source, roots, direction)
  const pointers = new Map([...definitions].map(([key, { pointer }]) => [key, pointer]))
  const [first, ...rest] = importAll(
    {
      dialect: "draft-2020-12",
      schemas: [{}, ...schemas],
      definitions: Object.fromEntries([...definitions].map(([key, { schema }]) => [key, schema]))
    },
    ([group, key, ...path], reason) => {
      const root = group === "definitions" ? pointers.get(String(key)) : roots[Number(key) - 1]?.pointer
      source.unsupported(at(root ?? "#", ...path), reason)
    }
  )
  return new Map(roots.map((root, index) => [root, rest[index] ?? first]))
}

type Document = JsonSchema.MultiDocument<"draft-2020-12">

const importAll = (
  document: Document,
  report: (path: ReadonlyArray<string | number>, reason: string) => void
): readonly [Schema.Top, ...Array<Schema.Top>] => {
  // Each attempt removes one schema that cannot be imported, so there are fewer attempts than schemas.
  for (;;) {
    try {
      // A pattern can make matching slow. The document of a verified server is trusted.
      return SchemaRepresentation.fromJsonSchemaMultiDocument(document, { patterns: "apply" })
    } catch (error) {
      const { path, reason } = locate(error)
      if (path.length < 2 || !replaceAt(document, path)) throw error
      report(path, reason)
    }
  }
}

// An import error contains the path in its message only: `…\n  at ["schemas"][0]["properties"]["name"]`.
const locate = (error: unknown): { readonly path: ReadonlyArray<string | number>; readonly reason: string } => {
  const [reason = "", location = ""] = (error instanceof Error ? error.message : "").split("\n  at ")
  const path = Array.from(location.matchAll(/\[("(?:[^"\\]|\\.)*"|\d+)\]/g), ([, segment = ""]): string | number =>
    segment.startsWith('"') ? String(JSON.parse(segment)) : Number(segment)
  )
  return { path, reason: reason.replace(/^Cannot import/, "cannot import") }
}

/** Keywords whose values are schemas by name. */
const containers = new Set(["properties", "$defs", "definitions", "schemas", "allOf", "anyOf", "prefixItems"])

// Replaces the schema at a path, or the schema whose keyword is at the path.
const replaceAt = (document: Document, path: ReadonlyArray<string | number>): boolean => {
  const schemaAt = (length: number) => path.slice(0, length).reduce<unknown>(childOf, document)
  for (let length = path.length; length >= 2; length--) {
    const parent = schemaAt(length - 1)
    const key = path[length - 1]
    const schema = schemaAt(length)
    const isSchema = containers.has(String(path[length - 2])) || key === "items" || key === "additionalProperties"
    if (!isSchema || key === undefined || !isRow(schema) || Object.keys(schema).length === 0) continue
    if (typeof parent === "object" && parent !== null) return Reflect.set(parent, key, {})
  }
  return false
}

const childOf = (value: unknown, key: string | number): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined
