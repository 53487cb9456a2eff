/**
 * Events of all resources, as `GET /events` returns and webhooks send them.
 *
 * {@link eventTypes} lists the types of events whose data is typed. The data of other events is JSON.
 *
 * @module
 */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import { AnyJson } from "../Attributes.ts"
import * as EventEnvelope from "./EventEnvelope.ts"
import { eventTypes } from "./EventTypes.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Exclusive from "../Exclusive.ts"
import * as Lazy from "../Lazy.ts"
import * as Pagination from "../Pagination.ts"
import { parseMillis, Timestamp } from "../Timestamp.ts"
import * as Resource from "../Resource.ts"
import * as Wire from "../Wire.ts"

const isTypedName = (name: string): name is TypedEventName => Object.hasOwn(eventTypes, name)

/**
 * The types of events with typed data: the keys of {@link eventTypes}.
 */
export type TypedEventName = keyof typeof eventTypes

type EventByName = {
  readonly [Name in TypedEventName]: EventEnvelope.EventOf<Name, (typeof eventTypes)[Name]["Type"]>
}

type EncodedEventByName = {
  readonly [Name in TypedEventName]: EventEnvelope.EncodedEventOf<Name, (typeof eventTypes)[Name]["Encoded"]>
}

/**
 * An event with typed data. {@link eventTypes} lists their types.
 *
 * @see https://workos.com/docs/events
 */
export type TypedEvent = EventByName[TypedEventName]

type EncodedTypedEvent = EncodedEventByName[TypedEventName]

/**
 * The events of some types.
 *
 * **Example** (A function for one type of event)
 *
 * ```ts
 * import type * as Event from "@effect-workos/domain/events/Event"
 *
 * const nameOf = ({ data }: Event.OfType<"organization.created" | "organization.updated">): string => data.name
 * ```
 */
export type OfType<Name extends TypedEventName> = Extract<TypedEvent, { readonly event: Name }>

// `eventTypes` determines both the type and the schema of an event by its name.
const schemaOf = (name: string, data: Schema.Top): Schema.Codec<TypedEvent, EncodedTypedEvent> =>
  Schema.make(EventEnvelope.make(Schema.Literal(name), data).ast)

const typed = Lazy.value(
  () => new Map(Object.entries<Schema.Top>(eventTypes).map(([name, data]) => [name, schemaOf(name, data)]))
)

export const TypedEvent: Schema.Codec<TypedEvent, EncodedTypedEvent> = Lazy.schema(() =>
  Schema.Union([...typed().values()])
)

const otherName = Schema.String.check(
  Schema.makeFilter((name) => !isTypedName(name), { expected: "a type of event whose data is not typed" }),
  Arbitraries.patterned(/(?:dsync|future)\.[a-z]{4,8}/)
).pipe(Wire.fastPath({ accepts: (input) => Predicate.isString(input) && !isTypedName(input), convert: Wire.unchanged }))

/**
 * The type of an event without typed data, for example `dsync.user.created`.
 */
export const UnknownEventName = otherName.pipe(Schema.brand("UnknownEventName"))
export type UnknownEventName = typeof UnknownEventName.Type

/**
 * An event without typed data. `data` is the JSON that the server sent.
 *
 * **Details**
 *
 * - `event`: the type, or `""` if the server sent none.
 * - `createdAt`: absent if the server sent no valid timestamp.
 * - `issue`: the problem of an event that does not have the documented shape. {@link fromInvalid} makes such events, which
 *   can have any type. Absent for other events.
 *
 * @see https://workos.com/docs/events
 */
export class UnknownEvent extends Schema.Opaque<UnknownEvent>()(
  EventEnvelope.makeUnknown(otherName, Schema.optionalKey(Schema.String))
) {}

// An event that does not have the documented shape. The id may have any format.
const InvalidEvent: Schema.Codec<UnknownEvent, typeof UnknownEvent.Encoded> = EventEnvelope.makeUnknown(
  Schema.String,
  Schema.String,
  Schema.NonEmptyString.pipe(Schema.brand("EventId"))
)

const NamedEvent = Lazy.schema(() =>
  Schema.Union([...typed().values(), UnknownEvent]).pipe(Wire.fastPathBy("event", typed(), UnknownEvent))
)

/**
 * An event of any type.
 *
 * **Details**
 *
 * WorkOS has more than a hundred types of events, and adds types with most versions of its documentation. Events of the
 * types in {@link eventTypes} have typed data, and fail to decode if they do not have the documented shape. All other
 * events are {@link UnknownEvent}s. Use {@link is} and {@link isTyped} to distinguish them.
 *
 * **Example** (Handling some types)
 *
 * ```ts
 * import * as Event from "@effect-workos/domain/events/Event"
 *
 * const describe = (event: Event.Event): string => {
 *   if (!Event.isTyped(event)) return `${event.event} happened`
 *   switch (event.event) {
 *     case "connection.deactivated":
 *       return `${event.data.name} no longer signs users in`
 *     case "organization_domain.verification_failed":
 *       return `${event.data.organizationDomain.domain}: ${event.data.reason}`
 *     default:
 *       return event.event
 *   }
 * }
 * ```
 *
 * @see https://workos.com/docs/events
 */
