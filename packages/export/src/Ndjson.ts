/**
 * Newline-delimited JSON: one encoded row per line.
 *
 * @module
 */
import * as Stream from "effect/Stream"

/**
 * Formats rows as lines of JSON, each with its newline.
 *
 * **Example** (Formatting two rows)
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
 * Writes rows as newline-delimited JSON. Undocumented fields, the difference between absent and `null`, and all digits of
 * numbers are kept.
 *
 * **Gotchas**
 *
 * Lone surrogates, which JSON allows and Unicode does not, are written escaped: `"\ud800"`. DuckDB does not read files that
 * contain them. Runtimes without `JSON.rawJSON` round numbers beyond the precision of JavaScript; Node 22 has it.
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
