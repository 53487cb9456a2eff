/**
 * The events of organizations and organization domains.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as EventEnvelope from "../events/EventEnvelope.ts"
import * as OpenEnum from "../OpenEnum.ts"
import { Organization } from "./Organization.ts"
import { OrganizationDomain } from "./OrganizationDomain.ts"
import * as Wire from "../Wire.ts"

/**
 * An organization was created.
 *
 * @see https://workos.com/docs/events/organization
 */
export class OrganizationCreated extends Schema.Opaque<OrganizationCreated>()(
  EventEnvelope.make(Schema.Literal("organization.created"), Organization)
) {}

/**
 * An organization was updated. `context` contains previous values.
 *
 * @see https://workos.com/docs/events/organization
 */
export class OrganizationUpdated extends Schema.Opaque<OrganizationUpdated>()(
  EventEnvelope.make(Schema.Literal("organization.updated"), Organization)
) {}

/**
 * An organization was deleted.
 *
 * @see https://workos.com/docs/events/organization
 */
export class OrganizationDeleted extends Schema.Opaque<OrganizationDeleted>()(
  EventEnvelope.make(Schema.Literal("organization.deleted"), Organization)
) {}

/**
 * A domain was added to an organization.
 *
 * @see https://workos.com/docs/events/organization-domain
 */
export class OrganizationDomainCreated extends Schema.Opaque<OrganizationDomainCreated>()(
  EventEnvelope.make(Schema.Literal("organization_domain.created"), OrganizationDomain)
) {}

/**
 * A domain of an organization was updated.
 *
 * @see https://workos.com/docs/events/organization-domain
 */
export class OrganizationDomainUpdated extends Schema.Opaque<OrganizationDomainUpdated>()(
  EventEnvelope.make(Schema.Literal("organization_domain.updated"), OrganizationDomain)
) {}

/**
 * A domain was removed from an organization.
 *
 * @see https://workos.com/docs/events/organization-domain
 */
export class OrganizationDomainDeleted extends Schema.Opaque<OrganizationDomainDeleted>()(
  EventEnvelope.make(Schema.Literal("organization_domain.deleted"), OrganizationDomain)
) {}

/**
 * A domain of an organization was verified.
 *
 * @see https://workos.com/docs/events/organization-domain
 */
export class OrganizationDomainVerified extends Schema.Opaque<OrganizationDomainVerified>()(
  EventEnvelope.make(Schema.Literal("organization_domain.verified"), OrganizationDomain)
) {}

/**
 * The reason why the verification of a domain failed.
 *
 * @see https://workos.com/docs/events/organization-domain
 */
export const VerificationFailure = OpenEnum.make(
  ["domain_verification_period_expired", "domain_verified_by_other_organization"],
  /domain_[a-z]{4,8}/
)
export type VerificationFailure = typeof VerificationFailure.Type

/**
 * The verification of a domain failed.
 *
 * **Example** (A message for customers about their domains)
 *
 * ```ts
 * import type * as OrganizationEvent from "@effect-workos/domain/organizations/OrganizationEvent"
 *
 * type OrganizationEvents =
 *   | OrganizationEvent.OrganizationCreated
 *   | OrganizationEvent.OrganizationUpdated
 *   | OrganizationEvent.OrganizationDeleted
 *   | OrganizationEvent.OrganizationDomainCreated
 *   | OrganizationEvent.OrganizationDomainUpdated
 *   | OrganizationEvent.OrganizationDomainDeleted
 *   | OrganizationEvent.OrganizationDomainVerified
 *   | OrganizationEvent.OrganizationDomainVerificationFailed
 *
 * const why = (reason: OrganizationEvent.VerificationFailure): string =>
 *   reason === "domain_verified_by_other_organization" ? "another organization has it" : "its record was not found"
 *
 * const sentence = (event: OrganizationEvents): string | undefined => {
 *   switch (event.event) {
 *     case "organization_domain.verified":
 *       return `${event.data.domain} is yours.`
 *     case "organization_domain.verification_failed":
 *       return `${event.data.organizationDomain.domain} is not: ${why(event.data.reason)}.`
 *     default:
 *       return undefined
 *   }
 * }
 * ```
 *
 * @see https://workos.com/docs/events/organization-domain
 */
export class OrganizationDomainVerificationFailed extends Schema.Opaque<OrganizationDomainVerificationFailed>()(
  EventEnvelope.make(
    Schema.Literal("organization_domain.verification_failed"),
    Wire.Struct(() => ({ reason: VerificationFailure, organizationDomain: OrganizationDomain }))
  )
) {}
