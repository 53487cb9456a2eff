/**
 * The client service of events, which also follows new events.
 *
 * @module
 */
import { type Event, type EventQuery, events, fromInvalid, type UnknownEvent } from "@effect-workos/domain/events/Event"
import { EventId } from "@effect-workos/domain/events/EventEnvelope"
import * as Id from "@effect-workos/domain/Id"
import * as Lazy from "@effect-workos/domain/Lazy"
import { parseMillis } from "@effect-workos/domain/Timestamp"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Client from "./Client.ts"
import { InvalidRow } from "./ClientError.ts"
import * as Attempt from "./internal/Attempt.ts"
import * as Polling from "./internal/Polling.ts"

/**
 * The start of `follow`: after an event, at a time, or now.
 *
 * **Details**
 *
 * - `after`: the id of the last event that the program has handled. WorkOS keeps events for 30 days; older ids are not
 *   valid.
 * - `since`: events that were created at this time or later.
 */
export type Start =
  | { readonly after: string; readonly since?: undefined }
  | { readonly since: DateTime.DateTime; readonly after?: undefined }
  | { readonly after?: undefined; readonly since?: undefined }

/**
 * Options for `follow`: the start, the filters, and the interval between requests.
 *
 * **Example** (Starting after the stored id, or an hour ago)
 *
 * ```ts
 * import type { FollowOptions, Start } from "@effect-workos/client/Events"
 * import * as DateTime from "effect/DateTime"
 *
 * const startAt = (lastId: string | undefined, now: DateTime.Utc): Start =>
 *   lastId === undefined ? { since: DateTime.subtract(now, { hours: 1 }) } : { after: lastId }
 *
 * const optionsAt = (lastId: string | undefined, now: DateTime.Utc): FollowOptions => ({
 *   ...startAt(lastId, now),
 *   events: ["connection.activated", "connection.deactivated"]
 * })
 * ```
 */
export type FollowOptions = Start &
  Polling.Intervals &
  Pick<EventQuery, "events" | "organizationId"> & {
    /** The number of events per request, 1 to 100. Defaults to 100. */
    readonly pageSize?: number | undefined
  }

/**
 * The errors of `follow`.
 */
export type FollowError = Client.StreamError<typeof events, "list">

type ListError = Client.Error<typeof events, "list">

/**
 * Streams events as they occur. `encoded` streams the events in the form that the server sent.
 */
export interface Follow {
  (options?: FollowOptions): Stream.Stream<Event, FollowError>
  /**
   * Streams events in the form that the server sent, validated: snake_case keys, timestamps as strings. An event that does
   * not have the documented shape also has an `issue`.
   */
  readonly encoded: (options?: FollowOptions) => Stream.Stream<typeof Event.Encoded, FollowError>
}

/**
 * The methods that events have in addition to the derived ones.
 */
export interface Following {
  /**
   * Streams all events from a start, in the order in which they occurred, and then new events as they occur. The stream
   * does not end.
   *
   * **Details**
   *
   * A program that stores the id of each event that it has handled, and starts after that id the next time, misses no
   * event. The program receives an event twice only if it stopped after handling the event and before storing the id.
   * The delay of an event is at most `maxInterval`.
   *
   * During an outage, the stream logs a warning and sends the request again. The stream does the same for an untrusted
   * certificate or a host that does not resolve, if an earlier request has succeeded. Permanent errors end the stream: an
   * invalid key, a filter that WorkOS rejects, or an invalid `after` (`UnprocessableEntity`, or `CursorRepeated` if the
   * server returns the list from the beginning).
   *
   * An event that does not have the documented shape is emitted as an `UnknownEvent` with its data as JSON and an
   * `issue`. An event without an id is logged as an error and skipped.
   *
   * Without `after` and `since`, the stream starts now, by the clock of this machine.
   *
   * **Example** (A consumer that can be stopped at any time)
   *
   * ```ts
   * import { Events } from "@effect-workos/client/Events"
   * import type { Event } from "@effect-workos/domain/events/Event"
   * import * as Effect from "effect/Effect"
   * import * as Stream from "effect/Stream"
   *
   * declare const lastId: Effect.Effect<string>
   * declare const handle: (event: Event) => Effect.Effect<void>
   * declare const store: (id: string) => Effect.Effect<void>
   *
   * const program = Effect.gen(function* () {
   *   const events = yield* Events
   *   yield* events.follow({ after: yield* lastId, events: ["connection.deactivated"] }).pipe(
   *     Stream.runForEach((event) => Effect.andThen(handle(event), store(event.id)))
   *   )
   * })
   * ```
   *
   * @see https://workos.com/docs/events/data-syncing/events-api
   */
  readonly follow: Follow
}

