/**
 * Exports to a file: atomically, and resumable after an interruption.
 *
 * @module
 */
import { InvalidRow } from "@effect-workos/client/ClientError"
import * as ExactJson from "@effect-workos/domain/ExactJson"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as FileSystem from "effect/FileSystem"
import * as Stream from "effect/Stream"
import * as AtomicFile from "./AtomicFile.ts"
import * as Checkpoint from "./Checkpoint.ts"
import type { Column } from "./Column.ts"
import * as Crawl from "./Crawl.ts"
import * as Export from "./Export.ts"
import type { Format } from "./Format.ts"
import * as Index from "./internal/Index.ts"
import type * as Exportable from "./Exportable.ts"
import type * as Source from "./Source.ts"

/**
 * Options for `write`: the filters of the list, and the settings of the export.
 */
export type Options<Filters> = Filters & Settings

/**
 * The settings of an export to a file.
 */
export interface Settings extends Omit<Export.Settings, "index" | "from"> {
  readonly format: Format
  /**
   * Identifies the content of the export, for example by the server and the filters. `write` adds the resource, the format
   * and, with `concurrency` 1, the order.
   */
  readonly fingerprint: Checkpoint.Fingerprint
  /** Resumes an interrupted export, if one exists. */
  readonly resume: boolean
  /**
   * Fails if a row does not have the documented shape. Defaults to false: such rows are counted and written as received,
   * and in tabular formats the values that can't be read are empty.
   */
  readonly strict?: boolean | undefined
}

/**
 * The progress of an export.
 *
 * **Details**
 *
 * - `rows`: the number of rows that are stored.
 * - `invalid`: the number of these rows that do not have the documented shape.
 * - `resumed`: the number of rows that an interrupted export had stored.
 * - `expected`: the number of rows of the last export of the same list to the same file, if known from its index.
 *
 * **Example** (Logging progress)
 *
 * ```ts
 * import * as ExportFile from "@effect-workos/export/ExportFile"
 * import * as Format from "@effect-workos/export/Format"
 * import * as Exportable from "@effect-workos/export/Exportable"
 * import * as Effect from "effect/Effect"
 *
 * const settings: ExportFile.Settings = { format: Format.make("csv"), fingerprint: { target: "staging" }, resume: false }
 *
 * const options: ExportFile.Options<Exportable.OrganizationFilters> = { ...settings, search: "Corp" }
 *
 * const log = ({ expected, rows }: ExportFile.Progress): Effect.Effect<void> =>
 *   Effect.log(expected === undefined ? `${rows} rows` : `${rows} of ${expected} rows`)
 *
 * const program = ExportFile.write(Exportable.organizations, "organizations.csv", options, log)
 * ```
 */
export interface Progress {
  readonly rows: number
  readonly invalid: number
  readonly resumed: number
  readonly expected: number | undefined
}

/**
 * Exports all matching rows of a resource to a file.
 *
 * **Details**
 *
 * Until the export is complete, rows are in `<path>.part` and the progress is in `<path>.checkpoint`; both remain if the
 * export fails or is interrupted. `<path>.index` remains for the next export, which uses the ids in this file to read the
 * list with more cursors.
 *
 * Fails with `CheckpointError` if `resume` finds the checkpoint of another export, or if another export to the same file
 * starts during this one; with `OutputError` if the file can't be written; with `InvalidRow` only with `strict`.
 *
 * **Example** (Resuming an interrupted export, if one exists)
 *
 * ```ts
 * import * as ExportFile from "@effect-workos/export/ExportFile"
 * import * as Format from "@effect-workos/export/Format"
 * import * as Exportable from "@effect-workos/export/Exportable"
 *
 * const program = ExportFile.write(Exportable.connections, "connections.parquet", {
 *   format: Format.make("parquet"),
 *   fingerprint: { target: "https://api.workos.com" },
 *   resume: true
 * })
 * ```
 */
export const write = <Row extends Exportable.BaseRow, Filters, E extends { readonly _tag: string }, Service>(
  resource: Exportable.Exportable<Row, Filters, E, Service>,
  path: string,
  options: Options<Filters>,
  onProgress: (progress: Progress) => Effect.Effect<void> = () => Effect.void
): Effect.Effect<
  Progress,
  E | Source.CrawlError | InvalidRow | AtomicFile.OutputError | Checkpoint.CheckpointError,
  Service | FileSystem.FileSystem
> =>
  Effect.scoped(
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      // If the path is a link, the working files are in the folder of its target, because a rename must not cross file
      // systems.
      const target = yield* AtomicFile.resolve(path)
      const indexFile = `${target}.index`
      const index = Index.parse(yield* Effect.orElseSucceed(fs.readFileString(indexFile), () => ""))
      const { concurrency, format, resume, strict = false } = options
      const fingerprint = { resource: resource.name, ...options.fingerprint }
      const order = concurrency === 1 ? { order: options.order ?? Export.defaultOrder } : {}
      const checkpoint = yield* Checkpoint.open(target, {
        fingerprint: { ...fingerprint, ...order, format: format.name },
        resume
      })
      if (strict && checkpoint.invalid > 0) {
        return yield* new Checkpoint.CheckpointError({
          message:
            `${checkpoint.part} has ${checkpoint.invalid} rows that do not have the documented shape. ` +
            "Start again without --resume, or resume without --strict."
        })
      }
      let { invalid, rows } = checkpoint
      // The row count of another list would be misleading.
      const expected = Equal.equals(index.of, fingerprint) ? index.expected : undefined
      const progress = (): Progress => ({ rows, invalid, resumed: checkpoint.rows, expected })

      yield* onProgress(progress())
      if (!checkpoint.isComplete) {
        const batches = Export.batches(resource, {
          ...options,
          index: index.ids,
          from: checkpoint.from,
          invalidRows: strict ? "fail" : "yield"
        })
        yield* batches.pipe(
          Stream.run(
            Crawl.sink({
              store: ({ advanced, rows: received }) => {
                const newInvalid = received.filter((row) => row instanceof InvalidRow).length
                rows += received.length
                invalid += newInvalid
                return Effect.andThen(
                  checkpoint.append({ advanced, rows: Export.asReceived(received) }, newInvalid),
                  Effect.suspend(() => onProgress(progress()))
                )
              }
            })
          )
        )
        yield* checkpoint.complete
      }
      yield* finish(resource, target, checkpoint, format)
      // Without an index, the next export takes longer. A file that is not an index is not replaced.
      if (index.isReplaceable) {
        const next = Index.format({ ids: checkpoint.knownIds(), expected: rows, of: fingerprint })
        yield* Effect.ignore(AtomicFile.write(indexFile, Stream.succeed(next)))
      }
      yield* checkpoint.remove
      return progress()
    })
  )

const finish = <Row>(
  { columns }: { readonly columns: ReadonlyArray<Column<Row>> },
  path: string,
  { part, verifyLock }: Checkpoint.Checkpoint,
  { name, write }: Format
) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const failure = AtomicFile.outputError(path)
    const failed = Effect.mapError(failure)
    // If the file is missing, an interrupted export has moved the rows already.
    if (!(yield* failed(fs.exists(part)))) return
    if (name === "ndjson") return yield* Effect.andThen(verifyLock, failed(AtomicFile.rename(part, path)))
    const rows = fs.stream(part).pipe(
      Stream.mapError(failure),
      Stream.decodeText(),
      Stream.splitLines,
      Stream.chunks,
      Stream.map((lines) => lines.map((line) => ExactJson.restore<Row>(line, JSON.parse(line))))
    )
    return yield* AtomicFile.write(path, write(columns, rows), { confirm: verifyLock })
  })
