/**
 * JSON whose numbers keep all their digits.
 *
 * JavaScript's numbers have about 16 digits, so `JSON.parse` rounds longer numbers, and `JSON.stringify` writes the rounded
 * numbers. Runtimes with `JSON.rawJSON`, such as Node 22, can keep the digits. In other runtimes, this module returns
 * rounded numbers.
 *
 * @module
 */

/**
 * Parses a JSON object or array, and keeps the digits of its numbers. A number that JavaScript would round becomes a
 * `Number` object, which `JSON.stringify` writes with the original digits. Throws a `SyntaxError` if the text is not
 * JSON.
 *
 * **Details**
 *
 * A `Number` object calculates and compares like the rounded number, but its `typeof` is `"object"`. Numbers that keep
 * their value stay primitive in any notation: `1e5` is the number `100000`. A number with fewer than 16 digits and no
 * exponent is always primitive. A key `__proto__` is an ordinary key.
 *
 * **Example** (A number with 20 digits)
 *
 * ```ts
 * import * as ExactJson from "@effect-workos/domain/ExactJson"
 *
 * const text = '{"n":12345678901234567890}'
 *
 * JSON.stringify(JSON.parse(text)) // => '{"n":12345678901234567000}'
 * JSON.stringify(ExactJson.parse(text)) // => '{"n":12345678901234567890}'
 * ```
 *
 * @see https://github.com/tc39/proposal-json-parse-with-source
 */
export const parse = (text: string): unknown => restore(text, JSON.parse(text))

/**
 * Restores the digits of numbers in a value that `JSON.parse` returned for a text. The result equals `parse(text)`. The
 * text is parsed again only if it may contain a number that was rounded.
 */
export const restore = <A>(text: string, value: A): A => {
  if (rawJSON === undefined || !mayBeRounded(text)) return value
  try {
    return JSON.parse(text, toExact)
  } catch {
    // Engines can parse texts that are nested too deeply for a reviver.
    return value
  }
}

const { rawJSON }: Pick<typeof JSON, "parse"> & { readonly rawJSON?: (text: string) => unknown } = JSON

const toExact = (_: string, value: unknown, context?: { readonly source: string }): unknown => {
  const source = context?.source ?? ""
  return typeof value === "number" && significant(String(value)) !== significant(source)
    ? Object.defineProperty(Object(value), "toJSON", { value: () => rawJSON?.(source) })
    : value
}

// A number and its rounded value differ by less than a factor of ten, so they are equal if their digits are. The lookbehind
// avoids quadratic time for zeros in the middle.
const significant = (number: string): string => number.replace(/e.*|\D/gi, "").replace(/^0+|(?<!0)0+$/g, "")

// This search takes a fraction of the time of parsing, and most texts contain no number that may be rounded.
const mayBeRounded = (text: string): boolean => /[:,[]\s*-?(?:[\d.]{16}|[\d.]+e)/i.test(text)
