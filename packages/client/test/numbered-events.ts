// Events that tests distinguish by a number.
import * as Event from "@effect-workos/domain/events/Event"
import * as Predicate from "effect/Predicate"

/** The time of the first event. */
export const firstEventAt = Date.UTC(2030, 0, 1)

/** The draft of an event with a number. */
export const numberedEvent = (number: number) => ({
  event: Event.UnknownEventName.make("future.created"),
  data: { number }
})

/** Returns the number of an event, or the type of a typed event. */
export const numberOf = (event: object): unknown => {
  const data = Predicate.hasProperty(event, "data") ? event.data : undefined
  if (Predicate.hasProperty(data, "number")) return data.number
  return Predicate.hasProperty(event, "event") ? event.event : undefined
}
