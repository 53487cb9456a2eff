// Renders tables for a terminal of any width.
import * as CliOutput from "effect/cli/CliOutput"
import { inline } from "./WrapText.ts"

/**
 * A column of a table.
 */
export interface Column<Row> {
  readonly heading: string
  readonly width: number
  /** The width to which the column may shrink. Defaults to `width`. */
  readonly minimum?: number
  /** The minimum width of a terminal that shows the column. Defaults to 0. */
  readonly from?: number
  readonly of: (row: Row) => string
  /** Colours the text of a cell. */
  readonly paint?: (text: string, row: Row) => string
}

/** The heading of a table, and a function that renders rows. */
export type Table<Row> = {
  readonly heading: string
  readonly row: (row: Row) => string
}

/**
 * Makes a table whose columns fit the terminal.
 *
 * **Details**
 *
 * In a narrow terminal, columns first shrink to the widths that the rows in `sample` need. Then the last columns are omitted
 * until the minimum widths of the remaining columns fit. These columns share the available width.
 */
export const make = <Row>(
  all: ReadonlyArray<Column<Row>>,
  available: number,
  colours = false,
  sample: ReadonlyArray<Row> = []
): Table<Row> => {
  const candidates = all.filter(({ from = 0 }) => available >= from)
  const columns =
    total(candidates) <= available
      ? candidates
      : fitting(
          candidates.map((column) => needed(column, sample)),
          available
        )
  const widths = fit(columns, available)
  const line = (cell: (column: Column<Row>) => string, paint: (column: Column<Row>, text: string) => string): string =>
    columns
      .map((column, index) => {
        const text = cut(cell(column), widths[index]!)
        const padding = index === columns.length - 1 ? 0 : widths[index]! - CliOutput.displayWidth(text)
        return (colours ? paint(column, text) : text) + " ".repeat(padding)
      })
      .join(gap)
      .trimEnd()
  return {
    heading: line(
      ({ heading }) => heading,
      (_, text) => bold(text)
    ),
    row: (row: Row): string =>
      line(
        ({ of }) => inline(of(row)),
        ({ paint }, text) => paint?.(text, row) ?? text
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

// Shrinks a column to the width of the values in the sample.
const needed = <Row>(column: Column<Row>, sample: ReadonlyArray<Row>): Column<Row> => {
  if (sample.length === 0 || column.minimum === undefined) return column
  const texts = [column.heading, ...sample.map((row) => inline(column.of(row)))]
  const width = Math.min(column.width, Math.max(...texts.map(CliOutput.displayWidth)))
  return { ...column, width, minimum: Math.min(width, column.minimum) }
}

// Omits columns, but keeps two of them. The second one then takes the remaining width.
const fitting = <Row>(columns: ReadonlyArray<Column<Row>>, available: number): ReadonlyArray<Column<Row>> => {
  const smallest = total(columns.map(({ minimum, width }) => ({ width: minimum ?? width })))
  if (smallest <= available) return columns
  if (columns.length > 2) return fitting(columns.slice(0, -1), available)
  return columns.map((column, index) => (index === 0 ? column : { ...column, minimum: 4 }))
}

const fit = <Row>(columns: ReadonlyArray<Column<Row>>, available: number): ReadonlyArray<number> => {
  const preferred = total(columns)
  const elastic = columns.reduce((sum, { minimum, width }) => sum + width - (minimum ?? width), 0)
  const share = elastic === 0 ? 0 : Math.min(1, Math.max(0, (preferred - available) / elastic))
  return columns.map(({ minimum, width }) => width - Math.ceil((width - (minimum ?? width)) * share))
}

/**
 * Cuts text to a width, and marks the cut with an ellipsis.
 */
export const cut = (text: string, width: number): string => {
  if (CliOutput.displayWidth(text) <= width) return text
  let prefix = ""
  for (const character of text) {
    if (CliOutput.displayWidth(prefix + character) >= width) break
    prefix += character
  }
  return `${prefix}…`
}
