/**
 * The checkpoint of an export to a file. Rows that are on disk are not fetched again.
 *
 * Rows are appended to `<path>.part`. Then a line is appended to `<path>.checkpoint`, with the new length of
 * `<path>.part` and the progress of the crawl. A resumed export truncates `<path>.part` to the length in the last
 * complete line of `<path>.checkpoint`. A final line marks the rows as complete. Both files are removed once the exported
 * file exists.
 *
 * Before an export stores rows, it replaces the checkpoint file. An earlier export to the same path detects that and stops,
 * so that two exports never write to the same file.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as AtomicFile from "./AtomicFile.ts"
import * as Crawl from "./Crawl.ts"
import * as Index from "./internal/Index.ts"
import * as Segment from "./internal/Segment.ts"
import * as Ndjson from "./Ndjson.ts"
import * as Text from "./internal/Text.ts"

/**
 * Identifies the content of an export: `{ target: "https://api.workos.com", key: "3f9a…", filter: "type OktaSAML" }`. An
 * export can resume from a checkpoint if each name in the fingerprint of the export has the same value in the checkpoint.
 * Other names in the checkpoint are not compared, and keep their values.
 */
export type Fingerprint = Readonly<Record<string, string>>

/**
 * The checkpoint can't be used. `message` contains the reason and what to do.
 */
export class CheckpointError extends Data.TaggedError("CheckpointError")<{ readonly message: string }> {}

/**
 * Options for `open`.
 */
export interface Options {
  readonly fingerprint: Fingerprint
  /** Resumes from an existing checkpoint, if one exists. */
  readonly resume: boolean
}

/**
 * An open checkpoint.
 *
 * **Details**
 *
 * - `from`: the progress of the crawl.
 * - `rows`: the number of stored rows.
 * - `invalid`: the number of these rows that do not have the documented shape.
 * - `isComplete`: true if all rows are stored. The exported file may still be missing.
 * - `part`: the path of the file with the rows.
 * - `knownIds`: ids spread over the stored rows, from the oldest to the newest.
 *
 * `from`, `rows`, `invalid` and `isComplete` are the values at the time of opening. They do not change afterwards.
 */
export interface Checkpoint {
  readonly from: Crawl.State | undefined
  readonly rows: number
  readonly invalid: number
  readonly isComplete: boolean
  readonly part: string
  readonly knownIds: () => ReadonlyArray<string>
  /** Stores a batch: its rows, of which `invalid` do not have the documented shape, and the progress after them. */
  readonly append: <Row>(
    batch: Crawl.Batch<Row>,
    invalid?: number
  ) => Effect.Effect<void, AtomicFile.OutputError | CheckpointError>
  /** Marks the rows as complete, after syncing them to disk. */
  readonly complete: Effect.Effect<void, AtomicFile.OutputError | CheckpointError>
  /** Fails with `CheckpointError` if another export to the same path has taken over. */
  readonly verifyLock: Effect.Effect<void, AtomicFile.OutputError | CheckpointError>
  /** Removes the checkpoint and the rows, once the exported file exists. */
  readonly remove: Effect.Effect<void, AtomicFile.OutputError>
}

const Header = Schema.Struct({ version: Schema.Literal(1), fingerprint: Schema.Record(Schema.String, Schema.String) })

const Line = Schema.Struct({
  bytes: Schema.Int,
  rows: Schema.Int,
  invalid: Schema.optionalKey(Schema.Int),
  advanced: Schema.Array(Schema.Tuple([Schema.Int, Segment.Segment])),
  /** Positions in the list, collected from the lines of an earlier checkpoint that this line replaces. */
  positions: Schema.optionalKey(Schema.Array(Segment.Position)),
  isComplete: Schema.optionalKey(Schema.Literal(true))
})
type Line = typeof Line.Type

const decodeHeader = Schema.decodeUnknownResult(Schema.fromJsonString(Header))
const decodeLine = Schema.decodeUnknownResult(Schema.fromJsonString(Line))

