// How far an export is: one line that renews itself in a terminal, a line now and then elsewhere.
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Stdio from "effect/Stdio"
import * as Output from "./Output.ts"

/**
 * What there is to say of an export: rows that are stored, how many of them were there before it began, how many there may
 * be in all, and how many requests were sent.
 */
export interface Counts {
  rows: number
  resumed: number
  expected: number | undefined
  requests: number
}

export interface Count extends Readonly<Counts> {
  readonly elapsed: Duration.Duration
}

/**
 * Shows on stderr how far an export is, while `use` makes it and counts; gives the final count. As JSON, a line a second,
 * for machines.
 */
export const shown = <A, E, R>(
  json: boolean,
  use: (counts: Counts) => Effect.Effect<A, E, R>
): Effect.Effect<readonly [A, Count], E, R | Stdio.Stdio> =>
  Effect.scoped(
    Effect.gen(function* () {
      const isTerminal = !json && (yield* Stdio.Stdio.use(({ stderrIsTerminal }) => stderrIsTerminal))
      const started = yield* Clock.currentTimeMillis
      const counts: Counts = { rows: 0, resumed: 0, expected: undefined, requests: 0 }
      const count = Effect.map(Clock.currentTimeMillis, (now): Count => ({
        ...counts,
        elapsed: Duration.millis(now - started)
      }))

      const show = Effect.flatMap(count, (count) => {
        if (json) return Output.note(toJson(count))
        return Output.note(
          isTerminal ? `${clearLine}${describe(count)}${rest(count)}` : `${describe(count)}${rest(count)}\n`
        )
      })
      if (isTerminal) yield* Effect.addFinalizer(() => Output.note(clearLine))
      const pause = json ? "1 second" : "5 seconds"
      yield* show.pipe(
        Effect.repeat(Schedule.spaced(isTerminal ? "100 millis" : pause)),
        Effect.delay(isTerminal ? 0 : pause),
        Effect.forkScoped
      )

      const used = yield* use(counts)
      return [used, yield* count] as const
    })
  )

/**
 * A count for machines, as a line.
 */
export const toJson = ({ elapsed, expected, requests, resumed, rows }: Count): string =>
  `${JSON.stringify({ rows, resumed, expected: expected ?? null, requests, seconds: Duration.toSeconds(elapsed) })}\n`

/** Takes back what stands in the last line of a terminal. */
export const clearLine = "\r\u001B[2K"

/**
 * A count in words: `2,500 rows  1,190 rows/s  25 requests  2.1 s`.
 */
export const describe = (count: Count): string =>
  `${number(count.rows)} rows  ${number(rate(count))} rows/s  ${number(count.requests)} requests  ${seconds(count.elapsed)}`

// How much longer it takes, where the last export says how many rows to expect.
const rest = (count: Count): string => {
  const { expected, rows } = count
  if (expected === undefined || rate(count) === 0 || rows >= expected) return ""
  return `  ${seconds(Duration.seconds((expected - rows) / rate(count)))} left`
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
