// Decodes a connection of a WorkOS response, and reads the OpenAPI document.
import { Connection } from "@effect-workos/domain/sso/Connection"
import { WorkOsApi } from "@effect-workos/domain/WorkOsApi"
import * as Console from "effect/Console"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"

const program = Effect.gen(function* () {
  const connection = yield* Schema.decodeUnknownEffect(Connection)({
    object: "connection",
    id: "conn_01E4ZCR3C56J083X43JQXF3JK5",
    organization_id: "org_01EHWNCE74X7JSDV0X3SZ3KJNY",
    connection_type: "OktaSAML",
    name: "Foo Corp",
    state: "active",
    domains: [],
    created_at: "2026-01-15T12:00:00.000Z",
    updated_at: "2026-01-15T12:00:00.000Z"
  })
  yield* Console.log(
    `${connection.name} is ${connection.state} since ${DateTime.formatIsoDateUtc(connection.createdAt)}`
  )
  yield* Console.log(
    `GET ${Object.keys(OpenApi.fromApi(WorkOsApi).paths).find((path) => path === "/connections/{id}")}`
  )
})

Effect.runPromise(program)
