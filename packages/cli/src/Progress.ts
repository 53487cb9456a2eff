// How far an export is: one line that renews itself in a terminal, a line now and then elsewhere.
import { RateLimit } from "@effect-workos/client/RateLimit"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Stdio from "effect/Stdio"
import * as Output from "./Output.ts"

/**
 * What an export counts: rows that are stored, how many of them were there before it began, how many there may be in all,
 * and how many requests were sent.
 */
export interface Counts {
  rows: number
  resumed: number
  expected: number | undefined
  requests: number
}

/**
 * What there is to say of an export; `waited` is how long requests were held back by the rate limit.
 */
export interface Count extends Readonly<Counts> {
  readonly elapsed: Duration.Duration
  readonly waited: Duration.Duration
}

/**
 * Shows on stderr how far an export is, while `use` makes it and counts; gives the final count. As JSON, a line a second,
 * for machines.
 */
export const shown = <E, R>(
  json: boolean,
  use: (counts: Counts) => Effect.Effect<void, E, R>
): Effect.Effect<Count, E, R | RateLimit | Stdio.Stdio> =>
  Effect.scoped(
    Effect.gen(function* () {
      const isTerminal = !json && (yield* Stdio.Stdio.use(({ stderrIsTerminal }) => stderrIsTerminal))
      const { waited } = yield* RateLimit
      const started = yield* Clock.currentTimeMillis
      const counts: Counts = { rows: 0, resumed: 0, expected: undefined, requests: 0 }
      const count = Effect.zipWith(Clock.currentTimeMillis, waited, (now, waited): Count => ({
        ...counts,
        elapsed: Duration.millis(now - started),
        waited
      }))

      const show = Effect.flatMap(count, (count) => {
        if (json) return Output.note(toJson(count))
        return Output.note(isTerminal ? `${clearLine}${describe(count)}` : `${describe(count)}\n`)
      })
      if (isTerminal) yield* Effect.addFinalizer(() => Output.note(clearLine))
      const pause = json ? "1 second" : "5 seconds"
      yield* show.pipe(
        Effect.repeat(Schedule.spaced(isTerminal ? "100 millis" : pause)),
        Effect.delay(isTerminal ? 0 : pause),
        Effect.forkScoped
      )

      yield* use(counts)
      return yield* count
    })
  )

/**
 * A count for machines, as a line; times are in seconds.
 */
export const toJson = ({ elapsed, expected, requests, resumed, rows, waited }: Count): string =>
  `${JSON.stringify({
    rows,
    resumed,
    expected: expected ?? null,
    requests,
    seconds: Duration.toSeconds(elapsed),
    waited: Duration.toSeconds(waited)
  })}\n`

/** Takes back what stands in the last line of a terminal. */
export const clearLine = "\r\u001B[2K"

/**
 * How far an export is, in words: `2,500 rows of 20,000  1,190 rows/s  25 requests  2.1 s, 0.4 s of it held back  14.7 s left`.
 */
export const describe = (count: Count): string => {
  const { elapsed, expected, requests, rows, waited } = count
  const isUnderWay = expected !== undefined && rows < expected
  return [
    `${number(rows)} rows${isUnderWay ? ` of ${number(expected)}` : ""}`,
    `${number(rate(count))} rows/s`,
    `${number(requests)} requests`,
    `${seconds(elapsed)}${Duration.toMillis(waited) < 100 ? "" : `, ${seconds(waited)} of it held back`}`,
    ...(isUnderWay && rate(count) > 0 ? [`${seconds(Duration.seconds((expected - rows) / rate(count)))} left`] : [])
  ].join("  ")
}

/**
 * A whole number, with separators.
 */
export const number = (value: number): string => Math.round(value).toLocaleString("en-US")

const rate = ({ elapsed, resumed, rows }: Count): number =>
  (rows - resumed) / Math.max(Duration.toSeconds(elapsed), 0.001)

// Seconds, or minutes and seconds where there are many.
const seconds = (elapsed: Duration.Duration): string => {
  const total = Duration.toSeconds(elapsed)
  if (total < 60) return `${total.toFixed(1)} s`
  return `${Math.floor(total / 60)} min ${Math.floor(total % 60)} s`
}
