// Formats of strings and numbers in requests. JSON Schema does not require validation of formats, but a server that
// documents a format may refuse other values.
import type * as JsonSchema from "effect/JsonSchema"

const date = "(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
const byte = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"

const url = "^https?://[a-z0-9]+(?:[.-][a-z0-9]+){0,2}\\.[a-z]{2,10}(?:/[A-Za-z0-9_.-]*){0,5}$"

// The patterns contain only valid values, but not all of them: values are generated from them.
const patterns: Readonly<Record<string, string>> = {
  uuid: "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$",
  date: `^${date}$`,
  "date-time": `^${date}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,6})?(?:Z|[+-]0[0-9]:00)$`,
  email: "^[A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+){0,3}@[a-z0-9]+(?:[.-][a-z0-9]+){0,3}\\.[a-z]{2,10}$",
  uri: url,
  url,
  ipv4: `^(?:${byte}\\.){3}${byte}$`,
  byte: "^(?:[A-Za-z0-9+/]{4}){0,100}$"
}

const bounds: Readonly<Record<string, JsonSchema.JsonSchema>> = {
  int32: { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 }
}

/**
 * Restricts a schema to values of its format.
 */
export const restrict = (schema: JsonSchema.JsonSchema): JsonSchema.JsonSchema => {
  const { format, type } = schema
  const types = [type].flat()
  if (typeof format !== "string") return schema
  const pattern = types.includes("string") ? patterns[format] : undefined
  const isFree = ["pattern", "enum", "const", "minLength", "maxLength"].every((key) => schema[key] === undefined)
  if (pattern !== undefined && isFree) return { ...schema, pattern }
  return types.includes("integer") ? { ...bounds[format], ...schema } : schema
}
