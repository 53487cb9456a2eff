// Parsing of untrusted JSON.
import * as Result from "effect/Result"

/**
 * The reason why a body is not JSON.
 */
export type ParseFailure = "EmptyBody" | "Html" | "NotJson" | "Truncated" | "UnsupportedEncoding"

/**
 * Parses JSON. Keys called `__proto__` are removed, since copying an object with such a key changes the copy's prototype.
 */
export const parse = (text: string, contentType: string | undefined): Result.Result<unknown, ParseFailure> => {
  try {
    const value: unknown = JSON.parse(text)
    return Result.succeed(maybeHasPrototype(text) ? withoutPrototypes(value) : value)
  } catch {
    return Result.fail(failureOf(text, contentType))
  }
}

// Each response is searched, and engines search for a short text three times as fast. A key can contain escapes.
const maybeHasPrototype = (text: string): boolean => text.includes("__p") || text.includes("\\u")

const withoutPrototypes = (value: unknown): unknown => {
  const left: Array<unknown> = [value]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next !== "object" || next === null) continue
    if (Object.hasOwn(next, "__proto__")) Reflect.deleteProperty(next, "__proto__")
    for (const inner of Object.values(next)) if (typeof inner === "object" && inner !== null) left.push(inner)
  }
  return value
}

/**
 * Maps all strings and keys of a JSON value. Returns `undefined` if the value is nested too deeply.
 */
export const mapTexts = (value: unknown, map: (text: string) => string): unknown => {
  if (value === undefined) return undefined
  try {
    const text = JSON.stringify(value, (_, inner: unknown) => {
      if (typeof inner === "string") return map(inner)
      return typeof inner !== "object" || inner === null || Array.isArray(inner) ? inner : mapKeys(inner, map)
    })
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

// Mapping may have made a key `__proto__`.
const mapKeys = (value: object, map: (text: string) => string): object =>
  Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [map(key), inner] as const)
      .filter(([key]) => key !== "__proto__")
  )

const failureOf = (text: string, contentType: string | undefined): ParseFailure => {
  const start = text.trimStart().slice(0, 1)
  if (start === "") return "EmptyBody"
  if (start === "<" || contentType?.startsWith("text/html") === true) return "Html"
  return isTruncated(text) ? "Truncated" : "NotJson"
}

// Tests whether the text ends within an object or array.
const isTruncated = (text: string): boolean => {
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (inString) {
      if (character === "\\") i++
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === "{" || character === "[") depth++
    else if (character === "}" || character === "]") depth--
  }
  return depth > 0
}
