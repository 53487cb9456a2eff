/**
 * The WorkOS suite: the conventions of the WorkOS API and the laws to verify.
 *
 * @module
 */
import { ConnectionTypeFilter, fromFilter } from "@effect-workos/domain/sso/Connection"
import * as Id from "@effect-workos/domain/Id"
import type * as Endpoint from "@effect-workos/domain/Endpoint"
import * as Fields from "@effect-workos/domain/Fields"
import * as resources from "@effect-workos/domain/resources"
import * as ContentEncoding from "@effect-workos/domain/ContentEncoding"
import * as UserAgent from "@effect-workos/domain/UserAgent"
import { snakeCase } from "@effect-workos/domain/Wire"
import { WorkOsApi } from "@effect-workos/domain/WorkOsApi"
import { memoize } from "effect/Function"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import {
  type ApiConventions,
  equals,
  type Filter,
  isRow,
  type Row
} from "@effect-workos/contract-engine/ApiConventions"
import type { Role } from "@effect-workos/contract-engine/ApiOperation"
import * as Sampling from "@effect-workos/contract-engine/Sampling"
import { laws } from "@effect-workos/contract-engine/laws"
import * as Suite from "@effect-workos/contract-engine/Suite"
import * as Target from "@effect-workos/contract-engine/Target"
import * as Accounts from "./internal/accounts.ts"
import { authKit } from "./internal/authKit.ts"
import { fixtures as authKitFixtures } from "./internal/authKitFixtures.ts"
import { connections } from "./internal/connections.ts"
import * as Codes from "./internal/codes.ts"
import { events } from "./internal/events.ts"
import { organizations } from "./internal/organizations.ts"
import { members } from "./internal/memberLaws.ts"
import * as Members from "./internal/members.ts"
import * as Portal from "./internal/portal.ts"
import { fixtures, isOAuthError, parameterValues, signIn } from "./internal/signIn.ts"
import { sessionLaws } from "./internal/sessions.ts"
import { sources } from "./internal/sources.ts"

// A type that responses and filters spell differently has its own law.
const connectionType: Filter = {
  parameter: "connection_type",
  sample: ({ connection_type: type }) =>
    ConnectionTypeFilter.literals.filter((literal) => literal === type && fromFilter(literal) === type),
  matches: ({ connection_type: type }, value) =>
    ConnectionTypeFilter.literals.some((literal) => literal === value && fromFilter(literal) === type)
}

// The domains of a row: a list of objects, or one text.
const domainsOf = ({ domain, domains }: Row): ReadonlyArray<string> => {
  if (typeof domain === "string") return [domain]
  return Array.isArray(domains)
    ? domains.filter(isRow).flatMap(({ domain }) => (typeof domain === "string" ? [domain] : []))
    : []
}

const domain: Filter = {
  parameter: "domain",
  sample: domainsOf,
  matches: (row, value) => domainsOf(row).some((domain) => domain.toLowerCase() === value.toLowerCase()),
  // The parent domain, and a suffix of the name.
  nearMisses: (row) => domainsOf(row).flatMap((domain) => [domain.slice(domain.indexOf(".") + 1), domain.slice(1)])
}

// The documentation does not define how a search treats parts of words or several words: one whole word has to match.
const search: Filter = {
  parameter: "search",
  sample: ({ name }) => (typeof name === "string" ? name.split(/\s+/).filter((word) => word.length > 2) : []),
  matches: ({ name }, value) => typeof name === "string" && name.toLowerCase().includes(value.toLowerCase()),
  // Whole words of other fields, since the documentation does not define how a search treats punctuation.
  nearMisses: (row) =>
    [String(row["connection_type"]), ...domainsOf(row).flatMap((domain) => domain.split(/[^a-z]+/i))].filter(
      (word) => word.length > 3
    )
}

const domains: Filter = {
  ...domain,
  parameter: "domains",
  // One domain, or a list of domains of which one has to match.
  sample: (row) => domainsOf(row).flatMap((domain) => [domain, `no-such-domain.example,${domain}`]),
  matches: (row, value) => value.split(",").some((one) => domain.matches(row, one))
}

const organizationSearch: Filter = {
  ...search,
  nearMisses: (row) => search.nearMisses?.({ domains: row["domains"] }) ?? []
}

const eventTypes: Filter = {
  parameter: "events",
  sample: ({ event }) => (typeof event === "string" ? [event, `connection.activated,${event}`] : []),
  matches: ({ event }, value) => typeof event === "string" && value.split(",").includes(event),
  nearMisses: ({ event }) => (typeof event === "string" ? [event.slice(0, event.indexOf("."))] : [])
}

