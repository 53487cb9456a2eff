// Exports all connections to a Parquet file, which appears when it is complete. An interrupted export resumes.
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Connections } from "@effect-workos/client/Connections"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import * as ExportFile from "@effect-workos/export/ExportFile"
import * as Format from "@effect-workos/export/Format"
import * as Exportable from "@effect-workos/export/Exportable"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

const program = Effect.gen(function* () {
  const { baseUrl } = yield* WorkOsConfig.WorkOsConfig
  const { rows } = yield* ExportFile.write(Exportable.connections, "connections.parquet", {
    format: Format.make("parquet"),
    // Identifies the content of the file. A checkpoint with another fingerprint is refused.
    fingerprint: { target: baseUrl.href },
    resume: true
  })
  yield* Effect.log(`${rows} connections`)
})

const WorkOsLive = Connections.layer.pipe(
  Layer.provideMerge(WorkOsConfig.layerConfig),
  Layer.provide(NodeHttpClient.layerUndici)
)

NodeRuntime.runMain(Effect.provide(program, Layer.merge(WorkOsLive, NodeServices.layer)))
