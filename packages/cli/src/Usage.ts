// Reports wrong usage in one line, and renders help.
import * as CliConfig from "effect/cli/CliConfig"
import type * as CliError from "effect/cli/CliError"
import * as CliOutput from "effect/cli/CliOutput"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Help from "./Help.ts"
import * as Output from "./Output.ts"
import * as Terminal from "./Terminal.ts"

const layerPresenter = Layer.unwrap(
  Effect.gen(function* () {
    const context = yield* Effect.context<Terminal.Services>()
    const present = Effect.fnUntraced(function* (event: CliOutput.Presenter.Event) {
      if (event._tag === "InvalidInvocation") {
        const sentences = causes(event.errors).map(explain).join(" ")
        return yield* Output.message(withoutKeys(`${sentences} See ${event.commandPath.join(" ")} --help.`))
      }
      if (event._tag === "Help") return yield* Console.log(Help.render(event.helpDoc, yield* Terminal.stdout))
      return yield* CliOutput.defaultPresenter.present(event)
    })
    return CliOutput.layerPresenter({ present: (event) => Effect.provideContext(present(event), context) })
  })
)

/**
 * Presents wrong usage and help. Effect presents the version and shell completions.
 */
export const layer: Layer.Layer<never, never, Terminal.Services> = Layer.merge(
  layerPresenter,
  Layer.succeed(
    CliConfig.CliConfig,
    CliConfig.make({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] })
  )
)

type Errors = ReadonlyArray<CliError.NonShowHelpErrors>

// The value of a misspelt flag looks like a command, and the flags of an unknown command are unknown too.
const causes = (errors: Errors): Errors => {
  const misspelt = errors.filter((error) => error._tag === "UnrecognizedOption" && error.suggestions.length > 0)
  const commands = errors.filter(({ _tag }) => _tag === "UnknownSubcommand")
  return [misspelt, commands].find(({ length }) => length > 0) ?? errors
}

const explain = (error: CliError.NonShowHelpErrors): string => {
  switch (error._tag) {
    case "UnrecognizedOption":
      return sentence(`Unknown flag ${error.option}`, error.suggestions)
    case "UnknownSubcommand":
      return sentence(`Unknown command ${error.subcommand}`, error.suggestions)
    case "InvalidValue":
      return sentence(`Invalid ${nameOf(error)}${valueOf(error)}: ${expectation(error)}`, [])
    default:
      return sentence(error.message, [])
  }
}

const nameOf = ({ kind, option }: CliError.InvalidValue) => (kind === "argument" ? option : `--${option}`)

// Secrets must not appear in errors.
const valueOf = ({ value }: CliError.InvalidValue) => (value === "<redacted>" ? "" : ` "${value}"`)

// Schemas prefix their expectation with "Schema validation failed: Expected". Checks of flags have no prefix.
const expectation = ({ expected }: CliError.InvalidValue) =>
  `expected ${expected.replace(/^Schema validation failed: /, "").replace(/^Expected /, "")}`

const sentence = (text: string, suggestions: ReadonlyArray<string>): string => {
  const ended = /[.!?]$/.test(text) ? text : `${text}.`
  return suggestions.length === 0 ? ended : `${ended} Did you mean ${suggestions.join(" or ")}?`
}

// An API key in the wrong place must not be logged.
const withoutKeys = (text: string): string => text.replace(/\bsk_\w+/g, "sk_…")
