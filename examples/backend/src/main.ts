// The program: serves the API on Node, configured by environment variables.
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Connections } from "@effect-workos/client/Connections"
import { Organizations } from "@effect-workos/client/Organizations"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import * as Config from "effect/Config"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Layer from "effect/Layer"
import { createServer } from "node:http"
import { Api } from "./Api.ts"
import { Customers } from "./Customers.ts"
import * as Handlers from "./Handlers.ts"

const WorkOsLive = Layer.mergeAll(Connections.layer, Organizations.layer).pipe(
  Layer.provide([WorkOsConfig.layerConfig, NodeHttpClient.layerUndici])
)

const ServerLive = NodeHttpServer.layerConfig(createServer, {
  port: Config.Port("PORT").pipe(Config.withDefault(3000))
})

HttpRouter.serve(HttpApiBuilder.layer(Api)).pipe(
  Layer.provide(Handlers.layer),
  Layer.provide(Customers.layer),
  Layer.provide([WorkOsLive, ServerLive]),
  Layer.launch,
  NodeRuntime.runMain
)
