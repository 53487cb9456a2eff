// Tables for a terminal of any width.
import * as CliOutput from "effect/cli/CliOutput"
import * as Prose from "./Prose.ts"

/**
 * A column: its heading, its width, and whether it gives way when the terminal is narrow.
 */
export interface Column<Row> {
  readonly heading: string
  readonly width: number
  /** How much less than `width` it can do with. The same as `width` where nothing is said. */
  readonly minimum?: number
  /** How wide a terminal has to be for it to be shown at all. */
  readonly from?: number
  readonly of: (row: Row) => string
  /** Colours what is shown, where there are colours. */
  readonly paint?: (shown: string, row: Row) => string
}

/**
 * A way to write rows as lines: as wide as the columns want, or as the terminal allows.
 */
export const make = <Row>(all: ReadonlyArray<Column<Row>>, available: number, colours = false) => {
  const columns = all.filter(({ from = 0 }) => available >= from)
  const widths = fit(columns, available)
  const line = (cell: (column: Column<Row>) => string, paint: (column: Column<Row>, shown: string) => string): string =>
    columns
      .map((column, index) => {
        const shown = cut(cell(column), widths[index]!)
        const padding = index === columns.length - 1 ? 0 : widths[index]! - CliOutput.displayWidth(shown)
        return (colours ? paint(column, shown) : shown) + " ".repeat(padding)
      })
      .join(gap)
      .trimEnd()
  return {
    heading: line(
      ({ heading }) => heading,
      (_, shown) => bold(shown)
    ),
    row: (row: Row): string =>
      line(
        ({ of }) => Prose.inline(of(row)),
        ({ paint }, shown) => paint?.(shown, row) ?? shown
      )
  }
}

const style = (on: number, off: number) => (text: string) => `\u001B[${on}m${text}\u001B[${off}m`

export const bold = style(1, 22)
export const dim = style(2, 22)
export const red = style(31, 39)
export const green = style(32, 39)
export const yellow = style(33, 39)

const gap = "  "

const fit = <Row>(columns: ReadonlyArray<Column<Row>>, available: number): ReadonlyArray<number> => {
  const wanted = columns.reduce((sum, { width }) => sum + width, gap.length * (columns.length - 1))
  const elastic = columns.reduce((sum, { minimum, width }) => sum + width - (minimum ?? width), 0)
  const share = elastic === 0 ? 0 : Math.min(1, Math.max(0, (wanted - available) / elastic))
  return columns.map(({ minimum, width }) => width - Math.ceil((width - (minimum ?? width)) * share))
}

/**
 * Text that is no wider than this, cut where it would be.
 */
export const cut = (text: string, width: number): string => {
  if (CliOutput.displayWidth(text) <= width) return text
  let kept = ""
  for (const character of text) {
    if (CliOutput.displayWidth(kept + character) >= width) break
    kept += character
  }
  return `${kept}…`
}
