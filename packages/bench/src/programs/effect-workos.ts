// Gets one connection with this library.
import { Connections } from "@effect-workos/client/Connections"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

const ConnectionsLive = Connections.layer.pipe(
  Layer.provide(WorkOsConfig.layer({ apiKey: Redacted.make("sk_test_a2V5XzEyMzQ") })),
  Layer.provide(FetchHttpClient.layer)
)

const get = Connections.use((connections) => connections.get("conn_01E4ZCR3C56J083X43JQXF3JK5"))

export const run = () => Effect.runPromise(Effect.provide(get, ConnectionsLive))
