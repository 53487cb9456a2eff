// Exports of connections.
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, it, layer } from "@effect/vitest"
import { Connections } from "@effect-workos/client/Connections"
import { Connection } from "@effect-workos/domain/sso/Connection"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import { runs, seed } from "@effect-workos/testing/Sample"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as AtomicFile from "../src/AtomicFile.ts"
import * as Export from "../src/Export.ts"
import * as Ndjson from "../src/Ndjson.ts"
import * as WorkOs from "./workos.ts"

const LayerTest = Connections.layer.pipe(
  Layer.provide(WorkOs.layerConfig()),
  Layer.provide(Emulator.layerHttpClient()),
  Layer.provideMerge(Store.layer({ connections: 330, organizations: 30, seed: 5 })),
  Layer.provideMerge(NodeServices.layer)
)

layer(LayerTest)("Export.connections", (it) => {
  it.effect("An export writes each connection once, encoded, as one line of NDJSON", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const { connections } = yield* Store.Store
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

  it.effect("An export emits only the connections that match its filters", () =>
    Effect.gen(function* () {
      const { connections } = yield* Store.Store
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

const Case = Schema.Struct({
  concurrency: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 6 })),
  pageSize: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 12 })),
  // Every n-th row is a split point.
  known: Schema.Int.check(Schema.isBetween({ minimum: 5, maximum: 120 })),
  // The maximum number of turns of the scheduler between two changes.
  patience: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 20 })),
  seed: Schema.Int
})

// An export while another client creates and deletes random rows through the API.
const disturbed = Effect.fnUntraced(function* ({ concurrency, known, pageSize, patience }: typeof Case.Type) {
  const random = yield* Random.Random
  const below = (bound: number) => Math.floor(random.nextDoubleUnsafe() * bound)
  const { connections } = yield* Store.Store
  const client = yield* Connections
  const owner = connections.rows.find(({ organizationId }) => organizationId !== undefined)?.organizationId ?? ""
  const initial = connections.rows.map(({ id }) => id)
  const survivors = new Set<string>(initial)
  const left = [...initial]
  let changes = 0
  const change = Effect.gen(function* () {
    for (let turns = below(patience + 1); turns > 0; turns--) yield* Effect.yieldNow
    changes++
    const [gone] = left.splice(below(left.length), 1)
    if (gone === undefined || below(3) === 0) {
      yield* client.create({ organizationId: owner, connectionType: "OktaSAML", name: `New ${changes}` })
      return
    }
    survivors.delete(gone)
    yield* client.delete(gone)
  })
  const pages = yield* Export.connections({
    concurrency,
    pageSize,
    index: initial.filter((_, at) => at % known === 0)
  }).pipe(
    Stream.runCollect,
    Effect.raceFirst(
      Effect.all(
        Array.from({ length: 6 }, () => Effect.forever(change)),
        { concurrency: "unbounded" }
      )
    )
  )
  const seen = pages.flat().map((row): string => row.id)
  const twice = seen.filter((id, at) => seen.indexOf(id) !== at)
  const missing = [...survivors].filter((id) => !seen.includes(id))
  return { twice, missing, changes }
})

it.live("An export emits every row that exists throughout exactly once while rows are created and deleted", () =>
  Effect.gen(function* () {
    let changes = 0
    const result = yield* Arbitrary.checkEffect(
      Arbitrary.schema(Case),
      (one) =>
        Effect.gen(function* () {
          const found = yield* Random.withSeed(disturbed(one), one.seed)
          changes += found.changes
          return found.twice.length === 0 && found.missing.length === 0
        }).pipe(
          Effect.provide(
            Connections.layer.pipe(
              Layer.provide(WorkOs.layerConfig("unlimited")),
              Layer.provide(Emulator.layerHttpClient()),
              Layer.provideMerge(Store.layer({ connections: 120, organizations: 12, seed: 5 }))
            )
          )
        ),
      { runs: runs(60, 4), seed: `disturbed ${seed}`, concurrency: 1 }
    )
    assert.isUndefined(Arbitrary.formatCheckFailure(result))
    assert.isAbove(changes, 0)
  })
)
