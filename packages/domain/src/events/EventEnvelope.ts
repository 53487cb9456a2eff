// What all events have in common, whatever they tell of.
import * as Schema from "effect/Schema"
import { Attributes } from "../Attributes.ts"
import * as Id from "../Id.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"

/** What the ids of events begin with: WorkOS's own, and those of its emulator. */
export const prefixes = ["event", "evt"] as const

/**
 * The id of an event: `event_…`. WorkOS's own emulator writes `evt_…`.
 *
 * **Example** (A place that was stored)
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
 * The schema of events of one type.
 *
 * **Details**
 *
 * `context` is what WorkOS knows of the circumstances, in the spelling in which it came: who acted, for example, and what
 * attributes were before.
 *
 * **Example** (Describing one more event)
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
