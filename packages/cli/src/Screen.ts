// What there is to write on: how wide it is, and whether it has colours.
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import * as Effect from "effect/Effect"
import * as Stdio from "effect/Stdio"
import * as Terminal from "effect/Terminal"

/**
 * A terminal has columns; a file or a pipe has none, and no colours.
 */
export interface Screen {
  readonly columns: number | undefined
  readonly colours: boolean
}

const of = (
  isTerminal: (stdio: Stdio.Stdio) => Effect.Effect<boolean>
): Effect.Effect<Screen, never, Stdio.Stdio | Terminal.Terminal> =>
  Effect.gen(function* () {
    if (!(yield* Stdio.Stdio.use(isTerminal))) return { columns: undefined, colours: false }
    const { canColor } = yield* TerminalCapabilities.TerminalCapabilities
    // It is stdout that is asked for its width: where that is none, there is no telling.
    const columns = yield* Terminal.Terminal.use(({ columns }) => columns)
    return { columns: columns || 80, colours: canColor }
  })

export const stdout = of(({ stdoutIsTerminal }) => stdoutIsTerminal)
export const stderr = of(({ stderrIsTerminal }) => stderrIsTerminal)
