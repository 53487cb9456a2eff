// `events list` and `events follow`.
import { Events } from "@effect-workos/client/Events"
import { WorkOsConfig } from "@effect-workos/client/WorkOsConfig"
import { EventId } from "@effect-workos/domain/events/EventEnvelope"
import * as Ndjson from "@effect-workos/export/Ndjson"
import type { EventRow } from "@effect-workos/export/Resource"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as Exporting from "../Exporting.ts"
import * as Failure from "../Failure.ts"
import * as Following from "../Following.ts"
import * as ListCommand from "../ListCommand.ts"
import * as Layers from "../Layers.ts"
import * as TimeFlag from "../TimeFlag.ts"
import * as Output from "../Output.ts"
import { inline } from "../WrapText.ts"
import * as TextTable from "../TextTable.ts"
import * as Filters from "./filters/events.ts"

const list = Command.make(
  "list",
  { filters: Filters.flags, flags: ListCommand.flags("event") },
  Effect.fnUntraced(function* ({ filters, flags }) {
    const { list } = yield* Events
    yield* ListCommand.show(
      { list: list.encoded, pages: list.encoded.pages },
      yield* Filters.toFilters(filters),
      flags,
      { noun: "event", columns }
    )
  })
).pipe(
  Command.withDescription("List events, one page or all that WorkOS still has: those of 30 days"),
  Command.withExamples([
    { command: "effect-workos events list --type connection.activated --type connection.deactivated" },
    { command: "effect-workos events list --since 7d --all --json | jq -r .event | sort | uniq -c" }
  ]),
  Command.provide(Layers.events)
)

/** How long it takes at most until it is known here that something has happened. */
const maxInterval = "5 seconds"

// An outage does not end it, and is told where it is in nobody's way.
const layerWarnings = Logger.layer([
  Logger.withConsoleError(Logger.make<unknown, string>(({ message }) => inline([message].flat().join(" "))))
])

// What the server says of an event that it does not know, or not any more, and what to do about it.
const lost: ReadonlySet<string> = new Set(["UnprocessableEntity", "BadRequest", "NotFound", "CursorRepeated"])

const told = ({ after, state }: Readonly<Record<"after" | "state", Option.Option<string>>>) => {
  const ways = [
    ...Option.toArray(Option.map(state, (file) => `remove ${file}`)),
    ...Option.toArray(Option.as(after, "leave out --after"))
  ]
  return ways.length === 0
    ? Effect.void
    : Output.say(`WorkOS keeps events for 30 days. To begin anew, ${ways.join(" and ")}, and say --since TIME.`)
}

// Where to begin is for the first time. The same command may be run again and again, so it is no mistake.
const beginsElsewhere = ({
  after,
  since,
  state
}: Readonly<Record<"after" | "since" | "state", Option.Option<unknown>>>) => {
  const flag = Option.isSome(after) ? "--after" : Option.isSome(since) ? "--since" : undefined
  return flag === undefined
    ? Effect.void
    : Output.say(`Going on where ${Option.getOrElse(state, () => "")} says: ${flag} is for the first time.`)
}

const follow = Command.make(
  "follow",
  {
    which: Filters.whichever,
    after: Flag.String("after").pipe(
      Flag.withSchema(EventId),
      Flag.withMetavar("ID"),
      Flag.withDescription("Begin after this event, event_…"),
      Flag.optional
    ),
    since: TimeFlag.make("since", "Begin at this time: 2026-01-15T12:00:00Z, or 30m, 2h, 7d ago (default now)").pipe(
      Flag.optional
    ),
    state: Flag.String("state").pipe(
      Flag.withSchema(Schema.NonEmptyString),
      Flag.withMetavar("FILE"),
      Flag.withDescription("Remember the last event in this file, and go on after it the next time"),
      Flag.optional
    ),
    json: ListCommand.json("one event per line")
  },
  Effect.fnUntraced(function* ({ after, json, since, state, which }) {
    if (Option.isSome(after) && Option.isSome(since)) {
      return yield* Failure.refuse("--after and --since both say where to begin: leave out one of them.")
    }
    const { follow } = yield* Events
    const { baseUrl } = yield* WorkOsConfig
    const { row } = (yield* ListCommand.table(columns))([])
    const now = yield* DateTime.now
    if (yield* Stdio.Stdio.use(({ stderrIsTerminal }) => stderrIsTerminal)) {
      yield* Output.say("Events as they come. Ctrl-C ends it.")
    }
    yield* Following.run({
      from: Option.match(after, {
        onSome: (after) => ({ after }),
        onNone: () => ({ since: Option.match(since, { onNone: () => now, onSome: ({ at }) => at }) })
      }),
      state,
      subject: `${baseUrl.origin}${baseUrl.pathname} ${Exporting.words(which)}`.trim(),
      onKnown: beginsElsewhere({ after, since, state }),
      follow: (place) => follow.encoded({ ...Filters.toWhichever(which), ...place, maxInterval }),
      print: (events) =>
        Output.results(Stream.succeed(json ? Ndjson.lines(events) : ListCommand.lines(events.map(row))))
    }).pipe(
      Effect.catch((error) => {
        const reported = Failure.report(error)
        return lost.has(error._tag) ? Effect.ensuring(reported, told({ after, state })) : reported
      }),
      Effect.provide(layerWarnings)
    )
  })
).pipe(
  Command.withDescription("Print events as they come, until Ctrl-C"),
  Command.withExamples([
    { command: "effect-workos events follow --since 1h" },
    { command: "effect-workos events follow --type connection.deactivated --json | while read -r event; do …; done" },
    { command: "effect-workos events follow --json --state events.state >> events.ndjson" }
  ]),
  Command.provide(Layers.events)
)

export const events = Command.make("events").pipe(
  Command.withDescription("Read what happened, or follow what happens"),
  Command.withSubcommands([list, follow])
)

const paintType = (shown: string, { event }: EventRow) => {
  if (/\.(?:deactivated|deleted|\w*failed|\w*required)$/.test(event)) return TextTable.red(shown)
  return /\.(?:activated|created|verified|renewed)$/.test(event) ? TextTable.green(shown) : shown
}

const textAt = (data: unknown, ...path: ReadonlyArray<string>): string | undefined => {
  let value = data
  for (const name of path) {
    if (!Predicate.hasProperty(value, name)) return undefined
    value = value[name]
  }
  return Predicate.isString(value) ? value : undefined
}

// Events of any type: most say what they are about in one of these ways.
const about =
  (...names: ReadonlyArray<string>) =>
  ({ data }: EventRow): string =>
    [[], ["connection"], ["organization_domain"]]
      .flatMap((path) => names.map((name) => textAt(data, ...path, name)))
      .find((text) => text !== undefined && text !== "") ?? ""

const columns: ReadonlyArray<TextTable.Column<EventRow>> = [
  { heading: "TIME (UTC)", width: 19, of: ({ created_at }) => ListCommand.second(created_at) },
  { heading: "TYPE", width: 39, minimum: 24, of: ({ event }) => event, paint: paintType },
  { heading: "ABOUT", width: 30, minimum: 14, of: about("name", "domain", "email", "id") },
  { heading: "ITS ID", width: 37, from: 160, of: about("id") },
  { heading: "EVENT", width: 32, from: 110, of: ({ id }) => id }
]
