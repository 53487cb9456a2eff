// The fields that all events have in common.
import * as Schema from "effect/Schema"
import { Attributes } from "../Attributes.ts"
import * as Id from "../Id.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"

/** The prefixes of event ids: that of WorkOS, and that of WorkOS's emulator. */
export const prefixes = ["event", "evt"] as const

/**
 * The id of an event: `event_…`. WorkOS's own emulator writes `evt_…`.
 *
 * **Example** (A cursor that was stored)
 *
 * ```ts
 * import { EventId, prefixes } from "@effect-workos/domain/events/EventEnvelope"
 * import * as Schema from "effect/Schema"
 *
 * const stored = Schema.decodeUnknownOption(EventId)("event_01EHZNVPK3SFK441A1RGBFSHRT")
 *
 * const expected = `an id that begins with ${prefixes.join(" or ")}`
 * ```
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
 * const UserDeleted = EventEnvelope.make(Schema.Literal("user.deleted"), Wire.Struct({ id: Schema.String }))
 * ```
 *
 * @see https://workos.com/docs/reference/events
 */
export const make = <const Name extends Schema.Top, Data extends Schema.Top>(event: Name, data: Data) =>
  Wire.Struct(() => ({
    object: Schema.Literal("event"),
    id: EventId,
    event,
    data,
    createdAt: Timestamp,
    context: Schema.optionalKey(Schema.NullOr(Attributes))
  }))