/** The time between two syncs to disk, in milliseconds. A power failure may lose the rows of this time. */
const syncInterval = 2000

/**
 * Opens the checkpoint of a file: the existing checkpoint with `resume`, otherwise a new one. Nothing is written before the
 * first row.
 *
 * With `resume`, fails with `CheckpointError` if the existing checkpoint belongs to another export or is damaged. Without
 * `resume`, such a checkpoint is replaced. In both cases, fails with `CheckpointError` if `<path>.checkpoint` is not a
 * checkpoint, or if `<path>.part` exists without a checkpoint, and with `OutputError` if the folder is not writable or the
 * name of the file is too long.
 *
 * **Example** (Storing other rows so that they survive a crash)
 *
 * ```ts
 * import * as Checkpoint from "@effect-workos/export/Checkpoint"
 * import * as Effect from "effect/Effect"
 *
 * const fingerprint: Checkpoint.Fingerprint = { target: "https://api.acme.example", filter: "all notes" }
 *
 * const options: Checkpoint.Options = { fingerprint, resume: true }
 *
 * const program = Effect.gen(function* () {
 *   const checkpoint: Checkpoint.Checkpoint = yield* Checkpoint.open("notes.ndjson", options)
 *   yield* checkpoint.append({ rows: [{ id: "note_1" }], advanced: [] })
 *   yield* checkpoint.complete
 * }).pipe(
 *   Effect.scoped,
 *   Effect.catchTag("CheckpointError", ({ message }) => Effect.logError(message))
 * )
 * ```
 */
