// Events, as a program asks for them: a page, all of them, or all that will ever come.
import type * as ApiError from "@effect-workos/domain/ApiError"
import { Event, EventPage, type EventQuery, EventsGroup } from "@effect-workos/domain/events/Event"
import * as Id from "@effect-workos/domain/Id"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import type { ClientError, CursorRepeated } from "./ClientError.ts"
import * as Endpoints from "./internal/Endpoints.ts"
import * as Following from "./internal/Following.ts"
import * as Form from "./internal/Form.ts"
import * as Listing from "./internal/Listing.ts"
import { RateLimit } from "./RateLimit.ts"
import { Transport } from "./internal/Transport.ts"
import type { WorkOsConfig } from "./WorkOsConfig.ts"

/**
 * One page of events: which, from where, how many, in which order. `order` is `desc` where nothing is said.
 *
 * **Example** (The last of one type)
 *
 * ```ts
 * import { Events, type ListOptions } from "@effect-workos/client/Events"
 *
 * const options: ListOptions = { events: ["connection.deleted"], limit: 1 }
 *
 * const last = Events.use(({ list }) => list(options))
 * ```
 *
 * @see https://workos.com/docs/reference/events/list
 */
export interface ListOptions extends EventQuery {}

/**
 * All events: which, from which end, from where on.
 *
 * **Example** (All that WorkOS has of an organization)
 *
 * ```ts
 * import { type CrawlOptions, Events } from "@effect-workos/client/Events"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * const options: CrawlOptions = { organizationId: "org_01EHWNCE74X7JSDV0X3SZ3KJNY", order: "asc" }
 *
 * const program = Events.use(({ stream }) => Stream.runForEach(stream(options), ({ event }) => Effect.log(event)))
 *
 * const sizes = Events.use(({ pages }) => Stream.runCollect(Stream.map(pages(options), ({ data }) => data.length)))
 * ```
 *
 * @see https://workos.com/docs/reference/pagination
 */
export interface CrawlOptions extends Listing.CrawlOptions<EventQuery> {}

/**
 * Where following begins: after the event with an id, at a time, or, where neither is said, now.
 *
 * **Details**
 *
 * - `after`: the id of the last event that the program has dealt with. WorkOS keeps events for 30 days, and what is older
 *   is no place to start from.
 * - `since`: events that were created at this time or later.
 */
export type Start =
  | { readonly after: string; readonly since?: undefined }
  | { readonly since: DateTime.DateTime; readonly after?: undefined }
  | { readonly after?: undefined; readonly since?: undefined }

/**
 * Which events are followed, from where, and how often WorkOS is asked for more.
 *
 * **Example** (After what is stored, or from an hour ago)
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
  Following.Pace &
  Pick<EventQuery, "events" | "organizationId"> & {
    /** How many events a request fetches: 1 to 100, and 100 where nothing is said. */
    readonly pageSize?: number | undefined
  }

/**
 * What reading a page of events can fail with.
 */
export type ListError =
  | ClientError
  | ApiError.Unauthorized
  | ApiError.TooManyRequests
  | ApiError.BadRequest
  | ApiError.UnprocessableEntity
/**
 * What reading all events, or following them, can fail with.
 *
 * **Example** (Where following has to begin anew)
 *
 * ```ts
 * import type { CrawlError, ListError } from "@effect-workos/client/Events"
 *
 * const isLost = ({ _tag }: ListError | CrawlError): boolean =>
 *   _tag === "UnprocessableEntity" || _tag === "CursorRepeated"
 * ```
 */
export type CrawlError = ListError | CursorRepeated

/**
 * What can be read of events, each in the form of `Row`, and lists in that of `Page`.
 *
 * **Example** (Following in either form)
 *
 * ```ts
 * import { Events, type Reads } from "@effect-workos/client/Events"
 * import * as Stream from "effect/Stream"
 *
 * const next = <Row, Page>(events: Reads<Row, Page>) => Stream.runHead(events.follow())
 *
 * const raw = Events.use(({ encoded }) => next(encoded))
 * ```
 */
export interface Reads<Row, Page> extends Listing.Listing<Row, Page, ListOptions, ListError> {
  /**
   * All events from a place on, in the order in which they happened, and those that will: a stream that does not end.
   *
   * **Details**
   *
   * A program that stores the id of each event that it has dealt with, and starts after that the next time, misses none and
   * sees none twice. It learns of an event at most `maxInterval` after WorkOS has it.
   *
   * An outage does not end the stream: there is a warning, and WorkOS is asked again. What would not be over the next time
   * does: a wrong key, a filter that WorkOS does not take, an `after` that is no place (`UnprocessableEntity`, or
   * `CursorRepeated` where the server begins anew). So does an event of a typed type that has not the documented shape, when
   * those before it have come: `InvalidResponse`, whose `excerpt` begins with the event. Following after its id leaves it
   * out.
   *
   * Without `after` and `since` it begins now, by the clock of this machine.
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
  readonly follow: (options?: FollowOptions) => Stream.Stream<Row, CrawlError>
}

/**
 * The operations on events.
 *
 * **Example** (Events as a test wants them)
 *
 * ```ts
 * import { Events, type Operations } from "@effect-workos/client/Events"
 * import * as Layer from "effect/Layer"
 *
 * const layerTest = (operations: Operations): Layer.Layer<Events> => Layer.succeed(Events, operations)
 * ```
 */
export interface Operations extends Reads<Event, EventPage> {
  /**
   * The same in the form in which it came: snake_case, times as strings, and every field that the server sent. It is
   * valid, and costs less. For rows that only pass through.
   */
  readonly encoded: Reads<typeof Event.Encoded, typeof EventPage.Encoded>
}

// An answer that is nobody's JSON is a proxy's bad moment, and JSON of another shape would come again. What a wrong address
// looks like ends it at once, and not when it was the right one before.
const mayBeOver = (error: ListError, hasBegun: boolean): boolean => {
  switch (error._tag) {
    case "TransportError":
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
          return hasBegun
        default:
          return false
      }
    default:
      return false
  }
}

