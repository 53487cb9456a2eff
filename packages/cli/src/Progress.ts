// How far an export is: one line that renews itself in a terminal, a line now and then elsewhere.
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as Output from "./Output.ts"

/**
 * What there is to say of an export.
 */
export interface Count {
  readonly rows: number
  readonly elapsed: Duration.Duration
}

/**
 * Counts the rows of pages as they are consumed, and shows the count on stderr meanwhile. `use` gets the counted pages;
 * the final count comes back when it is done.
 */
export const counted = <Row, E, R, A, E2, R2>(
  pages: Stream.Stream<ReadonlyArray<Row>, E, R>,
  use: (pages: Stream.Stream<ReadonlyArray<Row>, E, R>) => Effect.Effect<A, E2, R2>
): Effect.Effect<readonly [A, Count], E2, R2 | Stdio.Stdio> =>
  Effect.scoped(
    Effect.gen(function* () {
      const isTerminal = yield* Stdio.Stdio.use(({ stderrIsTerminal }) => stderrIsTerminal)
      const started = yield* Clock.currentTimeMillis
      let rows = 0
      const count = Effect.map(Clock.currentTimeMillis, (now) => ({ rows, elapsed: Duration.millis(now - started) }))

      const show = Effect.flatMap(count, (count) =>
        Output.note(isTerminal ? `${clearLine}${describe(count)}` : `${describe(count)}\n`)
      )
      if (isTerminal) yield* Effect.addFinalizer(() => Output.note(clearLine))
      yield* show.pipe(
        Effect.repeat(Schedule.spaced(isTerminal ? "100 millis" : "5 seconds")),
        Effect.delay(isTerminal ? 0 : "5 seconds"),
        Effect.forkScoped
      )

      const used = yield* use(
        Stream.map(pages, (page) => {
          rows += page.length
          return page
        })
      )
      return [used, yield* count] as const
    })
  )

/** Takes back what stands in the last line of a terminal. */
export const clearLine = "\r\u001B[2K"

/**
 * A count in words: `2,500 rows  1,190 rows/s  2.1 s`.
 */
export const describe = (count: Count): string =>
  `${number(count.rows)} rows  ${number(rate(count))} rows/s  ${seconds(count.elapsed)}`

/**
 * A whole number, with separators.
 */
export const number = (value: number): string => Math.round(value).toLocaleString("en-US")

const rate = ({ elapsed, rows }: Count): number => rows / Math.max(Duration.toSeconds(elapsed), 0.001)

// Seconds, or minutes and seconds where there are many.
const seconds = (elapsed: Duration.Duration): string => {
  const total = Duration.toSeconds(elapsed)
  if (total < 60) return `${total.toFixed(1)} s`
  return `${Math.floor(total / 60)} min ${Math.floor(total % 60)} s`
}
