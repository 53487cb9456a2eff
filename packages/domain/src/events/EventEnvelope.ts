/**
 * The fields that all events have in common.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiObject from "../ApiObject.ts"
import { AnyJson, Attributes } from "../Attributes.ts"
import * as Id from "../Id.ts"
import * as Lazy from "../Lazy.ts"
import * as Lenient from "../Lenient.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"

/** The prefixes of event ids: WorkOS sends `event`, WorkOS's own emulator sends `evt`, and old webhooks have `wh`. */
export const prefixes = ["event", "evt", "wh"] as const

/**
 * The id of an event: `event_…`. WorkOS's own emulator sends `evt_…`, and old webhooks have `wh_…`.
 *
 * @see https://workos.com/docs/reference/events
 */
export const EventId = Id.make(...prefixes).pipe(Schema.brand("EventId"))
export type EventId = typeof EventId.Type

/**
 * Makes the schema of events of one type.
 *
 * **Details**
 *
 * `context` contains details such as the actor and previous values of attributes, in snake_case as WorkOS sends them.
 *
 * **Example** (Describing another event)
 *
 * ```ts
 * import * as EventEnvelope from "@effect-workos/domain/events/EventEnvelope"
 * import * as Wire from "@effect-workos/domain/Wire"
 * import * as Schema from "effect/Schema"
 *
 * const DirectoryUserDeleted = EventEnvelope.make(
 *   Schema.Literal("dsync.user.deleted"),
 *   Wire.Struct({ id: Schema.String })
 * )
 * ```
 *
 * @see https://workos.com/docs/reference/events
 */
export const make = <const Name extends Schema.Top, Data extends Schema.Top>(event: Name, data: Data) =>
  Wire.Struct(() => ({ ...head(), event, data, createdAt: Timestamp, ...tail() }))

type Envelope = ReturnType<typeof make<Schema.String, typeof AnyJson>>

/**
 * An event of one type, with the data of this type.
 *
 * @see https://workos.com/docs/reference/events
 */
export interface EventOf<Name extends string, Data> extends Omit<Envelope["Type"], "event" | "data"> {
  readonly event: Name
  readonly data: Data
}

/**
 * An {@link EventOf} as WorkOS sends it.
 */
export interface EncodedEventOf<Name extends string, Data> extends Omit<Envelope["Encoded"], "event" | "data"> {
  readonly event: Name
  readonly data: Data
}

/**
 * Makes the schema of events of unknown types. All fields except the id may be absent.
 *
 * **Example** (Describing events without a type)
 *
 * ```ts
 * import * as EventEnvelope from "@effect-workos/domain/events/EventEnvelope"
 * import * as Schema from "effect/Schema"
 *
 * const Entry = EventEnvelope.makeUnknown(Schema.String, Schema.optionalKey(Schema.String))
 *
 * Schema.decodeUnknownSync(Entry)({ id: "evt_1" })
 * // => { object: "event", id: "evt_1", event: "", data: null }
 * ```
 */
export const makeUnknown = <const Name extends Schema.Codec<string>, const Issue extends Schema.Top>(
  event: Name,
  issue: Issue,
  id: Schema.Codec<EventId, string> = EventId
) =>
  Wire.Struct(() => ({
    ...head(),
    id,
    event: Lenient.withDefault(event, () => ""),
    data: Lenient.withDefault(AnyJson, () => null, { nullable: true }),
    createdAt: Lenient.optional(Timestamp, { required: true }),
    ...tail(),
    issue
  }))

// Built once for all types of events.
const head = Lazy.value(() => ({ object: ApiObject.kindOf("event"), id: EventId }))

const tail = Lazy.value(() => ({ context: Lenient.optional(Attributes, { nullable: true }) }))
