// Verifies an emulator against one law of the WorkOS suite.
import * as Contract from "@effect-workos/contract-engine/Contract"
import * as WorkOs from "@effect-workos/contract/WorkOs"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

const program = Effect.gen(function* () {
  const { results } = yield* Contract.verify(WorkOs.suite, { laws: ["lists/limit"], runs: 5, seed: 1 })
  for (const { law, operation, status } of results) {
    if (operation === "connections.list") yield* Console.log(`${law} ${operation} ${status}`)
  }
  yield* Console.log(results.some(({ status }) => status === "failed") ? "some failed" : "none failed")
})

const target = WorkOs.layerTarget({
  baseUrl: "https://workos.test",
  apiKey: Emulator.defaultApiKey
}).pipe(
  Layer.provide(Emulator.layerHttpClient()),
  Layer.provide(Store.layer({ connections: 60, organizations: 5, seed: 1 }))
)

Effect.runPromise(Effect.provide(program, target))
