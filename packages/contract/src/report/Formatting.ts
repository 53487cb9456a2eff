// Numbers, durations, instants and long texts, in words for people.
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

/**
 * A number with its thousands apart.
 *
 * **Example** (Thousands)
 *
 * ```ts
 * import * as Formatting from "@effect-workos/contract/report/Formatting"
 *
 * Formatting.number(12345) // => "12,345"
 * ```
 */
export const number = (value: number): string => value.toLocaleString("en")

/**
 * A number of things.
 *
 * **Example** (One run, and many)
 *
 * ```ts
 * import * as Formatting from "@effect-workos/contract/report/Formatting"
 *
 * Formatting.count(1, "run") // => "1 run"
 * Formatting.count(1200, "run") // => "1,200 runs"
 * ```
 */
export const count = (value: number, one: string, many = `${one}s`): string =>
  `${number(value)} ${value === 1 ? one : many}`

/**
 * How long something took, as exactly as anybody cares.
 *
 * **Example** (Short and long)
 *
 * ```ts
 * import * as Formatting from "@effect-workos/contract/report/Formatting"
 *
 * Formatting.duration(840) // => "840 ms"
 * Formatting.duration(12_400) // => "12.4 s"
 * Formatting.duration(192_000) // => "3 min 12 s"
 * ```
 */
export const duration = (millis: number): string => {
  if (millis < 1000) return `${number(millis)} ms`
  const seconds = Math.round(millis / 1000)
  if (seconds < 60) return `${(millis / 1000).toFixed(1)} s`
  return `${number(Math.floor(seconds / 60))} min ${seconds % 60} s`
}

/**
 * An instant in ISO 8601, as a date and a time in UTC. What is no instant stays as it is.
 *
 * **Example** (A morning in November)
 *
 * ```ts
 * import * as Formatting from "@effect-workos/contract/report/Formatting"
 *
 * Formatting.timestamp("2026-11-24T08:25:31.000Z") // => "24 November 2026 at 08:25 UTC"
 * ```
 */
export const timestamp = (text: string): string =>
  Option.match(DateTime.make(text), {
    onNone: () => text,
    onSome: (instant) =>
      `${DateTime.formatUtc(instant, {
        locale: "en-GB",
        day: "numeric",
        month: "long",
        year: "numeric",
        hour: "2-digit",
        minute: "2-digit"
      })} UTC`
  })

/**
 * The beginning of a text that is longer than `limit`, which says how much is missing.
 *
 * **Example** (Cutting)
 *
 * ```ts
 * import * as Formatting from "@effect-workos/contract/report/Formatting"
 *
 * Formatting.truncate("abcdefgh", 3) // => "abc… (5 more characters)"
 * ```
 */
export const truncate = (text: string, limit: number): string =>
  text.length <= limit
    ? text
    : `${text.slice(0, limit).toWellFormed()}… (${count(text.length - limit, "more character")})`
