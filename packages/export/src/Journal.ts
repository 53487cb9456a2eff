// A file that an export goes into, and can go on with: whatever happens, what is on disk is not fetched again.
//
// Rows go into `<path>.part` as they come, and after them a line into `<path>.checkpoint`, which says how long the first
// file is by then, and where the crawl is. Whoever goes on cuts the first file to what the last whole line of the second
// one says. When all rows are there, a last line says so; both files are gone when the export's own file is there.
//
// Whoever has rows to store puts a new checkpoint in the place of an old one first. That is how an export notices that another
// one to the same file has taken over, and stops before the two write into each other's rows.
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
import * as Front from "./internal/Front.ts"
import * as Index from "./internal/Index.ts"
import * as Ndjson from "./Ndjson.ts"
import * as Text from "./internal/Text.ts"

/**
 * What an export is of, in words: `{ target: "https://api.workos.com", key: "3f9a…", filter: "type OktaSAML" }`. One that
 * is of something else can't go on with it; what it does not mention is as it was.
 */
export type Subject = Readonly<Record<string, string>>

/**
 * There is a checkpoint, and it is of no use here. `message` says why, and what to do.
 */
export class CheckpointError extends Data.TaggedError("CheckpointError")<{ readonly message: string }> {}

/**
 * Of what a journal is, and whether to go on.
 */
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
  /** No other export to the same file has begun meanwhile. */
  readonly stillOwn: Effect.Effect<void, AtomicFile.OutputError | CheckpointError>
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
 * Opens the journal of a file: a new one, or the one that is there. On disk nothing changes before there are rows.
 *
 * **Example** (Rows of one's own that survive a crash)
 *
 * ```ts
 * import * as Journal from "@effect-workos/export/Journal"
 * import * as Effect from "effect/Effect"
 *
 * const subject: Journal.Subject = { target: "https://api.acme.example", filter: "all notes" }
 *
 * const options: Journal.Options = { subject, resume: true }
 *
 * const program = Effect.gen(function* () {
 *   const journal: Journal.Journal = yield* Journal.open("notes.ndjson", options)
 *   yield* journal.append({ rows: [{ id: "note_1" }], moved: [] })
 *   yield* journal.complete
 * }).pipe(
 *   Effect.scoped,
 *   Effect.catchTag("CheckpointError", ({ message }) => Effect.logError(message))
 * )
 * ```
 */
export const open = Effect.fnUntraced(function* (path: string, { resume, subject }: Options) {
  const fs = yield* FileSystem.FileSystem
  const scope = yield* Effect.scope
  const part = `${path}.part`
  const checkpoint = `${path}.checkpoint`
  const failed = Effect.mapError(AtomicFile.outputError(path))
  const inFileSystem = Effect.provideService(FileSystem.FileSystem, fs)

  yield* failed(fs.access(AtomicFile.folderOf(path), { writable: true }))
  const header = yield* readHeader(path)
  const places = Index.collector()
  const found = resume && header !== undefined ? yield* read(path, header, subject, places) : undefined
  const of = found === undefined ? subject : { ...header, ...subject }
  const from = found?.state
  let bytes = found?.bytes ?? 0
  let rows = found?.rows ?? 0
  const isComplete = found?.isComplete ?? false

  const line = (last: Partial<Line>): string =>
    `${JSON.stringify({ bytes, rows, moved: [], ...last } satisfies Line)}\n`
  const begin = Effect.gen(function* () {
    yield* AtomicFile.write(
      checkpoint,
      Stream.make(
        `${JSON.stringify({ version: 1, subject: of } satisfies typeof Header.Type)}\n`,
        from === undefined ? "" : line({ moved: [...from.fronts.entries()], places: places.positions() }),
        isComplete ? line({ isComplete }) : ""
      ),
      { describedAs: path }
    )
    const lines = yield* failed(fs.open(checkpoint, { flag: "a" }))
    if (from === undefined) yield* failed(fs.remove(part, { force: true }))
    const isLinesAt = yield* failed(AtomicFile.isAt(lines))
    const isOwn = isLinesAt(checkpoint)
    // What is complete may be in its place already.
    if (isComplete) return { lines, rows: undefined, isOwn, isPart: Effect.succeed(true) }
    const file = yield* failed(fs.open(part, { flag: from === undefined ? "wx" : "r+" }))
    yield* Effect.ignore(AtomicFile.copyMode(path, part))
    yield* failed(file.truncate(bytes))
    yield* failed(file.seek(BigInt(bytes), "start"))
    const isRowsAt = yield* failed(AtomicFile.isAt(file))
    return { lines, rows: file, isOwn, isPart: isRowsAt(part) }
  }).pipe(Scope.provide(scope), inFileSystem, Effect.uninterruptible)

  let begun: Effect.Success<typeof begin> | undefined
  const files = Effect.suspend(() =>
    begun === undefined ? Effect.tap(begin, (files) => Effect.sync(() => (begun = files))) : Effect.succeed(begun)
  )
  const orStop = (isOwn: Effect.Effect<boolean>) =>
    Effect.filterOrFail(
      isOwn,
      (isOwn) => isOwn,
      () =>
        new CheckpointError({
          message: `Another export to ${path} has begun, or ${checkpoint} was removed: this one has stopped.`
        })
    )
  const sync = Effect.flatMap(files, ({ lines, rows }) => failed(Effect.andThen(rows?.sync ?? Effect.void, lines.sync)))

  let synced = yield* Clock.currentTimeMillis
  const encode = Text.makeEncoder()
  // What has moved without a row.
  let waiting: Array<Crawl.Batch<unknown>> = []
  const store = Effect.fnUntraced(function* <Row>(batch: Crawl.Batch<Row>) {
    const { isOwn, lines, rows: file } = yield* files
    yield* orStop(isOwn)
    if (batch.rows.length > 0 && file !== undefined) {
      const data = encode(...pagesOf(batch.rows).map(Ndjson.lines))
      yield* failed(file.writeAll(data))
      bytes += data.length
      rows += batch.rows.length
    }
    const { moved } = Crawl.merged([...waiting, batch])
    waiting = []
    yield* failed(lines.writeAll(encode(line({ moved }))))
    remember(places, moved)
  })
  const append = Effect.fnUntraced(function* <Row>(batch: Crawl.Batch<Row>) {
    if (begun === undefined && batch.rows.length === 0) return void waiting.push(batch)
    yield* store(batch)
    const now = yield* Clock.currentTimeMillis
    if (now - synced < syncEvery) return
    synced = now
    yield* sync
  })
  const complete = Effect.gen(function* () {
    if (waiting.length > 0) yield* store({ rows: [], moved: [] })
    const { isOwn, lines } = yield* files
    yield* orStop(isOwn)
    // First the rows, and then that they are all there.
    yield* sync
    yield* failed(lines.writeAll(encode(line({ isComplete: true }))))
    yield* sync
  })

  const journal: Journal = {
    from,
    rows,
    isComplete,
    part,
    places: () => places.positions().map(({ id }) => id),
    append,
    complete,
    stillOwn: Effect.flatMap(files, ({ isOwn, isPart }) =>
      Effect.asVoid(orStop(Effect.zipWith(isOwn, isPart, (a, b) => a && b)))
    ),
    // The checkpoint last: as long as there is one, it says what to do.
    remove: Effect.flatMap(files, ({ isOwn }) =>
      Effect.flatMap(isOwn, (isOwn) =>
        isOwn
          ? failed(Effect.andThen(fs.remove(part, { force: true }), fs.remove(checkpoint, { force: true })))
          : Effect.void
      )
    )
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

const refuse = (why: string, what = "Start again without --resume") =>
  new CheckpointError({ message: `${why}. ${what}.` })

// What an export is of that has left something; nothing where none has. What belongs to somebody else is not touched.
const readHeader = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  const checkpoint = `${path}.checkpoint`
  const inTheWay = "Move it away, or name another file"
  if (!(yield* Effect.orElseSucceed(fs.exists(checkpoint), () => true))) {
    const isFree = !(yield* Effect.orElseSucceed(fs.exists(`${path}.part`), () => true))
    return isFree ? undefined : yield* refuse(`${path}.part is of no export`, inTheWay)
  }
  const text = yield* fs.stream(checkpoint, { bytesToRead: 65_536 }).pipe(
    Stream.decodeText(),
    Stream.mkString,
    Effect.orElseSucceed(() => "")
  )
  const header = decodeHeader(text.split("\n")[0])
  return Result.isSuccess(header)
    ? header.success.subject
    : yield* refuse(`${checkpoint} is no checkpoint of an export`, inTheWay)
})

const read = Effect.fnUntraced(function* (path: string, header: Subject, subject: Subject, places: Index.Collector) {
  const fs = yield* FileSystem.FileSystem
  const checkpoint = `${path}.checkpoint`
  const failed = Effect.mapError(AtomicFile.outputError(path))
  const other = difference(header, subject)
  if (other !== undefined) {
    const instead = "Go on with that one, or start again without --resume"
    return yield* refuse(`${checkpoint} is of an export with another ${other}`, instead)
  }
  const size = yield* Effect.option(Effect.map(fs.stat(`${path}.part`), ({ size }) => Number(size)))

  let found: Found | undefined
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
    Stream.drop(1),
    Stream.runForEach((text) => {
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

// What one does not say of itself, it goes on with as it was.
const difference = (was: Subject, is: Subject): string | undefined => {
  const name = Object.keys(is).find((name) => was[name] !== is[name])
  return name === undefined ? undefined : `${name} (${was[name] ?? "none"})`
}
