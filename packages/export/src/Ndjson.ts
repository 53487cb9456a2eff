// Newline-delimited JSON: one row a line, in the form in which it came.
import * as Stream from "effect/Stream"

/**
 * Rows as lines, each with its newline.
 *
 * **Example** (Two rows)
 *
 * ```ts
 * import * as Ndjson from "@effect-workos/export/Ndjson"
 *
 * Ndjson.lines([{ id: 1 }, { id: 2 }]) // => '{"id":1}\n{"id":2}\n'
 * ```
 *
 * @see https://github.com/ndjson/ndjson-spec
 */
export const lines = (rows: ReadonlyArray<unknown>): string => {
  let text = ""
  for (const row of rows) text += `${JSON.stringify(row)}\n`
  return text
}

/**
 * Rows as the bytes of a file that keeps everything: fields that are not documented, and whether one is absent or `null`.
 *
 * **Gotchas**
 *
 * Half of a surrogate pair, which JSON allows and Unicode does not, is written as it came, escaped: `"\ud800"`. DuckDB
 * refuses to read a file with one. Numbers that JavaScript can't hold, and no documented field is a number, are rounded.
 *
 * **Example** (Writing rows)
 *
 * ```ts
 * import * as Export from "@effect-workos/export/Export"
 * import * as Ndjson from "@effect-workos/export/Ndjson"
 *
 * const bytes = Ndjson.write(Export.connections())
 * ```
 */
export const write = <E, R>(rows: Stream.Stream<ReadonlyArray<unknown>, E, R>): Stream.Stream<Uint8Array, E, R> =>
  Stream.encodeText(Stream.map(rows, lines))
