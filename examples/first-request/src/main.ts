// One connection on the screen: the one whose id is given, or the newest.
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
      : `${connection.name} signs in by ${connection.connectionType}, and is ${connection.state} (${connection.id}).`
  )
})

// The key is in WORKOS_API_KEY; WORKOS_BASE_URL is where WorkOS is, if not at https://api.workos.com.
const ConnectionsLive = Connections.layer.pipe(Layer.provide([WorkOsConfig.layerConfig, NodeHttpClient.layerUndici]))

NodeRuntime.runMain(Effect.provide(program, ConnectionsLive))
