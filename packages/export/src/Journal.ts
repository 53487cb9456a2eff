// A file that an export goes into, and can go on with: whatever happens, what is on disk is not fetched again.
//
// Rows go into `<path>.part` as they come, and after them a line into `<path>.checkpoint`, which says how long the first
// file is by then, and where the crawl is. Whoever goes on cuts the first file to what the last whole line of the second
// one says. When all rows are there, a last line says so; both files are gone when the export's own file is there.
//
// Whoever opens the journal puts a new checkpoint in the place of the old one. That is how an export notices that another
// one to the same file has taken over, and stops before the two write into each other's rows.
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as AtomicFile from "./AtomicFile.ts"
import * as Crawl from "./Crawl.ts"
import * as Front from "./Front.ts"
import * as Index from "./Index.ts"
import * as Ndjson from "./Ndjson.ts"
import * as Text from "./Text.ts"

/**
 * What an export is of, in words: `{ target: "https://api.workos.com", key: "3f9a…", filter: "type OktaSAML" }`. One that
 * is of something else can't go on with it.
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
 * - `from` and `rows`: where the crawl was, and how many rows were there already.
 * - `isComplete`: all rows are there, and it is only the export's own file that may not be.
 * - `part`: the file with the rows.
 * - `places`: ids from all over what is there, from the oldest to the newest.
 */
export interface Journal {
  readonly from: Crawl.State | undefined
  readonly rows: number
  readonly isComplete: boolean
  readonly part: string
  readonly places: () => ReadonlyArray<string>
  /** Stores a batch. */
  readonly append: <Row>(batch: Crawl.Batch<Row>) => Effect.Effect<void, AtomicFile.OutputError | CheckpointError>
  /** All rows are there, on the disk and not only on their way to it. */
  readonly complete: Effect.Effect<void, AtomicFile.OutputError | CheckpointError>
  /** The export's own file is there: forgets about all of it. */
  readonly remove: Effect.Effect<void, AtomicFile.OutputError>
}

const Header = Schema.Struct({ version: Schema.Literal(1), subject: Schema.Record(Schema.String, Schema.String) })

const Line = Schema.Struct({
  bytes: Schema.Int,
  rows: Schema.Int,
  moved: Schema.Array(Schema.Tuple([Schema.Int, Front.Front])),
  /** What the lines before this one told of places, where they are no more. */
  places: Schema.optionalKey(Schema.Array(Front.Position)),
  isComplete: Schema.optionalKey(Schema.Literal(true))
})
type Line = typeof Line.Type

const decodeHeader = Schema.decodeUnknownResult(Schema.fromJsonString(Header))
const decodeLine = Schema.decodeUnknownResult(Schema.fromJsonString(Line))

/** How long, in milliseconds, rows are only on their way to the disk: what a power failure may take. */
const syncEvery = 2000

/**
 * Opens the journal of a file: a new one, or the one that is there.
 */
export const open = Effect.fnUntraced(function* (path: string, { resume, subject }: Options) {
  const fs = yield* FileSystem.FileSystem
  const part = `${path}.part`
  const checkpoint = `${path}.checkpoint`
  const failed = Effect.mapError(AtomicFile.outputError(path))

  const places = Index.collector()
  const found = resume ? yield* read(path, subject, places) : undefined
  const from = found?.state
  let bytes = found?.bytes ?? 0
  let rows = found?.rows ?? 0
  const isComplete = found?.isComplete ?? false

  // The checkpoint last: as long as there is one, it says what to do.
  const remove = failed(Effect.andThen(fs.remove(part, { force: true }), fs.remove(checkpoint, { force: true })))
  const line = (last: Partial<Line>): string =>
    `${JSON.stringify({ bytes, rows, moved: [], ...last } satisfies Line)}\n`
  // Once there is a checkpoint, it is known what becomes of it.
  const { linesFile, stillOwn } = yield* Effect.uninterruptible(
    Effect.gen(function* () {
      yield* AtomicFile.write(
        checkpoint,
        Stream.make(
          `${JSON.stringify({ version: 1, subject } satisfies typeof Header.Type)}\n`,
          from === undefined ? "" : line({ moved: [...from.fronts.entries()], places: places.positions() }),
          isComplete ? line({ isComplete }) : ""
        ),
        path
      )
      const linesFile = yield* failed(fs.open(checkpoint, { flag: "a" }))
      const own = yield* failed(linesFile.stat)
      const stillOwn = fs.stat(checkpoint).pipe(
        Effect.map(({ ino }) => Option.getOrUndefined(ino) === Option.getOrUndefined(own.ino)),
        Effect.orElseSucceed(() => false),
        Effect.filterOrFail(
          (isOwn) => isOwn,
          () =>
            new CheckpointError({
              message: `Another export to ${path} has begun, or ${checkpoint} was removed: this one has stopped.`
            })
        )
      )
      // Where there is nothing to go on with, nothing stays.
      yield* Effect.addFinalizer(() =>
        Effect.suspend(() => (rows === 0 ? Effect.ignore(Effect.andThen(stillOwn, remove)) : Effect.void))
      )
      return { linesFile, stillOwn }
    })
  )
  if (from === undefined) yield* failed(fs.remove(part, { force: true }))
  // What is complete may be in its place already.
  const rowsFile = isComplete ? undefined : yield* failed(fs.open(part, { flag: from === undefined ? "w" : "r+" }))
  if (rowsFile !== undefined) {
    yield* failed(rowsFile.truncate(bytes))
    yield* failed(rowsFile.seek(BigInt(bytes), "start"))
  }

  const sync = failed(Effect.andThen(rowsFile?.sync ?? Effect.void, linesFile.sync))
  let synced = yield* Clock.currentTimeMillis
  const encode = Text.makeEncoder()
  const append = Effect.fnUntraced(function* <Row>({ moved, rows: added }: Crawl.Batch<Row>) {
    yield* stillOwn
    if (added.length > 0 && rowsFile !== undefined) {
      const data = encode(...pagesOf(added).map(Ndjson.lines))
      yield* failed(rowsFile.writeAll(data))
      bytes += data.length
      rows += added.length
    }
    yield* failed(linesFile.writeAll(encode(line({ moved }))))
    remember(places, moved)
    const now = yield* Clock.currentTimeMillis
    if (now - synced < syncEvery) return
    synced = now
    yield* sync
  })

  const journal: Journal = {
    from,
    rows,
    isComplete,
    part,
    places: () => places.positions().map(({ id }) => id),
    append,
    complete: Effect.andThen(
      // First the rows, and then that they are all there.
      sync,
      Effect.suspend(() => Effect.andThen(failed(linesFile.writeAll(encode(line({ isComplete: true })))), sync))
    ).pipe((complete) => Effect.andThen(stillOwn, complete)),
    remove
  }
  return journal
})

