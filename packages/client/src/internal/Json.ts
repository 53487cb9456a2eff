// JSON from strangers.
import * as Result from "effect/Result"

/**
 * What a body is that is no JSON.
 */
export type Fault = "EmptyBody" | "Html" | "NotJson" | "Truncated"

/**
 * Reads JSON. Keys called `__proto__` are left out: whoever copies an object that has one gives the copy another
 * prototype.
 */
export const parse = (text: string, contentType: string | undefined): Result.Result<unknown, Fault> => {
  try {
    const value: unknown = JSON.parse(text)
    return Result.succeed(mayHoldPrototype(text) ? withoutPrototypes(value) : value)
  } catch {
    return Result.fail(faultOf(text, contentType))
  }
}

// Searched for in every answer: of a long word engines make a search that takes thrice as long. A key can be written with
// escapes.
const mayHoldPrototype = (text: string): boolean => text.includes("__p") || text.includes("\\u")

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
 * JSON whose texts, keys included, are what `change` makes of them; `undefined` where it is nested too deep to be written.
 */
export const withTexts = (value: unknown, change: (text: string) => string): unknown => {
  if (value === undefined) return undefined
  try {
    const text = JSON.stringify(value, (_, inner: unknown) => {
      if (typeof inner === "string") return change(inner)
      return typeof inner !== "object" || inner === null || Array.isArray(inner) ? inner : withKeys(inner, change)
    })
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

// What was no `__proto__` before may be one now.
const withKeys = (value: object, change: (text: string) => string): object =>
  Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [change(key), inner] as const)
      .filter(([key]) => key !== "__proto__")
  )

const faultOf = (text: string, contentType: string | undefined): Fault => {
  const start = text.trimStart().slice(0, 1)
  if (start === "") return "EmptyBody"
  if (start === "<" || contentType?.startsWith("text/html") === true) return "Html"
  return endsShort(text) ? "Truncated" : "NotJson"
}

// Whether the text ends before the objects and arrays that it has begun do.
const endsShort = (text: string): boolean => {
  let depth = 0
  let isText = false
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (isText) {
      if (character === "\\") i++
      else if (character === '"') isText = false
    } else if (character === '"') isText = true
    else if (character === "{" || character === "[") depth++
    else if (character === "}" || character === "]") depth--
  }
  return depth > 0
}
