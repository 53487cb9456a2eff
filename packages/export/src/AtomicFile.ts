/**
 * Writes files atomically: a file is complete, or unchanged.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import type * as PlatformError from "effect/PlatformError"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Text from "./internal/Text.ts"

/**
 * The file could not be written. `message` contains the reason and what to do.
 *
 * **Example** (Reporting the error)
 *
 * ```ts
 * import * as AtomicFile from "@effect-workos/export/AtomicFile"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * const options: AtomicFile.Options = { describedAs: "the report" }
 *
 * const program = AtomicFile.write("report.html", Stream.make("<p>"), options).pipe(
 *   Effect.catchTag("OutputError", ({ message }: AtomicFile.OutputError) => Effect.logError(message))
 * )
 * ```
 */
export class OutputError extends Schema.TaggedError<OutputError>()("OutputError", {
  path: Schema.String,
  message: Schema.String,
  cause: Schema.optionalKey(Schema.Defect())
}) {}

const partialSuffix = ".partial"

/**
 * Options for `write`.
 */
export interface Options<E = never, R = never> {
  /** The name of the file in errors. Defaults to its path. */
  readonly describedAs?: string | undefined
  /** Runs when all content is on disk. If `confirm` fails, the existing file is not replaced. */
  readonly confirm?: Effect.Effect<unknown, E, R> | undefined
}

/**
 * Writes a stream of text or bytes to a file, atomically.
 *
 * **Details**
 *
 * The content is written to `<path>.partial`, which replaces the file when all content is on disk. If the stream fails
 * or is interrupted, the existing file stays unchanged and the partial file is removed. Pipes and devices are written to
 * directly. The new file has the permissions of the existing one.
 *
 * Fails with `OutputError` if the file can't be written. If the file can't be created, `write` fails before the stream
 * starts.
 *
 * **Example** (Writing lines)
 *
 * ```ts
 * import * as AtomicFile from "@effect-workos/export/AtomicFile"
 * import * as Stream from "effect/Stream"
 *
 * const written = AtomicFile.write("lines.txt", Stream.make("one\n", "two\n"))
 * ```
 */
export const write = <E, R, E2 = never, R2 = never>(
  path: string,
  content: Stream.Stream<string | Uint8Array, E, R>,
  { confirm = Effect.void, describedAs = path }: Options<E2, R2> = {}
): Effect.Effect<void, E | E2 | OutputError, R | R2 | FileSystem.FileSystem> =>
  Effect.scoped(
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const failed = Effect.mapError(outputError(describedAs))
      const encode = Text.makeEncoder()
      const writeTo = (file: FileSystem.File) =>
        Stream.runForEach(content, (part) => failed(file.writeAll(typeof part === "string" ? encode(part) : part)))

      if (yield* failed(isStream(path))) return yield* writeTo(yield* failed(fs.open(path, { flag: "a" })))

      const target = yield* resolve(path)
      const partial = `${target}${partialSuffix}`
      const [file, isOwnAt] = yield* Effect.uninterruptible(
        Effect.gen(function* () {
          // Never writes into the partial file of another process.
          yield* failed(fs.remove(partial, { force: true }))
          const file = yield* failed(fs.open(partial, { flag: "wx" }))
          const isOwnAt = yield* failed(isAt(file))
          yield* Effect.addFinalizer((exit) =>
            Exit.isSuccess(exit)
              ? Effect.void
              : Effect.flatMap(isOwnAt(partial), (isOwn) => (isOwn ? Effect.ignore(fs.remove(partial)) : Effect.void))
          )
          return [file, isOwnAt] as const
        })
      )
      yield* Effect.ignore(copyMode(target, partial))
      yield* writeTo(file)
      yield* failed(file.sync)
      yield* confirm
      if (!(yield* isOwnAt(partial)))
        return yield* new OutputError({
          path,
          message: `Another program is writing ${describedAs}, so this one has stopped.`
        })
      return yield* failed(rename(partial, target))
    })
  )

/**
 * Fails with `OutputError` if the name of a file is too long to append a suffix. The suffix defaults to that of the partial
 * file of `write`.
 *
 * **Example** (Checking a name before hours of work)
 *
 * ```ts
 * import * as AtomicFile from "@effect-workos/export/AtomicFile"
 *
 * const program = AtomicFile.checkName("report.html")
 * ```
 */
export const checkName = Effect.fnUntraced(function* (path: string, suffix = partialSuffix) {
  const fs = yield* FileSystem.FileSystem
  const target = yield* resolve(path)
  yield* Effect.catch(fs.access(`${target}${suffix}`), (error) =>
    reasonCode(error.reason) === "ENAMETOOLONG"
      ? Effect.fail(
          new OutputError({
            path,
            message: `Cannot write ${path}: its name is too long, because ${suffix} is appended until the file is complete. Choose a shorter file name.`,
            cause: error
          })
        )
      : Effect.void
  )
})

