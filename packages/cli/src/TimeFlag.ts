// Flags whose value is a time: a timestamp, or a duration before now.
import { parseMillis } from "@effect-workos/domain/Timestamp"
import * as CliError from "effect/cli/CliError"
import * as Flag from "effect/cli/Flag"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

/**
 * A time. `isRelative` is true if the flag contains a duration before now.
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

// Flags require a time zone, unlike timestamps of responses, because users would expect the zone of their machine.
const timestamp = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))?$/

/**
 * Parses a timestamp (`2026-01-15T12:00:00Z`) or the first instant of a day in UTC (`2026-01-15`). Refuses dates and times
 * that do not exist.
 */
export const parseTimestamp = (text: string): Option.Option<DateTime.Utc> => {
  const millis = timestamp.test(text) ? parseMillis(text.includes("T") ? text : `${text}T00:00:00Z`) : undefined
  return Option.map(Option.fromUndefinedOr(millis), DateTime.makeUnsafe)
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
              expected: "a timestamp such as 2026-01-15T12:00:00Z, or a duration before now such as 30m, 2h or 7d",
              kind: "flag"
            })
        )
      )
    ),
    Flag.withMetavar("TIME"),
    Flag.withDescription(description)
  )