// An event names its organization in one of two places. The result is cached, since there are many events.
const organizationsOf = memoize(({ data }: Row): ReadonlyArray<string> => {
  if (!isRow(data)) return []
  return data["object"] === "organization" ? [String(data["id"])] : Sampling.fieldValues([data], "organization_id")
})

const eventOrganization: Filter = {
  parameter: "organization_id",
  sample: organizationsOf,
  matches: (row, value) => organizationsOf(row).includes(value)
}

const createdAt = ({ created_at: created }: Row): number => Date.parse(String(created))

// The documentation does not define whether the bounds of a range are inclusive, so no bound equals the timestamp of an
// event.
const timestampNear = (row: Row, millis: number): ReadonlyArray<string> =>
  Number.isNaN(createdAt(row)) ? [] : [new Date(createdAt(row) + millis).toISOString()]

// Timestamps are compared as text: another law requires one format.
const rangeStart: Filter = {
  parameter: "range_start",
  sample: (row) => timestampNear(row, -12 * 3_600_000),
  matches: ({ created_at: created }, value) => String(created) > value
}

const rangeEnd: Filter = {
  parameter: "range_end",
  sample: (row) => timestampNear(row, 12 * 3_600_000),
  matches: ({ created_at: created }, value) => String(created) < value
}

// Filters that mean the same in every list that has the parameter.
const commonFilters = [equals("organization_id"), domain, search]

const email: Filter = {
  parameter: "email",
  sample: ({ email }) => (typeof email === "string" ? [email] : []),
  matches: ({ email }, value) => typeof email === "string" && email.toLowerCase() === value.toLowerCase(),
  nearMisses: ({ email }) => (typeof email === "string" ? [`x${email}`] : [])
}

// Only active memberships are listed without this filter.
const membershipStatuses: Filter = {
  parameter: "statuses",
  sample: ({ status }) => (typeof status === "string" ? [status, `pending,${status}`] : []),
  matches: ({ status }, value) => typeof status === "string" && value.split(",").includes(status)
}

const ownFilters: Readonly<Record<string, ReadonlyArray<Filter>>> = {
  "users.list": [email],
  "invitations.list": [email],
  "organizationMemberships.list": [equals("user_id"), equals("organization_id"), membershipStatuses],
  "connections.list": [connectionType],
  "organizations.list": [domains, organizationSearch],
  "events.list": [eventTypes, eventOrganization, rangeStart, rangeEnd]
}

const endpoints = Object.values(resources).flatMap((resource) =>
  Object.entries<Endpoint.Endpoint>(resource.endpoints).map(([name, endpoint]) => ({
    id: `${resource.name}.${name}`,
    endpoint
  }))
)

const lists = endpoints.filter(({ endpoint }) => endpoint.item !== undefined)

// The role of each operation, from the resource that describes the operation.
const actions = ["list", "get", "create", "update", "delete"] as const

// Lists whose rows belong to another resource, or which are nested elsewhere than the other operations of the resource.
const ownRoles: Readonly<Record<string, Role>> = {
  "groups.listMembers": {
    resource: "groupMembers",
    action: "list",
    parents: { organizationId: "organizations.list", groupId: "groups.list" }
  },
  "groups.listOfMembership": {
    resource: "groupsOfMembership",
    action: "list",
    parents: { organizationMembershipId: "organizationMemberships.list" }
  },
  "featureFlags.listForUser": { resource: "featureFlags", action: "list", parents: { userId: "users.list" } },
  // Only providers that are configured can be connected, so a fixture imports an account.
  "connectedAccounts.create": { resource: "connectedAccounts", action: "other" }
}

const roles: Readonly<Record<string, Role>> = Object.fromEntries(
  Object.values(resources).flatMap((resource) =>
    Object.keys(resource.endpoints).map((name) => {
      const action = actions.find((action) => action === name) ?? "other"
      const id = `${resource.name}.${name}`
      return [id, ownRoles[id] ?? { resource: resource.name, action }]
    })
  )
)

const filtersOf = (id: string, { item, query }: Endpoint.Endpoint): ReadonlyArray<Filter> => {
  const specific = ownFilters[id] ?? []
  const parameters = query === undefined ? [] : Fields.of(Schema.toEncoded(query).ast).map(({ name }) => name)
  const fields = item === undefined ? [] : Fields.of(Schema.toEncoded(item).ast).map(({ name }) => name)
  // Rows without the id of their organization do not show whether the filter matches.
  const comparable = fields.includes("organization_id")
    ? commonFilters
    : commonFilters.filter(({ parameter }) => parameter !== "organization_id")
  const common = comparable.filter(
    ({ parameter }) => parameters.includes(parameter) && !specific.some((filter) => filter.parameter === parameter)
  )
  return [...specific, ...common]
}

