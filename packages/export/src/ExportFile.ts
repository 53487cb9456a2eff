// An export into a file: complete or not at all, and gone on with where it was.
import type { Connections } from "@effect-workos/client/Connections"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Stream from "effect/Stream"
import * as AtomicFile from "./AtomicFile.ts"
import * as Export from "./Export.ts"
import * as Index from "./Index.ts"
import * as Journal from "./Journal.ts"

/**
 * How rows become a file; absent for rows as they are kept meanwhile, a line each.
 */
export interface Format {
  readonly name: string
  readonly write?: <E, R>(rows: Stream.Stream<ReadonlyArray<Export.Row>, E, R>) => Stream.Stream<Uint8Array, E, R>
}

export interface Options extends Omit<Export.Options, "index" | "from"> {
  readonly format: Format
  /** What the export is of; its format is added. */
  readonly subject: Journal.Subject
  /** Whether to go on with what an interrupted export has left. */
  readonly resume: boolean
}

/**
 * Where an export is: how many rows are on disk, how many of them were there before, and how many there may be in all,
 * where the last export of the same file left an index.
 */
export interface Progress {
  readonly rows: number
  readonly resumed: number
  readonly expected: number | undefined
}

/**
 * Exports all connections that match into a file.
 *
 * **Details**
 *
 * Until it is complete, rows are in `<path>.part` and what it takes to go on in `<path>.checkpoint`; both are left where
 * the export fails or is interrupted. `<path>.index` is left for the next one, which starts from all over the list.
 *
 * Fails with `CheckpointError` where there is something to go on with and it is of another export.
 *
 * **Example** (Going on, if there is something to go on with)
 *
 * ```ts
 * import * as ExportFile from "@effect-workos/export/ExportFile"
 *
 * const program = ExportFile.write("connections.ndjson", {
 *   format: { name: "ndjson" },
 *   subject: { target: "https://api.workos.com" },
 *   resume: true
 * })
 * ```
 */
export const write = (
  path: string,
  { format, resume, subject, ...options }: Options,
  onProgress: (progress: Progress) => Effect.Effect<void> = () => Effect.void
): Effect.Effect<
  Progress,
  Export.ExportError | AtomicFile.OutputError | Journal.CheckpointError,
  Connections | FileSystem.FileSystem
> =>
  Effect.scoped(
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const indexFile = `${path}.index`
      const known = yield* Effect.orElseSucceed(fs.readFileString(indexFile), () => "")
      const { expected, ids } = Index.parse(known)
      const journal = yield* Journal.open(path, { subject: { ...subject, format: format.name }, resume })
      const index = Index.collector()
      let rows = journal.rows
      const progress = (): Progress => ({ rows, resumed: journal.rows, expected })

      yield* Stream.runForEach(Export.batches({ ...options, index: ids, from: journal.from }), (batch) =>
        Effect.gen(function* () {
          yield* journal.append(batch)
          rows += batch.rows.length
          const last = batch.rows.at(-1)
          if (last !== undefined) index.add(Export.positionOf(last))
          yield* onProgress(progress())
        })
      )
      yield* journal.sync
      yield* finish(path, journal, format)
      // Fewer ids than there might be, after an export that was gone on with: it is an index all the same.
      yield* AtomicFile.write(indexFile, Stream.succeed(Index.format({ ids: index.ids(), expected: rows })))
      yield* journal.close
      return progress()
    })
  )

const finish = (path: string, { part }: Journal.Journal, { write }: Format) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const failed = (error: Parameters<typeof AtomicFile.outputError>[1]) => AtomicFile.outputError(path, error)
    if (write === undefined) {
      const target = yield* Effect.orElseSucceed(fs.realPath(path), () => path)
      return yield* Effect.mapError(fs.rename(part, target), failed)
    }
    const rows = fs.stream(part, { chunkSize: 256 * 1024 }).pipe(
      Stream.mapError(failed),
      Stream.decodeText(),
      Stream.splitLines,
      Stream.map((line): Export.Row => JSON.parse(line)),
      Stream.grouped(1000)
    )
    return yield* AtomicFile.write(path, write(rows))
  })
