// Exports to files: complete or absent, and resumable.
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Connection } from "@effect-workos/domain/sso/Connection"
import * as Store from "@effect-workos/emulator/Store"
import { runs, seed } from "@effect-workos/testing/Sample"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { existsSync, readFileSync } from "node:fs"
import * as ExportFile from "../src/ExportFile.ts"
import * as Format from "../src/Format.ts"
import * as Exportable from "../src/Exportable.ts"
import * as WorkOs from "./workos.ts"

/** The URLs of all requests, and the number of requests until the network fails. */
interface Network {
  readonly urls: Array<string>
  left: number
}

const fingerprint = { target: "https://workos.test/" }
const ndjson = Format.make("ndjson")

const withNetwork = (network: Network) =>
  WorkOs.layerClients((url) => {
    network.urls.push(url)
    return network.left-- > 0
  })

const surroundingsOf = (connections: number) =>
  Layer.mergeAll(Store.layer({ connections, organizations: 12, seed: 5 }), WorkOs.layerOnce, NodeServices.layer)

const surroundings = surroundingsOf(330)

const idsIn = (text: string) =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): string => JSON.parse(line).id)

describe("ExportFile.write", () => {
  it.live("An export that resumes after network failures writes every row once and fetches no stored page again", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const { connections } = yield* Store.Store
      const all = connections.rows.map(({ id }) => id).toSorted()
      const check = Effect.fnUntraced(function* (stops: ReadonlyArray<number>) {
        const path = `${yield* fs.makeTempDirectoryScoped()}/connections.ndjson`
        const network: Network = { urls: [], left: Infinity }
        const write = ExportFile.write(Exportable.connections, path, {
          format: ndjson,
          fingerprint,
          resume: true,
          pageSize: 20,
          concurrency: 3
        }).pipe(Effect.provide(withNetwork(network)))
        let rows = -1
        for (const stop of [...stops, Infinity]) {
          network.left = stop
          const result = yield* Effect.result(write)
          if (result._tag === "Success") {
            rows = result.success.rows
            break
          }
          if (yield* fs.exists(path)) return false
        }
        const ids = idsIn(yield* fs.readFileString(path))
        const names = yield* fs.readDirectory(path.slice(0, path.lastIndexOf("/")))
        // Only requests in progress when the network failed are sent again.
        const again = network.urls.length - new Set(network.urls).size
        return (
          rows === all.length &&
          ids.length === all.length &&
          ids.toSorted().every((id, index) => id === all[index]) &&
          names.toSorted().join(" ") === "connections.ndjson connections.ndjson.index" &&
          again <= 3 * (stops.length + 1)
        )
      })
      const stops = Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 20 })))
      const result = yield* Arbitrary.checkEffect(Arbitrary.schema(stops), (stops) => Effect.scoped(check(stops)), {
        runs: runs(40, 6),
        seed: `stops ${seed}`,
        concurrency: 1
      })
      assert.isUndefined(Arbitrary.formatCheckFailure(result))
    }).pipe(Effect.provide(surroundings))
  )

  it.live("An export uses the index of the previous export, and ignores invalid parts of the index", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const { connections } = yield* Store.Store
      const path = `${yield* fs.makeTempDirectoryScoped()}/connections.ndjson`
      const network: Network = { urls: [], left: Infinity }
      const write = ExportFile.write(Exportable.connections, path, {
        format: ndjson,
        fingerprint,
        resume: false,
        pageSize: 10,
        concurrency: 4
      }).pipe(Effect.provide(withNetwork(network)))
      const indexes = [
        undefined,
        undefined,
        "",
        "{}",
        '{"ids":["conn_nothing"]}',
        '{"ids":["nonsense","__proto__","org_1"]}',
        '{"ids":[1]}',
        (good: string) => good.slice(0, good.length >> 1),
        (good: string) => JSON.stringify({ ids: JSON.parse(good).ids.toReversed() })
      ]
      for (const index of indexes) {
        if (index !== undefined) {
          const text = typeof index === "string" ? index : index(yield* fs.readFileString(`${path}.index`))
          yield* fs.writeFileString(`${path}.index`, text)
        }
        yield* write
        const ids = idsIn(yield* fs.readFileString(path))
        assert.deepStrictEqual(ids.toSorted(), connections.rows.map((row): string => row.id).toSorted(), String(index))
      }
      // Rows are written as received.
      const rows = (yield* fs.readFileString(path))
        .trimEnd()
        .split("\n")
        .map((line): { id: string } => JSON.parse(line))
      const encoded = yield* Schema.encodeEffect(Schema.Array(Connection))([...connections.rows])
      assert.deepStrictEqual<unknown>(
        rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
        encoded.toSorted((a, b) => (a.id < b.id ? -1 : 1))
      )
    }).pipe(Effect.scoped, Effect.provide(surroundingsOf(120)))
  )

  it.live("An export resumes if the end of the partial file is lost, as after a power failure", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const { connections } = yield* Store.Store
      const path = `${yield* fs.makeTempDirectoryScoped()}/connections.ndjson`
      const network: Network = { urls: [], left: 9 }
      const write = ExportFile.write(Exportable.connections, path, {
        format: ndjson,
        fingerprint,
        resume: true,
        pageSize: 20,
        concurrency: 3
      }).pipe(Effect.provide(withNetwork(network)))
      yield* Effect.flip(write)
      const { size } = yield* fs.stat(`${path}.part`)
      yield* fs.truncate(`${path}.part`, Number(size) >> 1)
      network.left = Infinity
      const { resumed, rows } = yield* write
      assert.strictEqual(rows, connections.rows.length)
      assert.isAbove(resumed, 0)
      assert.deepStrictEqual(
        idsIn(yield* fs.readFileString(path)).toSorted(),
        connections.rows.map(({ id }): string => id).toSorted()
      )
    }).pipe(Effect.scoped, Effect.provide(surroundings))
  )

  it.live.each(["ndjson", "csv"] as const)(
    "An export as %s does not replace a file that another export has started to write",
    (name) =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const store = yield* Store.Store
        const path = `${yield* fs.makeTempDirectoryScoped()}/connections`
        yield* fs.writeFileString(path, "previous content")
        const format = Format.make(name)
        const write = (network: Network, resume: boolean) =>
          ExportFile.write(Exportable.connections, path, { format, fingerprint, resume, pageSize: 20 }).pipe(
            Effect.provide(withNetwork(network))
          )
        // The other export starts immediately before the complete file would be renamed, and stores a few pages.
        const other = Effect.flip(write({ urls: [], left: 9 }, false)).pipe(
          Effect.orDie,
          Effect.provideService(Store.Store, store),
          Effect.provideService(FileSystem.FileSystem, fs)
        )
        let hasBegun = false
        const late: FileSystem.FileSystem = {
          ...fs,
          stat: (file) =>
            Effect.suspend(() => {
              if (hasBegun || !isLastMoment(file)) return fs.stat(file)
              hasBegun = true
              return Effect.andThen(other, fs.stat(file))
            })
        }
        const isLastMoment = (file: string) => {
          if (file !== `${path}.checkpoint` || !existsSync(file)) return false
          const text = readFileSync(file, "utf8")
          return text.includes('"isComplete":true')
        }
        const error = yield* Effect.flip(
          Effect.provideService(write({ urls: [], left: Infinity }, false), FileSystem.FileSystem, late)
        )
        assert.match(error.message, /^Another export to .* has started, /)
        assert.isTrue(hasBegun)
        assert.strictEqual(yield* fs.readFileString(path), "previous content")
        // The rows of the other export are kept.
        const { resumed, rows } = yield* write({ urls: [], left: Infinity }, true)
        assert.isAbove(resumed, 0)
        assert.strictEqual(rows, store.connections.rows.length)
      }).pipe(Effect.scoped, Effect.provide(surroundings))
  )

  it.live("An export refuses to resume the checkpoint of another target, format or resource", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const path = `${yield* fs.makeTempDirectoryScoped()}/connections.ndjson`
      const network: Network = { urls: [], left: 4 }
      const write = (options: Partial<ExportFile.Settings>) =>
        ExportFile.write(Exportable.connections, path, {
          format: ndjson,
          fingerprint,
          resume: true,
          pageSize: 20,
          ...options
        }).pipe(
          Effect.provide(withNetwork(network)),
          Effect.flip,
          Effect.map(({ message }) => message)
        )
      yield* write({})
      const sent = network.urls.length
      assert.match(
        yield* write({ fingerprint: { target: "http://other.test/" } }),
        /another target \(https:\/\/workos\.test\/\)/
      )
      assert.match(yield* write({ format: Format.make("csv") }), /another format \(ndjson\)/)
      const organizations = ExportFile.write(Exportable.organizations, path, {
        format: ndjson,
        fingerprint,
        resume: true
      })
      const { message } = yield* Effect.flip(Effect.provide(organizations, withNetwork(network)))
      assert.match(
        message,
        /belongs to an export with another resource \(connections\)\. Resume that export, or start again without --resume\.$/
      )
      yield* fs.writeFileString(`${path}.checkpoint`, "nonsense\n")
      assert.match(yield* write({}), /is not a checkpoint of an export\. Move it away, or name another file\.$/)
      assert.strictEqual(network.urls.length, sent)
    }).pipe(Effect.scoped, Effect.provide(surroundings))
  )
})
