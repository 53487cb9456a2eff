// Mutants with wrong events.
import { makeMutant, type Mutant, rewriteQuery, withParts } from "./Mutant.ts"
import { requestTo, createOrganization, type Probe, update } from "./Probe.ts"

type Event = { readonly event: string; readonly data: { readonly id?: string } }

// Rewrites events with the last known data of each organization.
const rewriteEvents = (
  change: (events: ReadonlyArray<Event>, known: ReadonlyMap<string, object>) => ReadonlyArray<unknown>
): Mutant["mutate"] =>
  makeMutant((emulator) => {
    const known = new Map<string, object>()
    return async (parsed) => {
      const original = await emulator(parsed.request)
      if (!original.ok) return original
      if (parsed.operation === "organizations.update") known.set(parsed.id, await original.clone().json())
      if (parsed.operation !== "events.list") return original
      const page: { readonly data: ReadonlyArray<Event> } = await original.json()
      return withParts(original, { text: JSON.stringify({ ...page, data: change(page.data, known) }) })
    }
  })

const created: Probe = () => createOrganization({ name: "Zaphod's" })
const renamed: Probe = (earlier) => update(earlier[0]?.id ?? "", { name: "Ford's" })
const removed: Probe = (earlier) => requestTo(`/organizations/${earlier[0]?.id}`, { method: "DELETE" })
const eventList: Probe = (earlier) => requestTo(`/events?order=asc&organization_id=${earlier[0]?.id}`)

export const events: ReadonlyArray<Mutant> = [
  {
    id: "updates-without-event",
    law: "workos/event-for-change",
    operation: "events.list",
    summary: "Returns no event for the update of an organization",
    writes: true,
    mutate: rewriteEvents((events) => events.filter(({ event }) => event !== "organization.updated")),
    shows: () => [created, renamed, eventList]
  },
  {
    id: "deletions-with-two-events",
    law: "workos/event-for-change",
    operation: "events.list",
    summary: "Returns two events for the deletion of an organization",
    writes: true,
    mutate: rewriteEvents((events) =>
      events.flatMap((event) => (event.event === "organization.deleted" ? [event, event] : [event]))
    ),
    shows: () => [created, removed, eventList]
  },
  {
    id: "deletion-event-first",
    law: "workos/event-for-change",
    operation: "events.list",
    summary: "Returns the deletion event of an organization before those of its domains and connections",
    writes: true,
    subtle: true,
    mutate: rewriteEvents((events) =>
      events.toSorted((a, b) => Number(b.event === "organization.deleted") - Number(a.event === "organization.deleted"))
    ),
    shows: () => [created, renamed, removed, eventList]
  },
  {
    id: "creation-event-with-updated-data",
    law: "workos/event-for-change",
    operation: "events.list",
    summary: "Returns the creation event of an organization with the data of a later update",
    writes: true,
    subtle: true,
    mutate: rewriteEvents((events, known) =>
      events.map((event) => {
        const later = known.get(event.data.id ?? "")
        return event.event === "organization.created" && later !== undefined ? { ...event, data: later } : event
      })
    ),
    shows: () => [created, renamed, eventList]
  },
  {
    id: "events-with-current-data",
    law: "workos/events-stay",
    operation: "events.list",
    summary: "Returns the data of the last update in every event of an organization",
    writes: true,
    mutate: rewriteEvents((events, known) =>
      events.map((event) => ({ ...event, data: known.get(event.data.id ?? "") ?? event.data }))
    ),
    shows: () => [created, renamed, eventList]
  },
  {
    id: "deletion-removes-earlier-events",
    law: "workos/events-stay",
    operation: "events.list",
    summary: "Omits the earlier events of a deleted organization",
    writes: true,
    subtle: true,
    mutate: rewriteEvents((events) => {
      const deleted = events.filter(({ event }) => event === "organization.deleted").map(({ data }) => data.id)
      return events.filter(({ data, event }) => event === "organization.deleted" || !deleted.includes(data.id))
    }),
    shows: () => [created, removed, eventList]
  },
  {
    id: "cursor-overrides-range",
    law: "input/exclusive-parameters",
    operation: "events.list",
    summary: "Ignores the start of a range if the request has a cursor",
    mutate: rewriteQuery((query) => {
      if (query.has("after")) query.delete("range_start")
    }, "events.list"),
    shows: (store) => [
      requestTo(`/events?after=${store.events.rows[7]?.id}&range_start=2020-06-01T00:00:00.000Z&order=asc`)
    ]
  },
  {
    id: "range-has-no-end",
    law: "lists/filter-matches",
    operation: "events.list",
    summary: "Returns events after the end of a range",
    mutate: rewriteQuery((query) => query.delete("range_end"), "events.list"),
    shows: () => [requestTo("/events?range_end=2020-06-01T00:00:00.000Z&order=desc")]
  }
]
