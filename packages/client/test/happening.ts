// Events of which tests tell one from another by a number.
import * as Event from "@effect-workos/domain/events/Event"
import * as Predicate from "effect/Predicate"

/** When they begin to happen. */
export const cameAbout = Date.UTC(2030, 0, 1)

/** An event that is to happen. */
export const happened = (number: number) => ({
  event: Event.UnknownEventName.make("user.created"),
  data: { number }
})

/** Which it is, or its type where that is told of more than numbers. */
export const numberOf = (event: Event.Event): unknown =>
  Event.isTyped(event) ? event.event : Predicate.hasProperty(event.data, "number") ? event.data.number : undefined
