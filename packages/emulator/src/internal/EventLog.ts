// The event log of an emulated account.
import type { Event, OfType, TypedEventName, UnknownEvent, UnknownEventName } from "@effect-workos/domain/events/Event"
import { EventId } from "@effect-workos/domain/events/EventEnvelope"
import type * as Clock from "effect/Clock"
import type * as Random from "effect/Random"
import * as IdGenerator from "./IdGenerator.ts"
import * as Table from "./Table.ts"

type Draft<E extends Event> = Omit<E, "object" | "id" | "createdAt" | "issue">

/**
 * An event without id and time: its type and data, and its context if it has one.
 */
export type EventDraft =
  | { readonly [Name in TypedEventName]: Draft<OfType<Name>> }[TypedEventName]
  | (Draft<UnknownEvent> & { readonly event: UnknownEventName })

/**
 * An event of the log, which always has a time.
 */
export type LoggedEvent = Event & IdGenerator.NewRow

type Events = Table.Table<LoggedEvent, "events" | "organizationId">

export interface EventLog {
  /** All events, oldest first. Events are never deleted; WorkOS keeps them for 30 days. */
  readonly events: Omit<Events, "set" | "remove">
  /** Adds an event with an id and the current time, or the time of the newest event if the clock is behind. */
  readonly emit: (event: EventDraft) => LoggedEvent
  /** Calls a listener for every new event. Returns a function that removes the listener. */
  readonly onEvent: (listener: (event: LoggedEvent) => void) => () => void
}

/**
 * Makes a log with initial events.
 */
export const make = (
  history: Iterable<LoggedEvent>,
  indexes: Table.Indexes<LoggedEvent, string>,
  clock: Clock.Clock,
  random: Random.Random
): EventLog => {
  const events: Events = Table.make(history, indexes)
  const listeners = new Set<(event: LoggedEvent) => void>()
  return {
    events,
    emit: (draft) => {
      const event = fromDraft(draft, IdGenerator.make(clock, random).next(events.newest, "event"))
      events.set(event)
      for (const listener of listeners) listener(event)
      return event
    },
    onEvent: (listener) => {
      // Wrapped, so that a function that is added twice is called twice.
      const wrapper = (event: LoggedEvent) => listener(event)
      listeners.add(wrapper)
      return () => void listeners.delete(wrapper)
    }
  }
}

/**
 * Completes a draft.
 */
export const fromDraft = (draft: EventDraft, { createdAt, id }: IdGenerator.NewRow): LoggedEvent => ({
  object: "event",
  id: EventId.make(id, { disableChecks: true }),
  createdAt,
  ...draft
})
