// Tables for a terminal of any width.
import * as CliOutput from "effect/cli/CliOutput"
import { inline } from "./WrapText.ts"

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

/** A way to write rows as lines. */
export type Table<Row> = {
  readonly heading: string
  readonly row: (row: Row) => string
}

/**
 * A way to write rows as lines: as wide as the columns want, or as the terminal allows.
 *
 * **Details**
 *
 * Where there is too little room, columns give up what none of the rows in `sample` needs, then the last columns are left
 * out until the others have their minimum, and those share what there is.
 */
export const make = <Row>(
  all: ReadonlyArray<Column<Row>>,
  available: number,
  colours = false,
  sample: ReadonlyArray<Row> = []
): Table<Row> => {
  const wanted = all.filter(({ from = 0 }) => available >= from)
  const columns =
    total(wanted) <= available
      ? wanted
      : kept(
          wanted.map((column) => needed(column, sample)),
          available
        )
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
        ({ of }) => inline(of(row)),
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

const total = (columns: ReadonlyArray<{ readonly width: number }>): number =>
  columns.reduce((sum, { width }) => sum + width, gap.length * (columns.length - 1))

// As wide as what stands in it, where that is less than it may be.
const needed = <Row>(column: Column<Row>, sample: ReadonlyArray<Row>): Column<Row> => {
  if (sample.length === 0 || column.minimum === undefined) return column
  const shown = [column.heading, ...sample.map((row) => inline(column.of(row)))]
  const width = Math.min(column.width, Math.max(...shown.map(CliOutput.displayWidth)))
  return { ...column, width, minimum: Math.min(width, column.minimum) }
}

// Two columns are the least that is a table: the second takes what there is.
const kept = <Row>(columns: ReadonlyArray<Column<Row>>, available: number): ReadonlyArray<Column<Row>> => {
  const least = total(columns.map(({ minimum, width }) => ({ width: minimum ?? width })))
  if (least <= available) return columns
  if (columns.length > 2) return kept(columns.slice(0, -1), available)
  return columns.map((column, index) => (index === 0 ? column : { ...column, minimum: 4 }))
}

const fit = <Row>(columns: ReadonlyArray<Column<Row>>, available: number): ReadonlyArray<number> => {
  const wanted = total(columns)
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
