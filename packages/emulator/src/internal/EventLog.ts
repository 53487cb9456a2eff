// The events of the emulated account: what happened, in the order in which it happened.
import { type Event, isTyped } from "@effect-workos/domain/events/Event"
import { EventId } from "@effect-workos/domain/events/EventEnvelope"
import type * as Clock from "effect/Clock"
import * as Predicate from "effect/Predicate"
import type * as Random from "effect/Random"
import * as IdGenerator from "./IdGenerator.ts"
import * as Table from "./Table.ts"

type Draft<E extends Event> = E extends Event ? Omit<E, "object" | "id" | "createdAt"> : never

/**
 * An event that has not happened yet: its type and data, and its context if it has one.
 */
export type EventDraft = Draft<Event>

type Events = Table.Table<Event, "event" | "organization">

export interface EventLog {
  /** All events, oldest first. None is ever forgotten: WorkOS keeps them for 30 days, and an emulator seldom runs as long. */
  readonly events: Omit<Events, "set" | "remove">
  /**
   * Adds an event: it happens now, or with the newest one where the clock is behind that, and is given an id. Of events of
   * one millisecond the later one has the greater id.
   */
  readonly emit: (event: EventDraft) => Event
  /** Tells of every event from now on, as it happens. Gives what ends that. */
  readonly onEvent: (listener: (event: Event) => void) => () => void
}

/**
 * A log with these events in it.
 */
export const make = (history: Iterable<Event>, clock: Clock.Clock, random: Random.Random): EventLog => {
  const events: Events = Table.make(history, {
    event: ({ event }) => [event],
    organization: (event) => {
      const id = organizationOf(event)
      return id === undefined ? [] : [id]
    }
  })
  const listeners = new Set<(event: Event) => void>()
  return {
    events,
    emit: (draft) => {
      const event = fromDraft(draft, IdGenerator.make(clock, random).next(events, "event"))
      events.set(event)
      for (const listener of listeners) listener(event)
      return event
    },
    onEvent: (listener) => {
      // A listener of its own, so that a function that listens twice is told twice.
      const told = (event: Event) => listener(event)
      listeners.add(told)
      return () => void listeners.delete(told)
    }
  }
}

/**
 * An event that happens at this instant.
 */
export const fromDraft = (draft: EventDraft, { createdAt, id }: IdGenerator.RowKey): Event => ({
  object: "event",
  id: EventId.make(id, { disableChecks: true }),
  createdAt,
  ...draft
})

// The organization that an event has to do with.
const organizationOf = (event: Event): string | undefined => {
  if (!isTyped(event)) {
    const { data } = event
    return Predicate.hasProperty(data, "organization_id") && Predicate.isString(data.organization_id)
      ? data.organization_id
      : undefined
  }
  switch (event.event) {
    case "organization.created":
    case "organization.updated":
    case "organization.deleted":
      return event.data.id
    case "organization_domain.verification_failed":
      return event.data.organizationDomain.organizationId
    case "connection.saml_certificate_renewal_required":
    case "connection.saml_certificate_renewed":
      return event.data.connection.organizationId ?? undefined
    default:
      return event.data.organizationId ?? undefined
  }
}