const isLost = ({ _tag }: ListError): boolean => _tag === "UnprocessableEntity" || _tag === "BadRequest"

// Whether what was created at the very time counts is not said: so a moment more is asked for, and left out.
const placeOf = (from: Following.From) => ("after" in from ? from : { rangeStart: DateTime.makeUnsafe(from.since - 1) })

// A page up to the row that is not what WorkOS documents, if there is one: those before it are good. Where it is the first,
// it is named in the error.
const untilWrong = <A>(
  pageSize: number,
  fetch: (limit: number) => Effect.Effect<A, ListError>
): Effect.Effect<A, ListError> =>
  Effect.catchTag(fetch(pageSize), "InvalidResponse", (error) => {
    const wrong = error.reason._tag === "WrongShape" ? /^data\.(\d+)/.exec(error.reason.path)?.[1] : undefined
    const before = Math.min(Number(wrong ?? 0), pageSize - 1)
    return before > 0 ? fetch(before) : Effect.fail(error)
  })

const make = Effect.gen(function* () {
  const operation = yield* Endpoints.make(EventsGroup)

  const reads = <Row, Page>(form: Form.Form<Row, Page>, markOf: (row: Row) => Following.Mark): Reads<Row, Page> => {
    const run = operation("list", form.page)
    const fetch = (query: Listing.Asked<ListOptions>) => run({ query })

    const follow = (options: FollowOptions = {}) =>
      Stream.unwrap(
        Effect.map(Clock.currentTimeMillis, (now) => {
          const { after, events, organizationId, pageSize = 100, since } = options
          const start = since === undefined ? now : DateTime.toEpochMillis(since)
          const source: Following.Source<Row, ListError, never> = {
            operation: "events.follow",
            fetch: (from) =>
              untilWrong(pageSize, (limit) =>
                Effect.map(fetch({ events, organizationId, order: "asc", limit, ...placeOf(from) }), (page) => ({
                  rows: form.rowsOf(page),
                  hasMore: form.after(page) !== null
                }))
              ),
            markOf,
            createdBy: Id.timeOf,
            mayBeOver,
            isLost
          }
          return Following.rows(source, after === undefined ? { since: start } : { after }, options)
        })
      )

    return {
      ...Listing.make({ operation: "events.list", fetch, form }),
      follow
    }
  }

  return identity<Operations>({
    ...reads(Form.decoded(Event, EventPage), ({ createdAt, id }) => ({ id, created: createdAt.epochMilliseconds })),
    encoded: reads(Form.encoded(Event, EventPage), ({ created_at, id }) => ({ id, created: Date.parse(created_at) }))
  })
})

/**
 * Events, for programs that need nothing else of WorkOS; `WorkOs` holds them beside the rest.
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
export class Events extends Context.Service<Events, Operations>()("@effect-workos/client/Events") {
  /**
   * Events over whichever `HttpClient` and `RateLimit` are provided.
   *
   * **Example** (Under the limit that connections are under as well)
   *
   * ```ts
   * import { Connections } from "@effect-workos/client/Connections"
   * import { Events } from "@effect-workos/client/Events"
   * import { RateLimit } from "@effect-workos/client/RateLimit"
   * import * as Layer from "effect/Layer"
   *
   * const Both = Layer.mergeAll(Connections.layerNoDeps, Events.layerNoDeps).pipe(Layer.provide(RateLimit.layer))
   * ```
   */
  static readonly layerNoDeps: Layer.Layer<Events, never, HttpClient.HttpClient | RateLimit | WorkOsConfig> =
    Layer.effect(this, make).pipe(Layer.provide(Transport.layer))

  /**
   * Events over whichever `HttpClient` is provided, with the rate limit that the configuration says. Layers are built
   * once: another client in the same program, with another configuration, is over `Layer.fresh` of this one.
   *
   * **Example** (Events over `fetch`)
   *
   * ```ts
   * import { Events } from "@effect-workos/client/Events"
   * import { WorkOsConfig } from "@effect-workos/client/WorkOsConfig"
   * import * as FetchHttpClient from "effect/http/FetchHttpClient"
   * import * as Layer from "effect/Layer"
   *
   * const EventsLive = Events.layer.pipe(Layer.provide([WorkOsConfig.layerConfig, FetchHttpClient.layer]))
   * ```
   */
  static readonly layer: Layer.Layer<Events | RateLimit, never, HttpClient.HttpClient | WorkOsConfig> =
    Layer.provideMerge(this.layerNoDeps, RateLimit.layer)
}
