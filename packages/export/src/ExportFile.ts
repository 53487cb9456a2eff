// An export into a file: complete or not at all, and gone on with where it was.
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as FileSystem from "effect/FileSystem"
import * as Stream from "effect/Stream"
import * as AtomicFile from "./AtomicFile.ts"
import type { Column } from "./Column.ts"
import * as Crawl from "./Crawl.ts"
import * as Export from "./Export.ts"
import type { Format } from "./Format.ts"
import * as Index from "./internal/Index.ts"
import * as Journal from "./Journal.ts"
import type * as Resource from "./Resource.ts"
import type * as Source from "./Source.ts"

/**
 * Which rows are exported, and how.
 */
export type Options<Filters> = Filters & Settings

/**
 * How a file is exported, whatever is in it.
 */
export interface Settings extends Omit<Export.Walk, "index" | "from"> {
  readonly format: Format
  /** What the export is of; its resource and its format are added, and its order where it has one. */
  readonly subject: Journal.Subject
  /** Whether to go on with what an interrupted export has left. */
  readonly resume: boolean
}

/**
 * Where an export is: how many rows are on disk, how many of them were there before, and how many there may be in all,
 * where the last export of the same file left an index.
 *
 * **Example** (Saying how far it is)
 *
 * ```ts
 * import * as ExportFile from "@effect-workos/export/ExportFile"
 * import * as Format from "@effect-workos/export/Format"
 * import * as Resource from "@effect-workos/export/Resource"
 * import * as Effect from "effect/Effect"
 *
 * const settings: ExportFile.Settings = { format: Format.make("csv"), subject: { target: "staging" }, resume: false }
 *
 * const options: ExportFile.Options<Resource.OrganizationFilters> = { ...settings, search: "Corp" }
 *
 * const tell = ({ expected, rows }: ExportFile.Progress): Effect.Effect<void> =>
 *   Effect.log(expected === undefined ? `${rows} rows` : `${rows} of ${expected} rows`)
 *
 * const program = ExportFile.write(Resource.organizations, "organizations.csv", options, tell)
 * ```
 */
export interface Progress {
  readonly rows: number
  readonly resumed: number
  readonly expected: number | undefined
}

/**
 * Exports all rows of a resource that match into a file.
 *
 * **Details**
 *
 * Until it is complete, rows are in `<path>.part` and what it takes to go on in `<path>.checkpoint`; both are left where
 * the export fails or is interrupted. `<path>.index` is left for the next one, which starts from all over the list.
 *
 * Fails with `CheckpointError` where there is something to go on with and it is of another export, and where another
 * export to the same file begins meanwhile; with `OutputError` where the file can't be written.
 *
 * **Example** (Going on, if there is something to go on with)
 *
 * ```ts
 * import * as ExportFile from "@effect-workos/export/ExportFile"
 * import * as Format from "@effect-workos/export/Format"
 * import * as Resource from "@effect-workos/export/Resource"
 *
 * const program = ExportFile.write(Resource.connections, "connections.parquet", {
 *   format: Format.make("parquet"),
 *   subject: { target: "https://api.workos.com" },
 *   resume: true
 * })
 * ```
 */
export const write = <Row extends Resource.Listed, Filters, E extends { readonly _tag: string }, Service>(
  resource: Resource.Resource<Row, Filters, E, Service>,
  path: string,
  options: Options<Filters>,
  onProgress: (progress: Progress) => Effect.Effect<void> = () => Effect.void
): Effect.Effect<
  Progress,
  E | Source.CrawlError | AtomicFile.OutputError | Journal.CheckpointError,
  Service | FileSystem.FileSystem
> =>
  Effect.scoped(
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      // Beside the file itself where `path` is a link to it, so that it can be moved there.
      const target = yield* AtomicFile.resolve(path)
      const indexFile = `${target}.index`
      const index = Index.parse(yield* Effect.orElseSucceed(fs.readFileString(indexFile), () => ""))
      const { concurrency, format, resume } = options
      const subject = { resource: resource.name, ...options.subject }
      const order = concurrency === 1 ? { order: options.order ?? Export.defaultOrder } : {}
      const journal = yield* Journal.open(target, { subject: { ...subject, ...order, format: format.name }, resume })
      let { rows } = journal
      // Another list says nothing of how many rows this one has.
      const expected = Equal.equals(index.of, subject) ? index.expected : undefined
      const progress = (): Progress => ({ rows, resumed: journal.rows, expected })

      yield* onProgress(progress())
      if (!journal.isComplete) {
        yield* Export.batches(resource, { ...options, index: index.ids, from: journal.from }).pipe(
          Stream.run(
            Crawl.sink({
              store: (batch) => {
                rows += batch.rows.length
                return Effect.andThen(
                  journal.append(batch),
                  Effect.suspend(() => onProgress(progress()))
                )
              }
            })
          )
        )
        yield* journal.complete
      }
      yield* finish(resource, target, journal, format)
      // Without it the next export takes longer, and that is all. What is no index is somebody else's.
      if (index.isOne) {
        const next = Index.format({ ids: journal.places(), expected: rows, of: subject })
        yield* Effect.ignore(AtomicFile.write(indexFile, Stream.succeed(next)))
      }
      yield* journal.remove
      return progress()
    })
  )

const finish = <Row>(
  { columns }: { readonly columns: ReadonlyArray<Column<Row>> },
  path: string,
  { part, stillOwn }: Journal.Journal,
  { name, write }: Format
) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const failure = AtomicFile.outputError(path)
    const failed = Effect.mapError(failure)
    // It was finished before, and there was no time left to say so.
    if (!(yield* failed(fs.exists(part)))) return
    if (name === "ndjson") return yield* Effect.andThen(stillOwn, failed(AtomicFile.rename(part, path)))
    const rows = fs.stream(part).pipe(
      Stream.mapError(failure),
      Stream.decodeText(),
      Stream.splitLines,
      Stream.chunks,
      Stream.map((lines) => lines.map((line): Row => JSON.parse(line)))
    )
    return yield* AtomicFile.write(path, write(columns, rows), { confirm: stillOwn })
  })
