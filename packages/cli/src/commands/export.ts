// `export connections`, `export organizations` and `export events`.
import * as Resource from "@effect-workos/export/Resource"
import * as Command from "effect/cli/Command"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Exporting from "../Exporting.ts"
import * as Layers from "../Layers.ts"
import type { Time } from "../TimeFlag.ts"
import * as Connections from "./filters/connections.ts"
import * as Events from "./filters/events.ts"
import * as Organizations from "./filters/organizations.ts"

const connections = Command.make(
  "connections",
  { filters: Connections.flags, flags: Exporting.flags },
  ({ filters, flags }) => Exporting.run(Resource.connections, Connections.toFilters(filters), flags, filters)
).pipe(
  Command.withDescription("Export all connections, or all that match"),
  Command.withExamples([
    { command: "effect-workos export connections --output connections.ndjson" },
    { command: "effect-workos export connections --output connections.parquet" },
    { command: "effect-workos export connections --output connections.ndjson --resume" },
    { command: "effect-workos export connections --output - --type OktaSAML | gzip > okta.ndjson.gz" }
  ]),
  Command.provide(Layers.connections)
)

const organizations = Command.make(
  "organizations",
  { filters: Organizations.flags, flags: Exporting.flags },
  ({ filters, flags }) => Exporting.run(Resource.organizations, Organizations.toFilters(filters), flags, filters)
).pipe(
  Command.withDescription("Export all organizations, or all that match"),
  Command.withExamples([
    { command: "effect-workos export organizations --output organizations.csv --escape-formulas" },
    { command: "effect-workos export organizations --output organizations.ndjson --resume" }
  ]),
  Command.provide(Layers.organizations)
)

const events = Command.make(
  "events",
  { filters: Events.flags, flags: Exporting.flags },
  Effect.fnUntraced(function* ({ filters, flags }) {
    const { since, until, ...which } = filters
    yield* Exporting.run(
      Resource.events,
      yield* Events.toFilters(filters),
      flags,
      { ...which, since: Option.map(since, instant), until: Option.map(until, instant) },
      // What is so long ago is another time when the export is gone on with.
      {
        since: Option.map(Option.filter(since, isRelative), instant),
        until: Option.map(Option.filter(until, isRelative), instant)
      }
    )
  })
).pipe(
  Command.withDescription("Export all events that WorkOS still has, those of 30 days, or all that match"),
  Command.withExamples([
    { command: "effect-workos export events --output events.ndjson" },
    { command: "effect-workos export events --output today.parquet --since 24h" },
    { command: "effect-workos export events --output - --type connection.deactivated --until 2026-01-15 | jq .data" }
  ]),
  Command.provide(Layers.events)
)

const instant = ({ at }: Time): string => DateTime.formatIso(at)
const isRelative = ({ isRelative }: Time): boolean => isRelative

export const export_ = Command.make("export").pipe(
  Command.withDescription("Export everything to a file"),
  Command.withSubcommands([connections, organizations, events])
)
