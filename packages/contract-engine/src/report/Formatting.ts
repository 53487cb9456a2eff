/**
 * Formatting of numbers, durations, timestamps and long texts for display.
 *
 * @module
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

/**
 * Formats a number with thousands separators.
 *
 * **Example** (Thousands)
 *
 * ```ts
 * import * as Formatting from "@effect-workos/contract-engine/report/Formatting"
 *
 * Formatting.number(12345) // => "12,345"
 * ```
 */
export const number = (value: number): string => value.toLocaleString("en")

/**
 * Formats a number of things.
 *
 * **Example** (Singular and plural)
 *
 * ```ts
 * import * as Formatting from "@effect-workos/contract-engine/report/Formatting"
 *
 * Formatting.count(1, "run") // => "1 run"
 * Formatting.count(1200, "run") // => "1,200 runs"
 * ```
 */
export const count = (value: number, one: string, many = `${one}s`): string =>
  `${number(value)} ${value === 1 ? one : many}`

/**
 * Formats a duration with a precision suited to its length.
 *
 * **Example** (Short and long)
 *
 * ```ts
 * import * as Formatting from "@effect-workos/contract-engine/report/Formatting"
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
 * Formats an ISO 8601 timestamp as a date and a time in UTC. Returns other texts unchanged.
 *
 * **Example** (A morning in November)
 *
 * ```ts
 * import * as Formatting from "@effect-workos/contract-engine/report/Formatting"
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
 * Truncates a text longer than `limit`, and appends the number of missing characters.
 *
 * **Example** (Truncating)
 *
 * ```ts
 * import * as Formatting from "@effect-workos/contract-engine/report/Formatting"
 *
 * Formatting.truncate("abcdefgh", 3) // => "abc… (5 more characters)"
 * ```
 */
export const truncate = (text: string, limit: number): string =>
  text.length <= limit
    ? text
    : `${text.slice(0, limit).toWellFormed()}… (${count(text.length - limit, "more character")})`
