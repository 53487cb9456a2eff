// The width and colours of stdout and stderr.
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import * as Effect from "effect/Effect"
import * as Stdio from "effect/Stdio"
import * as EffectTerminal from "effect/Terminal"

/**
 * The capabilities of a stream: a file or a pipe has no columns and no colours.
 */
export interface Terminal {
  readonly columns: number | undefined
  readonly colours: boolean
}

/** The services that every output needs. */
export type Services = Stdio.Stdio | EffectTerminal.Terminal

const of = (isTerminal: (stdio: Stdio.Stdio) => Effect.Effect<boolean>): Effect.Effect<Terminal, never, Services> =>
  Effect.gen(function* () {
    if (!(yield* Stdio.Stdio.use(isTerminal))) return { columns: undefined, colours: false }
    const { canColor } = yield* TerminalCapabilities.TerminalCapabilities
    // Effect reports the width of stdout only; 0 if stdout is no terminal.
    const columns = yield* EffectTerminal.Terminal.use(({ columns }) => columns)
    return { columns: columns || 80, colours: canColor }
  })

export const stdout = of(({ stdoutIsTerminal }) => stdoutIsTerminal)
export const stderr = of(({ stderrIsTerminal }) => stderrIsTerminal)
