// The declaration of events.
import { type Event, type events as resource, isTyped } from "@effect-workos/domain/events/Event"
import * as Predicate from "effect/Predicate"
import type { Declaration } from "./Declaration.ts"

export const events: Declaration<typeof resource.endpoints> = {
  filters: {
    events: { values: ({ event }) => event },
    organizationId: { values: (event) => organizationOf(event) },
    rangeStart: { since: ({ epochMilliseconds }) => epochMilliseconds },
    rangeEnd: { until: ({ epochMilliseconds }) => epochMilliseconds }
  }
}

const organizationOf = (event: Event): string | null | undefined => {
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
      return event.data.connection.organizationId
    case "authentication.sso_started":
    case "authentication.sso_succeeded":
    case "authentication.sso_failed":
    case "authentication.sso_timed_out":
      return event.data.sso.organizationId
    case "api_key.created":
    case "api_key.updated":
    case "api_key.revoked": {
      const { id, organizationId, type } = event.data.owner
      return type === "organization" ? id : organizationId
    }
    default:
      return "organizationId" in event.data ? event.data.organizationId : undefined
  }
}