/**
 * Resolves symbolic links in a path, so that replacing the file keeps its links. The file does not have to exist.
 *
 * **Example** (Naming a file beside the target of a link)
 *
 * ```ts
 * import * as AtomicFile from "@effect-workos/export/AtomicFile"
 * import * as Effect from "effect/Effect"
 *
 * const beside = Effect.fn("beside")(function* (path: string) {
 *   const file = yield* AtomicFile.resolve(path)
 *   return (yield* AtomicFile.isStream(file)) ? undefined : `${AtomicFile.dirname(file)}notes.txt`
 * })
 * ```
 */
export const resolve = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  const linked = Effect.map(fs.readLink(path), (link) => (/^([/\\]|\w:)/.test(link) ? link : dirname(path) + link))
  return yield* fs.realPath(path).pipe(
    Effect.catch(() => linked),
    Effect.orElseSucceed(() => path)
  )
})

/**
 * Returns the folder of a path, with a trailing separator.
 */
export const dirname = (path: string): string => path.replace(/[^/\\]*$/, "") || "./"

/**
 * Tests whether a path can only be written to directly: a pipe, a device, or a descriptor that a shell has opened, even if
 * it is the descriptor of a file.
 */
export const isStream = Effect.fnUntraced(function* (path: string) {
  if (/^\/(dev|proc)\//.test(path)) return true
  const fs = yield* FileSystem.FileSystem
  return (yield* fs.exists(path)) && (yield* fs.stat(path)).type !== "File"
})

/**
 * Returns a function that tests whether a path still refers to an open file.
 */
export const isAt = Effect.fnUntraced(function* (file: FileSystem.File) {
  const fs = yield* FileSystem.FileSystem
  const opened = yield* file.stat
  return (path: string): Effect.Effect<boolean> =>
    fs.stat(path).pipe(
      Effect.map(
        ({ dev, ino }) => dev === opened.dev && Option.getOrUndefined(ino) === Option.getOrUndefined(opened.ino)
      ),
      Effect.orElseSucceed(() => false)
    )
})

/**
 * Copies the permissions of the file `from` to the file `to`. Fails if `from` does not exist.
 */
export const copyMode = Effect.fnUntraced(function* (from: string, to: string) {
  const fs = yield* FileSystem.FileSystem
  const { mode } = yield* fs.stat(from)
  yield* fs.chmod(to, Number(mode) & 0o777)
})

/**
 * Renames a file and syncs the change to disk. Replaces an existing file of the new name.
 *
 * **Example** (Replacing a file)
 *
 * ```ts
 * import * as AtomicFile from "@effect-workos/export/AtomicFile"
 * import * as Effect from "effect/Effect"
 * import * as FileSystem from "effect/FileSystem"
 *
 * const replace = Effect.fn("replace")(function* (part: string, path: string) {
 *   const fs = yield* FileSystem.FileSystem
 *   const file = yield* fs.open(part)
 *   const isThere = yield* AtomicFile.isAt(file)
 *   if (!(yield* isThere(part))) return
 *   if (yield* fs.exists(path)) yield* AtomicFile.copyMode(path, part)
 *   yield* AtomicFile.rename(part, path)
 * }, Effect.scoped, Effect.mapError(AtomicFile.outputError("the report")))
 * ```
 */
export const rename = Effect.fnUntraced(function* (from: string, to: string) {
  const fs = yield* FileSystem.FileSystem
  yield* fs.rename(from, to)
  // Some systems cannot sync a folder. On these systems, the rename is durable without a sync.
  yield* Effect.ignore(Effect.scoped(Effect.flatMap(fs.open(dirname(to)), ({ sync }) => sync)))
})

/**
 * Converts an error of the file system to an `OutputError` about a path.
 */
export const outputError =
  (path: string) =>
  (error: PlatformError.PlatformError): OutputError =>
    new OutputError({ path, message: explain(path, error), cause: error })

const explain = (path: string, { reason }: PlatformError.PlatformError): string => {
  const about = `Cannot write ${path}:`
  const code = reasonCode(reason)
  if (code === "ENOSPC") return `${about} the disk is full. Make room, or name a file on another disk.`
  if (code === "EISDIR") return `${about} it is a folder. Name a file in it.`
  if (code === "ENAMETOOLONG") return `${about} its name is too long. Choose a shorter file name.`
  if (code === "EROFS") return `${about} the disk is read-only. Name a file on another one.`
  switch (reason._tag) {
    case "NotFound":
      return `${about} its folder does not exist. Create the folder, or name a file elsewhere.`
    case "PermissionDenied":
      return `${about} permission denied. Name a file in a folder that you may write to.`
    case "BadResource":
      return `${about} it is not a file. Name another one.`
    default:
      return `${about} ${code ?? reason.message}.`
  }
}

const reasonCode = (reason: PlatformError.PlatformError["reason"]): string | undefined => {
  const cause: unknown = reason.cause
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined
}
