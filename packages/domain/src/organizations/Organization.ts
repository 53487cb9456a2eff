// Organizations: the customers of an application.
//
// The resource and its endpoints stand together; `https://workos.com/docs/reference/organization` documents them. Its id
// is in `OrganizationId.ts`, and the domains inside it in `OrganizationDomain.ts`.
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import { ApiKey } from "../ApiKey.ts"
import { Metadata } from "../Attributes.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Id from "../Id.ts"
import { OrganizationDomain } from "./OrganizationDomain.ts"
import { OrganizationId } from "./OrganizationId.ts"
import * as Pagination from "../Pagination.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"

const externalIds = /[a-z]{3,8}-[1-9][0-9]{0,5}/

/**
 * An organization: a customer of the application, to whom connections and domains belong.
 *
 * **Details**
 *
 * - `domains`: each with how far its verification is.
 * - `metadata`: what the application keeps there, under names of its own. Older answers are without it.
 * - `externalId`: the application's own id for the organization; `null`, or absent in older answers, where there is none.
 * - `allowProfilesOutsideOrganization` is deprecated; some answers have it and some have not.
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
export const Organization = Wire.Struct({
  object: Schema.Literal("organization"),
  id: OrganizationId,
  name: Arbitraries.CompanyName,
  domains: Schema.Array(OrganizationDomain),
  metadata: Schema.optionalKey(Metadata),
  externalId: Schema.optionalKey(Schema.NullOr(Arbitraries.stringMatching(externalIds))),
  stripeCustomerId: Schema.optionalKey(Schema.NullOr(Arbitraries.stringMatching(/cus_[A-Za-z0-9]{14}/))),
  allowProfilesOutsideOrganization: Schema.optionalKey(Schema.Boolean),
  createdAt: Timestamp,
  updatedAt: Timestamp
})
export interface Organization extends Schema.Schema.Type<typeof Organization> {}

/**
 * A page of organizations.
 *
 * **Example** (Where the next page begins)
 *
 * ```ts
 * import type { OrganizationPage, OrganizationQuery } from "@effect-workos/domain/organizations/Organization"
 *
 * const next = (query: OrganizationQuery, { listMetadata }: OrganizationPage): OrganizationQuery | undefined =>
 *   listMetadata.after === null ? undefined : { ...query, after: listMetadata.after }
 * ```
 *
 * @see https://workos.com/docs/reference/organization/list
 */
export const OrganizationPage = Pagination.Page(Organization, OrganizationId)
export interface OrganizationPage extends Schema.Schema.Type<typeof OrganizationPage> {}

/**
 * What a list of organizations can be asked for: where, how many, in which order, and which.
 *
 * **Details**
 *
 * - `domains`: with any of these domains.
 * - `search`: with this text in their names.
 *
 * @see https://workos.com/docs/reference/organization/list
 */
export const OrganizationQuery = Wire.Struct({
  ...Pagination.query("org"),
  domains: Schema.optional(Pagination.CommaSeparated(Arbitraries.DomainName)),
  search: Schema.optional(Arbitraries.stringMatching(/[A-Za-z]{1,6}/))
})
export interface OrganizationQuery extends Schema.Schema.Type<typeof OrganizationQuery> {}

/**
 * The application's own id for an organization: 1 to 128 ASCII characters, and none of the two that are no name in a URL,
 * `.` and `..`.
 *
 * **Example** (Ids of one's own that WorkOS takes)
 *
 * ```ts
 * import { NewMetadata, OrganizationExternalId } from "@effect-workos/domain/organizations/Organization"
 * import * as Schema from "effect/Schema"
 *
 * Schema.is(OrganizationExternalId)("customer-42") // => true
 * Schema.is(OrganizationExternalId)("Kunde-Ü") // => false
 * Schema.is(NewMetadata)({ plan: "x".repeat(601) }) // => false
 * ```
 *
 * @see https://workos.com/docs/authkit/metadata/external-identifiers
 */
export const OrganizationExternalId = Schema.String.check(
  Schema.isPattern(/^(?!\.{1,2}$)\p{ASCII}{1,128}$/u, {
    expected: "1 to 128 ASCII characters, and not just . or ..",
    arbitraryConstraint: { patterns: [{ source: `^${externalIds.source}$`, flags: "" }] }
  })
)

/**
 * What an application keeps with an organization: at most 50 texts, each of at most 600 characters, under names of at most
 * 40.
 *
 * @see https://workos.com/docs/authkit/metadata
 */
export const NewMetadata = Schema.Record(
  Schema.String.check(Arbitraries.patterned(/[a-z]{3,12}/)),
  Schema.String.check(Schema.isMaxLength(600), Arbitraries.patterned(/[a-z0-9]{1,12}/))
  // The names are checked here: a record drops those that do not fit its keys, and says nothing.
).check(
  Schema.isMaxProperties(50),
  Schema.isPropertyNames(Schema.String.check(Schema.isMaxLength(40, { expected: "a name of at most 40 characters" })))
)

/**
 * A domain for an organization, and whether the application vouches for it (`verified`) or its DNS has to (`pending`).
 *
 * @see https://workos.com/docs/reference/organization/create
 */
