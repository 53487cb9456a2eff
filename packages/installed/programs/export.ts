// Exports all connections to one file per format.
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Connections } from "@effect-workos/client/Connections"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as ExportFile from "@effect-workos/export/ExportFile"
import * as Format from "@effect-workos/export/Format"
import * as Exportable from "@effect-workos/export/Exportable"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"

const program = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped()
  for (const name of Format.names) {
    const { rows } = yield* ExportFile.write(Exportable.connections, `${folder}/connections.${name}`, {
      format: Format.make(name),
      fingerprint: { target: "emulator" },
      resume: false
    })
    yield* Console.log(`${rows} rows of ${name}`)
  }
  const csv = yield* fs.readFileString(`${folder}/connections.csv`)
  yield* Console.log(csv.slice(0, csv.indexOf(",")))
}).pipe(Effect.scoped)

const ConnectionsTest = Connections.layer.pipe(
  Layer.provide(WorkOsConfig.layer({ apiKey: Emulator.defaultApiKey })),
  Layer.provide(Emulator.layerHttpClient()),
  Layer.provide(Store.layer({ connections: 250, organizations: 5, seed: 1 }))
)

Effect.runPromise(Effect.provide(program, [ConnectionsTest, NodeServices.layer]))
