/**
 * Organizations, the customers of an application: schemas and endpoints.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as ApiObject from "../ApiObject.ts"
import { ExternalId, externalIds, MetadataInput } from "../ApplicationData.ts"
import { Metadata } from "../Attributes.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import { OrganizationDomain } from "./OrganizationDomain.ts"
import { OrganizationId } from "./OrganizationId.ts"
import * as Pagination from "../Pagination.ts"
import * as Resource from "../Resource.ts"
import * as Wire from "../Wire.ts"
import * as Lenient from "../Lenient.ts"

/**
 * An organization: a customer of the application, with connections and domains.
 *
 * **Details**
 *
 * - `domains`: the domains of the organization, with the states of their verification.
 * - `metadata`: values that the application stores.
 * - `externalId`: the application's id for the organization, if any.
 * - `allowProfilesOutsideOrganization`: deprecated, and absent in some responses.
 *
 * **Example** (Decoding an organization)
 *
 * ```ts
 * import * as Schema from "effect/Schema"
 * import { Organization } from "@effect-workos/domain/organizations/Organization"
 *
 * const organization = Schema.decodeUnknownSync(Organization)({
 *   object: "organization",
 *   id: "org_01EHZNVPK3SFK441A1RGBFSHRT",
 *   name: "Acme Inc.",
 *   domains: [],
 *   metadata: { tier: "diamond" },
 *   external_id: "acme-1",
 *   created_at: "2026-01-15T12:00:00.000Z",
 *   updated_at: "2026-01-15T12:00:00.000Z"
 * })
 *
 * organization.externalId // => "acme-1"
 * ```
 *
 * @see https://workos.com/docs/reference/organization
 */
export class Organization extends Schema.Opaque<Organization>()(
  ApiObject.make("organization", OrganizationId, () => ({
    name: Arbitraries.CompanyName,
    domains: Lenient.withDefault(Schema.Array(OrganizationDomain), () => []),
    metadata: Lenient.withDefault(Metadata, () => ({}), { required: false }),
    externalId: Lenient.optional(Arbitraries.stringMatching(externalIds), { nullable: true, encodeNull: true }),
    stripeCustomerId: Lenient.optional(Arbitraries.stringMatching(/cus_[A-Za-z0-9]{14}/), { nullable: true }),
    allowProfilesOutsideOrganization: Lenient.optional(Schema.Boolean)
  }))
) {}

/**
 * The query parameters of the list of organizations.
 *
 * **Details**
 *
 * - `domains`: domains, of which an organization must have at least one.
 * - `search`: a text that the name of the organization contains.
 *
 * @see https://workos.com/docs/reference/organization/list
 */
export class OrganizationQuery extends Schema.Opaque<OrganizationQuery>()(
  Wire.Struct(() => ({
    ...Pagination.query("org"),
    domains: Schema.optional(Pagination.CommaSeparated(Arbitraries.DomainName)),
    search: Pagination.filters().search
  }))
) {}

/**
 * The application's id for an organization.
 *
 * @see https://workos.com/docs/authkit/metadata/external-identifiers
 */
export const OrganizationExternalId = ExternalId

/**
 * The metadata of an organization in a request.
 *
 * @see https://workos.com/docs/authkit/metadata
 */
export const OrganizationMetadata = MetadataInput

/**
 * A domain in the payload that creates or updates an organization. `verified` domains need no verification; `pending`
 * domains are verified by DNS.
 *
 * @see https://workos.com/docs/reference/organization/create
 */
export const OrganizationDomainData = Wire.Struct(() => ({
  domain: Arbitraries.DomainName,
  state: Schema.Literals(["pending", "verified"])
}))
export interface OrganizationDomainData extends Schema.Schema.Type<typeof OrganizationDomainData> {}

const changeable = () => ({
  allowProfilesOutsideOrganization: Wire.optional(Schema.Boolean),
  domainData: Wire.optional(Schema.Array(OrganizationDomainData)),
  metadata: Wire.optional(Schema.NullOr(OrganizationMetadata)),
  externalId: Wire.optional(Schema.NullOr(OrganizationExternalId))
})

