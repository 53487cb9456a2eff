// The domains of organizations: whose users they vouch for, once they are verified.
//
// The resource, its ids and its endpoints stand together; `https://workos.com/docs/reference/organization-domain`
// documents them. There is no list of them: an organization has its own inside.
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import { ApiKey } from "../ApiKey.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Id from "../Id.ts"
import * as OpenEnum from "../OpenEnum.ts"
import { OrganizationId } from "./OrganizationId.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"

/**
 * The id of an organization's domain: `org_domain_…`.
 *
 * **Example** (An id from a URL)
 *
 * ```ts
 * import { OrganizationDomainId } from "@effect-workos/domain/organizations/OrganizationDomain"
 * import * as Schema from "effect/Schema"
 *
 * const id = Schema.decodeUnknownOption(OrganizationDomainId)("org_domain_01EZTR5N6Y9RQKHK2E9F31KZX6")
 * ```
 *
 * @see https://workos.com/docs/reference/organization-domain
 */
export const OrganizationDomainId = Id.make("org_domain").pipe(Schema.brand("OrganizationDomainId"))
export type OrganizationDomainId = typeof OrganizationDomainId.Type

/**
 * How far the verification of a domain is. `legacy_verified` is one that was verified before there was a way to do it.
 *
 * @see https://workos.com/docs/reference/organization-domain
 */
export const OrganizationDomainState = OpenEnum.make(
  ["failed", "legacy_verified", "pending", "unverified", "verified"],
  /[a-z]{4,8}_[a-z]{4,8}/
)
export type OrganizationDomainState = typeof OrganizationDomainState.Type

/**
 * How a domain is verified: by a record in its DNS, or by the application's word.
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
 * To verify it by DNS, the organization writes a TXT record with `verificationToken` under `verificationPrefix`.
 *
 * **Example** (The record that DNS has to have)
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
export const OrganizationDomain = Wire.Struct({
  object: Schema.Literal("organization_domain"),
  id: OrganizationDomainId,
  organizationId: OrganizationId,
  domain: Arbitraries.DomainName,
  state: Schema.optionalKey(OrganizationDomainState),
  verificationPrefix: Schema.optionalKey(Arbitraries.stringMatching(/_workos-challenge(?:-[a-z0-9]{6})?/)),
  verificationToken: Schema.optionalKey(Arbitraries.stringMatching(/[A-Za-z0-9]{25}/)),
  verificationStrategy: Schema.optionalKey(VerificationStrategy),
  createdAt: Timestamp,
  updatedAt: Timestamp
})
export interface OrganizationDomain extends Schema.Schema.Type<typeof OrganizationDomain> {}

/**
 * A domain for an organization.
 *
 * **Example** (What it is made from)
 *
 * ```ts
 * import type { CreateOrganizationDomain } from "@effect-workos/domain/organizations/OrganizationDomain"
 *
 * const domain: CreateOrganizationDomain = { organizationId: "org_01EHWNCE74X7JSDV0X3SZ3KJNY", domain: "foo-corp.com" }
 * ```
 *
 * @see https://workos.com/docs/reference/organization-domain/create
 */
export const CreateOrganizationDomain = Wire.Struct({
  domain: Arbitraries.DomainName,
  organizationId: Id.make("org")
})
export interface CreateOrganizationDomain extends Schema.Schema.Type<typeof CreateOrganizationDomain> {}

const params = { id: Id.make("org_domain") }

/**
 * The endpoints of organizations' domains.
 *
 * **Example** (An API of domains alone)
 *
 * ```ts
 * import { OrganizationDomainsGroup } from "@effect-workos/domain/organizations/OrganizationDomain"
 * import * as HttpApi from "effect/http-api/HttpApi"
 *
 * const Api = HttpApi.make("workos").add(OrganizationDomainsGroup)
 * ```
 *
 * @see https://workos.com/docs/reference/organization-domain
 */
export const OrganizationDomainsGroup = HttpApiGroup.make("organizationDomains")
  .add(
    HttpApiEndpoint.post("create", "/organization_domains", {
      payload: CreateOrganizationDomain,
      success: OrganizationDomain.pipe(HttpApiSchema.status(201)),
      error: [
        ApiError.BadRequestResponse,
        ApiError.NotFoundResponse,
        ApiError.ConflictResponse,
        ApiError.UnprocessableEntityResponse
      ]
    }).annotateMerge(
      OpenApi.annotations({
        summary: "Create an organization domain",
        description: "409 where an organization has it already."
      })
    ),
    HttpApiEndpoint.get("get", "/organization_domains/:id", {
      params,
      success: OrganizationDomain,
      error: ApiError.NotFoundResponse
    }).annotateMerge(OpenApi.annotations({ summary: "Get an organization domain" })),
    HttpApiEndpoint.delete("delete", "/organization_domains/:id", {
      params,
      success: HttpApiSchema.NoContent,
      error: ApiError.NotFoundResponse
    }).annotateMerge(
      OpenApi.annotations({ summary: "Delete an organization domain", description: "It cannot be undone." })
    ),
    HttpApiEndpoint.post("verify", "/organization_domains/:id/verify", {
      params,
      success: OrganizationDomain.pipe(HttpApiSchema.status(201)),
      error: [ApiError.BadRequestResponse, ApiError.NotFoundResponse]
    }).annotateMerge(
      OpenApi.annotations({
        summary: "Verify an organization domain",
        description: "Begins to look for its DNS record. 400 where it is verified already."
      })
    )
  )
  .middleware(ApiKey)
  .annotateMerge(OpenApi.annotations({ title: "Organization domains" }))
