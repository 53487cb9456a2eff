// Wrong usage, told in one sentence; help is for those who ask for it.
import * as CliConfig from "effect/cli/CliConfig"
import type * as CliError from "effect/cli/CliError"
import * as CliOutput from "effect/cli/CliOutput"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as Console from "effect/Console"
import * as Layer from "effect/Layer"

const layerPresenter = CliOutput.layerPresenter({
  present: (event) =>
    event._tag === "InvalidInvocation"
      ? Console.error(withoutKeys(`${event.errors.map(explain).join(" ")} See ${event.commandPath.join(" ")} --help.`))
      : CliOutput.defaultPresenter.present(event)
})

/**
 * Tells about wrong usage on stderr, and leaves help, version and completions to Effect.
 */
export const layer: Layer.Layer<never> = Layer.merge(
  layerPresenter,
  Layer.succeed(
    CliConfig.CliConfig,
    CliConfig.make({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] })
  )
)

const explain = (error: CliError.NonShowHelpErrors): string => {
  switch (error._tag) {
    case "UnrecognizedOption":
      return sentence(`Unknown flag ${error.option}`, error.suggestions)
    case "UnknownSubcommand":
      return sentence(`Unknown command ${error.subcommand}`, error.suggestions)
    case "InvalidValue":
      return sentence(`Invalid ${nameOf(error)}${shown(error)}: ${expectation(error)}`, [])
    default:
      return sentence(error.message, [])
  }
}

const nameOf = ({ kind, option }: CliError.InvalidValue) => (kind === "argument" ? option : `--${option}`)

// What is secret is not repeated.
const shown = ({ value }: CliError.InvalidValue) => (value === "<redacted>" ? "" : ` "${value}"`)

// Schemas say "Schema validation failed: Expected …", and our own checks what they expected.
const expectation = ({ expected }: CliError.InvalidValue) =>
  `expected ${expected.replace(/^Schema validation failed: /, "").replace(/^Expected /, "")}`

const sentence = (text: string, suggestions: ReadonlyArray<string>): string => {
  const ended = /[.!?]$/.test(text) ? text : `${text}.`
  return suggestions.length === 0 ? ended : `${ended} Did you mean ${suggestions.join(" or ")}?`
}

// Someone may have given a key where something else belongs, and terminals are logged.
const withoutKeys = (text: string): string => text.replace(/\bsk_\w+/g, "sk_…")
