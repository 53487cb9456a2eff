// Compositions with `allOf` that describe one object: their members are merged, so that its fields are known.
import { isRow, type Row } from "../../ApiConventions.ts"
import { at, type Located, lookup, type Source } from "./Source.ts"

const annotations = new Set([
  "title",
  "description",
  "example",
  "examples",
  "default",
  "deprecated",
  "discriminator",
  "externalDocs",
  "xml",
  "readOnly",
  "writeOnly",
  "nullable"
])

const fields = new Set(["type", "properties", "required", "additionalProperties", "minProperties", "maxProperties"])

const isAnnotation = (keyword: string) => annotations.has(keyword) || keyword.startsWith("x-")

const isObjectType = (type: unknown): boolean =>
  type === undefined || type === "object" || (Array.isArray(type) && type.includes("object") && type.length <= 2)

/**
 * Returns the schemas whose fields together are the fields of a schema: the schema itself, and the members of its
 * `allOf`. Returns `undefined` if the schema describes more than one object, or something else.
 */
export const objectParts = (
  source: Source,
  value: Row,
  pointer: string,
  seen: ReadonlySet<string> = new Set()
): ReadonlyArray<Located<Row>> | undefined => {
  const { allOf, ...own } = value
  const hasFields = isRow(own["properties"]) || own["type"] === "object" || isRow(own["additionalProperties"])
  const isSimple =
    isObjectType(own["type"]) && Object.keys(own).every((keyword) => isAnnotation(keyword) || fields.has(keyword))
  if (!isSimple) return undefined
  if (!Array.isArray(allOf)) return hasFields || Array.isArray(own["type"]) ? [{ value, pointer }] : undefined
  const members = allOf.map((member: unknown, index) => memberParts(source, member, at(pointer, "allOf", index), seen))
  if (!members.every((parts) => parts !== undefined)) return undefined
  const merged = members.flat()
  return merged.length === 0 ? undefined : [...merged, { value: own, pointer }]
}

const memberParts = (
  source: Source,
  member: unknown,
  pointer: string,
  seen: ReadonlySet<string>
): ReadonlyArray<Located<Row>> | undefined => {
  if (!isRow(member)) return undefined
  const { $ref: reference } = member
  if (typeof reference !== "string") {
    // A member with only annotations, or only required fields, adds no fields.
    const isBare = Object.keys(member).every((keyword) => isAnnotation(keyword) || keyword === "required")
    return isBare ? [{ value: member, pointer }] : objectParts(source, member, pointer, seen)
  }
  const target = lookup(source, reference)
  if (!isRow(target) || seen.has(reference)) return undefined
  return memberParts(source, target, reference, new Set([...seen, reference]))
}

/**
 * Returns the only member of an `allOf` that other keywords merely annotate.
 */
export const onlyMember = (value: Row, pointer: string): Located<unknown> | undefined => {
  const { allOf, type: _type, ...own } = value
  return Array.isArray(allOf) && allOf.length === 1 && Object.keys(own).every(isAnnotation)
    ? { value: allOf[0], pointer: at(pointer, "allOf", 0) }
    : undefined
}
