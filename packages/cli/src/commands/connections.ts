// `connections get` and `connections list`.
import { Connections } from "@effect-workos/client/Connections"
import { ConnectionId } from "@effect-workos/domain/sso/Connection"
import * as Ndjson from "@effect-workos/export/Ndjson"
import type { ConnectionRow } from "@effect-workos/export/Resource"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as DetailView from "../DetailView.ts"
import * as ListCommand from "../ListCommand.ts"
import * as Layers from "../Layers.ts"
import * as Output from "../Output.ts"
import * as TextTable from "../TextTable.ts"
import * as Filters from "./filters/connections.ts"

const get = Command.make(
  "get",
  {
    id: Argument.String("id").pipe(
      Argument.withSchema(ConnectionId),
      Argument.withDescription("The connection's id, conn_…")
    ),
    json: ListCommand.json("the connection")
  },
  Effect.fnUntraced(function* ({ id, json }) {
    const { get } = yield* Connections
    const connection = yield* get.encoded(id)
    yield* Output.results(Stream.succeed(json ? Ndjson.lines([connection]) : detailView(connection)))
  })
).pipe(
  Command.withDescription("Show one connection"),
  Command.withExamples([{ command: "effect-workos connections get conn_01E4ZCR3C56J083X43JQXF3JK5" }]),
  Command.provide(Layers.connections)
)

const list = Command.make(
  "list",
  { filters: Filters.flags, flags: ListCommand.flags("connection") },
  Effect.fnUntraced(function* ({ filters, flags }) {
    const { list } = yield* Connections
    yield* ListCommand.show({ list: list.encoded, pages: list.encoded.pages }, Filters.toFilters(filters), flags, {
      noun: "connection",
      columns
    })
  })
).pipe(
  Command.withDescription("List connections, one page or all of them"),
  Command.withExamples([
    { command: "effect-workos connections list --type OktaSAML --limit 50" },
    { command: "effect-workos connections list --all --json | jq -r .name" }
  ]),
  Command.provide(Layers.connections)
)

export const connections = Command.make("connections").pipe(
  Command.withDescription("Read connections"),
  Command.withSubcommands([get, list])
)

const domains = (connection: ConnectionRow) => connection.domains.map(({ domain }) => domain).join(", ")

const paintState = (shown: string, { state }: ConnectionRow) => {
  if (state === "active") return TextTable.green(shown)
  return state === "inactive" || state === "deleting" ? TextTable.red(shown) : TextTable.yellow(shown)
}

const columns: ReadonlyArray<TextTable.Column<ConnectionRow>> = [
  { heading: "ID", width: 31, of: ({ id }) => id },
  { heading: "NAME", width: 28, minimum: 16, of: ({ name }) => name },
  { heading: "TYPE", width: 22, minimum: 12, of: ({ connection_type }) => connection_type },
  { heading: "STATE", width: 13, minimum: 10, of: ({ state }) => state, paint: paintState },
  { heading: "CREATED", width: 10, of: ({ created_at }) => ListCommand.day(created_at) },
  { heading: "DOMAINS", width: 60, minimum: 14, of: domains }
]

const detailView = (connection: ConnectionRow): string =>
  DetailView.make([
    ["Id", connection.id],
    ["Name", connection.name],
    ["Type", connection.connection_type],
    ["State", connection.state],
    ["Organization", connection.organization_id ?? "none"],
    ["Domains", domains(connection) || "none"],
    // It has lines of its own.
    ["Certificate", connection.options?.signing_cert ?? undefined],
    ["Created", `${ListCommand.second(connection.created_at)} UTC`],
    ["Updated", `${ListCommand.second(connection.updated_at)} UTC`]
  ])
