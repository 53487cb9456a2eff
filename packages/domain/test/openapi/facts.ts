// An OpenAPI description, taken apart into facts that can be compared one by one.
//
// A fact is a place (`GET /connections · query limit · maximum`) and a JSON value. Notations that mean the same give
// the same fact: references are followed, `const` is an `enum` of one, `null` is a type, and an enumeration beside a
// plain string (our open enums) is that enumeration. Not facts: prose, examples, and `pattern`, which WorkOS gives
// nowhere and we give for every id.
import * as Predicate from "effect/Predicate"

export type Facts = ReadonlyMap<string, string>

type Json = Readonly<Record<string, unknown>>

const json = (value: unknown): Json => (Predicate.isObject(value) ? (value as Json) : {})
const list = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])
const sorted = (values: ReadonlyArray<unknown>): string => JSON.stringify([...values].map(String).toSorted())

const methods = ["get", "put", "post", "delete", "patch"]

/** `"GET /connections"` and so on, in the order of the document. */
export const operations = (document: unknown): ReadonlyArray<string> =>
  Object.entries(json(json(document)["paths"])).flatMap(([path, item]) =>
    methods.filter((method) => method in json(item)).map((method) => `${method.toUpperCase()} ${path}`)
  )

export const factsOf = (document: unknown, only: ReadonlyArray<string>): Facts => {
  const facts = new Map<string, string>()
  const resolve = (schema: unknown): Json => {
    const reference = json(schema)["$ref"]
    if (typeof reference !== "string") return json(schema)
    return resolve(
      reference
        .slice(2)
        .split("/")
        .reduce<unknown>((value, key) => json(value)[key], document)
    )
  }

  const addSchema = (place: string, unresolved: unknown): void => {
    const schema = merge(resolve(unresolved))
    if (schema["type"] !== undefined) facts.set(`${place} · type`, sorted([schema["type"]].flat()))
    if (schema["enum"] !== undefined) facts.set(`${place} · enum`, sorted(list(schema["enum"])))
    for (const key of ["minimum", "maximum", "format", "default"]) {
      if (schema[key] !== undefined) facts.set(`${place} · ${key}`, JSON.stringify(schema[key]))
    }
    const required = list(schema["required"])
    for (const [name, property] of Object.entries(json(schema["properties"]))) {
      facts.set(`${place}.${name} · required`, String(required.includes(name)))
      addSchema(`${place}.${name}`, property)
    }
    if (schema["items"] !== undefined) addSchema(`${place}[]`, schema["items"])
    const alternatives = list(schema["anyOf"])
    if (alternatives.length > 0) facts.set(`${place} · alternatives`, String(alternatives.length))
    alternatives.forEach((alternative, index) => addSchema(`${place}(${index + 1})`, alternative))
  }

  // Two alternatives that say together what one schema could.
  const merge = (schema: Json): Json => {
    if (schema["const"] !== undefined) return { ...schema, enum: [schema["const"]] }
    const alternatives = list(schema["anyOf"]).map((alternative) => merge(resolve(alternative)))
    const [one, other] = alternatives
    if (one === undefined || other === undefined || alternatives.length > 2) return schema
    if (other["type"] === "null") return { ...one, type: [one["type"], "null"].flat() }
    return one["enum"] !== undefined && other["type"] === "string" && other["enum"] === undefined ? one : schema
  }

  for (const [path, item] of Object.entries(json(json(document)["paths"]))) {
    for (const method of methods) {
      const operation = json(json(item)[method])
      const name = `${method.toUpperCase()} ${path}`
      if (!only.includes(name)) continue
      for (const parameter of list(operation["parameters"]).map(resolve)) {
        const place = `${name} · ${parameter["in"]} ${parameter["name"]}`
        facts.set(`${place} · required`, String(parameter["required"] ?? false))
        addSchema(place, parameter["schema"])
      }
      for (const [status, response] of Object.entries(json(operation["responses"]))) {
        const content = json(json(response)["content"])
        facts.set(`${name} · ${status}`, sorted(Object.keys(content)))
        for (const media of Object.values(content)) addSchema(`${name} · ${status} · body`, json(media)["schema"])
      }
    }
  }
  return facts
}

export interface Difference {
  readonly place: string
  readonly ours: string | undefined
  readonly theirs: string | undefined
}

export const difference = (ours: Facts, theirs: Facts): ReadonlyArray<Difference> =>
  [...new Set([...ours.keys(), ...theirs.keys()])]
    .toSorted()
    .map((place) => ({ place, ours: ours.get(place), theirs: theirs.get(place) }))
    .filter((difference) => difference.ours !== difference.theirs)
