// Flags with a time: a timestamp, or a duration before now.
import * as CliError from "effect/cli/CliError"
import * as Flag from "effect/cli/Flag"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

/**
 * A time, and whether it was given relative to now.
 */
export interface Time {
  readonly at: DateTime.Utc
  readonly isRelative: boolean
}

const milliseconds: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000
}

const timestamp =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?:T(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?:\.\d{1,9})?(?:Z|[+-](?<offsetHour>\d\d):(?<offsetMinute>\d\d)))?$/

const maximum = { month: 12, hour: 23, minute: 59, second: 59, offsetHour: 23, offsetMinute: 59 }

// `Date` rolls an impossible date over to the next month.
const lastDay = (year: number, month: number): number => {
  const date = new Date(0)
  date.setUTCFullYear(year, month, 0)
  return date.getUTCDate()
}

/**
 * Parses a timestamp (`2026-01-15T12:00:00Z`) or the first instant of a day in UTC (`2026-01-15`). Refuses dates and times
 * that do not exist.
 */
export const parseTimestamp = (text: string): Option.Option<DateTime.Utc> => {
  const groups = timestamp.exec(text)?.groups
  if (groups === undefined) return Option.none()
  const valueOf = (name: string) => Number(groups[name] ?? 0)
  const isPossible =
    Object.entries(maximum).every(([name, maximum]) => valueOf(name) <= maximum) &&
    valueOf("month") >= 1 &&
    valueOf("day") >= 1 &&
    valueOf("day") <= lastDay(valueOf("year"), valueOf("month"))
  return isPossible
    ? DateTime.make(Date.parse(groups["hour"] === undefined ? `${text}T00:00:00Z` : text))
    : Option.none()
}

/**
 * Parses a timestamp (`2026-01-15T12:00:00Z`, `2026-01-15`) or a duration before `now` (`90s`, `30m`, `2h`, `7d`, `2w`).
 */
export const parse = (text: string, now: number): Option.Option<Time> => {
  const ago = /^(\d{1,4})([smhdw])$/.exec(text)
  const unit = milliseconds[ago?.[2] ?? ""]
  if (ago !== null && unit !== undefined) {
    return Option.some({ at: DateTime.makeUnsafe(now - Number(ago[1]) * unit), isRelative: true })
  }
  return Option.map(parseTimestamp(text), (at) => ({ at, isRelative: false }))
}

/**
 * Makes a flag whose value is a time.
 */
export const make = (name: string, description: string) =>
  Flag.String(name).pipe(
    Flag.mapEffect((value) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) =>
        Effect.mapError(
          Effect.fromOption(parse(value, now)),
          () =>
            new CliError.InvalidValue({
              option: name,
              value,
              expected: "a time such as 2026-01-15T12:00:00Z, or how long ago: 30m, 2h, 7d",
              kind: "flag"
            })
        )
      )
    ),
    Flag.withMetavar("TIME"),
    Flag.withDescription(description)
  )
