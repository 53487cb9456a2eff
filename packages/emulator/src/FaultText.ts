/**
 * Faults as one line of text, for the command line.
 *
 * `[METHOD] [/path] kind[=value] [option=value …]`, for example `DELETE /connections/:id reset=response times=1`. The value
 * after the kind is the required option of that kind. `retry-after=VALUE` and `header.NAME=VALUE` set headers of a `status`
 * fault. Values with spaces or quotes are written in ' or ", and the same quote inside the value is doubled.
 *
 * @module
 */
import * as Result from "effect/Result"
import * as Fault from "./Fault.ts"

// The option that `kind=value` sets.
const mains: ReadonlyMap<string, string> = new Map([
  ["status", "status"],
  ["latency", "millis"],
  ["reset", "at"],
  ["content-type", "value"],
  ["trickle", "millis"],
  ["outage", "seconds"],
  ["redirect", "location"]
])

const numbers = new Set(["skip", "times", "status", "millis", "jitter", "seconds"])

// The most common header has a short form.
const retryAfter = "retry-after"
const headerPrefix = "header."

const nameOf = (field: string, kind: string): string =>
  field === mains.get(kind) ? kind : field === "headers" ? `${headerPrefix}NAME` : field

/**
 * Parses one line of text as a fault. Fails with a description of the expected text.
 *
 * **Example** (Two responses with 503)
 *
 * ```ts
 * import * as FaultText from "@effect-workos/emulator/FaultText"
 * import * as Result from "effect/Result"
 *
 * Result.getOrThrow(FaultText.parse("/connections status=503 times=2"))
 * // => { path: "/connections", kind: "status", status: 503, times: 2 }
 * ```
 */
export const parse = (text: string): Result.Result<Fault.Fault, Fault.Invalid> => {
  const words = wordsOf(text)
  if (words === undefined)
    return Result.fail({ expected: "all quotes to be closed, and words to be separated by spaces" })
  const fields = new Map<string, unknown>()
  const headers = new Map<string, string>()
  const method = words[0]?.name.toUpperCase()
  if (Fault.methods.some((known) => known === method) || isPath(words[1])) {
    fields.set("method", method)
    words.shift()
  }
  if (isPath(words[0])) fields.set("path", words.shift()?.name)

  const first = words.shift()
  const kind = first?.name ?? ""
  const main = mains.get(kind)
  if (first !== undefined) fields.set("kind", kind)
  // Checked first: options are only valid for a known kind.
  if (!Fault.kinds.includes(kind)) return Fault.parse(Object.fromEntries(fields))
  if (first?.value !== undefined) {
    if (main === undefined) return Result.fail({ expected: `${kind} without a value` })
    fields.set(main, toValue(main, first.value))
  }
  for (const { name, value } of words) {
    if (value === undefined) return Result.fail({ expected: `${name} to have a value, ${name}=…` })
    const header = headerOf(name)
    if (header === undefined ? fields.has(name) : headers.has(header)) return Result.fail({ expected: `${name} once` })
    if (header === undefined) fields.set(name, toValue(name, value))
    else headers.set(header, value)
  }
  if (headers.size > 0) fields.set("headers", Object.fromEntries(headers))
  return Fault.parse(Object.fromEntries(fields), nameOf)
}

/**
 * Formats a fault as one line of text. The inverse of {@link parse}.
 *
 * **Example** (For a command line)
 *
 * ```ts
 * import * as FaultText from "@effect-workos/emulator/FaultText"
 *
 * FaultText.format({ path: "/connections", kind: "status", status: 503, times: 2 })
 * // => "/connections status=503 times=2"
 * ```
 */
export const format = ({ kind, method, path, ...rest }: Fault.Fault): string => {
  const words: Array<string> = []
  if (method !== undefined) words.push(method)
  if (path !== undefined) words.push(path)
  const fields = new Map<string, string | number | Readonly<Record<string, string>>>(Object.entries(rest))
  const main = mains.get(kind) ?? ""
  const value = fields.get(main)
  words.push(value === undefined ? kind : `${kind}=${quoted(String(value))}`)
  fields.delete(main)
  for (const [field, value] of fields) {
    if (typeof value !== "object") words.push(`${field}=${quoted(String(value))}`)
    else for (const [name, text] of Object.entries(value)) words.push(`${optionOf(name)}=${quoted(text)}`)
  }
  return words.join(" ")
}

const isPath = (word: Word | undefined): boolean => word?.name.startsWith("/") === true

const headerOf = (option: string): string | undefined =>
  option === retryAfter ? option : option.startsWith(headerPrefix) ? option.slice(headerPrefix.length) : undefined

const optionOf = (header: string): string => (header === retryAfter ? header : headerPrefix + header)

// Text that is not a number stays text, so that `Fault.parse` reports what was expected.
const toValue = (field: string, text: string): unknown =>
  numbers.has(field) && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text

const quoted = (text: string): string => (text === "" || /[\s'"]/.test(text) ? `'${text.replaceAll("'", "''")}'` : text)

interface Word {
  readonly name: string
  readonly value: string | undefined
}

// A path is one word, even if it contains `=` or quotes.
const word = /(\/\S*|[^\s=]+)(?:=('(?:[^']|'')*'|"(?:[^"]|"")*"|(?!['"])\S*))?(?:\s+|$)/y

const wordsOf = (text: string): Array<Word> | undefined => {
  const line = text.trim()
  const words: Array<Word> = []
  word.lastIndex = 0
  while (word.lastIndex < line.length) {
    const found = word.exec(line)
    if (found === null) return undefined
    words.push({ name: found[1] ?? "", value: found[2] === undefined ? undefined : unquoted(found[2]) })
  }
  return words
}

const unquoted = (value: string): string => {
  const quote = value[0]
  return quote === "'" || quote === '"' ? value.slice(1, -1).replaceAll(quote + quote, quote) : value
}
