// Help for a terminal of any width: what a command is for, how it is said, and examples that can be copied.
import * as CliOutput from "effect/cli/CliOutput"
import type * as HelpDoc from "effect/cli/HelpDoc"
import * as Context from "effect/Context"
import * as Option from "effect/Option"
import * as Prose from "./Prose.ts"
import type { Screen } from "./Screen.ts"
import * as TextTable from "./TextTable.ts"

/**
 * The variables that a command reads, each with what it is for.
 */
export const Environment = Context.Reference<ReadonlyArray<Entry>>("effect-workos/Help/Environment", {
  defaultValue: () => []
})

/** A name, what follows it, and what it is for. */
export interface Entry {
  readonly name: string
  readonly value?: string
  readonly text: string
}

/**
 * The help for a command, on a screen.
 */
export const render = (doc: HelpDoc.HelpDoc, screen: Screen): string => {
  const columns = screen.columns ?? 120
  const paint = (style: (text: string) => string, text: string) => (screen.colours ? style(text) : text)

  // Names stand side by side with what they are for, where there is room for both.
  const entry = (width: number, { name, text, value = "" }: Entry): ReadonlyArray<string> => {
    const label = `  ${name}${value === "" ? "" : ` ${value}`}`
    const painted = value === "" ? label : `  ${name} ${paint(TextTable.dim, value)}`
    if (columns < width + 30) return [painted, ...Prose.wrap(text, columns, " ".repeat(6))]
    if (CliOutput.displayWidth(label) + 2 > width) return [painted, ...Prose.wrap(text, columns, " ".repeat(width))]
    const [first = "", ...rest] = Prose.wrap(text, columns, label.padEnd(width))
    return [painted + first.slice(label.length), ...rest]
  }
  const section = (heading: string, lines: ReadonlyArray<string>) =>
    lines.length === 0 ? [] : [[paint(TextTable.bold, heading), ...lines]]
  const entries = (heading: string, all: ReadonlyArray<Entry>) => {
    const widths = all.map(({ name, value }) => 4 + name.length + (value === undefined ? 0 : value.length + 1))
    const width = Math.max(14, ...widths.filter((width) => width <= widest))
    return section(
      heading,
      all.flatMap((one) => entry(width, one))
    )
  }

  const commands = (doc.subcommands ?? []).flatMap((group) => group.commands)
  return [
    Prose.wrap(doc.description, columns),
    ...section("USAGE", [`  ${doc.usage}`]),
    ...entries(
      "COMMANDS",
      commands.map(({ description, name, shortDescription }) => ({ name, text: shortDescription ?? description }))
    ),
    ...entries("ARGUMENTS", (doc.args ?? []).map(argument)),
    ...entries("FLAGS", doc.flags.map(flag)),
    ...entries("GLOBAL FLAGS", (doc.globalFlags ?? []).map(flag)),
    ...entries("ENVIRONMENT", Context.get(doc.annotations, Environment)),
    ...section(
      "EXAMPLES",
      (doc.examples ?? []).flatMap(({ command }) => example(command, columns))
    )
  ]
    .map((lines) => lines.join("\n"))
    .join("\n\n")
}

/** A name that is wider has a line of its own. */
const widest = 32

const argument = ({ description, name, required }: HelpDoc.ArgDoc): Entry => ({
  name: required ? `<${name}>` : `[<${name}>]`,
  text: Option.getOrElse(description, () => "")
})

// Effect adds the choices to what is said: they stand where the value does.
const flag = ({ aliases, description, name, type }: HelpDoc.FlagDoc): Entry => {
  const [text = "", choices] = Option.getOrElse(description, () => "").split(/ \(choices: (.*)\)$/)
  const value = choices === undefined ? type : choices.replaceAll(", ", "|")
  const names = [...aliases, `--${name}`].join(", ")
  return type === "boolean" ? { name: names, text } : { name: names, value, text }
}

// A command that is longer than a line goes on behind a backslash, as shells have it.
const example = (command: string, columns: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let line = " "
  // A flag stays with its value.
  for (const word of command.match(/(?:--[\w-]+ (?![-|>]))?(?:"[^"]*"|\S)+/g) ?? []) {
    if (line !== " " && CliOutput.displayWidth(`${line} ${word} \\`) > columns) {
      lines.push(`${line} \\`)
      line = "   "
    }
    line = `${line} ${word}`
  }
  return [...lines, line]
}
