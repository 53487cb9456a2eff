// Verifies the server at INVOICES_URL against the contract, prints the failures, and writes a report.
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Contract from "@effect-workos/contract-engine/Contract"
import * as Html from "@effect-workos/contract-engine/report/Html"
import * as PlainText from "@effect-workos/contract-engine/report/PlainText"
import * as Target from "@effect-workos/contract-engine/Target"
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import { suite } from "./contract.ts"

const program = Effect.gen(function* () {
  const baseUrl = yield* Config.String("INVOICES_URL")
  const target = Target.layer({ baseUrl }).pipe(Layer.provide(NodeHttpClient.layerUndici))
  const report = yield* Effect.provide(Contract.verify(suite), target)
  for (const result of report.results) {
    if (result.status === "failed") yield* Console.log(`${PlainText.describe(result)}\n`)
  }
  const fs = yield* FileSystem.FileSystem
  yield* fs.writeFileString("contract.html", Html.render(report))
  const { failed, passed } = report.summary
  yield* Console.log(`${passed} passed, ${failed} failed`)
  if (failed > 0) process.exitCode = 1
})

NodeRuntime.runMain(Effect.provide(program, NodeServices.layer))
