// Conversion of the schemas of a document to JSON Schema 2020-12, without what contradicts the specification and what
// cannot be imported.
import * as JsonPointer from "effect/JsonPointer"
import type * as JsonSchema from "effect/JsonSchema"
import { isRow, type Row } from "../../ApiConventions.ts"
import * as Composition from "./Composition.ts"
import * as Formats from "./Formats.ts"
import * as Keywords from "./Keywords.ts"
import { at, isResolvable, type Located, lookup, type Source } from "./Source.ts"

/** Requests have no read-only fields, and responses no write-only fields. */
export type Direction = "request" | "response"

interface Definition {
  readonly schema: JsonSchema.JsonSchema
  readonly pointer: string
}

export interface Converted {
  readonly roots: ReadonlyArray<JsonSchema.JsonSchema>
  /** The schemas that the roots refer to, by key. */
  readonly definitions: ReadonlyMap<string, Definition>
}

/**
 * Converts schemas and the schemas that they refer to.
 */
export const convert = (source: Source, roots: ReadonlyArray<Located<unknown>>, direction: Direction): Converted => {
  const definitions = new Map<string, Definition>()
  const pending: Array<string> = []
  const convertNode = converter(source, direction, (pointer) => {
    const key = keyOf(pointer)
    if (!definitions.has(key) && !pending.includes(pointer)) pending.push(pointer)
    return JsonPointer.formatUriFragment(["$defs", key])
  })
  const converted = roots.map(({ pointer, value }) => convertNode(value, pointer))
  for (let pointer = pending.pop(); pointer !== undefined; pointer = pending.pop()) {
    definitions.set(keyOf(pointer), { schema: {}, pointer })
    definitions.set(keyOf(pointer), { schema: convertNode(lookup(source, pointer), pointer), pointer })
  }
  return { roots: converted, definitions }
}

