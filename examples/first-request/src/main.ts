// Prints the connection whose id is the first argument, or the newest connection.
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Connections } from "@effect-workos/client/Connections"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

const program = Effect.gen(function* () {
  const connections = yield* Connections
  const id = process.argv[2]
  const connection = id === undefined ? (yield* connections.list({ limit: 1 })).data[0] : yield* connections.get(id)
  yield* Console.log(
    connection === undefined
      ? "There is no connection yet."
      : `${connection.name} uses ${connection.connectionType} and is ${connection.state} (${connection.id}).`
  )
})

// WORKOS_API_KEY is the API key. WORKOS_BASE_URL defaults to https://api.workos.com.
const ConnectionsLive = Connections.layer.pipe(Layer.provide([WorkOsConfig.layerConfig, NodeHttpClient.layerUndici]))

NodeRuntime.runMain(Effect.provide(program, ConnectionsLive))
