// Exports to a file: atomically, and resumable after an interruption.
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
  /** Identifies the content of the export; its resource, format and order are added. */
  readonly fingerprint: Checkpoint.Fingerprint
  /** Whether to resume an interrupted export. */
  readonly resume: boolean
  /**
   * Whether a row that does not have the documented shape fails the export. Defaults to false: such rows are written as
   * received and counted, and tabular formats have the columns that can be read.
   */
  readonly strict?: boolean | undefined
}

/**
 * The progress of an export.
 *
 * **Details**
 *
 * - `rows`: the number of rows on disk.
 * - `invalid`: how many of them do not have the documented shape.
 * - `resumed`: the number of rows that an interrupted export had stored.
 * - `expected`: the expected total, if the last export to the same file left an index.
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
 * export fails or is interrupted. `<path>.index` remains for the next export, which uses its ids as split points.
 *
 * Fails with `CheckpointError` if the checkpoint belongs to another export, or if another export to the same file starts
 * during this one; with `OutputError` if the file can't be written; with `InvalidRow` only with `strict`.
 *
 * **Example** (Resuming an interrupted export, if there is one)
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
      // Working files lie beside the target of a link: a rename must not cross file systems.
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
      // The index is optional: without it, the next export takes longer. A file that is no index is left alone.
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
    // An interrupted export had moved the rows already.
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