export const open = Effect.fnUntraced(function* (path: string, { fingerprint, resume }: Options) {
  const fs = yield* FileSystem.FileSystem
  const scope = yield* Effect.scope
  const part = `${path}.part`
  const checkpointFile = `${path}.checkpoint`
  const failed = Effect.mapError(AtomicFile.outputError(path))
  const inFileSystem = Effect.provideService(FileSystem.FileSystem, fs)

  yield* AtomicFile.checkName(path, ".checkpoint.partial")
  yield* failed(fs.access(AtomicFile.dirname(path), { writable: true }))
  const header = yield* readHeader(path)
  const positions = Index.collector()
  const found = resume && header !== undefined ? yield* read(path, header, fingerprint, positions) : undefined
  const merged = found === undefined ? fingerprint : { ...header, ...fingerprint }
  const from = found?.state
  let bytes = found?.bytes ?? 0
  let rows = found?.rows ?? 0
  let invalid = found?.invalid ?? 0
  const isComplete = found?.isComplete ?? false

  const line = (last: Partial<Line>): string =>
    `${JSON.stringify({ bytes, rows, ...(invalid > 0 && { invalid }), advanced: [], ...last } satisfies Line)}\n`
  const openFiles = Effect.gen(function* () {
    yield* AtomicFile.write(
      checkpointFile,
      Stream.make(
        `${JSON.stringify({ version: 1, fingerprint: merged } satisfies typeof Header.Type)}\n`,
        from === undefined ? "" : line({ advanced: [...from.segments.entries()], positions: positions.positions() }),
        isComplete ? line({ isComplete }) : ""
      ),
      { describedAs: path }
    )
    const lines = yield* failed(fs.open(checkpointFile, { flag: "a" }))
    if (from === undefined) yield* failed(fs.remove(part, { force: true }))
    const isLinesAt = yield* failed(AtomicFile.isAt(lines))
    const hasLock = isLinesAt(checkpointFile)
    // The rows of a complete export may have been moved already.
    if (isComplete) return { lines, rows: undefined, hasLock, isPart: Effect.succeed(true) }
    const file = yield* failed(fs.open(part, { flag: from === undefined ? "wx" : "r+" }))
    yield* Effect.ignore(AtomicFile.copyMode(path, part))
    yield* failed(file.truncate(bytes))
    yield* failed(file.seek(BigInt(bytes), "start"))
    const isRowsAt = yield* failed(AtomicFile.isAt(file))
    return { lines, rows: file, hasLock, isPart: isRowsAt(part) }
  }).pipe(Scope.provide(scope), inFileSystem, Effect.uninterruptible)

  let openedFiles: Effect.Success<typeof openFiles> | undefined
  const files = Effect.suspend(() =>
    openedFiles === undefined
      ? Effect.tap(openFiles, (files) => Effect.sync(() => (openedFiles = files)))
      : Effect.succeed(openedFiles)
  )
  const requireLock = (hasLock: Effect.Effect<boolean>) =>
    Effect.filterOrFail(
      hasLock,
      (hasLock) => hasLock,
      () =>
        new CheckpointError({
          message: `Another export to ${path} has started, or ${checkpointFile} was removed, so this export has stopped.`
        })
    )
  const sync = Effect.flatMap(files, ({ lines, rows }) => failed(Effect.andThen(rows?.sync ?? Effect.void, lines.sync)))

  let synced = yield* Clock.currentTimeMillis
  const encode = Text.makeEncoder()
  // Batches without rows that arrived before the first row, when the files are not yet open.
  let pendingBatches: Array<Crawl.Batch<unknown>> = []
  const store = Effect.fnUntraced(function* <Row>(batch: Crawl.Batch<Row>, newInvalid: number) {
    const { hasLock, lines, rows: file } = yield* files
    yield* requireLock(hasLock)
    if (batch.rows.length > 0 && file !== undefined) {
      const data = encode(...pagesOf(batch.rows).map(Ndjson.lines))
      yield* failed(file.writeAll(data))
      bytes += data.length
      rows += batch.rows.length
      invalid += newInvalid
    }
    const { advanced } = Crawl.merge([...pendingBatches, batch])
    pendingBatches = []
    yield* failed(lines.writeAll(encode(line({ advanced }))))
    remember(positions, advanced)
  })
  const append = Effect.fnUntraced(function* <Row>(batch: Crawl.Batch<Row>, newInvalid = 0) {
    if (openedFiles === undefined && batch.rows.length === 0) return void pendingBatches.push(batch)
    yield* store(batch, newInvalid)
    const now = yield* Clock.currentTimeMillis
    if (now - synced < syncInterval) return
    synced = now
    yield* sync
  })
  const complete = Effect.gen(function* () {
    if (pendingBatches.length > 0) yield* store({ rows: [], advanced: [] }, 0)
    const { hasLock, lines } = yield* files
    yield* requireLock(hasLock)
    // The rows must be on disk before the line that marks them as complete.
    yield* sync
    yield* failed(lines.writeAll(encode(line({ isComplete: true }))))
    yield* sync
  })

  const checkpoint: Checkpoint = {
    from,
    rows,
    invalid,
    isComplete,
    part,
    knownIds: () => positions.positions().map(({ id }) => id),
    append,
    complete,
    verifyLock: Effect.flatMap(files, ({ hasLock, isPart }) =>
      Effect.asVoid(requireLock(Effect.zipWith(hasLock, isPart, (a, b) => a && b)))
    ),
    // The checkpoint file is removed last, because an export can't resume from rows without a checkpoint.
    remove: Effect.flatMap(files, ({ hasLock }) =>
      Effect.flatMap(hasLock, (hasLock) =>
        hasLock
          ? failed(Effect.andThen(fs.remove(part, { force: true }), fs.remove(checkpointFile, { force: true })))
          : Effect.void
      )
    )
  }
  return checkpoint
})

// Rows are encoded about a page at a time, because the garbage collector is slow with longer strings.
const pagesOf = <Row>(rows: ReadonlyArray<Row>): ReadonlyArray<ReadonlyArray<Row>> =>
  Array.from({ length: Math.ceil(rows.length / 100) }, (_, page) => rows.slice(100 * page, 100 * (page + 1)))

