// Apache Parquet: typed columns, compressed, with statistics that let a reader skip what it does not look for.
import type { Connection } from "@effect-workos/domain/Connection"
import * as Stream from "effect/Stream"
import { ByteWriter, type ColumnSource, ParquetWriter, type SchemaElement } from "hyparquet-writer"

/**
 * How the file is written.
 *
 * **Details**
 *
 * - `rowGroupSize`: how many rows stand together; 5,000. That many are in memory at once.
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
 * | `id`, `connection_type`, `name`, `state` | string, required |
 * | `organization_id`, `external_id`, `status`, `signing_cert` | string, null where absent or `null` |
 * | `domains` | list of structs of the strings `id` and `domain`, required, may be empty |
 * | `created_at`, `updated_at` | timestamp in UTC with milliseconds, required |
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
 *
 * const bytes = Parquet.write(Export.connections())
 * ```
 *
 * @see https://parquet.apache.org/docs/file-format/
 */
export const write = <E, R>(
  rows: Stream.Stream<ReadonlyArray<typeof Connection.Encoded>, E, R>,
  { rowGroupSize = 5_000 }: Options = {}
): Stream.Stream<Uint8Array, E, R> =>
  Stream.suspend(() => {
    const bytes = new ByteWriter()
    const file = new ParquetWriter({ writer: bytes, schema, codec: "SNAPPY", createdBy: "effect-workos" })
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
        file.write({ columnData: columnsOf(group), rowGroupSize: group.length })
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

const instant = (name: string): SchemaElement => ({
  name,
  type: "INT64",
  converted_type: "TIMESTAMP_MILLIS",
  logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" },
  repetition_type: "REQUIRED"
})

// A tree, written down from its root: `num_children` says how many of those that follow are below.
const schema: Array<SchemaElement> = [
  { name: "connection", num_children: 11 },
  text("id", "REQUIRED"),
  text("organization_id", "OPTIONAL"),
  text("external_id", "OPTIONAL"),
  text("connection_type", "REQUIRED"),
  text("name", "REQUIRED"),
  text("state", "REQUIRED"),
  text("status", "OPTIONAL"),
  {
    name: "domains",
    num_children: 1,
    converted_type: "LIST",
    logical_type: { type: "LIST" },
    repetition_type: "REQUIRED"
  },
  { name: "list", num_children: 1, repetition_type: "REPEATED" },
  { name: "element", num_children: 2, repetition_type: "REQUIRED" },
  text("id", "REQUIRED"),
  text("domain", "REQUIRED"),
  text("signing_cert", "OPTIONAL"),
  instant("created_at"),
  instant("updated_at")
]

type Row = typeof Connection.Encoded

const columnsOf = (rows: ReadonlyArray<Row>): Array<ColumnSource> => {
  const column = (name: string, valueOf: (row: Row) => unknown): ColumnSource => ({ name, data: rows.map(valueOf) })
  return [
    column("id", ({ id }) => id),
    column("organization_id", ({ organization_id }) => organization_id),
    column("external_id", ({ external_id }) => external_id),
    column("connection_type", ({ connection_type }) => connection_type),
    column("name", ({ name }) => name),
    column("state", ({ state }) => state),
    column("status", ({ status }) => status),
    column("domains", ({ domains }) => domains),
    column("signing_cert", ({ options }) => options?.signing_cert),
    column("created_at", ({ created_at }) => BigInt(Date.parse(created_at))),
    column("updated_at", ({ updated_at }) => BigInt(Date.parse(updated_at)))
  ]
}
