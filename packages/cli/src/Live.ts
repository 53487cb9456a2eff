// The client that commands use: undici, configured by the environment.
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { Connections } from "@effect-workos/client/Connections"
import { WorkOsConfig } from "@effect-workos/client/WorkOsConfig"
import * as Layer from "effect/Layer"

export const layerConnections = Connections.layer.pipe(
  Layer.provideMerge(WorkOsConfig.layerConfig),
  Layer.provide(NodeHttpClient.layerUndici)
)
