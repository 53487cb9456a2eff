/**
 * The data of events of organization domains that is not the domain itself.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as OpenEnum from "../OpenEnum.ts"
import { OrganizationDomain } from "./OrganizationDomain.ts"
import * as Wire from "../Wire.ts"

/**
 * The reason why the verification of a domain failed.
 *
 * **Example** (A message for customers about their domains)
 *
 * ```ts
 * import type * as Event from "@effect-workos/domain/events/Event"
 * import type { VerificationFailure } from "@effect-workos/domain/organizations/OrganizationDomainEvent"
 *
 * const why = (reason: VerificationFailure): string =>
 *   reason === "domain_verified_by_other_organization" ? "another organization has it" : "its record was not found"
 *
 * const sentence = ({ data }: Event.OfType<"organization_domain.verification_failed">): string =>
 *   `${data.organizationDomain.domain} is not verified: ${why(data.reason)}.`
 * ```
 *
 * @see https://workos.com/docs/events/organization-domain
 */
export const VerificationFailure = OpenEnum.make(
  ["domain_verification_period_expired", "domain_verified_by_other_organization"],
  /domain_[a-z]{4,8}/
)
export type VerificationFailure = typeof VerificationFailure.Type

/**
 * The data of the event of a failed verification: the domain, and the reason.
 *
 * @see https://workos.com/docs/events/organization-domain
 */
export class FailedVerification extends Schema.Opaque<FailedVerification>()(
  Wire.Struct(() => ({ reason: VerificationFailure, organizationDomain: OrganizationDomain }))
) {}
