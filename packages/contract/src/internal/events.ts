// The laws that apply to the events of WorkOS: one for each change, in order, and immutable.
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Equal from "effect/Equal"
import { isRow, type Lists, type Row } from "@effect-workos/contract-engine/ApiConventions"
import { type Exchange, type Request, shorten } from "@effect-workos/contract-engine/Exchange"
import * as Lifecycle from "@effect-workos/contract-engine/Lifecycle"
import * as Sampling from "@effect-workos/contract-engine/Sampling"
import type * as Law from "@effect-workos/contract-engine/Law"
import type { Page } from "@effect-workos/contract-engine/Listing"
import { Session } from "@effect-workos/contract-engine/Session"
import { createIfPossible, forEachOrganization, operation, send, violation } from "./created.ts"
import * as Duration from "effect/Duration"
import type { NoResponse } from "@effect-workos/contract-engine/Exchange"
import * as Property from "@effect-workos/contract-engine/Property"

const reference = "https://workos.com/docs/events"

const isEvents = ({ id }: { readonly id: string }) => id === "events.list"

/** Delay between two reads of the events, in milliseconds. */
const pause = 200

const organizationBody: Row = { name: "replaced", external_id: "replaced", metadata: { tier: "gold" } }

/**
 * An event that a change must cause, with fields of its data.
 */
interface ExpectedEvent {
  readonly event: string
  readonly id: string
  readonly fields: Row
  readonly exchange: Exchange
}

// Returns the events of an organization, oldest first, as soon as all expected ones exist or the time limit of a
// request has passed.
const eventsOf = (
  organization: string,
  wanted: ReadonlyArray<Pick<ExpectedEvent, "event" | "id">>
): Effect.Effect<Page | undefined, NoResponse, Session> =>
  Effect.gen(function* () {
    const { description, settings } = yield* Session
    const { lists } = description.conventions
    if (lists === undefined) return undefined
    const request = requestOf(yield* operation("events.list"), lists, organization)
    const times = Math.ceil(Duration.toMillis(settings.requestTimeout) / pause)
    let page: Page | undefined
    for (let left = times; left > 0; left--) {
      page = Result.getOrUndefined(Sampling.toPage(lists, yield* sendRequest(request)))
      const rows = page?.rows ?? []
      if (wanted.every(({ event, id }) => rows.some((row) => row["event"] === event && idIn(row) === id))) return page
      if (left > 1) yield* Effect.sleep(pause)
    }
    return page
  })

const sendRequest = (request: Request) => Effect.flatMap(Session, ({ send }) => send(request))

const requestOf = (list: Parameters<typeof Sampling.pageRequest>[0], lists: Lists, organization: string): Request =>
  Sampling.pageRequest(list, lists, {
    order: "ascending",
    limit: lists.limit.maximum,
    filters: [["organization_id", organization]]
  })

const dataOf = ({ data }: Row): Row => (isRow(data) ? data : {})
const idIn = (event: Row): unknown => dataOf(event)["id"]

// Changes an organization in several ways, and returns the events that the changes must cause, in order.
const changeOrganization = Effect.fnUntraced(function* (organization: Lifecycle.Created) {
  const expected: Array<ExpectedEvent> = []
  const expectEvent = (event: string, id: string, exchange: Exchange, fields: Row = {}) => {
    if (exchange.response.status < 300) expected.push({ event, id, fields, exchange })
  }
  const { external_id: externalId, name } = organization.row
  expectEvent("organization.created", organization.id, organization.exchange, { name, external_id: externalId })
  const renamed = `${String(name)} renamed`
  const updated = yield* send("organizations.update", organization.id, { name: renamed })
  expectEvent("organization.updated", organization.id, updated, { name: renamed, external_id: externalId })
  const domain = yield* createIfPossible("organizationDomains", {
    organization_id: organization.id,
    domain: "replaced.example"
  })
  if (domain !== undefined) {
    expectEvent("organization_domain.created", domain.id, domain.exchange, {
      domain: domain.row["domain"],
      organization_id: organization.id
    })
    const removed = yield* Lifecycle.remove(domain.removal, domain.id)
    expectEvent("organization_domain.deleted", domain.id, removed, {
      domain: domain.row["domain"],
      organization_id: organization.id
    })
  }
  const connection = yield* createIfPossible("connections", { organization_id: organization.id, name: "replaced" })
  if (connection !== undefined) {
    const removed = yield* Lifecycle.remove(connection.removal, connection.id)
    expectEvent("connection.deleted", connection.id, removed, {
      name: connection.row["name"],
      organization_id: organization.id
    })
  }
  expectEvent("organization.deleted", organization.id, yield* Lifecycle.remove(organization.removal, organization.id), {
    name: renamed
  })
  return expected
})

