// The fields of a documented body, without importing its schema.
import { isRow } from "../../ApiConventions.ts"
import * as Composition from "./Composition.ts"
import { at, entries, type Located, resolve, type Source } from "./Source.ts"

/**
 * Fields with their schemas.
 */
export type Fields = ReadonlyMap<string, Located<unknown>>

/**
 * Returns the fields of an object; none for other schemas.
 */
export const fieldsOf = (source: Source, schema: Located<unknown>): Fields => {
  const resolved = resolve(source, schema.value, schema.pointer)
  if (resolved === undefined) return new Map()
  const only = Composition.onlyMember(resolved.value, resolved.pointer)
  if (only !== undefined) return fieldsOf(source, only)
  const parts = Composition.objectParts(source, resolved.value, resolved.pointer) ?? [resolved]
  const own = parts.flatMap(({ pointer, value }) => entries(value["properties"], at(pointer, "properties")))
  if (own.length > 0) return new Map(own)
  // The rows of a list may be one of several kinds; the fields of the first kind stand for all.
  const { anyOf, oneOf } = resolved.value
  const [first] = [anyOf, oneOf].filter(Array.isArray).flat()
  return first === undefined ? new Map() : fieldsOf(source, { value: first, pointer: resolved.pointer })
}

/**
 * Returns the fields of the items of a list of objects; `undefined` for other schemas.
 */
export const itemsOf = (source: Source, schema: Located<unknown>): Fields | undefined => {
  const resolved = resolve(source, schema.value, schema.pointer)
  const items = resolved?.value["items"]
  if (resolved === undefined || !isRow(items)) return undefined
  return fieldsOf(source, { value: items, pointer: at(resolved.pointer, "items") })
}

/**
 * Returns the types of a schema.
 */
export const typesOf = (source: Source, schema: Located<unknown>): ReadonlyArray<string> => {
  const value = resolve(source, schema.value, schema.pointer)?.value
  const alternatives = [value?.["anyOf"], value?.["oneOf"]].filter(Array.isArray).flat()
  const types = [value?.["type"]].flat().filter((type) => typeof type === "string")
  return [...types, ...alternatives.flatMap((one) => typesOf(source, { value: one, pointer: schema.pointer }))]
}

/** Objects of a body that contain cursors and links. */
const containers =
  /^(?:_?links|_?meta(?:data)?|(?:list|page)_?(?:meta(?:data)?|info)|pagination|paging|page|cursors?)$/i

/**
 * Returns the path of a field in a body, or in an object with metadata of the page.
 */
export const pathOf = (
  source: Source,
  fields: Fields,
  pattern: RegExp,
  type: string
): ReadonlyArray<string> | undefined => {
  for (const [name, field] of fields) {
    if (pattern.test(name) && typesOf(source, field).includes(type)) return [name]
  }
  for (const [name, field] of fields) {
    if (!containers.test(name)) continue
    const inner = pathOf(source, fieldsOf(source, field), pattern, type)
    if (inner !== undefined) return [name, ...inner]
  }
  return undefined
}

/**
 * Returns the path of the link to the next page: the field `next` of an object with links, or a URL.
 */
export const linkOf = (source: Source, fields: Fields): ReadonlyArray<string> | undefined => {
  for (const [name, field] of fields) {
    if (!/^_?links$/i.test(name)) continue
    const inner = fieldsOf(source, field)
    const next = inner.get("next")
    if (next === undefined) continue
    if (typesOf(source, next).includes("string")) return [name, "next"]
    if (fieldsOf(source, next).has("href")) return [name, "next", "href"]
  }
  const next = fields.get("next")
  const format = next && resolve(source, next.value, next.pointer)?.value["format"]
  return format === "uri" || format === "url" || format === "uri-reference" ? ["next"] : undefined
}
