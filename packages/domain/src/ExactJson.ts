// JSON whose numbers keep all their digits.
//
// JavaScript's numbers have about 16 digits, so `JSON.parse` rounds longer ones and `JSON.stringify` writes others than the
// sender did. Runtimes with `JSON.rawJSON` (Node 22, for example) can do better; others round.

/**
 * Parses a JSON object or array. A number in it that JavaScript would write with another value becomes a `Number` object,
 * which `JSON.stringify` writes with the digits of the text. Throws a `SyntaxError` if the text is not JSON.
 *
 * **Details**
 *
 * A `Number` object calculates and compares like the rounded number, but its `typeof` is `"object"`. Numbers that keep their
 * value stay primitive, in any notation: `1e5` is the number `100000`. Numbers with less than 16 digits and no exponent
 * always do. A key `__proto__` is an ordinary key.
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
 * Returns the result of {@link parse} for a text and what `JSON.parse` made of it. Most texts contain no number that was
 * rounded and are not parsed again.
 *
 * **Example** (A text that has been parsed already)
 *
 * ```ts
 * import * as ExactJson from "@effect-workos/domain/ExactJson"
 *
 * const text = '{"n":1e400}'
 *
 * JSON.stringify(ExactJson.restore(text, JSON.parse(text))) // => '{"n":1e400}'
 * ```
 */
export const restore = <A>(text: string, value: A): A => {
  if (rawJSON === undefined || !mayBeRounded(text)) return value
  try {
    return JSON.parse(text, toExact)
  } catch {
    // Engines parse deeper texts than they can call a function for each value of.
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

// The digits of a number, without zeros at its ends. Numbers that round to each other are less than the factor ten apart, so
// they are equal if their digits are. Without the assertion, zeros in the middle would take quadratic time.
const significant = (number: string): string => number.replace(/e.*|\D/gi, "").replace(/^0+|(?<!0)0+$/g, "")

// Most texts contain no such number, and are searched in a fraction of the time that parsing takes.
const mayBeRounded = (text: string): boolean => /[:,[]\s*-?(?:[\d.]{16}|[\d.]+e)/i.test(text)
