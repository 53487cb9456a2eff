// Checkpoints: the order of writes, and the rows that a resumed export keeps.
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Checkpoint from "../src/Checkpoint.ts"
import { withOperations } from "./disk.ts"

const fingerprint: Checkpoint.Fingerprint = { target: "https://workos.test/" }

const batch = (id: string) => ({ rows: [{ id }], advanced: [] })

describe("Checkpoint", () => {
  it.effect("A checkpoint never refers to rows that are not in the file yet", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const path = `${yield* fs.makeTempDirectoryScoped()}/rows`
      const missing: Array<number> = []
      // Compares the checkpoint with the rows after each write.
      const compare = Effect.gen(function* () {
        const lines = (yield* fs.readFileString(`${path}.checkpoint`)).trimEnd().split("\n").slice(1)
        const last: { readonly bytes: number } = JSON.parse(lines.at(-1) ?? '{ "bytes": 0 }')
        const { size } = yield* fs.stat(`${path}.part`)
        missing.push(Math.max(0, last.bytes - Number(size)))
      })
      const observed = FileSystem.make({
        ...fs,
        open: (name, options) =>
          Effect.map(fs.open(name, options), (file) =>
            name.endsWith(".partial")
              ? file
              : withOperations(file, { writeAll: (buffer) => Effect.tap(file.writeAll(buffer), Effect.orDie(compare)) })
          )
      })
      yield* Effect.gen(function* () {
        const checkpoint = yield* Checkpoint.open(path, { fingerprint, resume: false })
        for (const id of ["conn_1", "conn_2", "conn_3"]) yield* checkpoint.append(batch(id))
        yield* checkpoint.complete
      }).pipe(Effect.provideService(FileSystem.FileSystem, observed))
      assert.isAtLeast(missing.length, 6)
      assert.deepStrictEqual([...new Set(missing)], [0])
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))
  )

  it.effect("A resumed checkpoint removes rows that it does not refer to", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const path = `${yield* fs.makeTempDirectoryScoped()}/rows`
      const append = (resume: boolean, id: string) =>
        Effect.scoped(
          Effect.flatMap(Checkpoint.open(path, { fingerprint, resume }), (checkpoint) => checkpoint.append(batch(id)))
        )
      yield* append(false, "conn_1")
      yield* fs.writeFileString(`${path}.part`, '{"id":"conn_2"}\n{"id":"con', { flag: "a" })
      yield* append(true, "conn_2")
      assert.strictEqual(yield* fs.readFileString(`${path}.part`), '{"id":"conn_1"}\n{"id":"conn_2"}\n')
    }).pipe(Effect.provide(NodeServices.layer), Effect.scoped)
  )
})
