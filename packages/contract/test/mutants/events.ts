// Mutants that tell of changes in another way than they happened.
import { inFront, type Mutant, rewriteQuery, withParts } from "./Mutant.ts"
import { ask, createOrganization, type Probe, update } from "./Probe.ts"

type Event = { readonly event: string; readonly data: { readonly id?: string } }

// Shows other events than there are, by what was done so far: the last that is known of each organization.
const rewriteEvents = (
  change: (events: ReadonlyArray<Event>, known: ReadonlyMap<string, object>) => ReadonlyArray<unknown>
): Mutant["mutate"] =>
  inFront((emulator) => {
    const known = new Map<string, object>()
    return async (asked) => {
      const answered = await emulator(asked.request)
      if (!answered.ok) return answered
      if (asked.operation === "organizations.update") known.set(asked.id, await answered.clone().json())
      if (asked.operation !== "events.list") return answered
      const page: { readonly data: ReadonlyArray<Event> } = await answered.json()
      return withParts(answered, { text: JSON.stringify({ ...page, data: change(page.data, known) }) })
    }
  })

const created: Probe = () => createOrganization({ name: "Zaphod's" })
const renamed: Probe = (earlier) => update(earlier[0]?.id ?? "", { name: "Ford's" })
const removed: Probe = (earlier) => ask(`/organizations/${earlier[0]?.id}`, { method: "DELETE" })
const told: Probe = (earlier) => ask(`/events?order=asc&organization_id=${earlier[0]?.id}`)

export const events: ReadonlyArray<Mutant> = [
  {
    id: "updates-are-not-told",
    law: "workos/event-for-change",
    operation: "events.list",
    summary: "Has no event for the update of an organization",
    writes: true,
    mutate: rewriteEvents((events) => events.filter(({ event }) => event !== "organization.updated")),
    shows: () => [created, renamed, told]
  },
  {
    id: "deletions-are-told-twice",
    law: "workos/event-for-change",
    operation: "events.list",
    summary: "Has two events for the deletion of an organization",
    writes: true,
    mutate: rewriteEvents((events) =>
      events.flatMap((event) => (event.event === "organization.deleted" ? [event, event] : [event]))
    ),
    shows: () => [created, removed, told]
  },
  {
    id: "deletion-is-told-before-the-rest",
    law: "workos/event-for-change",
    operation: "events.list",
    summary: "Has the deletion of an organization before that of its domains and connections",
    writes: true,
    subtle: true,
    mutate: rewriteEvents((events) =>
      events.toSorted((a, b) => Number(b.event === "organization.deleted") - Number(a.event === "organization.deleted"))
    ),
    shows: () => [created, renamed, removed, told]
  },
  {
    id: "creation-is-told-as-updated",
    law: "workos/event-for-change",
    operation: "events.list",
    summary: "Tells of the creation of an organization with what it was updated to later",
    writes: true,
    subtle: true,
    mutate: rewriteEvents((events, known) =>
      events.map((event) => {
        const later = known.get(event.data.id ?? "")
        return event.event === "organization.created" && later !== undefined ? { ...event, data: later } : event
      })
    ),
    shows: () => [created, renamed, told]
  },
  {
    id: "events-tell-of-today",
    law: "workos/events-stay",
    operation: "events.list",
    summary: "Tells in every event of an organization what it was updated to last",
    writes: true,
    mutate: rewriteEvents((events, known) =>
      events.map((event) => ({ ...event, data: known.get(event.data.id ?? "") ?? event.data }))
    ),
    shows: () => [created, renamed, told]
  },
  {
    id: "deletion-takes-the-history-along",
    law: "workos/events-stay",
    operation: "events.list",
    summary: "Forgets the earlier events of an organization that is deleted",
    writes: true,
    subtle: true,
    mutate: rewriteEvents((events) => {
      const deleted = events.filter(({ event }) => event === "organization.deleted").map(({ data }) => data.id)
      return events.filter(({ data, event }) => event === "organization.deleted" || !deleted.includes(data.id))
    }),
    shows: () => [created, removed, told]
  },
  {
    id: "range-has-no-end",
    law: "lists/filter-matches",
    operation: "events.list",
    summary: "Shows events after the end of a range",
    mutate: rewriteQuery((query) => query.delete("range_end"), "events.list"),
    shows: () => [ask("/events?range_end=2020-06-01T00:00:00.000Z&order=desc")]
  }
]
