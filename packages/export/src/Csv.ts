// Comma-separated values, as RFC 4180 describes them: one row a record, flat, under a header.
import type { Connection } from "@effect-workos/domain/Connection"
import { stringify } from "csv-stringify/sync"
import * as Stream from "effect/Stream"

/**
 * The columns, in their order.
 */
export const columns = [
  "id",
  "organization_id",
  "external_id",
  "connection_type",
  "name",
  "state",
  "status",
  "domains",
  "signing_cert",
  "created_at",
  "updated_at"
] as const

/**
 * What stands between the names in the column `domains`. No name of a domain has one in it.
 */
export const domainSeparator = ";"

/**
 * How the file is written.
 *
 * **Details**
 *
 * - `escapeFormulas`: whether a `'` is put before a cell that begins with `=`, `+`, `-`, `@`, a tab, a carriage return,
 *   or the full-width form of one of the four signs; `false`. A spreadsheet takes such a cell for a formula, and names of
 *   connections and domains are somebody else's input. Any other program reads the `'` as part of the value.
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
 * `domains` holds the names of the domains, separated by `;`. Absent, `null` and empty values are all empty cells, and
 * ids of domains and fields that are not documented are left out: `Ndjson` keeps them. Half of a surrogate pair, which
 * is not Unicode, becomes U+FFFD.
 *
 * **Example** (A file that will be opened in a spreadsheet)
 *
 * ```ts
 * import * as Csv from "@effect-workos/export/Csv"
 * import * as Export from "@effect-workos/export/Export"
 *
 * const bytes = Csv.write(Export.connections(), { escapeFormulas: true })
 * ```
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export const write = <E, R>(
  rows: Stream.Stream<ReadonlyArray<typeof Connection.Encoded>, E, R>,
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
  return Stream.succeed(records([columns])).pipe(
    Stream.concat(Stream.map(rows, (rows) => records(rows.map(cells)))),
    Stream.encodeText
  )
}

// In the order of `columns`.
const cells = (row: typeof Connection.Encoded) => [
  row.id,
  row.organization_id,
  row.external_id,
  row.connection_type,
  row.name,
  row.state,
  row.status,
  row.domains.map(({ domain }) => domain).join(domainSeparator),
  row.options?.signing_cert,
  row.created_at,
  row.updated_at
]
