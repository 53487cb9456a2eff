// Files that appear complete, or not at all.
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FileSystem from "effect/FileSystem"
import type * as PlatformError from "effect/PlatformError"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Text from "./Text.ts"

/**
 * The file could not be written. `message` says why, and what to do.
 */
export class OutputError extends Schema.TaggedError<OutputError>()("OutputError", {
  path: Schema.String,
  message: Schema.String,
  cause: Schema.optionalKey(Schema.Defect())
}) {}

/**
 * Writes text or bytes to a file, as they come.
 *
 * **Details**
 *
 * The text goes into a neighbour, `<path>.partial`, which takes the file's place when all of it is on disk. Until then a
 * file that was there stays as it was, and if the text ends with a failure or an interruption the neighbour is removed.
 * What is not a regular file, a pipe or a device, is written to directly. `describedAs` is what errors call it.
 *
 * Fails with `OutputError` before it asks for any text where the file can't be written at all.
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
export const write = <E, R>(
  path: string,
  content: Stream.Stream<string | Uint8Array, E, R>,
  describedAs: string = path
): Effect.Effect<void, E | OutputError, R | FileSystem.FileSystem> =>
  Effect.scoped(
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const failed = outputError(describedAs)

      const target = yield* Effect.mapError(locate(path), failed)
      const file = yield* Effect.mapError(fs.open(target.writeTo, { flag: "w" }), failed)
      if (target.renameTo !== undefined) {
        yield* Effect.addFinalizer((exit) =>
          Exit.isSuccess(exit) ? Effect.void : Effect.ignore(fs.remove(target.writeTo))
        )
      }
      const encode = Text.makeEncoder()
      yield* Stream.runForEach(content, (part) =>
        Effect.mapError(file.writeAll(typeof part === "string" ? encode(part) : part), failed)
      )
      if (target.renameTo !== undefined) {
        yield* Effect.mapError(file.sync, failed)
        yield* Effect.mapError(rename(target.writeTo, target.renameTo), failed)
      }
    })
  )

/**
 * Puts a file that is on disk in the place of another one, and the change on disk too.
 */
export const rename = Effect.fnUntraced(function* (from: string, to: string) {
  const fs = yield* FileSystem.FileSystem
  yield* fs.rename(from, to)
  // Not every system can do this with a folder; those that can't have their own ways.
  const folder = to.replace(/[^/\\]*$/, "")
  yield* Effect.ignore(Effect.scoped(Effect.flatMap(fs.open(folder === "" ? "." : folder), ({ sync }) => sync)))
})

/**
 * What a file system says, as why a file could not be written.
 */
export const outputError =
  (path: string) =>
  (error: PlatformError.PlatformError): OutputError =>
    new OutputError({ path, message: explain(path, error), cause: error })

// Through links, so that a link goes on pointing to where it pointed.
const locate = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  if (!(yield* fs.exists(path))) return { writeTo: `${path}.partial`, renameTo: path }
  const { type } = yield* fs.stat(path)
  if (type !== "File") return { writeTo: path, renameTo: undefined }
  const real = yield* fs.realPath(path)
  return { writeTo: `${real}.partial`, renameTo: real }
})

const explain = (path: string, { reason }: PlatformError.PlatformError): string => {
  const about = `Cannot write ${path}:`
  const code = reasonCode(reason)
  if (code === "ENOSPC") return `${about} the disk is full. Make room, or name a file on another disk.`
  if (code === "EISDIR") return `${about} it is a folder. Name a file in it.`
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