const remember = (positions: Index.Collector, advanced: Crawl.Batch<unknown>["advanced"]): void => {
  for (const [, { last, recentIds }] of advanced) {
    const id = recentIds.at(-1)
    if (last !== undefined && id !== undefined) positions.add({ id, created: last.created })
  }
}

// -----------------------------------------------------------------------------
// Resuming
// -----------------------------------------------------------------------------

interface StoredProgress {
  readonly state: Crawl.State
  readonly bytes: number
  readonly rows: number
  readonly invalid: number
  readonly isComplete: boolean
}

const checkpointError = (problem: string, hint = "Start again without --resume") =>
  new CheckpointError({ message: `${problem}. ${hint}.` })

// The fingerprint of an interrupted export, if any. Files that do not belong to an export are not changed.
const readHeader = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  const checkpointFile = `${path}.checkpoint`
  const hint = "Move it away, or name another file"
  if (!(yield* Effect.orElseSucceed(fs.exists(checkpointFile), () => true))) {
    const isFree = !(yield* Effect.orElseSucceed(fs.exists(`${path}.part`), () => true))
    return isFree ? undefined : yield* checkpointError(`${path}.part does not belong to an export`, hint)
  }
  const text = yield* fs.stream(checkpointFile, { bytesToRead: 65_536 }).pipe(
    Stream.decodeText(),
    Stream.mkString,
    Effect.orElseSucceed(() => "")
  )
  const header = decodeHeader(text.split("\n")[0])
  return Result.isSuccess(header)
    ? header.success.fingerprint
    : yield* checkpointError(`${checkpointFile} is not a checkpoint of an export`, hint)
})

const read = Effect.fnUntraced(function* (
  path: string,
  header: Fingerprint,
  fingerprint: Fingerprint,
  positions: Index.Collector
) {
  const fs = yield* FileSystem.FileSystem
  const checkpointFile = `${path}.checkpoint`
  const failed = Effect.mapError(AtomicFile.outputError(path))
  const other = difference(header, fingerprint)
  if (other !== undefined) {
    const hint = "Resume that export, or start again without --resume"
    return yield* checkpointError(`${checkpointFile} belongs to an export with another ${other}`, hint)
  }
  const size = yield* Effect.option(Effect.map(fs.stat(`${path}.part`), ({ size }) => Number(size)))

  let found: StoredProgress | undefined
  yield* fs.stream(checkpointFile).pipe(
    Stream.mapError(AtomicFile.outputError(path)),
    Stream.decodeText(),
    Stream.mapAccum(
      () => "",
      (rest: string, text: string) => {
        const lines = (rest + text).split("\n")
        // An incomplete line was cut off while being written.
        return [lines.pop() ?? "", lines] as const
      }
    ),
    Stream.drop(1),
    Stream.runForEach((text) => {
      const line = decodeLine(text)
      if (Result.isFailure(line)) return Effect.fail(checkpointError(`${checkpointFile} is damaged`))
      const { advanced, bytes, invalid = 0, isComplete = false, rows } = line.success
      // After a power failure, lines may refer to rows that were never written.
      if (Option.isSome(size) && bytes > size.value) return Effect.void
      for (const position of line.success.positions ?? []) positions.add(position)
      remember(positions, advanced)
      const state = Crawl.after(found?.state ?? { segments: [] }, { rows: [], advanced })
      found = { state, bytes, rows, invalid, isComplete }
      return Effect.void
    })
  )
  if (found === undefined) return undefined
  if (Option.isSome(size)) return found
  // The rows of a complete export have been moved or converted already.
  return found.isComplete && (yield* failed(fs.exists(path)))
    ? found
    : yield* checkpointError(`${path}.part is missing, but ${checkpointFile} exists`)
})

// Names that are missing in the new fingerprint are not compared.
const difference = (was: Fingerprint, is: Fingerprint): string | undefined => {
  const name = Object.keys(is).find((name) => was[name] !== is[name])
  return name === undefined ? undefined : `${name} (${was[name] ?? "none"})`
}
