// The keywords of one schema: type, enumeration, bounds, pattern and annotations.
import type * as JsonSchema from "effect/JsonSchema"
import { isRow, type Row } from "../../ApiConventions.ts"
import { at, type Source } from "./Source.ts"

const types = new Set(["string", "number", "integer", "boolean", "array", "object", "null"])

/** Types that documents use instead of a documented type. */
const misspelt: Readonly<Record<string, string>> = { int: "integer", long: "integer", float: "number", bool: "boolean" }

const unsupported = [
  "not",
  "if",
  "contains",
  "dependentRequired",
  "dependentSchemas",
  "unevaluatedItems",
  "unevaluatedProperties",
  "patternProperties",
  "propertyNames",
  "$dynamicRef"
]

/**
 * Returns the keywords of a schema that do not contain other schemas.
 */
export const read = (source: Source, value: Row, pointer: string): JsonSchema.JsonSchema => {
  for (const keyword of unsupported) {
    if (value[keyword] !== undefined)
      source.unsupported(at(pointer, keyword), `the keyword ${keyword} cannot be verified`)
  }
  const type = typeOf(source, value, pointer)
  return {
    ...annotations(value),
    ...type,
    ...enumerationOf(source, value, pointer, type),
    ...boundsOf(source, value, pointer),
    ...patternOf(source, value, pointer),
    ...(value["uniqueItems"] === true ? { uniqueItems: true } : {})
  }
}

/**
 * Returns the annotations of a schema.
 */
export const annotations = ({ description, example, examples, format, title }: Row): JsonSchema.JsonSchema => {
  const samples = [...(example === undefined ? [] : [example]), ...(Array.isArray(examples) ? examples : [])]
  return {
    ...(typeof title === "string" ? { title } : {}),
    ...(typeof description === "string" ? { description } : {}),
    ...(typeof format === "string" ? { format } : {}),
    ...(samples.length === 0 ? {} : { examples: samples })
  }
}

/**
 * Returns the required fields of an object.
 */
export const required = (source: Source, { required: names }: Row, pointer: string): ReadonlyArray<string> => {
  if (names === undefined) return []
  if (!Array.isArray(names)) {
    source.defect(at(pointer, "required"), "required is not a list of fields")
    return []
  }
  const texts = names.filter((name) => typeof name === "string")
  const duplicates = new Set(texts.filter((name, index) => texts.indexOf(name) !== index))
  if (duplicates.size > 0)
    source.defect(at(pointer, "required"), `required contains ${[...duplicates].join(", ")} more than once`)
  return [...new Set(texts)]
}

/**
 * Adds `null` to a schema whose values may be `null`.
 */
export const withNull = (
  source: Source,
  { $ref: reference, nullable }: Row,
  pointer: string,
  schema: JsonSchema.JsonSchema
): JsonSchema.JsonSchema => {
  if (nullable !== true) return schema
  if (source.version === "3.1") source.defect(pointer, "nullable is not a keyword of OpenAPI 3.1")
  else if (reference !== undefined) source.defect(pointer, "nullable next to $ref has no effect in OpenAPI 3.0")
  const { enum: values, type } = schema
  if (typeof type !== "string" && !Array.isArray(type)) return { anyOf: [schema, { type: "null" }] }
  return {
    ...schema,
    type: [...new Set([type, "null"].flat())],
    ...(Array.isArray(values) && !values.includes(null) ? { enum: [...values, null] } : {})
  }
}

const typeOf = (source: Source, value: Row, pointer: string): JsonSchema.JsonSchema => {
  const { type } = value
  if (type === undefined) return impliedType(source, value, pointer)
  if (Array.isArray(type) && source.version === "3.0") source.defect(pointer, "OpenAPI 3.0 allows one type only")
  const known = [type].flat().flatMap((name: unknown) => {
    const text = String(name)
    if (types.has(text)) return [text]
    const intended = misspelt[text]
    source.defect(
      at(pointer, "type"),
      `${text} is not a type${intended === undefined ? "" : `, and is read as ${intended}`}`
    )
    return intended === undefined ? [] : [intended]
  })
  const [first] = known
  if (first === undefined) return {}
  return { type: known.length === 1 ? first : known }
}

