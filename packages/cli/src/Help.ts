// Renders the help of a command for a terminal of any width.
import * as CliOutput from "effect/cli/CliOutput"
import type * as HelpDoc from "effect/cli/HelpDoc"
import * as Context from "effect/Context"
import * as Option from "effect/Option"
import { wrapText } from "./WrapText.ts"
import type { Terminal } from "./Terminal.ts"
import * as TextTable from "./TextTable.ts"

/**
 * The environment variables of a command.
 */
export const Environment = Context.Reference<ReadonlyArray<Entry>>("effect-workos/Help/Environment", {
  defaultValue: () => []
})

/** A line of help: a name, the placeholder of the value, and a description. */
export interface Entry {
  readonly name: string
  readonly value?: string
  readonly text: string
}

/**
 * Renders the help of a command.
 */
export const render = (doc: HelpDoc.HelpDoc, terminal: Terminal): string => {
  const columns = terminal.columns ?? 120
  const paint = (style: (text: string) => string, text: string) => (terminal.colours ? style(text) : text)

  // Descriptions go below their names if there is no room beside them.
  const entry = (width: number, { name, text, value = "" }: Entry): ReadonlyArray<string> => {
    const label = `  ${name}${value === "" ? "" : ` ${value}`}`
    const painted = value === "" ? label : `  ${name} ${paint(TextTable.dim, value)}`
    if (columns < width + 30) return [painted, ...wrapText(text, columns, " ".repeat(6))]
    if (CliOutput.displayWidth(label) + 2 > width) return [painted, ...wrapText(text, columns, " ".repeat(width))]
    const [first = "", ...rest] = wrapText(text, columns, label.padEnd(width))
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
    wrapText(doc.description, columns),
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

/** The maximum width of the names in a column. Wider names are on a separate line. */
const widest = 32

const argument = ({ description, name, required }: HelpDoc.ArgDoc): Entry => ({
  name: required ? `<${name}>` : `[<${name}>]`,
  text: Option.getOrElse(description, () => "")
})

// Effect appends the choices to the description. Help shows them as the placeholder of the value instead. The descriptions
// of Effect's global flags have no full stop.
const flag = ({ aliases, description, name, type }: HelpDoc.FlagDoc): Entry => {
  const [sentence = "", choices] = Option.getOrElse(description, () => "").split(/ \(choices: (.*)\)$/)
  const text = sentence.replace(/[^.]$/, "$&.")
  const value = choices === undefined ? type : choices.replaceAll(", ", "|")
  const names = [...aliases, `--${name}`].join(", ")
  return type === "boolean" ? { name: names, text } : { name: names, value, text }
}

// Long commands continue after a backslash, so that they can be copied into a shell.
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