// Replaces generated domains by unique ones.
const withDomains = (generated: Row, unique: string): Row => {
  const { domain_data: domains } = generated
  return Array.isArray(domains)
    ? {
        ...generated,
        domain_data: domains
          .filter(isRow)
          .slice(0, 3)
          .map((domain, index) => ({ ...domain, domain: `${index + 1}.${unique}.example` }))
      }
    : generated
}

const withoutCustomer = (generated: Row): Row =>
  Object.fromEntries(Object.entries(generated).filter(([name]) => name !== "stripe_customer_id"))

const withExternalId = (generated: Row, unique: string): Row =>
  typeof generated["external_id"] === "string" ? { ...generated, external_id: unique } : generated

// Only one of a password and a hash is allowed, and email addresses and external ids are unique.
const withAccount = (generated: Row, unique: string): Row => ({
  ...Object.fromEntries(
    Object.entries(withExternalId(generated, unique)).filter(([name]) => !name.startsWith("password_"))
  ),
  ...("email" in generated ? { email: `${unique.toLowerCase()}@mail.example` } : {})
})

/**
 * The conventions of the WorkOS API.
 *
 * **Example** (Deriving conventions)
 *
 * ```ts
 * import type { ApiConventions } from "@effect-workos/contract-engine/ApiConventions"
 * import * as WorkOs from "@effect-workos/contract/WorkOs"
 *
 * const conventions: ApiConventions = { ...WorkOs.conventions, headers: [] }
 * ```
 *
 * @see https://workos.com/docs/reference/pagination
 */
export const conventions: ApiConventions = {
  lists: {
    items: ["data"],
    pagination: {
      _tag: "Cursor",
      cursors: "ids",
      after: "after",
      before: "before",
      next: ["list_metadata", "after"],
      previous: ["list_metadata", "before"]
    },
    limit: { parameter: "limit", defaultValue: 10, maximum: 100 },
    order: { parameter: "order", ascending: "asc", descending: "desc" },
    id: "id",
    created: "created_at"
  },
  forwardOnly: lists.filter(({ endpoint }) => endpoint.cursors === "forward").map(({ id }) => id),
  filters: Object.fromEntries(lists.map(({ endpoint, id }) => [id, filtersOf(id, endpoint)])),
  requiredFilters: {
    "organizationMemberships.list": {
      parameter: "organization_id",
      list: "organizations.list",
      otherwise: "org_01000000000000000000000000"
    }
  },
  exclusive: Object.fromEntries(
    endpoints.flatMap(({ endpoint: { exclusive }, id }) =>
      exclusive === undefined ? [] : [[id, exclusive.groups.map((group) => group.map(snakeCase))]]
    )
  ),
  headers: ["x-request-id"],
  // The errors page documents 400 for every operation.
  statuses: [400],
  securityScheme: "bearer",
  nestedIn: { "/organization_domains": { list: "organizations.list", path: ["domains"] } },
  externalInputs: [
    "authentication.authorize",
    "authentication.authenticate",
    "authentication.authorizeDevice",
    "authentication.logout",
    "sso.authorize",
    "sso.profileAndToken",
    "sso.logoutAuthorize",
    "sso.logout",
    "portal.generateLink",
    "userApiKeys.create",
    "connectedAccounts.create",
    // Only sign-ins start sessions, and only emails contain the codes.
    "sessions.revoke",
    "users.confirmEmailVerification",
    "users.confirmEmailChange",
    "passwordResets.create",
    "passwordResets.confirm",
    "authenticationChallenges.verify",
    "radarChallenges.send",
    "widgets.createToken",
    "passwordlessSessions.create",
    "passwordlessSessions.send"
  ],
  parameterValues: parameterValues,
  rateLimits: Object.fromEntries(
    endpoints.flatMap(({ endpoint: { rateLimits = [] }, id }) =>
      rateLimits.map(({ requests, seconds }) => [id, Math.floor((requests * 60) / seconds)])
    )
  ),
  isRefusal: isOAuthError,
  prefixOf: Id.prefixOf,
  timestamps: ["created_at", "updated_at"],
  payloads: {
    // A unique name and external id, since creating with an existing external id returns the existing connection.
    "connections.create": (generated, unique) => ({ ...withExternalId(generated, unique), name: unique }),
    // At least one domain, so that responses contain one.
    "organizations.create": (generated, unique) => ({
      ...withDomains({ domain_data: [{ domain: "", state: "pending" }], ...withExternalId(generated, unique) }, unique),
      name: unique
    }),
    // Stripe customer ids cannot be generated.
    "organizations.update": (generated, unique) =>
      withDomains(withExternalId(withoutCustomer(generated), unique), unique),
    "redirectUris.create": (generated, unique) => ({ ...generated, uri: `https://${unique}.example/callback` }),
    "corsOrigins.create": (generated, unique) => ({ ...generated, origin: `https://${unique}.example` }),
    "organizationDomains.create": (generated, unique) => ({ ...generated, domain: `${unique}.example` }),
    "users.create": (generated, unique) => withAccount(generated, unique),
    "users.update": (generated, unique) => withAccount(generated, unique),
    // The documented roles exist in every environment.
    "organizationMemberships.create": ({ organization_id, user_id }) => ({
      organization_id,
      user_id,
      role_slug: "admin"
    }),
    "organizationMemberships.update": () => ({ role_slug: "member" }),
    "invitations.create": (_, unique) => ({ email: `${unique}@mail.example`, expires_in_days: 3, locale: "en" })
  }
}

