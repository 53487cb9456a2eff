// Exports that are killed: at each thing that they do to the disk, once; and then gone on with.
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Store from "@effect-workos/emulator/Store"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import type * as PlatformError from "effect/PlatformError"
import * as ExportFile from "../src/ExportFile.ts"
import * as Format from "../src/Format.ts"
import * as Exportable from "../src/Exportable.ts"
import * as WorkOs from "./workos.ts"

const pageSize = 12
const concurrency = 3

const workOs = (urls: Array<string>) => WorkOs.layerClients((url) => urls.push(url) > 0, "unlimited")

// A disk that a process does so many things to, and then nothing more: the last thing is a write that was half done. What
// the process would do while it ends, it does not do: it is killed.
const diesAfter = (fs: FileSystem.FileSystem, count: number, killed: Deferred.Deferred<"killed">) => {
  let left = count
  const change =
    <A extends ReadonlyArray<unknown>>(
      run: (...args: A) => Effect.Effect<void, PlatformError.PlatformError>,
      half: (...args: A) => Effect.Effect<void, PlatformError.PlatformError> = () => Effect.void
    ) =>
    (...args: A): Effect.Effect<void, PlatformError.PlatformError> =>
      Effect.suspend(() => {
        if (left-- > 0) return run(...args)
        const last = left === -1 ? half(...args) : Effect.void
        return Effect.andThen(last, Effect.asVoid(Deferred.succeed(killed, "killed")))
      })
  return FileSystem.FileSystem.of({
    ...fs,
    rename: change(fs.rename),
    remove: change(fs.remove),
    // Which may create it, and does not any more.
    open: (path, options) =>
      Effect.map(
        Effect.andThen(
          change(() => Effect.void)(),
          Effect.suspend(() => fs.open(left < 0 ? "/nowhere/at/all" : path, options))
        ),
        (file) => ({
          [FileSystem.FileTypeId]: FileSystem.FileTypeId,
          stat: file.stat,
          seek: (offset, from) => file.seek(offset, from),
          sync: change(() => file.sync)(),
          read: (buffer, options) => file.read(buffer, options),
          readAlloc: (size, options) => file.readAlloc(size, options),
          truncate: change((length?: number) => file.truncate(length)),
          write: (buffer) => file.write(buffer),
          writeAll: change(
            (buffer: Uint8Array) => file.writeAll(buffer),
            (buffer) => file.writeAll(buffer.subarray(0, buffer.length >> 1))
          )
        })
      )
  })
}

const bytesOf = (fs: FileSystem.FileSystem, path: string) =>
  Effect.map(
    Effect.orElseSucceed(fs.readFile(path), () => new Uint8Array()),
    (bytes) => Buffer.from(bytes)
  )

describe("an export that is killed", () => {
  it.live.each(Format.names)(
    "at anything that it does to the disk, is gone on with and gives the same rows, in %s",
    (name) =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const format = Format.make(name)
        const write = (path: string, urls: Array<string>) =>
          Effect.provide(
            ExportFile.write(Exportable.connections, path, {
              format,
              fingerprint: { target: "https://workos.test/" },
              resume: true,
              pageSize,
              concurrency
            }),
            workOs(urls)
          )
        // Rows come in no order: of what is complete, the length is always the same, and of lines the set of them too.
        const folder = yield* fs.makeTempDirectoryScoped()
        const whole = `${folder}/whole`
        yield* write(whole, [])
        const expected = yield* bytesOf(fs, whole)
        const isWhole = (bytes: Buffer) =>
          name === "parquet"
            ? bytes.subarray(-4).toString() === "PAR1" &&
              Math.abs(bytes.length - expected.length) < expected.length / 50
            : bytes.length === expected.length &&
              bytes.toString().split("\n").toSorted().join("\n") ===
                expected.toString().split("\n").toSorted().join("\n")

        let kills = 0
        for (; ; kills++) {
          const path = `${folder}/${kills}/rows`
          yield* fs.makeDirectory(`${folder}/${kills}`)
          yield* fs.writeFileString(path, "what was there before")
          const killed = yield* Deferred.make<"killed">()
          const urls: Array<string> = []
          const end = yield* write(path, urls).pipe(
            Effect.provideService(FileSystem.FileSystem, diesAfter(fs, kills, killed)),
            Effect.raceFirst(Deferred.await(killed))
          )
          const left = yield* bytesOf(fs, path)
          assert.isTrue(
            left.toString() === "what was there before" || isWhole(left),
            `complete or not at all, ${kills}`
          )
          if (end !== "killed") break

          const { rows } = yield* write(path, urls)
          assert.strictEqual(rows, 200, `killed at ${kills}`)
          assert.isTrue(isWhole(yield* bytesOf(fs, path)), `killed at ${kills}`)
          const names = yield* fs.readDirectory(`${folder}/${kills}`)
          assert.deepStrictEqual(names.toSorted(), ["rows", "rows.index"], `killed at ${kills}`)
          // What is on disk is not fetched again: only what was under way, waited, or was being written.
          const again = urls.length - new Set(urls).size
          assert.isAtMost(again, 3 * concurrency, `killed at ${kills}`)
        }
        // At its rows, their checkpoints, and all that it takes to finish.
        assert.isAtLeast(kills, 20)
      }).pipe(
        Effect.scoped,
        Effect.provide(
          Layer.mergeAll(Store.layer({ connections: 200, organizations: 12, seed: 5 }), NodeServices.layer)
        )
      )
  )
})
