// The width and colours of stdout and stderr.
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import * as Effect from "effect/Effect"
import * as Stdio from "effect/Stdio"
import * as EffectTerminal from "effect/Terminal"

/**
 * The capabilities of stdout or stderr. Files and pipes have no columns and no colours.
 */
export interface Terminal {
  readonly columns: number | undefined
  readonly colours: boolean
}

/** The services that write to stdout and stderr. */
export type Services = Stdio.Stdio | EffectTerminal.Terminal

const of = (isTerminal: (stdio: Stdio.Stdio) => Effect.Effect<boolean>): Effect.Effect<Terminal, never, Services> =>
  Effect.gen(function* () {
    if (!(yield* Stdio.Stdio.use(isTerminal))) return { columns: undefined, colours: false }
    const { canColor } = yield* TerminalCapabilities.TerminalCapabilities
    // Effect reports the width of stdout only, and 0 if stdout is not a terminal.
    const columns = yield* EffectTerminal.Terminal.use(({ columns }) => columns)
    return { columns: columns || 80, colours: canColor }
  })

export const stdout = of(({ stdoutIsTerminal }) => stdoutIsTerminal)
export const stderr = of(({ stderrIsTerminal }) => stderrIsTerminal)
