// `connections get` and `connections list`.
import { Connections } from "@effect-workos/client/Connections"
import { type Connection, ConnectionId } from "@effect-workos/domain/Connection"
import { Limit } from "@effect-workos/domain/Pagination"
import * as Ndjson from "@effect-workos/export/Ndjson"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as Terminal from "effect/Terminal"
import * as Live from "../Live.ts"
import * as Output from "../Output.ts"
import * as Prose from "../Prose.ts"
import * as TextTable from "../TextTable.ts"
import { filters, order, toOptions } from "./filters.ts"

type Encoded = typeof Connection.Encoded

const json = (what: string) =>
  Flag.Boolean("json").pipe(Flag.withDescription(`Print ${what} as it came, in JSON`), Flag.withDefault(false))

const get = Command.make(
  "get",
  {
    id: Argument.String("id").pipe(
      Argument.withSchema(ConnectionId),
      Argument.withDescription("The connection's id, conn_…")
    ),
    json: json("the connection")
  },
  Effect.fnUntraced(function* ({ id, json }) {
    const { encoded } = yield* Connections
    const connection = yield* encoded.get(id)
    yield* Output.results(Stream.succeed(json ? Ndjson.lines([connection]) : card(connection)))
  })
).pipe(
  Command.withDescription("Show one connection"),
  Command.withExamples([{ command: "effect-workos connections get conn_01E4ZCR3C56J083X43JQXF3JK5" }]),
  Command.provide(Live.layerConnections)
)

const list = Command.make(
  "list",
  {
    ...filters,
    limit: Flag.Int("limit").pipe(
      Flag.withSchema(Limit),
      Flag.withMetavar("N"),
      Flag.withDescription("How many, 1 to 100 (default 10)"),
      Flag.optional
    ),
    order: Flag.withDefault(order, "desc"),
    all: Flag.Boolean("all").pipe(Flag.withDescription("All of them, --limit at a time"), Flag.withDefault(false)),
    json: json("each connection on a line")
  },
  Effect.fnUntraced(function* ({ all, json, limit, ...flags }) {
    const { encoded } = yield* Connections
    const options = toOptions(flags)
    const size = Option.getOrUndefined(limit)
    const pages = all
      ? encoded.pages({ ...options, pageSize: size })
      : Stream.fromEffect(encoded.list({ ...options, limit: size }))
    let isEmpty = true
    let hasMore = false
    const rows = Stream.map(pages, ({ data, list_metadata }) => {
      isEmpty &&= data.length === 0
      hasMore = list_metadata.after !== null
      return data
    })
    if (json) {
      yield* Output.results(Stream.map(rows, Ndjson.lines))
      return
    }
    yield* Output.results(yield* table(rows))
    if (isEmpty) yield* Output.note("No connection matches.\n")
    if (hasMore && !all) yield* Output.note("There are more: --all shows all of them, --limit 100 a longer page.\n")
  })
).pipe(
  Command.withDescription("List connections, one page or all of them"),
  Command.withExamples([
    { command: "effect-workos connections list --type OktaSAML --limit 50" },
    { command: "effect-workos connections list --all --json | jq -r .name" }
  ]),
  Command.provide(Live.layerConnections)
)

export const connections = Command.make("connections").pipe(
  Command.withDescription("Read connections"),
  Command.withSubcommands([get, list])
)

const day = (timestamp: string) => timestamp.slice(0, 10)

const domains = (connection: Encoded) => connection.domains.map(({ domain }) => domain).join(", ")

const paintState = (shown: string, { state }: Encoded) => {
  if (state === "active") return TextTable.green(shown)
  return state === "inactive" || state === "deleting" ? TextTable.red(shown) : TextTable.yellow(shown)
}

const columns: ReadonlyArray<TextTable.Column<Encoded>> = [
  { heading: "ID", width: 31, of: ({ id }) => id },
  { heading: "NAME", width: 28, minimum: 8, of: ({ name }) => name },
  { heading: "TYPE", width: 22, minimum: 8, of: ({ connection_type }) => connection_type },
  { heading: "STATE", width: 13, minimum: 6, of: ({ state }) => state, paint: paintState },
  { heading: "CREATED", width: 10, of: ({ created_at }) => day(created_at) },
  { heading: "DOMAINS", width: 60, minimum: 7, of: domains }
]

const table = Effect.fnUntraced(function* <E, R>(pages: Stream.Stream<ReadonlyArray<Encoded>, E, R>) {
  const isTerminal = yield* Stdio.Stdio.use(({ stdoutIsTerminal }) => stdoutIsTerminal)
  const available = isTerminal ? yield* Terminal.Terminal.use(({ columns }) => columns) : Number.POSITIVE_INFINITY
  const { canColor } = yield* TerminalCapabilities.TerminalCapabilities
  const { heading, row } = TextTable.make(columns, available, isTerminal && canColor)
  // The heading comes with the first page, so that a failure has none.
  return Stream.map(Stream.zipWithIndex(pages), ([rows, index]) =>
    [...(index === 0 ? [heading] : []), ...rows.map(row)].map((line) => `${line}\n`).join("")
  )
})

const card = (connection: Encoded): string => {
  const lines: ReadonlyArray<readonly [string, string | undefined]> = [
    ["Id", connection.id],
    ["Name", connection.name],
    ["Type", connection.connection_type],
    ["State", connection.state],
    ["Organization", connection.organization_id ?? "none"],
    ["Domains", domains(connection) || "none"],
    ["Certificate", connection.options?.signing_cert ?? undefined],
    ["Created", connection.created_at],
    ["Updated", connection.updated_at]
  ]
  return lines
    .filter(([, value]) => value !== undefined)
    .map(([label, value = ""]) => {
      // A certificate has lines of its own.
      const shown = value
        .split("\n")
        .map(Prose.inline)
        .join(`\n${" ".repeat(14)}`)
      return `${label.padEnd(14)}${shown}\n`
    })
    .join("")
}