// An HTML page of a proxy is temporary, and JSON of another shape is not. Errors that are typical of a wrong base URL are
// permanent only until a request has succeeded.
const isTemporary = (error: ListError, hasSucceeded: boolean): boolean => {
  switch (error._tag) {
    case "TransportError":
      return hasSucceeded || !(Attempt.isPermanent(error.cause) || Attempt.isUnresolved(error.cause))
    case "RequestTimeout":
    case "CircuitOpen":
    case "ServerError":
    case "TooManyRequests":
      return true
    case "InvalidResponse":
      switch (error.reason._tag) {
        case "Html":
        case "NotJson":
        case "EmptyBody":
        case "Truncated":
          return true
        case "Redirect":
        case "UndocumentedStatus":
        case "UnsupportedEncoding":
          return hasSucceeded
        default:
          return false
      }
    default:
      return false
  }
}

const isLost = ({ _tag }: ListError): boolean => _tag === "UnprocessableEntity" || _tag === "BadRequest"

// The documentation does not say if `range_start` includes its instant, so the request starts a millisecond earlier.
const rangeOf = (from: Polling.From) => ("after" in from ? from : { rangeStart: DateTime.makeUnsafe(from.since - 1) })

interface EventPage<Row> {
  readonly rows: ReadonlyArray<Row | InvalidRow>
  readonly next: string | null
}

const isCursor = Lazy.value(() => Schema.is(EventId))

// A row without an id cannot be recognized by its id in a later page. So its text is stored, to log each row once.
const makeSkip = () => {
  const skipped = new Set<string>()
  return ({ message, row }: InvalidRow) => {
    const text = JSON.stringify(row)
    if (skipped.has(text)) return Effect.void
    if (skipped.size < 1_000) skipped.add(text)
    return Effect.logError(`${message}. The row is skipped.`)
  }
}

const follower =
  <Row>(
    fetch: (query: EventQuery) => Effect.Effect<EventPage<Row>, ListError>,
    toRow: (event: UnknownEvent, row: unknown) => Row,
    keyOf: (row: Row) => Polling.RowKey
  ) =>
  (options: FollowOptions = {}): Stream.Stream<Row, FollowError> =>
    Stream.unwrap(
      Effect.map(Clock.currentTimeMillis, (now) => {
        const { after, events, organizationId, pageSize = 100, since } = options
        const start = since === undefined ? now : DateTime.toEpochMillis(since)
        const skip = makeSkip()
        const source: Polling.Source<Row, ListError, never> = {
          operation: "events.follow",
          fetch: (from) =>
            Effect.flatMap(
              fetch({ events, organizationId, order: "asc", limit: pageSize, ...rangeOf(from) }),
              Effect.fnUntraced(function* ({ next, rows: received }) {
                const rows: Array<Row> = []
                for (const row of received) {
                  if (!(row instanceof InvalidRow)) rows.push(row)
                  else {
                    const event = fromInvalid(row.row, row.message)
                    if (Option.isSome(event)) rows.push(toRow(event.value, row.row))
                    else yield* skip(row)
                  }
                }
                return { rows, isEmpty: received.length === 0, next }
              })
            ),
          keyOf,
          isCursor: isCursor(),
          createdBy: Id.timeOf,
          isTemporary,
          isLost
        }
        return Polling.rows(source, after === undefined ? { since: start } : { after }, options)
      })
    )

const makeFollowing = ({ list }: Client.Client<typeof events.endpoints>): Following => ({
  follow: Object.assign(
    follower(
      (query) =>
        Effect.map(list({ ...query, invalidRows: "yield" }), ({ data, listMetadata }) => ({
          rows: data,
          next: listMetadata.after
        })),
      (event) => event,
      ({ createdAt, id }) => ({ id, created: createdAt?.epochMilliseconds ?? Id.timeOf(id) })
    ),
    {
      encoded: follower(
        (query) =>
          Effect.map(list.encoded({ ...query, invalidRows: "yield" }), ({ data, list_metadata }) => ({
            rows: data,
            next: list_metadata.after
          })),
        ({ id, issue = "" }, row) => ({ ...(Predicate.isReadonlyObject(row) ? row : {}), id, issue }),
        ({ created_at, id }) => ({ id, created: parseMillis(created_at ?? "") ?? Id.timeOf(id) })
      )
    }
  )
})

/**
 * The client of events, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (The last hundred events of a customer)
 *
 * ```ts
 * import { Events } from "@effect-workos/client/Events"
 *
 * const recent = (organizationId: string) => Events.use((events) => events.list({ organizationId, limit: 100 }))
 * ```
 *
 * @see https://workos.com/docs/reference/events
 */
export class Events extends Client.Service<Events>()("@effect-workos/client/Events", events, (client) =>
  Effect.succeed(makeFollowing(client))
) {}
