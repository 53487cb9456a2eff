// Runs the application on Node, with settings from the environment.
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { WorkOs } from "@effect-workos/client/WorkOs"
import { issuesOf } from "@effect-workos/domain/Issue"
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { createServer } from "node:http"
import * as App from "./App.ts"

const layerServer = NodeHttpServer.layerConfig(createServer, {
  port: Config.Port("PORT").pipe(Config.withDefault(3000))
})

const program = App.layer.pipe(
  Layer.provide(WorkOs.layerConfig),
  Layer.provide([FetchHttpClient.layer, layerServer]),
  Layer.launch
)

// Describes an invalid environment in one sentence, without a stack trace.
const explain = ({ cause }: Config.ConfigError) =>
  Schema.isSchemaError(cause)
    ? issuesOf(cause)
        .map(({ message, path }) => `${path}: ${message}`)
        .join(", ")
    : cause.message

program.pipe(
  Effect.catchTag("ConfigError", (error) =>
    Effect.andThen(
      Console.error(`Check the environment: ${explain(error)}.`),
      Effect.sync(() => void (process.exitCode = 2))
    )
  ),
  NodeRuntime.runMain
)