/**
 * The WorkOS suite: the laws that apply to any API, with the sentences of the WorkOS documentation as sources, and the
 * laws that apply to WorkOS only.
 *
 * **Example** (Counting the laws)
 *
 * ```ts
 * import * as WorkOs from "@effect-workos/contract/WorkOs"
 *
 * WorkOs.suite.laws.length
 * ```
 *
 * @see https://workos.com/docs/reference
 */
export const suite: Suite.Suite = Suite.make({
  api: WorkOsApi,
  conventions,
  roles,
  fixtures: {
    ...fixtures,
    ...authKitFixtures,
    ...Portal.fixtures,
    ...Codes.fixtures,
    ...Accounts.fixtures,
    ...Members.fixtures
  },
  laws: [
    ...laws.map((law) => ({ ...law, source: sources[law.id] ?? law.source })),
    ...connections,
    ...organizations,
    ...events,
    ...signIn,
    ...authKit,
    ...sessionLaws,
    ...members
  ],
  replay: ({ law, operation, runs, seed, writes }) =>
    `effect-workos verify --seed ${seed} --runs ${runs} --laws ${law} --operations ${operation}${writes ? " --writes" : ""}`
})

/**
 * Options for `layerTarget`.
 */
export interface TargetOptions {
  /** The URL to which paths are appended: `"https://api.workos.com"`. */
  readonly baseUrl: string | URL
  readonly apiKey: Redacted.Redacted
  /** Headers of every request. */
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Provides a server with the API of WorkOS as the target. Reports show the API key as `$WORKOS_API_KEY`.
 *
 * **Example** (Targeting a local server)
 *
 * ```ts
 * import * as WorkOs from "@effect-workos/contract/WorkOs"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import * as Layer from "effect/Layer"
 * import * as Redacted from "effect/Redacted"
 *
 * const options: WorkOs.TargetOptions = {
 *   baseUrl: "http://127.0.0.1:4100",
 *   apiKey: Redacted.make("sk_test_emulator")
 * }
 *
 * const local = WorkOs.layerTarget(options).pipe(Layer.provide(FetchHttpClient.layer))
 * ```
 */
export const layerTarget = ({
  apiKey,
  baseUrl,
  headers
}: TargetOptions): Layer.Layer<Target.Target, never, HttpClient.HttpClient> =>
  Target.layer({
    baseUrl,
    credentials: Target.bearer(apiKey, "WORKOS_API_KEY"),
    headers: { ...UserAgent.headers(), ...headers },
    decodeBody: ContentEncoding.text
  })

/**
 * Returns whether a base URL belongs to WorkOS itself.
 *
 * **Example** (Detecting the production API)
 *
 * ```ts
 * import * as WorkOs from "@effect-workos/contract/WorkOs"
 *
 * WorkOs.isProduction("https://api.workos.com") // => true
 * WorkOs.isProduction("http://127.0.0.1:4100") // => false
 * ```
 */
export const isProduction = (baseUrl: string): boolean =>
  URL.canParse(baseUrl) && /(?:^|\.)workos\.com\.?$/.test(new URL(baseUrl).hostname)
