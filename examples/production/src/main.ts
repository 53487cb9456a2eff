// A server that returns the connections of an organization. It writes its log to stdout as lines of JSON. It also sends spans,
// metrics and its log over OTLP, if the environment variables of OpenTelemetry enable this.
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Connections } from "@effect-workos/client/Connections"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Otlp from "effect/observability/Otlp"
import * as OtlpSerialization from "effect/observability/OtlpSerialization"
import { createServer } from "node:http"

const connectionsOf = Effect.gen(function* () {
  const { params } = yield* HttpRouter.RouteContext
  const connections = yield* Connections
  const { data } = yield* connections.list({ organizationId: params["id"], limit: 100 })
  return yield* HttpServerResponse.json(data.map(({ id, name, state }) => ({ id, name, state })))
}).pipe(
  Effect.catchTag("InvalidRequest", ({ message }) => Effect.succeed(HttpServerResponse.text(message, { status: 400 }))),
  Effect.catch((error) => Effect.as(Effect.logError(error), HttpServerResponse.empty({ status: 502 })))
)

const RoutesLive = Layer.mergeAll(
  // Does not call WorkOS: a restart of this server does not help if WorkOS fails.
  HttpRouter.add("GET", "/health", HttpServerResponse.text("ok")).pipe(Layer.provide(HttpRouter.disableLogger)),
  HttpRouter.add("GET", "/organizations/:id/connections", connectionsOf)
)

const ConnectionsLive = Connections.layer.pipe(Layer.provide([WorkOsConfig.layerConfig, NodeHttpClient.layerUndici]))

const ServerLive = NodeHttpServer.layerConfig(createServer, {
  port: Config.Port("PORT").pipe(Config.withDefault(3000))
})

const ObservabilityLive = Otlp.layerFromConfig().pipe(
  Layer.provide([OtlpSerialization.layerJson, NodeHttpClient.layerUndici]),
  Layer.provideMerge(Logger.layer([Logger.consoleJson]))
)

HttpRouter.serve(RoutesLive).pipe(
  Layer.provide([ConnectionsLive, ServerLive]),
  Layer.provide(ObservabilityLive),
  Layer.launch,
  NodeRuntime.runMain
)