// As they came, more or less: a text of a thousand rows is one that a garbage collector moves with reluctance.
const pagesOf = <Row>(rows: ReadonlyArray<Row>): ReadonlyArray<ReadonlyArray<Row>> =>
  Array.from({ length: Math.ceil(rows.length / 100) }, (_, page) => rows.slice(100 * page, 100 * (page + 1)))

const remember = (places: Index.Collector, moved: Crawl.Batch<unknown>["moved"]): void => {
  for (const [, { last, trail }] of moved) {
    const id = trail.at(-1)
    if (last !== undefined && id !== undefined) places.add({ id, created: last.created })
  }
}

// -----------------------------------------------------------------------------
// Going on
// -----------------------------------------------------------------------------

interface Found {
  readonly state: Crawl.State
  readonly bytes: number
  readonly rows: number
  readonly isComplete: boolean
}

const refuse = (why: string) => new CheckpointError({ message: `${why}. Start again without --resume.` })

const read = Effect.fnUntraced(function* (path: string, subject: Subject, places: Index.Collector) {
  const fs = yield* FileSystem.FileSystem
  const checkpoint = `${path}.checkpoint`
  const failed = Effect.mapError(AtomicFile.outputError(path))
  if (!(yield* failed(fs.exists(checkpoint)))) return undefined
  const size = yield* Effect.option(Effect.map(fs.stat(`${path}.part`), ({ size }) => Number(size)))

  let found: Found | undefined
  let isFirst = true
  yield* fs.stream(checkpoint).pipe(
    Stream.mapError(AtomicFile.outputError(path)),
    Stream.decodeText(),
    Stream.mapAccum(
      () => "",
      (rest: string, text: string) => {
        const lines = (rest + text).split("\n")
        // What has no end was cut off in the middle of being written.
        return [lines.pop() ?? "", lines] as const
      }
    ),
    Stream.runForEach((text) => {
      if (isFirst) {
        isFirst = false
        const header = decodeHeader(text)
        if (Result.isFailure(header)) return Effect.fail(refuse(`${checkpoint} is no checkpoint of an export`))
        const other = difference(header.success.subject, subject)
        return other === undefined
          ? Effect.void
          : Effect.fail(refuse(`${checkpoint} is of an export with another ${other}`))
      }
      const line = decodeLine(text)
      if (Result.isFailure(line)) return Effect.fail(refuse(`${checkpoint} is damaged`))
      const { bytes, isComplete = false, moved, rows } = line.success
      // After a power failure there may be lines of rows that are not there.
      if (Option.isSome(size) && bytes > size.value) return Effect.void
      for (const place of line.success.places ?? []) places.add(place)
      remember(places, moved)
      found = { state: Crawl.after(found?.state ?? { fronts: [] }, { rows: [], moved }), bytes, rows, isComplete }
      return Effect.void
    })
  )
  if (found === undefined) return undefined
  if (Option.isSome(size)) return found
  // What is complete has been moved to where it belongs, or turned into it.
  return found.isComplete && (yield* failed(fs.exists(path)))
    ? found
    : yield* refuse(`There is no ${path}.part beside ${checkpoint}`)
})

const difference = (was: Subject, is: Subject): string | undefined => {
  const name = Object.keys({ ...was, ...is }).find((name) => was[name] !== is[name])
  return name === undefined ? undefined : `${name} (${was[name] ?? "none"})`
}
