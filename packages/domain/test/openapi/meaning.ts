// Normalization of JSON Schemas. References are resolved, `const` becomes an `enum` with one value, `null` becomes a type,
// `allOf` becomes one schema, `oneOf` becomes `anyOf`, and alternatives that one schema can describe become that schema.
import * as Predicate from "effect/Predicate"

export type Json = Readonly<Record<string, unknown>>

export const json = (value: unknown): Json => (Predicate.isObject(value) ? (value as Json) : {})
export const list = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])

export const resolve = (document: unknown, schema: unknown): Json => {
  const reference = json(schema)["$ref"]
  if (typeof reference !== "string") return json(schema)
  return resolve(
    document,
    reference
      .slice(2)
      .split("/")
      .reduce<unknown>((value, key) => json(value)[key], document)
  )
}

/**
 * Returns a schema without `$ref`, `const`, `allOf` and `oneOf`. Its `anyOf`, if any, has alternatives that no single
 * schema can describe. `items` and `properties` are not normalized.
 */
export const meaningOf = (document: unknown, schema: unknown): Json => {
  const { allOf, anyOf, const: constant, oneOf, ...rest } = resolve(document, schema)
  const own = constant === undefined ? rest : { ...rest, enum: [constant] }
  const whole = list(allOf).reduce<Json>((whole, part) => both(whole, meaningOf(document, part)), own)
  const alternatives = [...list(anyOf), ...list(oneOf)].map((alternative) =>
    both(whole, meaningOf(document, alternative))
  )
  return alternatives.length === 0 ? whole : either(document, alternatives)
}

// If both schemas describe a property, the second description is used, because it is more specific.
const both = (one: Json, other: Json): Json => {
  const alternatives = [...list(one["anyOf"]), ...list(other["anyOf"])]
  if (alternatives.length > 0) {
    const { anyOf: _, ...rest } = { ...one, ...other }
    return { anyOf: alternatives.map((alternative) => both(rest, json(alternative))) }
  }
  const properties = { ...json(one["properties"]), ...json(other["properties"]) }
  const required = [...list(one["required"]), ...list(other["required"])]
  return {
    ...one,
    ...other,
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(required.length === 0 ? {} : { required })
  }
}

const either = (document: unknown, alternatives: ReadonlyArray<Json>): Json => {
  const [one, other, ...more] = alternatives
  if (one === undefined) return {}
  if (other === undefined) return one
  if (more.length === 0) {
    if (other["type"] === "null") return { ...one, type: [one["type"], "null"].flat() }
    if (one["enum"] !== undefined && other["type"] === "string" && other["enum"] === undefined) return one
  }
  return (
    alternatives.slice(1).reduce<Json | undefined>((joined, next) => joined && join(document, joined, next), one) ?? {
      anyOf: alternatives
    }
  )
}

const names = (schema: Json): string => JSON.stringify(Object.keys(json(schema["properties"])).toSorted())

/**
 * Returns a value that a schema describes, from the examples of its properties.
 */
export const exampleOf = (document: unknown, unresolved: unknown): unknown => {
  const schema = meaningOf(document, unresolved)
  const [constant] = list(schema["enum"])
  const [type] = [schema["type"]].flat()
  if (schema["properties"] !== undefined) {
    return Object.fromEntries(
      Object.entries(json(schema["properties"])).map(([name, property]) => [name, exampleOf(document, property)])
    )
  }
  // An example can be null.
  if ("example" in schema) return schema["example"]
  if (constant !== undefined) return constant
  if (schema["anyOf"] !== undefined) return exampleOf(document, list(schema["anyOf"])[0])
  if (type === "array") return schema["items"] === undefined ? [] : [exampleOf(document, schema["items"])]
  return type === "object" ? {} : type === "boolean" ? true : type === "number" || type === "integer" ? 1 : "a"
}

const isSame = (one: Json, other: Json): boolean =>
  one["type"] === other["type"] && one["type"] !== "object" && one["type"] !== "array" && one["enum"] === other["enum"]

// Flat objects with the same properties become one object, with the constants of all objects.
const join = (document: unknown, one: Json, other: Json): Json | undefined => {
  if (one["properties"] === undefined || names(one) !== names(other)) return undefined
  const properties = Object.entries(json(one["properties"])).map(([name, property]) => {
    const here = meaningOf(document, property)
    const there = meaningOf(document, json(other["properties"])[name])
    if (here["enum"] === undefined || there["enum"] === undefined) {
      return isSame(here, there) ? [name, here] : undefined
    }
    return [name, { ...here, enum: [...new Set([...list(here["enum"]), ...list(there["enum"])])] }]
  })
  return properties.every((property) => property !== undefined)
    ? { ...one, properties: Object.fromEntries(properties) }
    : undefined
}

/**
 * Returns a function that returns the tag of an alternative: the constant value of a property, which differs between
 * alternatives. One alternative may have no constant and describe all other values.
 */
export const tagOf = (
  document: unknown,
  alternatives: ReadonlyArray<Json>
): ((alternative: Json) => string | undefined) | undefined => {
  const constant = (alternative: Json, name: string): string | undefined => {
    const [value, ...more] = list(meaningOf(document, json(alternative["properties"])[name])["enum"])
    return typeof value === "string" && more.length === 0 ? value : undefined
  }
  const name = Object.keys(json(alternatives[0]?.["properties"])).find((name) => {
    const constants = alternatives.map((alternative) => constant(alternative, name))
    return (
      new Set(constants).size === constants.length && constants.filter((constant) => constant === undefined).length <= 1
    )
  })
  return name === undefined || alternatives.length < 2 ? undefined : (alternative) => constant(alternative, name)
}

/**
 * Returns the bodies that an error response describes: one for each alternative, and for each documented name of an error.
 */
export const errorBodiesOf = (document: unknown, unresolved: unknown): ReadonlyArray<Json> => {
  const schema = meaningOf(document, unresolved)
  const alternatives = list(schema["anyOf"])
  if (alternatives.length > 0) return alternatives.flatMap((alternative) => errorBodiesOf(document, alternative))
  const example = json(exampleOf(document, schema))
  const names = ["code", "error"].flatMap((key) =>
    list(meaningOf(document, json(schema["properties"])[key])["enum"]).map((name) => ({ ...example, [key]: name }))
  )
  return names.length === 0 ? [example] : names
}
