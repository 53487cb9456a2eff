/**
 * Domains of organizations: ids, schemas and endpoints.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import * as OpenEnum from "../OpenEnum.ts"
import * as Lenient from "../Lenient.ts"
import { OrganizationId } from "./OrganizationId.ts"
import * as Resource from "../Resource.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"

/**
 * The id of an organization's domain: `org_domain_…`.
 *
 * @see https://workos.com/docs/reference/organization-domain
 */
export const OrganizationDomainId = Id.make("org_domain").pipe(Schema.brand("OrganizationDomainId"))
export type OrganizationDomainId = typeof OrganizationDomainId.Type

/**
 * The state of a domain's verification. `legacy_verified` domains count as verified, and are older than WorkOS's
 * verification of domains.
 *
 * @see https://workos.com/docs/reference/organization-domain
 */
export const OrganizationDomainState = OpenEnum.make(
  ["failed", "legacy_verified", "pending", "unverified", "verified"],
  /[a-z]{4,8}_[a-z]{4,8}/
)
export type OrganizationDomainState = typeof OrganizationDomainState.Type

/**
 * The method of verification: `dns`, by a DNS record, or `manual`, by the application.
 *
 * @see https://workos.com/docs/reference/organization-domain
 */
export const VerificationStrategy = OpenEnum.make(["dns", "manual"], /[a-z]{3,8}_[a-z]{3,8}/)
export type VerificationStrategy = typeof VerificationStrategy.Type

/**
 * A domain of an organization.
 *
 * **Details**
 *
 * To verify a domain by DNS, the organization adds a TXT record with `verificationToken` under `verificationPrefix`.
 * In some responses, the domains of an organization lack `organizationId`, `createdAt` and `updatedAt`.
 *
 * **Example** (The DNS record that verifies a domain)
 *
 * ```ts
 * import type {
 *   OrganizationDomain,
 *   OrganizationDomainState,
 *   VerificationStrategy
 * } from "@effect-workos/domain/organizations/OrganizationDomain"
 *
 * const isVerified = (state: OrganizationDomainState | undefined): boolean =>
 *   state === "verified" || state === "legacy_verified"
 *
 * const isByDns = (strategy: VerificationStrategy | undefined): boolean => strategy === "dns"
 *
 * const recordOf = (domain: OrganizationDomain): string | undefined =>
 *   isVerified(domain.state) || !isByDns(domain.verificationStrategy)
 *     ? undefined
 *     : `${domain.verificationPrefix}.${domain.domain} TXT ${domain.verificationToken}`
 * ```
 *
 * @see https://workos.com/docs/reference/organization-domain
 */
export class OrganizationDomain extends Schema.Opaque<OrganizationDomain>()(
  Wire.Struct(() => ({
    object: ApiObject.kindOf("organization_domain"),
    id: OrganizationDomainId,
    organizationId: Lenient.optional(OrganizationId, { required: true }),
    domain: Arbitraries.DomainName,
    state: Lenient.optional(OrganizationDomainState),
    verificationPrefix: Lenient.optional(Arbitraries.stringMatching(/_workos-challenge(?:-[a-z0-9]{6})?/)),
    verificationToken: Lenient.optional(Arbitraries.stringMatching(/[A-Za-z0-9]{25}/)),
    verificationStrategy: Lenient.optional(VerificationStrategy),
    createdAt: Lenient.optional(Timestamp, { required: true }),
    updatedAt: Lenient.optional(Timestamp, { required: true })
  }))
) {}

/**
 * The payload that adds a domain to an organization.
 *
 * @see https://workos.com/docs/reference/organization-domain/create
 */
export class CreateOrganizationDomain extends Schema.Opaque<CreateOrganizationDomain>()(
  Wire.Struct(() => ({
    domain: Arbitraries.DomainName,
    organizationId: Id.make("org")
  }))
) {}

/**
 * The endpoints of organization domains. There is no endpoint for a list: an organization contains its domains.
 *
 * @see https://workos.com/docs/reference/organization-domain
 */
export const organizationDomains = Resource.make("organizationDomains", {
  /**
   * Adds an unverified domain to an organization. Fails with `Conflict` if an organization already has the domain.
   *
   * @see https://workos.com/docs/reference/organization-domain/create
   */
  create: Endpoint.post("/organization_domains", {
    summary: "Create an organization domain",
    description: "Responds with 409 if an organization already has the domain.",
    payload: CreateOrganizationDomain,
    success: OrganizationDomain,
    status: 201,
    errors: [ApiError.BadRequest, ApiError.NotFound, ApiError.Conflict, ApiError.UnprocessableEntity]
  }),
  /**
   * Returns a domain.
   *
   * @see https://workos.com/docs/reference/organization-domain/get
   */
  get: Endpoint.get("/organization_domains/:id", {
    summary: "Get an organization domain",
    params: { id: OrganizationDomainId },
    success: OrganizationDomain,
    errors: [ApiError.NotFound]
  }),
  /**
   * Permanently deletes a domain.
   *
   * @see https://workos.com/docs/reference/organization-domain/delete
   */
  delete: Endpoint.delete("/organization_domains/:id", {
    summary: "Delete an organization domain",
    description: "A deletion cannot be undone.",
    params: { id: OrganizationDomainId },
    errors: [ApiError.NotFound]
  }),
  /**
   * Starts DNS verification. One of the events `organization_domain.verified` and
   * `organization_domain.verification_failed` reports the result later. Fails with `BadRequest` and the code
   * `domain_already_verified` if the domain is verified.
   *
   * @see https://workos.com/docs/reference/organization-domain/verify
   */
  verify: Endpoint.post("/organization_domains/:id/verify", {
    summary: "Verify an organization domain",
    description: "Starts DNS verification. Responds with 400 if the domain is already verified.",
    params: { id: OrganizationDomainId },
    success: OrganizationDomain,
    status: 201,
    errors: [ApiError.BadRequest, ApiError.NotFound]
  })
})
