// Wrong usage, told in one sentence; help is for those who ask for it.
import type * as CliError from "effect/cli/CliError"
import * as CliOutput from "effect/cli/CliOutput"
import * as Console from "effect/Console"
import type * as Layer from "effect/Layer"

/**
 * Tells about wrong usage on stderr, and leaves help and version to Effect.
 */
export const layer: Layer.Layer<never> = CliOutput.layerPresenter({
  present: (event) =>
    event._tag === "InvalidInvocation"
      ? Console.error(`${event.errors.map(explain).join(" ")} See ${event.commandPath.join(" ")} --help.`)
      : CliOutput.defaultPresenter.present(event)
})

const explain = (error: CliError.NonShowHelpErrors): string => {
  switch (error._tag) {
    case "UnrecognizedOption":
      return sentence(`Unknown flag ${error.option}`, error.suggestions)
    case "UnknownSubcommand":
      return sentence(`Unknown command ${error.subcommand}`, error.suggestions)
    case "InvalidValue":
      return withoutKeys(sentence(`Invalid ${nameOf(error)} "${error.value}": ${expectation(error)}`, []))
    default:
      return withoutKeys(sentence(error.message, []))
  }
}

const nameOf = ({ kind, option }: CliError.InvalidValue) => (kind === "argument" ? option : `--${option}`)

// Schemas say "Schema validation failed: Expected …", and our own checks what they expected.
const expectation = ({ expected }: CliError.InvalidValue) =>
  `expected ${expected.replace(/^Schema validation failed: /, "").replace(/^Expected /, "")}`

const sentence = (text: string, suggestions: ReadonlyArray<string>): string => {
  const ended = /[.!?]$/.test(text) ? text : `${text}.`
  return suggestions.length === 0 ? ended : `${ended} Did you mean ${suggestions.join(" or ")}?`
}

// Someone may have given a key where something else belongs, and terminals are logged.
const withoutKeys = (text: string): string => text.replace(/\bsk_\w+/g, "sk_…")
