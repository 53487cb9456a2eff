// Adversarial inputs: values that a server has to refuse, and unusual text that a server may accept or refuse.

/**
 * Invalid page sizes.
 */
export const limits = [
  "0",
  "101",
  "-1",
  "1.5",
  "abc",
  "１０",
  "NaN",
  "Infinity",
  "null",
  "-0",
  "1,000",
  "10;",
  "9007199254740993",
  "99999999999999999999999999"
]

/**
 * Texts that are not a value of any enumeration.
 */
export const words = [
  "sideways",
  "ascending",
  "random()",
  "null",
  "undefined",
  "0",
  "asc,desc",
  "asc desc",
  "no_such_value",
  "*",
  "'; DROP TABLE connections; --"
]

/**
 * Names of parameters that no API documents.
 */
export const parameterNames = ["no_such_parameter", "a[b]", "a[]", "a.b", "__proto__", "constructor", ""]

/**
 * Unusual spellings of a number.
 */
export const spellings: ReadonlyArray<(number: number) => string> = [
  (number) => `+${number}`,
  (number) => `0${number}`,
  (number) => `${number}.0`,
  (number) => `${number}e0`,
  (number) => ` ${number}`,
  (number) => `${number} `,
  (number) => `0x${number.toString(16)}`
]

/**
 * Values of the header `Accept` that do not accept JSON.
 */
export const accepts = ["application/x-no-such-type", "*/*;q=0"]

/**
 * Malformed ids.
 */
export const ids = [
  "x",
  "0",
  "null",
  "undefined",
  "a/b",
  "../a",
  "..%2F..",
  "%",
  "%00",
  "%zz",
  "a b",
  "a?b=c",
  "a#b",
  "a\\b",
  "ⓐ",
  "id_ä",
  "\u0000",
  "\n",
  "'",
  '"',
  "<script>",
  "{}",
  "[]",
  "*",
  ";",
  "a".repeat(10_000)
]

/**
 * Valid texts that expose missing escaping.
 */
export const texts = [
  "'",
  '"',
  "\\",
  "%",
  "_",
  "*",
  "(",
  "[",
  "\u0000",
  "\n",
  "\u202E",
  "🙂",
  "大阪",
  "İ",
  "a".repeat(5000),
  "' OR '1'='1",
  "${7*7}",
  "../../etc/passwd",
  "<img src=x onerror=alert(1)>",
  "null",
  "[object Object]",
  "__proto__"
]
