// What must have happened to resources that are there: a plausible history for those of a seed.
import type { Connection } from "@effect-workos/domain/sso/Connection"
import type { Event } from "@effect-workos/domain/events/Event"
import type { Organization } from "@effect-workos/domain/organizations/Organization"
import * as DateTime from "effect/DateTime"
import type * as Random from "effect/Random"
import * as Changes from "./Changes.ts"
import * as EventLog from "./EventLog.ts"
import * as Ulid from "../Ulid.ts"

interface Resources {
  readonly organizations: ReadonlyArray<Organization>
  readonly connections: ReadonlyArray<Connection>
}

/**
 * The events that lead to these resources, oldest first, no two of them in the same millisecond.
 */
export const of = ({ connections, organizations }: Resources, random: Random.Random): ReadonlyArray<Event> => {
  const happened: Array<{ readonly at: number; readonly event: EventLog.EventDraft }> = []
  const tell = (at: DateTime.Utc, events: ReadonlyArray<EventLog.EventDraft>) => {
    for (const event of events) happened.push({ at: at.epochMilliseconds, event })
  }

  for (const organization of organizations) {
    const { createdAt, updatedAt } = organization
    const first = asCreated(organization)
    tell(createdAt, Changes.ofOrganization(undefined, first, expired))
    tell(updatedAt, Changes.ofOrganization(first, organization, expired))
  }
  for (const connection of connections) {
    const { createdAt, state, updatedAt } = connection
    if (state === "active") tell(updatedAt, Changes.ofConnection(undefined, connection))
    if (state !== "inactive") continue
    const first: Connection = { ...connection, state: "active", updatedAt: createdAt }
    tell(createdAt, Changes.ofConnection(undefined, first))
    tell(updatedAt, Changes.ofConnection(first, connection))
  }

  let last = -Infinity
  // Sorting keeps the order of those that happened at the same time.
  return happened
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, event }) => {
      last = Math.max(at, last + 1)
      return EventLog.fromDraft(event, {
        id: `event_${Ulid.make(last, random)}`,
        createdAt: DateTime.makeUnsafe(last)
      })
    })
}

// Before anybody touched it: nothing is kept with it, and its domains wait to be verified.
const asCreated = (organization: Organization): Organization => {
  const { createdAt, domains, updatedAt } = organization
  if (createdAt.epochMilliseconds === updatedAt.epochMilliseconds) return organization
  return {
    ...organization,
    metadata: {},
    domains: domains.map((domain) => ({ ...domain, state: "pending", updatedAt: createdAt })),
    updatedAt: createdAt
  }
}

const expired = () => "domain_verification_period_expired"
