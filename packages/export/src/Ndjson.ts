// Newline-delimited JSON: one row a line, in the form in which it came.

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