export const Event: Schema.Codec<Event, EncodedTypedEvent | typeof UnknownEvent.Encoded> = Lazy.schema(() =>
  Schema.Union([...typed().values(), UnknownEvent, InvalidEvent]).pipe(
    Wire.fastPath(() => {
      const byName = Wire.fastPathOf(NamedEvent.ast)
      const invalid = Wire.fastPathOf(InvalidEvent.ast)
      if (byName === undefined || invalid === undefined) return undefined
      const pathOf = (input: unknown) => (Predicate.hasProperty(input, "issue") ? invalid : byName)
      return {
        accepts: (input) => pathOf(input).accepts(input),
        convert: (encoded) => pathOf(encoded).convert(encoded)
      }
    }),
    Wire.documentedAs((of) => {
      const other = EventEnvelope.make(otherName, AnyJson)
      return Schema.Union([...typed().values(), other].map((event) => of<Schema.Constraint>(event)))
    })
  )
)
export type Event = TypedEvent | UnknownEvent

/**
 * Tests whether an event has typed data.
 */
export const isTyped = (event: Event): event is TypedEvent => isTypedName(event.event) && !("issue" in event)

/**
 * Makes an {@link UnknownEvent} of an event that does not have the documented shape. `issue` describes the problem. Returns
 * `Option.none()` if the event has no id. The id may have any format.
 *
 * **Example** (An event without its data)
 *
 * ```ts
 * import * as Event from "@effect-workos/domain/events/Event"
 * import * as Option from "effect/Option"
 *
 * const event = Event.fromInvalid({ id: "event_1", event: "connection.deleted" }, "data: Missing key")
 *
 * Option.map(event, ({ data, event, issue }) => ({ data, event, issue }))
 * // => Option.some({ data: null, event: "connection.deleted", issue: "data: Missing key" })
 * ```
 */
export const fromInvalid = (encoded: unknown, issue: string): Option.Option<UnknownEvent> => {
  if (!Predicate.isReadonlyObject(encoded)) return Option.none()
  const { context, created_at, data, event, id } = encoded
  return decodeInvalid()({
    id,
    event: Predicate.isString(event) ? event : null,
    data: data ?? null,
    created_at: Predicate.isString(created_at) && parseMillis(created_at) !== undefined ? created_at : null,
    context: Predicate.isReadonlyObject(context) ? context : null,
    issue
  })
}

const decodeInvalid = Lazy.value(() => Schema.decodeUnknownOption(InvalidEvent))

/**
 * Returns a function that tests whether an event has one of the given types.
 *
 * **Example** (Events that end the use of a connection)
 *
 * ```ts
 * import * as Event from "@effect-workos/domain/events/Event"
 * import * as Stream from "effect/Stream"
 *
 * declare const events: Stream.Stream<Event.Event>
 *
 * const names = events.pipe(
 *   Stream.filter(Event.is("connection.deactivated", "connection.deleted")),
 *   Stream.map((event) => event.data.name)
 * )
 * ```
 */
export const is =
  <const Names extends ReadonlyArray<TypedEventName>>(...names: Names) =>
  (event: Event): event is OfType<Names[number]> =>
    isTyped(event) && names.some((name) => name === event.event)

/**
 * The query parameters of the list of events.
 *
 * **Details**
 *
 * - `events`: the types of events to return. Types that this library does not know are valid too.
 * - `rangeStart` and `rangeEnd`: the instants between which the events were created. `rangeStart` and `after` exclude each
 *   other, so a call with both fails with `InvalidRequest`. `stream` and `pages` send `rangeStart` with the first request
 *   only, and remove older events themselves.
 * - `organizationId`: the organization that the events belong to.
 *
 * @see https://workos.com/docs/reference/events/list
 */
export class EventQuery extends Schema.Opaque<EventQuery>()(
  Wire.Struct(() => ({
    ...Pagination.query(...EventEnvelope.prefixes),
    events: Schema.optional(
      Pagination.CommaSeparated(Arbitraries.stringMatching(/(?:connection|user)\.(?:created|deleted)/))
    ),
    rangeStart: Schema.optional(Timestamp),
    rangeEnd: Schema.optional(Timestamp),
    organizationId: Pagination.filters().organizationId
  }))
) {}

/**
 * The endpoints of events.
 *
 * @see https://workos.com/docs/reference/events
 */
export const events = Resource.make("events", {
  /**
   * Returns a page of events. `order` defaults to `desc`.
   *
   * @see https://workos.com/docs/reference/events/list
   */
  list: Endpoint.get("/events", {
    summary: "List events",
    description: "Returns one page of the matching events. `after` and `range_start` exclude each other.",
    query: EventQuery,
    exclusive: Exclusive.make([["after", "rangeStart"]], { since: "rangeStart" }),
    item: Event,
    cursors: "forward",
    errors: [ApiError.BadRequest, ApiError.UnprocessableEntity]
  })
})
