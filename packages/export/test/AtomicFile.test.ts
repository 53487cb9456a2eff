// Atomic writes of files.
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, layer } from "@effect/vitest"
import { runs } from "@effect-workos/testing/Sample"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FileSystem from "effect/FileSystem"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as AtomicFile from "../src/AtomicFile.ts"

const folder = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const path = yield* fs.makeTempDirectoryScoped()
  return { path, fs, entries: Effect.map(fs.readDirectory(path), (names) => names.toSorted()) }
})

layer(NodeServices.layer)("AtomicFile.write", (it) => {
  it.effect.prop(
    "A write stores the whole text",
    [Schema.Array(Schema.String)],
    ([chunks]) =>
      Effect.gen(function* () {
        const { entries, fs, path } = yield* folder
        yield* AtomicFile.write(`${path}/file`, Stream.fromIterable(chunks))
        assert.strictEqual(
          yield* fs.readFileString(`${path}/file`),
          chunks.map((chunk) => chunk.toWellFormed()).join("")
        )
        assert.deepStrictEqual(yield* entries, ["file"])
      }).pipe(Effect.scoped),
    { arbitrary: { runs: runs(100, 20) } }
  )

  it.effect("A write keeps the existing file until the new one is complete", () =>
    Effect.gen(function* () {
      const { entries, fs, path } = yield* folder
      const file = `${path}/file`
      yield* fs.writeFileString(file, "old")
      const isWriting = yield* Deferred.make<void>()
      const goOn = yield* Deferred.make<void>()
      const text = Stream.concat(
        Stream.succeed("new "),
        Stream.unwrap(
          Effect.as(
            Effect.andThen(Deferred.succeed(isWriting, undefined), Deferred.await(goOn)),
            Stream.succeed("text")
          )
        )
      )
      const writing = yield* Effect.forkChild(AtomicFile.write(file, text))
      yield* Deferred.await(isWriting)
      assert.strictEqual(yield* fs.readFileString(file), "old")
      assert.deepStrictEqual(yield* entries, ["file", "file.partial"])
      yield* Deferred.succeed(goOn, undefined)
      yield* Fiber.join(writing)
      assert.strictEqual(yield* fs.readFileString(file), "new text")
      assert.deepStrictEqual(yield* entries, ["file"])
    }).pipe(Effect.scoped)
  )

  it.effect("A write whose text fails leaves no file and fails with the same error", () =>
    Effect.gen(function* () {
      const { entries, path } = yield* folder
      const text = Stream.concat(Stream.succeed("some"), Stream.fail("oh no" as const))
      assert.strictEqual(yield* Effect.flip(AtomicFile.write(`${path}/file`, text)), "oh no")
      assert.deepStrictEqual(yield* entries, [])
    }).pipe(Effect.scoped)
  )

  it.effect("An interrupted write leaves no file", () =>
    Effect.gen(function* () {
      const { entries, path } = yield* folder
      const isWriting = yield* Deferred.make<void>()
      const text = Stream.concat(
        Stream.succeed("some"),
        Stream.fromEffect(Effect.andThen(Deferred.succeed(isWriting, undefined), Effect.never))
      )
      const writing = yield* Effect.forkChild(AtomicFile.write(`${path}/file`, text))
      yield* Deferred.await(isWriting)
      yield* Fiber.interrupt(writing)
      assert.deepStrictEqual(yield* entries, [])
    }).pipe(Effect.scoped)
  )

  it.effect.each([
    { link: "/file", isThere: true },
    { link: "file", isThere: true },
    { link: "/file", isThere: false },
    { link: "file", isThere: false }
  ])("A write follows a link to $link (exists: $isThere)", ({ isThere, link }) =>
    Effect.gen(function* () {
      const { entries, fs, path } = yield* folder
      const to = link.startsWith("/") ? path + link : link
      if (isThere) yield* fs.writeFileString(`${path}/file`, "old")
      yield* fs.symlink(to, `${path}/link`)
      yield* AtomicFile.write(`${path}/link`, Stream.succeed("new"))
      assert.strictEqual(yield* fs.readFileString(`${path}/file`), "new")
      assert.strictEqual(yield* fs.readLink(`${path}/link`), to)
      assert.deepStrictEqual(yield* entries, ["file", "link"])
    }).pipe(Effect.scoped)
  )

  it.effect("A write to a device keeps the device", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      yield* AtomicFile.write("/dev/null", Stream.succeed("text"))
      assert.strictEqual((yield* fs.stat("/dev/null")).type, "CharacterDevice")
      assert.isFalse(yield* fs.exists("/dev/null.partial"))
    })
  )

  it.effect.each([
    {
      place: "a file in a missing folder",
      name: "nowhere/file",
      message: /its folder does not exist\. Create the folder/
    },
    { place: "a folder", name: ".", message: /it is a folder\. Name a file in it\./ },
    { place: "a path below a file", name: "file/file", message: /^Cannot write .*\/file\/file: / }
  ])("A write to $place fails with a hint before it reads the text", ({ message, name }) =>
    Effect.gen(function* () {
      const { fs, path } = yield* folder
      yield* fs.writeFileString(`${path}/file`, "")
      let asked = false
      const text = Stream.sync(() => {
        asked = true
        return "text"
      })
      const error = yield* Effect.flip(AtomicFile.write(`${path}/${name}`, text))
      assert.strictEqual(error._tag, "OutputError")
      assert.match(error.message, message)
      assert.isFalse(asked)
    }).pipe(Effect.scoped)
  )

  it.effect("A write without permission fails with a hint", () =>
    Effect.gen(function* () {
      // Not even root can write there.
      const error = yield* Effect.flip(AtomicFile.write("/sys/file", Stream.succeed("text")))
      assert.match(error.message, /^Cannot write \/sys\/file: (permission denied|the disk is read-only)\. Name a file/)
    })
  )

  it.effect("A write to a full disk fails with a hint", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(AtomicFile.write("/dev/full", Stream.succeed("text")))
      assert.match(error.message, /^Cannot write \/dev\/full: the disk is full\. Make room/)
    })
  )
})
