/**
 * Apache Parquet: typed and compressed columns, with statistics that let readers skip data.
 *
 * @module
 */
import { parseMillis } from "@effect-workos/domain/Timestamp"
import { version } from "@effect-workos/domain/Version"
import * as Stream from "effect/Stream"
import { ByteWriter, type ColumnSource, ParquetWriter, type SchemaElement } from "hyparquet-writer"
import type { Column } from "./Column.ts"

/**
 * Options for `write`.
 *
 * **Details**
 *
 * - `rowGroupSize`: the number of rows per row group. All rows of one group are in memory. Defaults to 5,000.
 *
 * **Example** (Keeping fewer rows in memory)
 *
 * ```ts
 * import * as Export from "@effect-workos/export/Export"
 * import * as Parquet from "@effect-workos/export/Parquet"
 * import * as Exportable from "@effect-workos/export/Exportable"
 *
 * const options: Parquet.Options = { rowGroupSize: 1_000 }
 *
 * const bytes = Parquet.write(Exportable.events.columns, Export.events(), options)
 * ```
 */
export interface Options {
  readonly rowGroupSize?: number | undefined
}

/**
 * Writes rows as Parquet.
 *
 * **Details**
 *
 * | column | type |
 * | --- | --- |
 * | `text`, `optionalText` | string, required or nullable |
 * | `instant`, `optionalInstant` | timestamp in UTC with milliseconds, required or nullable |
 * | `flag` | boolean, nullable |
 * | `list` | list of structs of strings, required, may be empty |
 * | `json` | string of JSON, nullable |
 *
 * Timestamps are truncated to milliseconds, and lone surrogates become U+FFFD. Fields without a column are left out:
 * `Ndjson` keeps these fields. The file is compressed with Snappy. The metadata of the file names its writer in the form
 * `effect-workos version X (build Y)`, which readers parse before they use the statistics.
 *
 * **Example** (Writing rows)
 *
 * ```ts
 * import * as Export from "@effect-workos/export/Export"
 * import * as Parquet from "@effect-workos/export/Parquet"
 * import * as Exportable from "@effect-workos/export/Exportable"
 *
 * const bytes = Parquet.write(Exportable.connections.columns, Export.connections())
 * ```
 *
 * @see https://parquet.apache.org/docs/file-format/
 */
export const write = <Row, E, R>(
  columns: ReadonlyArray<Column<Row>>,
  rows: Stream.Stream<ReadonlyArray<Row>, E, R>,
  { rowGroupSize = 5_000 }: Options = {}
): Stream.Stream<Uint8Array, E, R> =>
  Stream.suspend(() => {
    const bytes = new ByteWriter()
    const file = new ParquetWriter({
      writer: bytes,
      schema: schemaOf(columns),
      codec: "SNAPPY",
      createdBy
    })
    // Setting `index` empties the buffer of the writer. Its `offset`, the position in the file, stays.
    const flush = (): Uint8Array => {
      const chunk = bytes.getBytes().slice()
      bytes.index = 0
      return chunk
    }
    return rows.pipe(
      Stream.flattenIterable,
      Stream.grouped(rowGroupSize),
      Stream.map((group) => {
        file.write({ columnData: columns.map((column) => dataOf(column, group)), rowGroupSize: group.length })
        return flush()
      }),
      Stream.concat(
        Stream.sync(() => {
          file.finish()
          return flush()
        })
      )
    )
  })

// Readers such as parquet-java parse this text. They ignore the statistics of text columns if they can't parse it.
const createdBy = `effect-workos version ${version} (build hyparquet-writer-0.17)`

// -----------------------------------------------------------------------------
// Columns
// -----------------------------------------------------------------------------

const text = (name: string, repetition: "REQUIRED" | "OPTIONAL"): SchemaElement => ({
  name,
  type: "BYTE_ARRAY",
  converted_type: "UTF8",
  logical_type: { type: "STRING" },
  repetition_type: repetition
})

const elementsOf = <Row>(column: Column<Row>): ReadonlyArray<SchemaElement> => {
  const { name } = column
  switch (column.type) {
    case "text":
      return [text(name, column.isRequired ? "REQUIRED" : "OPTIONAL")]
    case "instant":
      return [
        {
          name,
          type: "INT64",
          converted_type: "TIMESTAMP_MILLIS",
          logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" },
          repetition_type: column.isRequired ? "REQUIRED" : "OPTIONAL"
        }
      ]
    case "flag":
      return [{ name, type: "BOOLEAN", repetition_type: "OPTIONAL" }]
    case "list":
      return [
        {
          name,
          num_children: 1,
          converted_type: "LIST",
          logical_type: { type: "LIST" },
          repetition_type: "REQUIRED"
        },
        { name: "list", num_children: 1, repetition_type: "REPEATED" },
        { name: "element", num_children: column.fields.length, repetition_type: "REQUIRED" },
        ...column.fields.map(([name, repetition]) => text(name, repetition))
      ]
  }
}

// The schema is a tree in preorder: `num_children` is the number of children that follow.
const schemaOf = <Row>(columns: ReadonlyArray<Column<Row>>): Array<SchemaElement> => [
  { name: "row", num_children: columns.length },
  ...columns.flatMap(elementsOf)
]

const dataOf = <Row>(column: Column<Row>, rows: ReadonlyArray<Row>): ColumnSource => ({
  name: column.name,
  data: rows.map((row) => {
    if (column.type !== "instant") return column.of(row)
    const instant = column.of(row)
    const millis = typeof instant === "string" ? parseMillis(instant) : undefined
    return millis === undefined ? undefined : BigInt(millis)
  })
})
