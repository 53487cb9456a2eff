// Comma-separated values, as RFC 4180 describes them: one row a record, flat, under a header.
import { stringify } from "csv-stringify/sync"
import * as Stream from "effect/Stream"
import type { Column } from "./Column.ts"

/**
 * How the file is written.
 *
 * **Details**
 *
 * - `escapeFormulas`: whether a `'` is put before a cell that begins with `=`, `+`, `-`, `@`, a tab, a carriage return,
 *   or the full-width form of one of the four signs; `false`. A spreadsheet takes such a cell for a formula, and names of
 *   customers and their domains are somebody else's input. Any other program reads the `'` as part of the value.
 *
 * **Example** (For people with a spreadsheet)
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
 * Rows as the bytes of a file for spreadsheets, and for programs that know nothing better.
 *
 * **Details**
 *
 * UTF-8 without a byte order mark, lines end in CRLF, and a cell is quoted where it has to be. Instants are as they came.
 * `domains` holds the names of the domains, separated by `;`; what has a shape of its own, such as the data of an event, is
 * JSON. Absent, `null` and empty values are all empty cells, and what there is of domains besides, and fields that are not
 * documented, are left out: `Ndjson` keeps them. Half of a surrogate pair, which is not Unicode, becomes U+FFFD.
 *
 * **Example** (A file that will be opened in a spreadsheet)
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
      // Every line break, and not only CRLF: a PEM certificate has others.
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
