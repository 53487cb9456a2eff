// Emulates a terminal, as far as the command line uses one: the text on the screen after each output.

/** Adjacent characters with the same style. `column` is the first column. */
export interface Run {
  readonly column: number
  readonly text: string
  readonly look: string
}

export type Line = ReadonlyArray<Run>

interface Cell {
  readonly character: string
  readonly look: string
}

const looks: Readonly<Record<string, string>> = { 1: "bold", 2: "dim", 31: "red", 32: "green", 33: "yellow" }
const colours: ReadonlySet<string> = new Set(["red", "green", "yellow"])

const escape = "\u001B"
const sequences = new RegExp(`${escape}\\[([\\d;]*)m|${escape}\\[2K|[^]`, "gu")
const unfinished = new RegExp(`${escape}(?:\\[[\\d;]*)?$`)

/**
 * Makes an empty terminal. Throws on unknown control sequences, because a picture must show the same as a real terminal.
 */
export const make = (columns: number) => {
  const lines: Array<Array<Cell>> = [[]]
  let row = 0
  let column = 0
  const look = new Set<string>()

  const style = (code: string) => {
    if (code === "22") for (const name of ["bold", "dim"]) look.delete(name)
    else if (code === "39") for (const name of colours) look.delete(name)
    else if (code === "0" || code === "") look.clear()
    else if (looks[code] === undefined) throw new Error(`Unknown style ${code}`)
    else look.add(looks[code])
  }

  const down = () => {
    row++
    lines[row] ??= []
  }

  const put = (character: string) => {
    if (column === columns) {
      column = 0
      down()
    }
    const line = lines[row] ?? []
    while (line.length < column) line.push({ character: " ", look: "" })
    line[column++] = { character, look: [...look].join(" ") }
  }

  // A chunk of output may end in the middle of a control sequence.
  let begun = ""
  const write = (more: string) => {
    const text = begun + more
    begun = unfinished.exec(text)?.[0] ?? ""
    const whole = text.slice(0, text.length - begun.length)
    for (const [part, code] of whole.matchAll(sequences)) {
      if (code !== undefined) for (const one of code.split(";")) style(one)
      else if (part === "\u001B[2K") lines[row] = []
      else if (part === "\r") column = 0
      else if (part === "\n") down()
      else if (part < " ") throw new Error(`Unknown control character ${part.charCodeAt(0)}`)
      else put(part)
    }
  }

  return {
    write,
    shown: (): ReadonlyArray<Line> => {
      const shown = lines.map(toRuns)
      return shown.slice(0, shown.findLastIndex((line) => line.length > 0) + 1)
    }
  }
}

const toRuns = (cells: ReadonlyArray<Cell>): Line => {
  const runs: Array<Run> = []
  for (const [column, { character, look }] of cells.entries()) {
    const last = runs.at(-1)
    if (last !== undefined && last.look === look) runs[runs.length - 1] = { ...last, text: last.text + character }
    else runs.push({ column, text: character, look })
  }
  return runs.filter(({ text }) => text.trim() !== "")
}