const keyOf = (pointer: string): string => pointer.replace(/^#\/(?:components\/schemas\/)?/, "").replaceAll("/", ".")

type Convert = (value: unknown, pointer: string) => JsonSchema.JsonSchema

const converter = (source: Source, direction: Direction, refer: (pointer: string) => string): Convert => {
  const isHidden = (schema: unknown): boolean =>
    isRow(schema) && schema[direction === "request" ? "readOnly" : "writeOnly"] === true

  const convert = (value: unknown, pointer: string, isOpen = false, inlined: ReadonlySet<string> = new Set()) => {
    if (typeof value === "boolean") return value ? {} : { not: {} }
    if (!isRow(value)) {
      source.defect(pointer, "the schema is not an object")
      return {}
    }
    const schema = schemaOf(value, pointer, isOpen, inlined)
    return Keywords.withNull(source, value, pointer, direction === "request" ? Formats.restrict(schema) : schema)
  }

  const schemaOf = (
    value: Row,
    pointer: string,
    isOpen: boolean,
    inlined: ReadonlySet<string>
  ): JsonSchema.JsonSchema => {
    const { $ref: reference } = value
    if (typeof reference === "string") {
      if (!isResolvable(source, reference, pointer)) return {}
      // A definition is closed, so it cannot be combined with other fields.
      const target = lookup(source, reference)
      return isOpen && isRow(target) && !inlined.has(reference)
        ? convert(target, reference, true, new Set([...inlined, reference]))
        : { $ref: refer(reference) }
    }
    const parts = Composition.objectParts(source, value, pointer)
    if (parts !== undefined) return objectOf(parts, isOpen)
    const only = Composition.onlyMember(value, pointer)
    if (only !== undefined) return { ...Keywords.annotations(value), ...convert(only.value, only.pointer) }
    return composedOf(value, pointer, isOpen, inlined)
  }

  // A schema with alternatives, with members that cannot be merged, or of a type other than `object`.
  const composedOf = (
    value: Row,
    pointer: string,
    isOpen: boolean,
    inlined: ReadonlySet<string>
  ): JsonSchema.JsonSchema => {
    const members = (keyword: string, areOpen: boolean) =>
      (Array.isArray(value[keyword]) ? value[keyword] : []).map((member, index) =>
        convert(member, at(pointer, keyword, index), areOpen, inlined)
      )
    const hasOwnFields = isRow(value["properties"])
    const isCombined = isOpen || hasOwnFields || Array.isArray(value["allOf"])
    const all = members("allOf", true)
    // Alternatives of real documents often overlap, so `oneOf` is read as `anyOf`.
    const any = [...members("anyOf", isCombined), ...members("oneOf", isCombined)]
    const fields = hasOwnFields ? objectOf([{ value, pointer }], true) : {}
    return {
      ...Keywords.read(source, value, pointer),
      ...fields,
      ...arrayOf(value, pointer),
      ...(all.length === 0 ? {} : { allOf: all }),
      ...(any.length === 0 ? {} : { anyOf: any })
    }
  }

  const arrayOf = (value: Row, pointer: string): JsonSchema.JsonSchema => {
    const { items, prefixItems } = value
    if (Array.isArray(items)) {
      source.defect(at(pointer, "items"), "items is a list")
      return {}
    }
    return {
      ...(items === undefined ? {} : { items: convert(items, at(pointer, "items")) }),
      ...(Array.isArray(prefixItems)
        ? { prefixItems: prefixItems.map((item, index) => convert(item, at(pointer, "prefixItems", index))) }
        : {})
    }
  }

  const objectOf = (parts: ReadonlyArray<Located<Row>>, isOpen: boolean): JsonSchema.JsonSchema => {
    const fields = new Map<string, ReadonlyArray<JsonSchema.JsonSchema>>()
    const hidden = new Set<string>()
    for (const { pointer, value } of parts) {
      for (const [name, field] of Object.entries(isRow(value["properties"]) ? value["properties"] : {})) {
        if (isHidden(field)) hidden.add(name)
        else fields.set(name, [...(fields.get(name) ?? []), convert(field, at(pointer, "properties", name))])
      }
    }
    const required = parts.flatMap(({ pointer, value }) => Keywords.required(source, value, pointer))
    const visible = [...new Set(required)].filter((name) => !hidden.has(name))
    for (const name of visible) {
      if (fields.has(name)) continue
      if (fields.size > 0 && !isOpen)
        source.defect(parts[0]?.pointer ?? "#", `the required field ${name} is not one of the properties`)
      fields.set(name, [{}])
    }
    const additional = parts.flatMap(({ pointer, value: { additionalProperties } }) =>
      additionalProperties === undefined ? [] : [{ pointer, additionalProperties }]
    )
    const explicit = additional.find(({ additionalProperties }) => additionalProperties !== false)
    const isTyped = isRow(explicit?.additionalProperties) && Object.keys(explicit.additionalProperties).length > 0
    if (isTyped && fields.size > 0)
      source.unsupported(at(explicit.pointer, "additionalProperties"), "the values of other fields cannot be verified")
    const isClosed = !isOpen && explicit === undefined && (fields.size > 0 || additional.length > 0)
    return {
      ...parts.reduce<JsonSchema.JsonSchema>(
        (all, { pointer, value }) => ({ ...all, ...Keywords.read(source, value, pointer) }),
        {}
      ),
      type: "object",
      ...(fields.size === 0
        ? {}
        : {
            properties: Object.fromEntries(
              [...fields].map(([name, schemas]) => [name, schemas.length === 1 ? schemas[0] : { allOf: schemas }])
            )
          }),
      ...(visible.length === 0 ? {} : { required: visible }),
      // An undocumented field is a finding, although a JSON Schema without `additionalProperties` allows it.
      ...(isClosed ? { additionalProperties: false } : {}),
      ...(isTyped && fields.size === 0
        ? { additionalProperties: convert(explicit.additionalProperties, at(explicit.pointer, "additionalProperties")) }
        : {})
    }
  }

  return convert
}
