/**
 * Comma-separated values as in RFC 4180: a header, and one record per row.
 *
 * @module
 */
import { stringify } from "csv-stringify/sync"
import * as Stream from "effect/Stream"
import type { Column } from "./Column.ts"

/**
 * Options for `write`.
 *
 * **Details**
 *
 * - `escapeFormulas`: puts a `'` before each cell that begins with `=`, `+`, `-`, `@`, a tab, a carriage return, or the
 *   full-width form of one of the four signs. Defaults to `false`. Spreadsheets run such cells as formulas, and names of
 *   customers are untrusted input. Other programs read the `'` as part of the value.
 *
 * **Example** (Writing a file for spreadsheets)
 *
 * ```ts
 * import * as Csv from "@effect-workos/export/Csv"
 * import * as Export from "@effect-workos/export/Export"
 * import * as Exportable from "@effect-workos/export/Exportable"
 *
 * const options: Csv.Options = { escapeFormulas: true }
 *
 * const bytes = Csv.write(Exportable.organizations.columns, Export.organizations(), options)
 * ```
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export interface Options {
  readonly escapeFormulas?: boolean | undefined
}

/**
 * Writes rows as CSV.
 *
 * **Details**
 *
 * The file is UTF-8 without a byte order mark, lines end in CRLF, and cells are quoted if necessary. Timestamps are
 * written as the server sent them. A list column holds one value per item, separated by `;`. Absent, `null` and empty
 * values are empty cells. Fields without a column are left out: `Ndjson` keeps these fields. Lone surrogates become
 * U+FFFD.
 *
 * **Example** (Writing connections for a spreadsheet)
 *
 * ```ts
 * import * as Csv from "@effect-workos/export/Csv"
 * import * as Export from "@effect-workos/export/Export"
 * import * as Exportable from "@effect-workos/export/Exportable"
 *
 * const bytes = Csv.write(Exportable.connections.columns, Export.connections(), { escapeFormulas: true })
 * ```
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export const write = <Row, E, R>(
  columns: ReadonlyArray<Column<Row>>,
  rows: Stream.Stream<ReadonlyArray<Row>, E, R>,
  { escapeFormulas = false }: Options = {}
): Stream.Stream<Uint8Array, E, R> => {
  const records = (rows: ReadonlyArray<ReadonlyArray<string | null | undefined>>): string =>
    stringify([...rows], {
      eof: true,
      record_delimiter: "\r\n",
      // Quotes cells with any kind of line break, because a PEM certificate has LF.
      quote_record_delimiter: true,
      escape_formulas: escapeFormulas
    })
  return Stream.succeed(records([columns.map(({ name }) => name)])).pipe(
    Stream.concat(Stream.map(rows, (rows) => records(rows.map((row) => columns.map((column) => cellOf(column, row)))))),
    Stream.encodeText
  )
}

const cellOf = <Row>(column: Column<Row>, row: Row): string | null | undefined => {
  switch (column.type) {
    case "text":
    case "instant":
      return column.of(row)
    case "flag":
      return column.of(row)?.toString()
    case "list":
      return column.cell(row)
  }
}
