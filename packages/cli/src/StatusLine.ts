// Shows a status line on stderr: one line that changes in a terminal, a new line every five seconds in a file or a pipe.
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Output from "./Output.ts"
import * as Terminal from "./Terminal.ts"
import * as TextTable from "./TextTable.ts"

/** Clears the last line of a terminal. */
export const clear = "\r\u001B[2K"

const term = Config.withDefault(Config.String("TERM"), "")

/**
 * Shows a line until the scope ends. In a terminal, the line is cut to the width, updated ten times per second, and cleared
 * at the end. In a file or a pipe, the line is printed every five seconds.
 */
export const showWhileOpen = <R>(
  line: (isTerminal: boolean) => Effect.Effect<string, never, R>
): Effect.Effect<void, never, R | Scope.Scope | Terminal.Services> =>
  Effect.gen(function* () {
    // Dumb terminals, such as the shell of Emacs, cannot clear a line.
    const isDumb = (yield* Effect.orDie(term)) === "dumb"
    const isTerminal = !isDumb && (yield* Terminal.stderr).columns !== undefined
    const show = Effect.gen(function* () {
      const text = yield* line(isTerminal)
      if (!isTerminal) return yield* Output.note(`${text}\n`)
      const { columns: room = 80 } = yield* Terminal.stderr
      return yield* Output.note(`${clear}${TextTable.cut(text, room - 1)}`)
    })
    if (isTerminal) yield* Effect.addFinalizer(() => Output.note(clear))
    yield* show.pipe(
      Effect.repeat(Schedule.spaced(isTerminal ? "100 millis" : "5 seconds")),
      Effect.delay(isTerminal ? 0 : "5 seconds"),
      Effect.forkScoped
    )
  })

const width = 12

/**
 * Renders a fraction as a bar.
 */
export const bar = (share: number): string => {
  const full = Math.round(Math.min(1, share) * width)
  return "█".repeat(full) + "░".repeat(width - full)
}
