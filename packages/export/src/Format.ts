/**
 * The formats of exported files, by name: see `Ndjson`, `Csv` and `Parquet`.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Column } from "./Column.ts"
import type * as Csv from "./Csv.ts"
import * as Ndjson from "./Ndjson.ts"
import type * as Parquet from "./Parquet.ts"

/**
 * The names of all formats.
 *
 * **Example** (Parsing the name of a format)
 *
 * ```ts
 * import * as Format from "@effect-workos/export/Format"
 *
 * const isName = (text: string): text is Format.Name => Format.names.some((name) => name === text)
 *
 * const options: Format.Options = { rowGroupSize: 10_000 }
 *
 * const formatOf = (text: string): Format.Format => Format.make(isName(text) ? text : "ndjson", options)
 * ```
 */
export const names = ["ndjson", "csv", "parquet"] as const
/**
 * The name of a format.
 */
export type Name = (typeof names)[number]

/**
 * A format of exported files.
 *
 * **Details**
 *
 * - `name`: part of the fingerprint of a checkpoint.
 * - `extension`: the extension of file names, with the dot.
 * - `write`: converts encoded rows to the bytes of a file. Formats without columns ignore `columns`. Bytes are emitted
 *   while rows arrive, in constant memory, and do not depend on how rows are divided into arrays. A stream without rows
 *   makes a valid file. If the stream of rows fails, the stream of bytes fails too, and the file is incomplete.
 */
export interface Format {
  readonly name: string
  readonly extension: string
  readonly write: <Row, E, R>(
    columns: ReadonlyArray<Column<Row>>,
    rows: Stream.Stream<ReadonlyArray<Row>, E, R>
  ) => Stream.Stream<Uint8Array, E, R>
}

/**
 * The options of all formats. Each format ignores the options of the other formats.
 */
export interface Options extends Csv.Options, Parquet.Options {}

/**
 * Returns the format with the given name.
 *
 * **Example** (Writing rows to a file)
 *
 * ```ts
 * import * as AtomicFile from "@effect-workos/export/AtomicFile"
 * import * as Export from "@effect-workos/export/Export"
 * import * as Format from "@effect-workos/export/Format"
 * import * as Exportable from "@effect-workos/export/Exportable"
 *
 * const format = Format.make("csv", { escapeFormulas: true })
 * const bytes = format.write(Exportable.organizations.columns, Export.organizations())
 * const program = AtomicFile.write(`organizations${format.extension}`, bytes)
 * ```
 */
export const make = (name: Name, options: Options = {}): Format => {
  switch (name) {
    case "ndjson":
      return { name, extension: ".ndjson", write: (_, rows) => Ndjson.write(rows) }
    case "csv":
      return {
        name,
        extension: ".csv",
        write: (columns, rows) =>
          loaded(
            () => import("./Csv.ts"),
            ({ write }) => write(columns, rows, options)
          )
      }
    case "parquet":
      return {
        name,
        extension: ".parquet",
        write: (columns, rows) =>
          loaded(
            () => import("./Parquet.ts"),
            ({ write }) => write(columns, rows, options)
          )
      }
  }
}

// The writers of CSV and Parquet are slow to load, so they are loaded on demand.
const loaded = <Module, A, E, R>(
  load: () => Promise<Module>,
  use: (module: Module) => Stream.Stream<A, E, R>
): Stream.Stream<A, E, R> => Stream.unwrap(Effect.map(Effect.promise(load), use))
