// Gets one connection with the service of all resources.
import { WorkOs } from "@effect-workos/client/WorkOs"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

const WorkOsLive = WorkOs.layer({ apiKey: Redacted.make("sk_test_a2V5XzEyMzQ") }).pipe(
  Layer.provide(FetchHttpClient.layer)
)

const get = WorkOs.use(({ connections }) => connections.get("conn_01E4ZCR3C56J083X43JQXF3JK5"))

export const run = () => Effect.runPromise(Effect.provide(get, WorkOsLive))
