// What a change tells of itself: the events of each, in order.
//
// A change is what was there before and what is there now, whoever made it. Nobody who changes a resource has to think of
// its events: the tables of a `Store` ask here.
import type { Connection } from "@effect-workos/domain/sso/Connection"
import type { ConnectionInEvent, DeletedConnection } from "@effect-workos/domain/sso/ConnectionEvent"
import { Organization } from "@effect-workos/domain/organizations/Organization"
import { OrganizationDomain } from "@effect-workos/domain/organizations/OrganizationDomain"
import type { VerificationFailure } from "@effect-workos/domain/organizations/OrganizationEvent"
import type { Attributes } from "@effect-workos/domain/Attributes"
import * as Equal from "effect/Equal"
import * as Schema from "effect/Schema"
import type { EventDraft } from "./EventLog.ts"

type Before<A> = A | undefined
type After<A> = A | undefined

// -----------------------------------------------------------------------------
// Connections
// -----------------------------------------------------------------------------

/**
 * The events of a connection: it was activated, by its creation or later, deactivated, or deleted. Other changes of it have
 * no event.
 */
export const ofConnection = (before: Before<Connection>, after: After<Connection>): ReadonlyArray<EventDraft> => {
  if (after === undefined) {
    return before === undefined ? [] : [{ event: "connection.deleted", data: deleted(before) }]
  }
  const wasActive = before?.state === "active"
  const isActive = after.state === "active"
  if (wasActive === isActive) return []
  return [{ event: isActive ? "connection.activated" : "connection.deactivated", data: inEvent(after) }]
}

/** A deleted connection, as its event tells of it. */
const deleted = (connection: Connection): DeletedConnection => ({
  object: connection.object,
  id: connection.id,
  ...(connection.organizationId === undefined ? {} : { organizationId: connection.organizationId }),
  connectionType: connection.connectionType,
  name: connection.name,
  state: connection.state,
  createdAt: connection.createdAt,
  updatedAt: connection.updatedAt
})

/** A connection, as events tell of it: without its options, and with a key of its own. */
const inEvent = (connection: Connection): ConnectionInEvent => ({
  ...deleted(connection),
  domains: connection.domains,
  externalKey: connection.id.slice(-20),
  status: connection.state === "active" ? "linked" : "unlinked"
})

// -----------------------------------------------------------------------------
// Organizations and their domains
// -----------------------------------------------------------------------------

/** Why a domain of an organization cannot be verified. */
type WhyFailed = (domain: OrganizationDomain) => VerificationFailure

/**
 * The events of an organization and of the domains in it.
 *
 * **Details**
 *
 * An organization is created before its domains, and deleted after them. An update is told where anything of the
 * organization has changed but its domains, whose events come first; `context` has what was before.
 */
export const ofOrganization = (
  before: Before<Organization>,
  after: After<Organization>,
  whyFailed: WhyFailed
): ReadonlyArray<EventDraft> => {
  const domains = ofDomains(before?.domains ?? [], after?.domains ?? [], whyFailed)
  if (before === undefined)
    return after === undefined ? [] : [{ event: "organization.created", data: after }, ...domains]
  if (after === undefined) return [...domains, { event: "organization.deleted", data: before }]
  return isTouched(before, after)
    ? [...domains, { event: "organization.updated", data: after, context: contextOf(Organization, before, after) }]
    : domains
}

const isTouched = (before: Organization, after: Organization): boolean =>
  !Equal.equals({ ...before, domains: [] }, { ...after, domains: [] })

const withId = (domains: ReadonlyArray<OrganizationDomain>, id: string) => domains.find((domain) => domain.id === id)

const ofDomains = (
  before: ReadonlyArray<OrganizationDomain>,
  after: ReadonlyArray<OrganizationDomain>,
  whyFailed: WhyFailed
): ReadonlyArray<EventDraft> => {
  return [
    ...before.flatMap((domain): ReadonlyArray<EventDraft> =>
      withId(after, domain.id) === undefined ? [{ event: "organization_domain.deleted", data: domain }] : []
    ),
    ...after.flatMap((domain) => ofDomain(withId(before, domain.id), domain, whyFailed))
  ]
}

const ofDomain = (
  before: Before<OrganizationDomain>,
  after: OrganizationDomain,
  whyFailed: WhyFailed
): ReadonlyArray<EventDraft> => {
  if (before !== undefined && Equal.equals(before, after)) return []
  const isNews = before?.state !== after.state
  const created: ReadonlyArray<EventDraft> =
    before === undefined ? [{ event: "organization_domain.created", data: after }] : []
  if (isNews && after.state === "verified") return [...created, { event: "organization_domain.verified", data: after }]
  if (isNews && after.state === "failed") {
    const data = { reason: whyFailed(after), organizationDomain: after }
    return [...created, { event: "organization_domain.verification_failed", data }]
  }
  return before === undefined
    ? created
    : [{ event: "organization_domain.updated", data: after, context: contextOf(OrganizationDomain, before, after) }]
}

/** What was before, of what has changed. `null` where nothing was there; when it was updated is no attribute. */
const contextOf = <A, I extends object>(schema: Schema.Codec<A, I>, before: A, after: A): Attributes => {
  const encode = Schema.encodeSync(schema)
  const was = new Map<string, Schema.Json>(Object.entries(encode(before)))
  const is = new Map<string, Schema.Json>(Object.entries(encode(after)))
  const names = new Set([...was.keys(), ...is.keys()])
  names.delete("updated_at")
  const changed = [...names].filter((name) => !Equal.equals(was.get(name), is.get(name)))
  return { previous_attributes: Object.fromEntries(changed.map((name) => [name, was.get(name) ?? null])) }
}
