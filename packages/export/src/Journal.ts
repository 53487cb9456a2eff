// A file that an export goes into, and can go on with: whatever happens, what is on disk is not fetched again.
//
// Rows go into `<path>.part` as they come, and after each batch a line into `<path>.checkpoint` says how long the
// first file is by then, and where the crawl is. Whoever goes on cuts the first file to what the last whole line of the
// second one says. Both are gone when the file itself is there, complete.
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as FileSystem from "effect/FileSystem"
import type * as PlatformError from "effect/PlatformError"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as AtomicFile from "./AtomicFile.ts"
import * as Crawl from "./Crawl.ts"
import * as Front from "./Front.ts"
import * as Ndjson from "./Ndjson.ts"

/**
 * What an export is of, in words: `{ target: "https://api.workos.com", key: "3f9a…", filters: "type OktaSAML" }`. One
 * that is of something else can't go on with it.
 */
export type Subject = Readonly<Record<string, string>>

/**
 * There is a checkpoint, and it is of no use here. `message` says why, and what to do.
 */
export class CheckpointError extends Data.TaggedError("CheckpointError")<{ readonly message: string }> {}

export interface Options {
  readonly subject: Subject
  /** Whether to go on with what is there. */
  readonly resume: boolean
}

/**
 * A journal that is open.
 *
 * **Details**
 *
 * - `from` and `rows`: where the crawl was, and how many rows are there already.
 * - `part`: the file with the rows.
 * - `append`: stores a batch.
 */
export interface Journal {
  readonly from: Crawl.State | undefined
  readonly rows: number
  readonly part: string
  readonly append: <Row>(batch: Crawl.Batch<Row>) => Effect.Effect<void, AtomicFile.OutputError>
  /** Everything is on the disk, and not only on its way there. */
  readonly sync: Effect.Effect<void, AtomicFile.OutputError>
  /** The export is complete: forgets about it. */
  readonly close: Effect.Effect<void, AtomicFile.OutputError>
}

const Header = Schema.Struct({ version: Schema.Literal(1), subject: Schema.Record(Schema.String, Schema.String) })

const Line = Schema.Struct({
  bytes: Schema.Int,
  rows: Schema.Int,
  moved: Schema.Array(Schema.Tuple([Schema.Int, Front.Front]))
})

const decodeHeader = Schema.decodeUnknownResult(Schema.fromJsonString(Header))
const decodeLine = Schema.decodeUnknownResult(Schema.fromJsonString(Line))

/** How long, in milliseconds, rows are only on their way to the disk: what a power failure may take. */
const syncEvery = 2000

/**
 * Opens the journal of a file: a new one, or the one that is there.
 */