// Each expected event exists once, in order, with the resource as of the change.
const checkEvents = (page: Page, wanted: ReadonlyArray<ExpectedEvent>): Property.CaseResult => {
  let before = -1
  for (const { event, exchange, id, fields } of wanted) {
    const found = page.rows.filter((row) => row["event"] === event && idIn(row) === id)
    const [first] = found
    if (first === undefined || found.length > 1) {
      const count = found.length === 0 ? "no" : String(found.length)
      return violation(
        `returned ${count} ${event} of ${id}`,
        `${event} of ${id}, once`,
        [exchange, page.exchange],
        `the events ${page.rows.map((row) => String(row["event"])).join(", ")}`
      )
    }
    const data = dataOf(first)
    const different = Object.keys(fields).find((name) => !Equal.equals(data[name], fields[name]))
    if (different !== undefined) {
      return violation(
        `returned another ${different} in ${event}`,
        `${different} ${JSON.stringify(fields[different])}`,
        [exchange, page.exchange],
        shorten(JSON.stringify(first), 400)
      )
    }
    const position = page.rows.indexOf(first)
    if (position < before) {
      return violation(
        `returned ${event} before an earlier change`,
        `the order ${wanted.map(({ event }) => event).join(", ")}`,
        [exchange, page.exchange],
        `the order ${page.rows.map((row) => String(row["event"])).join(", ")}`
      )
    }
    before = position
  }
  return Property.passed
}

const eventForChange: Law.Law = {
  id: "workos/event-for-change",
  sentence:
    "Each change of an organization, domain or connection causes exactly one event, in the order of the changes, with the data at that time.",
  source: {
    kind: "documented",
    text: "The events organization.created, .updated and .deleted, organization_domain.created and .deleted, and connection.deleted are “triggered when” the change happens, and contain the resource as data.",
    url: `${reference}/organization`
  },
  severity: "error",
  writes: true,
  appliesTo: isEvents,
  check: () =>
    forEachOrganization([organizationBody, organizationBody], (organization) =>
      Effect.gen(function* () {
        const wanted = yield* changeOrganization(organization)
        const page = yield* eventsOf(organization.id, wanted)
        return page === undefined ? Property.inconclusive : checkEvents(page, wanted)
      })
    )
}

const eventsStay: Law.Law = {
  id: "workos/events-stay",
  sentence: "An event never changes, even if its resource changes.",
  source: {
    kind: "expected",
    text: "An event records a past change, so each read returns the same event.",
    url: reference
  },
  severity: "error",
  writes: true,
  appliesTo: isEvents,
  check: () =>
    forEachOrganization([organizationBody, organizationBody], (organization) =>
      Effect.gen(function* () {
        const created = { event: "organization.created", id: organization.id }
        const first = yield* eventsOf(organization.id, [created])
        if (first === undefined || first.rows.length === 0) return Property.inconclusive
        const updated = yield* send("organizations.update", organization.id, {
          name: `${String(organization.row["name"])} renamed`
        })
        if (updated.response.status >= 300) return Property.inconclusive
        const removed = yield* Lifecycle.remove(organization.removal, organization.id)
        const second = yield* eventsOf(organization.id, [{ event: "organization.deleted", id: organization.id }])
        if (second === undefined) return Property.inconclusive
        const changed = first.rows.find((row, index) => !Equal.equals(row, second.rows[index]))
        if (changed === undefined) return Property.passed
        const now = second.rows.find(({ id }) => id === changed["id"])
        return violation(
          `returned ${String(changed["id"])} changed or at another position`,
          shorten(JSON.stringify(changed), 400),
          [first.exchange, updated, removed, second.exchange],
          now === undefined ? "no such event" : shorten(JSON.stringify(now), 400)
        )
      })
    )
}

export const events: ReadonlyArray<Law.Law> = [eventForChange, eventsStay]
