// The `events follow` command.
import { Events } from "@effect-workos/client/Events"
import { WorkOsConfig } from "@effect-workos/client/WorkOsConfig"
import { Event, EventQuery, events } from "@effect-workos/domain/events/Event"
import { EventId } from "@effect-workos/domain/events/EventEnvelope"
import * as Ndjson from "@effect-workos/export/Ndjson"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as Failure from "../Failure.ts"
import * as FilterFlags from "../FilterFlags.ts"
import * as FollowRun from "../FollowRun.ts"
import * as ListCommand from "../ListCommand.ts"
import * as Layers from "../Layers.ts"
import * as TimeFlag from "../TimeFlag.ts"
import * as Output from "../Output.ts"
import * as ResourceCommand from "../ResourceCommand.ts"
import * as RowView from "../RowView.ts"
import { inline } from "../WrapText.ts"

const { view } = ResourceCommand.wordsOf(events)

/** The maximum delay between two requests for new events. */
const maxInterval = "5 seconds"

// An outage does not end the command. Warnings about the outage go to stderr.
const layerWarnings = Logger.layer([
  Logger.withConsoleError(Logger.make<unknown, string>(({ message }) => inline([message].flat().join(" "))))
])

// Errors of a server that no longer has the event.
const lostPositionTags: ReadonlySet<string> = new Set([
  "UnprocessableEntity",
  "BadRequest",
  "NotFound",
  "CursorRepeated"
])

const explainLost = ({ after, state }: Readonly<Record<"after" | "state", Option.Option<string>>>) => {
  const steps = [
    ...Option.toArray(Option.map(state, (file) => `delete ${file}`)),
    ...Option.toArray(Option.as(after, "remove --after"))
  ]
  return steps.length === 0
    ? Effect.void
    : Output.message(`WorkOS keeps events for 30 days. To start again, ${steps.join(", ")}, and set --since TIME.`)
}

// The same command may run repeatedly, so a start that the state file overrides is not an error.
const explainResume = ({
  after,
  since,
  state
}: Readonly<Record<"after" | "since" | "state", Option.Option<unknown>>>) => {
  const flag = Option.isSome(after) ? "--after" : Option.isSome(since) ? "--since" : undefined
  return flag === undefined
    ? Effect.void
    : Output.message(
        `Resuming from ${Option.getOrElse(state, () => "")}. ${flag} applies only if this file does not exist.`
      )
}

// Flags have validated the values already.
const toEventQuery = Schema.decodeUnknownEffect(Schema.toType(EventQuery))

export const followEvents = Command.make(
  "follow",
  {
    filters: FilterFlags.derive(EventQuery, view, ["rangeStart", "rangeEnd"]),
    after: Flag.String("after").pipe(
      Flag.withSchema(EventId),
      Flag.withMetavar("ID"),
      Flag.withDescription("Start after the event with this id (event_…)."),
      Flag.optional
    ),
    since: TimeFlag.make(
      "since",
      "Start at TIME: a timestamp (2026-01-15T12:00:00Z) or a duration before now (30m, 2h, 7d). Defaults to now."
    ).pipe(Flag.optional),
    state: Flag.String("state").pipe(
      Flag.withSchema(Schema.NonEmptyString),
      Flag.withMetavar("FILE"),
      Flag.withDescription("Store the id of the last event in FILE, and resume after this event next time."),
      Flag.optional
    ),
    json: ListCommand.json("one event per line")
  },
  Effect.fnUntraced(function* ({ after, filters, json, since, state }) {
    if (Option.isSome(after) && Option.isSome(since)) {
      return yield* Failure.refuse("--after and --since both set the start. Remove one of them.")
    }
    const { follow } = yield* Events
    const { baseUrl } = yield* WorkOsConfig
    const { events, organizationId } = yield* Effect.orDie(toEventQuery(yield* FilterFlags.toQuery(filters)))
    const eventFilters = { events, organizationId }
    const { row } = (yield* ListCommand.table(RowView.columns(Event, view)))([])
    const now = yield* DateTime.now
    if (yield* Stdio.Stdio.use(({ stderrIsTerminal }) => stderrIsTerminal)) {
      yield* Output.message("Following events. Press Ctrl-C to stop.")
    }
    yield* FollowRun.run({
      from: Option.match(after, {
        onSome: (after) => ({ after }),
        onNone: () => ({ since: Option.match(since, { onNone: () => now, onSome: ({ at }) => at }) })
      }),
      state,
      selection: `${baseUrl.origin}${baseUrl.pathname} ${FilterFlags.toArguments(filters)}`.trim(),
      onResume: explainResume({ after, since, state }),
      follow: (start) => follow.encoded({ ...eventFilters, ...start, maxInterval }),
      print: (events) =>
        Output.results(Stream.succeed(json ? Ndjson.lines(events) : ListCommand.lines(events.map(row))))
    }).pipe(
      Effect.catch((error) => {
        const reported = Failure.report(error)
        return lostPositionTags.has(error._tag) ? Effect.ensuring(reported, explainLost({ after, state })) : reported
      }),
      Effect.provide(layerWarnings)
    )
  })
).pipe(
  Command.withDescription("Print new events until you press Ctrl-C."),
  Command.withExamples([
    { command: "effect-workos events follow --since 1h" },
    { command: "effect-workos events follow --type connection.deactivated --json | while read -r event; do …; done" },
    { command: "effect-workos events follow --json --state events.state >> events.ndjson" }
  ]),
  Command.provide(Layers.events)
)
