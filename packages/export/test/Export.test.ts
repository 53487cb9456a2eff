import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, layer } from "@effect/vitest"
import { Connections } from "@effect-workos/client/Connections"
import { WorkOsConfig } from "@effect-workos/client/WorkOsConfig"
import { Connection } from "@effect-workos/domain/Connection"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as World from "@effect-workos/emulator/World"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as AtomicFile from "../src/AtomicFile.ts"
import * as Export from "../src/Export.ts"
import * as Ndjson from "../src/Ndjson.ts"

const LayerTest = Connections.layer.pipe(
  Layer.provide(WorkOsConfig.layer({ apiKey: Emulator.defaultApiKey, baseUrl: new URL("http://workos.test") })),
  Layer.provide(Emulator.layerHttpClient()),
  Layer.provideMerge(World.layer({ connections: 730, organizations: 30, seed: 5 })),
  Layer.provideMerge(NodeServices.layer)
)

layer(LayerTest)("Export.connections", (it) => {
  it.effect("writes every connection once, in its wire form, a line each", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const { connections } = yield* World.World
      const file = `${yield* fs.makeTempDirectoryScoped()}/connections.ndjson`
      yield* AtomicFile.write(file, Stream.map(Export.connections({ order: "asc", concurrency: 1 }), Ndjson.lines))
      const text = yield* fs.readFileString(file)
      assert.isTrue(text.endsWith("\n"))
      const lines = text.trimEnd().split("\n")
      assert.deepStrictEqual<unknown>(
        lines.map((line) => JSON.parse(line)),
        yield* Schema.encodeEffect(Schema.Array(Connection))([...connections.rows])
      )
    }).pipe(Effect.scoped)
  )

  it.effect("gives what matches", () =>
    Effect.gen(function* () {
      const { connections } = yield* World.World
      const pages = yield* Stream.runCollect(
        Export.connections({ connectionType: "OktaSAML", pageSize: 50, concurrency: 1 })
      )
      assert.deepStrictEqual<ReadonlyArray<string>>(
        pages.flat().map(({ id }) => id),
        connections.rows
          .filter(({ connectionType }) => connectionType === "OktaSAML")
          .map(({ id }) => id)
          .toReversed()
      )
    })
  )
})