const impliedType = (source: Source, value: Row, pointer: string): JsonSchema.JsonSchema => {
  const [keyword, type] =
    value["items"] !== undefined
      ? ["items", "array"]
      : isRow(value["properties"])
        ? ["properties", "object"]
        : typeof value["format"] === "string" && value["enum"] === undefined && !isComposed(value)
          ? ["format", "string"]
          : []
  if (keyword === undefined) return {}
  source.defect(pointer, `the schema has ${keyword}, but no type`)
  // The format of a value without a type may be one of a number.
  return type === "string" ? {} : { type }
}

const isComposed = (value: Row) => ["allOf", "anyOf", "oneOf"].some((keyword) => value[keyword] !== undefined)

// -----------------------------------------------------------------------------
// Enumerations
// -----------------------------------------------------------------------------

const enumerationOf = (
  source: Source,
  value: Row,
  pointer: string,
  { type }: JsonSchema.JsonSchema
): JsonSchema.JsonSchema => {
  const { const: constant, enum: values } = value
  if (values === undefined) return constant === undefined || isRow(constant) ? {} : { const: constant }
  if (!Array.isArray(values) || values.length === 0) {
    source.defect(at(pointer, "enum"), "enum is not a list of values")
    return {}
  }
  if (values.some((one) => typeof one === "object" && one !== null)) {
    source.unsupported(at(pointer, "enum"), "an enumeration of objects or arrays cannot be verified")
    return {}
  }
  if (type === "array") {
    source.defect(at(pointer, "enum"), "the values are those of the items, and the type is array")
    return {}
  }
  if (new Set(values).size < values.length)
    source.defect(at(pointer, "enum"), "the enumeration contains a value more than once")
  // YAML reads unquoted words such as `no` and numbers as other types.
  const isMistyped = (one: unknown) =>
    type === "string" && typeof one !== "string" && !(one === null && value["nullable"] === true)
  const mistyped = values.filter(isMistyped)
  if (mistyped.length > 0) source.defect(at(pointer, "enum"), `${mistyped.join(", ")} in an enumeration of type string`)
  return { enum: [...new Set(values.map((one) => (isMistyped(one) ? String(one) : one)))] }
}

// -----------------------------------------------------------------------------
// Bounds
// -----------------------------------------------------------------------------

const pairs = [
  ["minimum", "maximum"],
  ["minLength", "maxLength"],
  ["minItems", "maxItems"],
  ["minProperties", "maxProperties"]
] as const

const boundsOf = (source: Source, value: Row, pointer: string): JsonSchema.JsonSchema => {
  const number = (keyword: string): number | undefined => {
    const bound = value[keyword]
    if (bound === undefined) return undefined
    const parsed = typeof bound === "string" && bound.trim() !== "" ? Number(bound) : bound
    if (typeof bound !== "number") source.defect(at(pointer, keyword), `${keyword} is not a number`)
    return typeof parsed === "number" && Number.isFinite(parsed) ? parsed : undefined
  }
  const found: Record<string, number> = {}
  for (const [minimum, maximum] of pairs) {
    const [least, greatest] = [number(minimum), number(maximum)]
    if (least !== undefined && greatest !== undefined && least > greatest) {
      source.defect(pointer, `${minimum} exceeds ${maximum}`)
      continue
    }
    if (least !== undefined) found[minimum] = least
    if (greatest !== undefined) found[maximum] = greatest
  }
  for (const [exclusive, inclusive] of [
    ["exclusiveMinimum", "minimum"],
    ["exclusiveMaximum", "maximum"]
  ] as const) {
    if (typeof value[exclusive] !== "boolean") {
      const bound = number(exclusive)
      if (bound !== undefined) found[exclusive] = bound
      continue
    }
    if (source.version === "3.1") source.defect(at(pointer, exclusive), `${exclusive} is not a number`)
    const bound = found[inclusive]
    if (value[exclusive] !== true || bound === undefined) continue
    found[exclusive] = bound
    delete found[inclusive]
  }
  const multiple = number("multipleOf")
  return multiple === undefined || multiple <= 0 ? found : { ...found, multipleOf: multiple }
}

const patternOf = (source: Source, { pattern }: Row, pointer: string): JsonSchema.JsonSchema => {
  if (pattern === undefined) return {}
  const compiles = (flags: string) => {
    try {
      return typeof pattern === "string" && new RegExp(pattern, flags) instanceof RegExp
    } catch {
      return false
    }
  }
  if (compiles("u")) return { pattern }
  if (compiles("")) source.unsupported(at(pointer, "pattern"), "the pattern is not valid in Unicode mode")
  else source.defect(at(pointer, "pattern"), "the pattern is not a regular expression")
  return {}
}
