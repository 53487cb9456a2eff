// The formats of files, by name. What each is like is told in its own module: `Ndjson`, `Csv`, `Parquet`.
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Column } from "./Column.ts"
import type * as Csv from "./Csv.ts"
import * as Ndjson from "./Ndjson.ts"
import type * as Parquet from "./Parquet.ts"

/**
 * What formats are asked for by.
 *
 * **Example** (What a flag of a command can be)
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
 * A function from rows, in their wire form, to the bytes of a file.
 *
 * **Details**
 *
 * - `name`: what it is asked for by, and what a checkpoint remembers.
 * - `extension`: how names of such files end, with the dot.
 * - `write`: `columns` are those of the resource, for formats that have some. How rows are divided into arrays makes no difference to the file. Bytes come while rows come, and memory
 *   does not grow with their number. No rows at all make a valid file too. Where the rows fail, so do the bytes, and
 *   what came until then is no complete file.
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
 * What the formats can be asked for besides. Each heeds what is about it.
 */
export interface Options extends Csv.Options, Parquet.Options {}

/**
 * The format of a name.
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

// Their writers take longer to load than most programs to start; who asks for none of them loads none.
const loaded = <Module, A, E, R>(
  load: () => Promise<Module>,
  use: (module: Module) => Stream.Stream<A, E, R>
): Stream.Stream<A, E, R> => Stream.unwrap(Effect.map(Effect.promise(load), use))
