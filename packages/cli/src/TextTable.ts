// Tables for a terminal of any width.
import * as CliOutput from "effect/cli/CliOutput"

/**
 * A column: its heading, its width, and whether it gives way when the terminal is narrow.
 */
export interface Column<Row> {
  readonly heading: string
  readonly width: number
  /** How much less than `width` it can do with. The same as `width` where nothing is said. */
  readonly minimum?: number
  readonly of: (row: Row) => string
}

/**
 * A way to write rows as lines: as wide as the columns want, or as the terminal allows.
 */
export const make = <Row>(columns: ReadonlyArray<Column<Row>>, available: number) => {
  const widths = fit(columns, available)
  const line = (cells: ReadonlyArray<string>): string =>
    cells
      .map((cell, index) => (index === cells.length - 1 ? cut(cell, widths[index]!) : pad(cell, widths[index]!)))
      .join(gap)
      .trimEnd()
  return {
    heading: line(columns.map(({ heading }) => heading)),
    row: (row: Row): string => line(columns.map((column) => column.of(row)))
  }
}

const gap = "  "

const fit = <Row>(columns: ReadonlyArray<Column<Row>>, available: number): ReadonlyArray<number> => {
  const wanted = columns.reduce((sum, { width }) => sum + width, gap.length * (columns.length - 1))
  const elastic = columns.reduce((sum, { minimum, width }) => sum + width - (minimum ?? width), 0)
  const share = elastic === 0 ? 0 : Math.min(1, Math.max(0, (wanted - available) / elastic))
  return columns.map(({ minimum, width }) => width - Math.ceil((width - (minimum ?? width)) * share))
}

const cut = (text: string, width: number): string => {
  if (CliOutput.displayWidth(text) <= width) return text
  let kept = ""
  for (const character of text) {
    if (CliOutput.displayWidth(kept + character) >= width) break
    kept += character
  }
  return `${kept}…`
}

const pad = (text: string, width: number): string => {
  const shown = cut(text, width)
  return shown + " ".repeat(Math.max(0, width - CliOutput.displayWidth(shown)))
}