/**
 * The payload that creates an organization.
 *
 * **Details**
 *
 * - `domainData`: the domains of the organization.
 * - `externalId`: the application's id for the organization. It is unique in the environment, so requests with an
 *   `externalId` create at most one organization.
 *
 * **Example** (A customer with a verified domain)
 *
 * ```ts
 * import type { OrganizationDomainData, CreateOrganization, UpdateOrganization } from "@effect-workos/domain/organizations/Organization"
 *
 * const domain: OrganizationDomainData = { domain: "foo-corp.com", state: "verified" }
 *
 * const organization: CreateOrganization = { name: "Foo Corp", domainData: [domain], externalId: "customer-42" }
 *
 * const withoutId: UpdateOrganization = { externalId: null }
 * ```
 *
 * @see https://workos.com/docs/reference/organization/create
 */
export class CreateOrganization extends Schema.Opaque<CreateOrganization>()(
  Wire.Struct(() => ({ name: Arbitraries.CompanyName, ...changeable() }))
) {}

/**
 * The payload that updates an organization. Absent fields stay unchanged, and `null` removes a value. `domainData` replaces
 * all domains.
 *
 * @see https://workos.com/docs/reference/organization/update
 */
export class UpdateOrganization extends Schema.Opaque<UpdateOrganization>()(
  Wire.Struct(() => ({
    name: Wire.optional(Arbitraries.CompanyName),
    ...changeable(),
    stripeCustomerId: Wire.optional(Schema.NullOr(Arbitraries.stringMatching(/cus_[A-Za-z0-9]{14}/)))
  }))
) {}

/**
 * The endpoints of organizations.
 *
 * @see https://workos.com/docs/reference/organization
 */
export const organizations = Resource.make("organizations", {
  /**
   * Returns a page of organizations. `order` defaults to `desc`.
   *
   * @see https://workos.com/docs/reference/organization/list
   */
  list: Endpoint.get("/organizations", {
    summary: "List organizations",
    description: "Returns one page of the matching organizations.",
    query: OrganizationQuery,
    item: Organization,
    errors: [ApiError.UnprocessableEntity]
  }),
  /**
   * Returns the organization with an external id: the id that the application has given to the organization.
   *
   * @see https://workos.com/docs/reference/organization/get-by-external-id
   */
  getByExternalId: Endpoint.get("/organizations/external_id/:external_id", {
    summary: "Get an organization by its external id",
    params: { external_id: OrganizationExternalId },
    success: Organization,
    errors: [ApiError.NotFound]
  }),
  /**
   * Returns an organization.
   *
   * @see https://workos.com/docs/reference/organization/get
   */
  get: Endpoint.get("/organizations/:id", {
    summary: "Get an organization",
    params: { id: OrganizationId },
    success: Organization,
    errors: [ApiError.NotFound]
  }),
  /**
   * Creates an organization. Fails with `BadRequest` if another organization has the same `externalId`, and with `Conflict`
   * if another organization has one of the domains.
   *
   * @see https://workos.com/docs/reference/organization/create
   */
  create: Endpoint.post("/organizations", {
    summary: "Create an organization",
    description:
      "Responds with 400 if another organization has the same `external_id`, and with 409 if another organization has one " +
      "of the domains.",
    payload: CreateOrganization,
    success: Organization,
    status: 201,
    errors: [ApiError.BadRequest, ApiError.Conflict, ApiError.UnprocessableEntity]
  }),
  /**
   * Updates an organization. Absent fields stay unchanged, and `null` removes a value. `domainData` replaces all domains.
   *
   * @see https://workos.com/docs/reference/organization/update
   */
  update: Endpoint.put("/organizations/:id", {
    summary: "Update an organization",
    params: { id: OrganizationId },
    payload: UpdateOrganization,
    success: Organization,
    errors: [
      ApiError.BadRequest,
      ApiError.Forbidden,
      ApiError.NotFound,
      ApiError.Conflict,
      ApiError.UnprocessableEntity
    ]
  }),
  /**
   * Permanently deletes an organization, with its connections and domains.
   *
   * @see https://workos.com/docs/reference/organization/delete
   */
  delete: Endpoint.delete("/organizations/:id", {
    summary: "Delete an organization",
    description: "Also deletes the connections and domains. A deletion cannot be undone.",
    params: { id: OrganizationId },
    status: [200, 202, 204],
    errors: [ApiError.Forbidden, ApiError.NotFound],
    rateLimits: [{ requests: 50, seconds: 60 }]
  })
})
