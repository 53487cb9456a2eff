// Apache Parquet: typed columns, compressed, with statistics that let a reader skip what it does not look for.
import * as Stream from "effect/Stream"
import { ByteWriter, type ColumnSource, ParquetWriter, type SchemaElement } from "hyparquet-writer"
import type { Column } from "./Column.ts"

/**
 * How the file is written.
 *
 * **Details**
 *
 * - `rowGroupSize`: how many rows stand together; 5,000. That many are in memory at once.
 *
 * **Example** (Fewer rows in memory at once)
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
 * Rows as the bytes of a file for analysis: instants are instants, and domains are lists.
 *
 * **Details**
 *
 * | column | type |
 * | --- | --- |
 * | text | string, required, or null where it may be absent or `null` |
 * | instant | timestamp in UTC with milliseconds, required, or null where it may be absent or `null` |
 * | yes or no | boolean, null where it is absent |
 * | `domains` | list of structs of strings, `id`, `domain`, and `state` of organizations', required, may be empty |
 * | what has a shape of its own: `metadata`, `data`, `context` | string of JSON, null where it is absent |
 *
 * Fractions of a second finer than a millisecond are cut, half of a surrogate pair, which is not Unicode, becomes U+FFFD,
 * and fields that are not documented are left out: `Ndjson` keeps them all.
 *
 * Compressed with Snappy, which every reader of Parquet knows.
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
      createdBy: "effect-workos"
    })
    // The writer knows by `offset` where it is in the file; `index` is where it is in its buffer.
    const take = (): Uint8Array => {
      const taken = bytes.getBytes().slice()
      bytes.index = 0
      return taken
    }
    return rows.pipe(
      Stream.flattenIterable,
      Stream.grouped(rowGroupSize),
      Stream.map((group) => {
        file.write({ columnData: columns.map((column) => dataOf(column, group)), rowGroupSize: group.length })
        return take()
      }),
      Stream.concat(
        Stream.sync(() => {
          file.finish()
          return take()
        })
      )
    )
  })

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

// A tree, written down from its root: `num_children` says how many of those that follow are below.
const schemaOf = <Row>(columns: ReadonlyArray<Column<Row>>): Array<SchemaElement> => [
  { name: "row", num_children: columns.length },
  ...columns.flatMap(elementsOf)
]

const dataOf = <Row>(column: Column<Row>, rows: ReadonlyArray<Row>): ColumnSource => ({
  name: column.name,
  data: rows.map((row) => {
    if (column.type !== "instant") return column.of(row)
    const instant = column.of(row)
    return typeof instant === "string" ? BigInt(Date.parse(instant)) : instant
  })
})
