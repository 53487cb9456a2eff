// Exports that are killed at a change of the disk, and resumed.
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Store from "@effect-workos/emulator/Store"
import { sample } from "@effect-workos/testing/Sample"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import type * as PlatformError from "effect/PlatformError"
import * as ExportFile from "../src/ExportFile.ts"
import * as Format from "../src/Format.ts"
import * as Exportable from "../src/Exportable.ts"
import { withOperations } from "./disk.ts"
import * as WorkOs from "./workos.ts"

const pageSize = 12
const concurrency = 3

const workOs = (urls: Array<string>) => WorkOs.layerClients((url) => urls.push(url) > 0, "unlimited")

// A disk that accepts a number of changes, half of the next write, and then nothing: not even the finalizers of the killed
// process have an effect.
const makeDisk = (fs: FileSystem.FileSystem, limit: number, killed: Deferred.Deferred<"killed">) => {
  let changes = 0
  const change =
    <A extends ReadonlyArray<unknown>>(
      run: (...args: A) => Effect.Effect<void, PlatformError.PlatformError>,
      half: (...args: A) => Effect.Effect<void, PlatformError.PlatformError> = () => Effect.void
    ) =>
    (...args: A): Effect.Effect<void, PlatformError.PlatformError> =>
      Effect.suspend(() => {
        if (changes++ < limit) return run(...args)
        const last = changes === limit + 1 ? half(...args) : Effect.void
        return Effect.andThen(last, Effect.asVoid(Deferred.succeed(killed, "killed")))
      })
  const disk = FileSystem.FileSystem.of({
    ...fs,
    rename: change(fs.rename),
    remove: change(fs.remove),
    // `open` may create the file.
    open: (path, options) =>
      Effect.map(
        Effect.andThen(
          change(() => Effect.void)(),
          Effect.suspend(() => fs.open(changes > limit ? "/nowhere/at/all" : path, options))
        ),
        (file) =>
          withOperations(file, {
            sync: change(() => file.sync)(),
            truncate: change((length?: number) => file.truncate(length)),
            writeAll: change(
              (buffer: Uint8Array) => file.writeAll(buffer),
              (buffer) => file.writeAll(buffer.subarray(0, buffer.length >> 1))
            )
          })
      )
  })
  return { disk, changes: () => changes }
}

const bytesOf = (fs: FileSystem.FileSystem, path: string) =>
  Effect.map(
    Effect.orElseSucceed(fs.readFile(path), () => new Uint8Array()),
    (bytes) => Buffer.from(bytes)
  )

describe("an export that is killed", () => {
  it.live.each(Format.names)(
    "An export as %s that is killed at any change of the disk resumes and writes the same rows",
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
        // Rows have no order: complete files have the same length and the same set of lines.
        const folder = yield* fs.makeTempDirectoryScoped()
        const whole = `${folder}/whole`
        const counted = makeDisk(fs, Infinity, yield* Deferred.make<"killed">())
        yield* Effect.provideService(write(whole, []), FileSystem.FileSystem, counted.disk)
        const expected = yield* bytesOf(fs, whole)
        const isWhole = (bytes: Buffer) =>
          name === "parquet"
            ? bytes.subarray(-4).toString() === "PAR1" &&
              Math.abs(bytes.length - expected.length) < expected.length / 50
            : bytes.length === expected.length &&
              bytes.toString().split("\n").toSorted().join("\n") ===
                expected.toString().split("\n").toSorted().join("\n")

        const killAt = Effect.fnUntraced(function* (kills: number) {
          const path = `${folder}/${kills}/rows`
          yield* fs.makeDirectory(`${folder}/${kills}`)
          yield* fs.writeFileString(path, "previous content")
          const killed = yield* Deferred.make<"killed">()
          const urls: Array<string> = []
          const end = yield* write(path, urls).pipe(
            Effect.provideService(FileSystem.FileSystem, makeDisk(fs, kills, killed).disk),
            Effect.raceFirst(Deferred.await(killed))
          )
          const left = yield* bytesOf(fs, path)
          assert.isTrue(left.toString() === "previous content" || isWhole(left), `complete or not at all, ${kills}`)
          if (end !== "killed") return false

          const { rows } = yield* write(path, urls)
          assert.strictEqual(rows, 120, `killed at ${kills}`)
          assert.isTrue(isWhole(yield* bytesOf(fs, path)), `killed at ${kills}`)
          const names = yield* fs.readDirectory(`${folder}/${kills}`)
          assert.deepStrictEqual(names.toSorted(), ["rows", "rows.index"], `killed at ${kills}`)
          // Stored pages are not fetched again.
          const again = urls.length - new Set(urls).size
          assert.isAtMost(again, 3 * concurrency, `killed at ${kills}`)
          return true
        })
        // Rows, their checkpoints, and the steps that complete the file.
        assert.isAtLeast(counted.changes(), 20)
        const killPoints = sample([...Array(counted.changes()).keys()], 3)
        // The number of changes depends on timing, so the last points may be too late.
        assert.include(yield* Effect.forEach(killPoints, killAt), true)
      }).pipe(
        Effect.scoped,
        Effect.provide(
          Layer.mergeAll(Store.layer({ connections: 120, organizations: 12, seed: 5 }), NodeServices.layer)
        )
      )
  )
})
