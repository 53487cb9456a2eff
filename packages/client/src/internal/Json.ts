// Parsing of untrusted JSON.
import * as Result from "effect/Result"

/**
 * The reason why a body is not JSON.
 */
export type ParseFailure = "EmptyBody" | "Html" | "NotJson" | "Truncated" | "UnsupportedEncoding"

type Reviver = (key: string, value: unknown) => unknown

/**
 * Parses JSON.
 */
export const parse = (text: string, contentType?: string, reviver?: Reviver): Result.Result<unknown, ParseFailure> => {
  try {
    return Result.succeed(JSON.parse(text, reviver))
  } catch {
    return Result.fail(failureOf(text, contentType))
  }
}

// Copying an object with a key `__proto__` can change the prototype of the copy.
const removePrototype: Reviver = (key, value) => (key === "__proto__" ? undefined : value)

/**
 * Removes keys called `__proto__` from parsed JSON.
 */
export const withoutPrototypes = ({
  json,
  text
}: {
  readonly json: Result.Result<unknown, ParseFailure>
  readonly text: string
}): Result.Result<unknown, ParseFailure> =>
  // A key can contain escapes.
  /__p|\\u00[567]/i.test(text) ? parse(text, undefined, removePrototype) : json

/**
 * Maps all strings and keys of a JSON value. Returns `undefined` if the value is nested too deeply.
 */
export const mapTexts = (value: unknown, map: (text: string) => string): unknown => {
  if (value === undefined) return undefined
  try {
    const text = JSON.stringify(value, (_, inner: unknown) => {
      if (typeof inner === "string") return map(inner)
      return typeof inner !== "object" || inner === null || Array.isArray(inner)
        ? inner
        : Object.fromEntries(Object.entries(inner).map(([key, value]) => [map(key), value]))
    })
    // A mapped key may be `__proto__`.
    return JSON.parse(text, removePrototype)
  } catch {
    return undefined
  }
}

const failureOf = (text: string, contentType: string | undefined): ParseFailure => {
  const start = text.trimStart().slice(0, 1)
  if (start === "") return "EmptyBody"
  if (start === "<" || contentType?.startsWith("text/html") === true) return "Html"
  return isTruncated(text) ? "Truncated" : "NotJson"
}

const isTruncated = (text: string): boolean => {
  let depth = 0
  let inString = false
  for (const [token] of text.matchAll(/\\.|["[\]{}]/gs)) {
    if (token === '"') inString = !inString
    else if (!inString) depth += "{[".includes(token) ? 1 : "}]".includes(token) ? -1 : 0
  }
  return depth > 0
}
