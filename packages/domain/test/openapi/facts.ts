// The facts of an OpenAPI description, which can be compared one by one.
//
// A fact is a place (`GET /connections · query limit · maximum`) and a JSON value. `meaning.ts` normalizes schemas, so
// that equivalent notations have the same facts. Prose and examples are not facts. Neither is `pattern`, because WorkOS
// states it for few ids, and we state it for every id.
import { json, list, meaningOf, resolve, tagOf, type Json } from "./meaning.ts"

export type Facts = ReadonlyMap<string, string>

const sorted = (values: ReadonlyArray<unknown>): string => JSON.stringify([...values].map(String).toSorted())

const methods = ["get", "put", "post", "delete", "patch"]

/** Returns the operations, such as `"GET /connections"`, in the order of the document. */
export const operations = (document: unknown): ReadonlyArray<string> =>
  Object.entries(json(json(document)["paths"])).flatMap(([path, item]) =>
    methods.filter((method) => method in json(item)).map((method) => `${method.toUpperCase()} ${path}`)
  )

const compared = ["minimum", "maximum", "maxLength", "maxProperties", "format", "default"]

// Our descriptions limit every integer to the safe integers of JavaScript, and WorkOS's descriptions do not.
const isNoBound = (value: unknown): boolean => Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER

export const factsOf = (document: unknown, only: ReadonlyArray<string>): Facts => {
  const facts = new Map<string, string>()

  const addSchema = (place: string, unresolved: unknown): void => {
    const schema = meaningOf(document, unresolved)
    if (schema["type"] !== undefined) facts.set(`${place} · type`, sorted([schema["type"]].flat()))
    if (schema["enum"] !== undefined) facts.set(`${place} · enum`, sorted(list(schema["enum"])))
    for (const key of compared) {
      if (schema[key] !== undefined && !isNoBound(schema[key])) {
        facts.set(`${place} · ${key}`, JSON.stringify(schema[key]))
      }
    }
    const required = list(schema["required"])
    for (const [name, property] of Object.entries(json(schema["properties"]))) {
      facts.set(`${place}.${name} · required`, String(required.includes(name)))
      addSchema(`${place}.${name}`, property)
    }
    // The type is always string, so it is not a fact.
    if (schema["propertyNames"] !== undefined) {
      addSchema(`${place}.names`, { ...json(schema["propertyNames"]), type: undefined })
    }
    if (schema["additionalProperties"] !== undefined) addSchema(`${place}.*`, schema["additionalProperties"])
    if (schema["items"] !== undefined) addSchema(`${place}[]`, schema["items"])
    addAlternatives(place, list(schema["anyOf"]).map(json))
  }

  // Alternatives with a tag have separate places; others are identified by their number.
  const addAlternatives = (place: string, alternatives: ReadonlyArray<Json>): void => {
    const tag = tagOf(document, alternatives)
    if (alternatives.length > 0 && tag === undefined) facts.set(`${place} · alternatives`, String(alternatives.length))
    alternatives.forEach((alternative, index) =>
      addSchema(`${place}(${tag?.(alternative) ?? (tag === undefined ? index + 1 : "any other")})`, alternative)
    )
  }

  for (const [path, item] of Object.entries(json(json(document)["paths"]))) {
    for (const method of methods) {
      const operation = json(json(item)[method])
      const name = `${method.toUpperCase()} ${path}`
      if (!only.includes(name)) continue
      for (const parameter of list(operation["parameters"]).map((parameter) => resolve(document, parameter))) {
        const place = `${name} · ${parameter["in"]} ${parameter["name"]}`
        facts.set(`${place} · required`, String(parameter["required"] ?? false))
        addSchema(place, parameter["schema"])
      }
      for (const [media, { schema }] of Object.entries(json(json(operation["requestBody"])["content"])).map(
        ([media, content]) => [media, json(content)] as const
      )) {
        facts.set(`${name} · ${media}`, "accepted")
        addSchema(`${name} · ${media}`, schema)
      }
      for (const [status, response] of Object.entries(json(operation["responses"]))) {
        const content = json(json(response)["content"])
        facts.set(`${name} · ${status}`, sorted(Object.keys(content)))
        // Bodies of errors differ in their codes only. A test decodes each of them.
        if (status >= "400") continue
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
