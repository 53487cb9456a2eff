// The events of organizations and organization domains.
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
export const OrganizationCreated = EventEnvelope.make(Schema.Literal("organization.created"), Organization)
export interface OrganizationCreated extends Schema.Schema.Type<typeof OrganizationCreated> {}

/**
 * An organization was updated. `context` contains previous values.
 *
 * @see https://workos.com/docs/events/organization
 */
export const OrganizationUpdated = EventEnvelope.make(Schema.Literal("organization.updated"), Organization)
export interface OrganizationUpdated extends Schema.Schema.Type<typeof OrganizationUpdated> {}

/**
 * An organization was deleted.
 *
 * @see https://workos.com/docs/events/organization
 */
export const OrganizationDeleted = EventEnvelope.make(Schema.Literal("organization.deleted"), Organization)
export interface OrganizationDeleted extends Schema.Schema.Type<typeof OrganizationDeleted> {}

/**
 * A domain was added to an organization.
 *
 * @see https://workos.com/docs/events/organization-domain
 */
export const OrganizationDomainCreated = EventEnvelope.make(
  Schema.Literal("organization_domain.created"),
  OrganizationDomain
)
export interface OrganizationDomainCreated extends Schema.Schema.Type<typeof OrganizationDomainCreated> {}

/**
 * A domain of an organization was updated.
 *
 * @see https://workos.com/docs/events/organization-domain
 */
export const OrganizationDomainUpdated = EventEnvelope.make(
  Schema.Literal("organization_domain.updated"),
  OrganizationDomain
)
export interface OrganizationDomainUpdated extends Schema.Schema.Type<typeof OrganizationDomainUpdated> {}

/**
 * A domain was removed from an organization.
 *
 * @see https://workos.com/docs/events/organization-domain
 */
export const OrganizationDomainDeleted = EventEnvelope.make(
  Schema.Literal("organization_domain.deleted"),
  OrganizationDomain
)
export interface OrganizationDomainDeleted extends Schema.Schema.Type<typeof OrganizationDomainDeleted> {}

/**
 * A domain of an organization was verified.
 *
 * @see https://workos.com/docs/events/organization-domain
 */
export const OrganizationDomainVerified = EventEnvelope.make(
  Schema.Literal("organization_domain.verified"),
  OrganizationDomain
)
export interface OrganizationDomainVerified extends Schema.Schema.Type<typeof OrganizationDomainVerified> {}

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
 * **Example** (Telling customers about their domains)
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
export const OrganizationDomainVerificationFailed = EventEnvelope.make(
  Schema.Literal("organization_domain.verification_failed"),
  Wire.Struct(() => ({ reason: VerificationFailure, organizationDomain: OrganizationDomain }))
)
export interface OrganizationDomainVerificationFailed extends Schema.Schema.Type<
  typeof OrganizationDomainVerificationFailed
> {}