export const open = (path: string, { resume, subject }: Options) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const part = `${path}.part`
    const checkpoint = `${path}.checkpoint`
    const failed = (error: PlatformError.PlatformError) => AtomicFile.outputError(path, error)

    const found = resume ? yield* read(path, checkpoint, subject) : undefined
    if (found !== undefined && !(yield* Effect.mapError(fs.exists(part), failed))) {
      return yield* new CheckpointError({
        message: `There is no ${part} beside ${checkpoint}. Start again without --resume.`
      })
    }
    const rowsFile = yield* Effect.mapError(fs.open(part, { flag: found === undefined ? "w" : "r+" }), failed)
    const linesFile = yield* Effect.mapError(fs.open(checkpoint, { flag: found === undefined ? "w" : "r+" }), failed)
    let bytes = 0
    let rows = 0
    if (found === undefined) {
      yield* Effect.mapError(linesFile.writeAll(encode(`${JSON.stringify({ version: 1, subject })}\n`)), failed)
    } else {
      const size = Number((yield* Effect.mapError(rowsFile.stat, failed)).size)
      if (size < found.bytes)
        return yield* new CheckpointError({
          message: `${part} is shorter than its checkpoint says. Start again without --resume.`
        })
      bytes = found.bytes
      rows = found.rows
      yield* Effect.mapError(rowsFile.truncate(found.bytes), failed)
      yield* Effect.mapError(rowsFile.seek(BigInt(found.bytes), "start"), failed)
      yield* Effect.mapError(linesFile.truncate(found.length), failed)
      yield* Effect.mapError(linesFile.seek(BigInt(found.length), "start"), failed)
    }

    const sync = Effect.mapError(Effect.andThen(rowsFile.sync, linesFile.sync), failed)
    let synced = yield* Clock.currentTimeMillis
    const append = Effect.fnUntraced(function* <Row>(batch: Crawl.Batch<Row>) {
      const data = encode(Ndjson.lines(batch.rows))
      if (data.length > 0) yield* Effect.mapError(rowsFile.writeAll(data), failed)
      bytes += data.length
      rows += batch.rows.length
      yield* Effect.mapError(
        linesFile.writeAll(encode(`${JSON.stringify({ bytes, rows, moved: batch.moved })}\n`)),
        failed
      )
      const now = yield* Clock.currentTimeMillis
      if (now - synced < syncEvery) return
      synced = now
      yield* sync
    })

    const journal: Journal = {
      from: found?.state,
      rows,
      part,
      append,
      sync,
      close: Effect.mapError(
        Effect.andThen(fs.remove(checkpoint, { force: true }), fs.remove(part, { force: true })),
        failed
      )
    }
    return journal
  })

const encoder = new TextEncoder()
const encode = (text: string): Uint8Array => encoder.encode(text)

// -----------------------------------------------------------------------------
// Going on
// -----------------------------------------------------------------------------

interface Found {
  readonly state: Crawl.State
  readonly bytes: number
  readonly rows: number
  /** How long the checkpoint is up to its last whole line. */
  readonly length: number
}

const read = Effect.fnUntraced(function* (path: string, checkpoint: string, subject: Subject) {
  const fs = yield* FileSystem.FileSystem
  const refuse = (why: string) =>
    new CheckpointError({ message: `${checkpoint} ${why}. Start again without --resume.` })
  if (!(yield* Effect.mapError(fs.exists(checkpoint), (error) => AtomicFile.outputError(path, error)))) return undefined

  let found: Found | undefined
  let problem: CheckpointError | undefined
  let position = 0
  let isFirst = true
  yield* fs.stream(checkpoint).pipe(
    Stream.decodeText(),
    Stream.mapAccum(
      () => "",
      (rest: string, text: string) => {
        const lines = (rest + text).split("\n")
        // What has no end was cut off in the middle of being written.
        return [lines.pop() ?? "", lines] as const
      }
    ),
    Stream.mapError((error) => AtomicFile.outputError(path, error)),
    Stream.runForEach((line) =>
      Effect.sync(() => {
        position += encode(line).length + 1
        if (problem !== undefined) return
        if (isFirst) {
          isFirst = false
          const header = decodeHeader(line)
          if (Result.isFailure(header)) problem = refuse("is no checkpoint of an export")
          else problem = difference(header.success.subject, subject, checkpoint)
          return
        }
        const read = decodeLine(line)
        if (Result.isFailure(read)) {
          problem = refuse("is damaged")
          return
        }
        const { bytes, moved, rows } = read.success
        const state = Crawl.after(found?.state ?? { fronts: [] }, { rows: [], moved })
        found = { state, bytes, rows, length: position }
      })
    )
  )
  if (problem !== undefined) return yield* problem
  return found
})

const difference = (was: Subject, is: Subject, checkpoint: string): CheckpointError | undefined => {
  if (Equal.equals(was, is)) return undefined
  const [name = "", value = ""] = Object.entries(was).find(([name, value]) => is[name] !== value) ?? []
  return new CheckpointError({
    message: `${checkpoint} is of an export with another ${name} (${value}). Go on with that, or start again without --resume.`
  })
}