export const NewDomain = Wire.Struct({
  domain: Arbitraries.DomainName,
  state: Schema.Literals(["pending", "verified"])
})
export interface NewDomain extends Schema.Schema.Type<typeof NewDomain> {}

const changeable = {
  allowProfilesOutsideOrganization: Schema.optionalKey(Schema.Boolean),
  domainData: Schema.optionalKey(Schema.Array(NewDomain)),
  metadata: Schema.optionalKey(Schema.NullOr(NewMetadata)),
  externalId: Schema.optionalKey(Schema.NullOr(OrganizationExternalId))
}

/**
 * What an organization is created from.
 *
 * **Details**
 *
 * - `domainData`: its domains.
 * - `externalId`: the application's own id for it. No other organization of the environment may have it, so a creation
 *   with one does not create twice, however often it is repeated.
 *
 * **Example** (A customer with a domain that is known to be theirs)
 *
 * ```ts
 * import type { NewDomain, CreateOrganization, UpdateOrganization } from "@effect-workos/domain/organizations/Organization"
 *
 * const domain: NewDomain = { domain: "foo-corp.com", state: "verified" }
 *
 * const organization: CreateOrganization = { name: "Foo Corp", domainData: [domain], externalId: "customer-42" }
 *
 * const withoutId: UpdateOrganization = { externalId: null }
 * ```
 *
 * @see https://workos.com/docs/reference/organization/create
 */
export const CreateOrganization = Wire.Struct({ name: Arbitraries.CompanyName, ...changeable })
export interface CreateOrganization extends Schema.Schema.Type<typeof CreateOrganization> {}

/**
 * What changes of an organization: what is absent stays, and `null` takes away what is there. `domainData` is all of its
 * domains from then on.
 *
 * @see https://workos.com/docs/reference/organization/update
 */
export const UpdateOrganization = Wire.Struct({
  name: Schema.optionalKey(Arbitraries.CompanyName),
  ...changeable,
  stripeCustomerId: Schema.optionalKey(Schema.NullOr(Arbitraries.stringMatching(/cus_[A-Za-z0-9]{14}/)))
})
export interface UpdateOrganization extends Schema.Schema.Type<typeof UpdateOrganization> {}

const params = { id: Id.make("org") }

/**
 * The endpoints of organizations.
 *
 * **Example** (An API of organizations alone)
 *
 * ```ts
 * import { OrganizationsGroup } from "@effect-workos/domain/organizations/Organization"
 * import * as HttpApi from "effect/http-api/HttpApi"
 *
 * const Api = HttpApi.make("workos").add(OrganizationsGroup)
 * ```
 *
 * @see https://workos.com/docs/reference/organization
 */
export const OrganizationsGroup = HttpApiGroup.make("organizations")
  .add(
    HttpApiEndpoint.get("list", "/organizations", {
      query: OrganizationQuery,
      success: OrganizationPage,
      error: ApiError.UnprocessableEntityResponse
    }).annotateMerge(
      OpenApi.annotations({
        summary: "List organizations",
        description: "All organizations that match, a page at a time."
      })
    ),
    HttpApiEndpoint.get("getByExternalId", "/organizations/external_id/:external_id", {
      params: { external_id: OrganizationExternalId },
      success: Organization,
      error: ApiError.NotFoundResponse
    }).annotateMerge(OpenApi.annotations({ summary: "Get an organization by the application's own id" })),
    HttpApiEndpoint.get("get", "/organizations/:id", {
      params,
      success: Organization,
      error: ApiError.NotFoundResponse
    }).annotateMerge(OpenApi.annotations({ summary: "Get an organization" })),
    HttpApiEndpoint.post("create", "/organizations", {
      payload: CreateOrganization,
      success: Organization.pipe(HttpApiSchema.status(201)),
      error: [ApiError.BadRequestResponse, ApiError.ConflictResponse, ApiError.UnprocessableEntityResponse]
    }).annotateMerge(
      OpenApi.annotations({
        summary: "Create an organization",
        description: "400 where another has the same `external_id`, 409 where another has one of its domains."
      })
    ),
    HttpApiEndpoint.put("update", "/organizations/:id", {
      params,
      payload: UpdateOrganization,
      success: Organization,
      error: [
        ApiError.BadRequestResponse,
        ApiError.ForbiddenResponse,
        ApiError.NotFoundResponse,
        ApiError.ConflictResponse,
        ApiError.UnprocessableEntityResponse
      ]
    }).annotateMerge(OpenApi.annotations({ summary: "Update an organization" })),
    HttpApiEndpoint.delete("delete", "/organizations/:id", {
      params,
      success: [HttpApiSchema.Empty(200), HttpApiSchema.Accepted, HttpApiSchema.NoContent],
      error: [ApiError.ForbiddenResponse, ApiError.NotFoundResponse]
    }).annotateMerge(
      OpenApi.annotations({
        summary: "Delete an organization",
        description: "With its connections and domains. It cannot be undone."
      })
    )
  )
  .middleware(ApiKey)
  .annotateMerge(OpenApi.annotations({ title: "Organizations" }))
