// Shows the progress of an export.
import { RateLimit } from "@effect-workos/client/RateLimit"
import type * as ExportFile from "@effect-workos/export/ExportFile"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Types from "effect/Types"
import * as Output from "./Output.ts"
import * as StatusLine from "./StatusLine.ts"
import type * as Terminal from "./Terminal.ts"

/**
 * The counters of an export.
 */
export interface Counts extends Types.Mutable<ExportFile.Progress> {
  requests: number
}

/**
 * The counters of an export, with the time since its start. `waited` is the time that requests waited for the rate limiter.
 */
export interface Count extends Readonly<Counts> {
  readonly elapsed: Duration.Duration
  readonly waited: Duration.Duration
}

/**
 * Makes the counters of an export that has not started.
 */
export const none = (): Counts => ({ rows: 0, invalid: 0, resumed: 0, expected: undefined, requests: 0 })

/**
 * Runs an export and shows its counters on stderr. Returns the final counters. With `json`, prints one line of JSON per
 * second.
 */
export const withProgress = <E, R>(
  exporting: Effect.Effect<void, E, R>,
  counts: Readonly<Counts>,
  json: boolean
): Effect.Effect<Count, E, R | RateLimit | Terminal.Services> =>
  Effect.scoped(
    Effect.gen(function* () {
      const { totalWait } = yield* RateLimit
      const started = yield* Clock.currentTimeMillis
      const count = Effect.zipWith(Clock.currentTimeMillis, totalWait, (now, waited): Count => ({
        ...counts,
        elapsed: Duration.millis(now - started),
        waited
      }))

      if (json) {
        yield* Effect.flatMap(count, (count) => Output.note(toJson(count, false))).pipe(
          Effect.repeat(Schedule.spaced("1 second")),
          Effect.delay("1 second"),
          Effect.forkScoped
        )
      } else {
        yield* StatusLine.showWhileOpen((isTerminal) =>
          Effect.map(count, (count) => `${isTerminal ? barOf(count) : ""}${describe(count)}`)
        )
      }

      yield* exporting
      return yield* count
    })
  )

/**
 * Formats counters as a line of JSON. Times are in seconds.
 */
export const toJson = ({ elapsed, expected, invalid, requests, resumed, rows, waited }: Count, done: boolean): string =>
  `${JSON.stringify({
    done,
    rows,
    invalid,
    resumed,
    expected: expected ?? null,
    requests,
    seconds: Duration.toSeconds(elapsed),
    waited: Duration.toSeconds(waited)
  })}\n`

/**
 * Describes the progress of an export: `2,500 rows of 20,000  14.7 s left  1,190 rows/s  25 requests  2.1 s`.
 */
export const describe = (count: Count): string => {
  const { expected, rows } = count
  const speed = rate(count)
  const isUnderWay = expected !== undefined && rows < expected
  return [
    `${number(rows)} rows${isUnderWay ? ` of ${number(expected)}` : ""}`,
    ...(isUnderWay && speed > 0 ? [`${seconds(Duration.seconds((expected - rows) / speed))} left`] : []),
    `${number(speed)} rows/s`,
    `${number(count.requests)} requests`,
    formatElapsed(count)
  ].join("  ")
}

/**
 * Describes the cost of an export: `16.8 s (0.4 s waiting for the rate limit): 202 requests, 1,190 rows/s`.
 */
export const effort = (count: Count): string =>
  `${formatElapsed(count, " for the rate limit")}: ${number(count.requests)} requests, ${number(rate(count))} rows/s`

// The progress line has no room for the reason.
const formatElapsed = ({ elapsed, waited }: Count, reason = ""): string =>
  seconds(elapsed) + (Duration.toMillis(waited) < 100 ? "" : ` (${seconds(waited)} waiting${reason})`)

// Without an expected number of rows, no bar is shown.
const barOf = ({ expected, rows }: Count): string =>
  expected === undefined ? "" : `${StatusLine.bar(rows / Math.max(1, expected))}  `

/**
 * Formats a number as an integer with thousands separators.
 */
export const number = (value: number): string => Math.round(value).toLocaleString("en-US")

const rate = ({ elapsed, resumed, rows }: Count): number =>
  (rows - resumed) / Math.max(Duration.toSeconds(elapsed), 0.001)

// Times of a minute or more are in minutes and seconds.
const seconds = (elapsed: Duration.Duration): string => {
  const total = Duration.toSeconds(elapsed)
  if (total < 60) return `${total.toFixed(1)} s`
  return `${Math.floor(total / 60)} min ${Math.floor(total % 60)} s`
}
