// A job for a scheduler: the first run exports all connections to PostgreSQL, and each later run applies the changes since
// the previous run.
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as PgClient from "@effect/sql-pg/PgClient"
import { Connections } from "@effect-workos/client/Connections"
import { Events } from "@effect-workos/client/Events"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { changesToPostgres } from "./changes-to-postgres.ts"
import { connectionsToPostgres, createTables } from "./connections-to-postgres.ts"

const program = Effect.gen(function* () {
  yield* createTables
  yield* connectionsToPostgres("connections")
  yield* changesToPostgres("connections")
})

const WorkOsLive = Layer.merge(Connections.layer, Events.layer).pipe(
  Layer.provide(WorkOsConfig.layerConfig),
  Layer.provide(NodeHttpClient.layerUndici)
)
const PostgresLive = PgClient.layerConfig({ url: Config.Redacted("DATABASE_URL") })

NodeRuntime.runMain(Effect.provide(program, Layer.merge(WorkOsLive, PostgresLive)))
