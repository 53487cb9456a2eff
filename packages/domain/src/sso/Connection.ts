/**
 * Connections between identity providers and applications: ids, schemas and endpoints.
 *
 * Versions of WorkOS's documentation and OpenAPI documents differ. These schemas decode the responses of all versions:
 * `status`, `options` and `external_id` may be absent, and types and states may be unknown.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import * as Lazy from "../Lazy.ts"
import * as Lenient from "../Lenient.ts"
import * as OpenEnum from "../OpenEnum.ts"
import { OrganizationId } from "../organizations/OrganizationId.ts"
import * as Pagination from "../Pagination.ts"
import { RedactedString } from "../RedactedString.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Resource from "../Resource.ts"
import * as Wire from "../Wire.ts"

/**
 * The id of a connection: `conn_…`.
 *
 * **Example** (An id from a URL)
 *
 * ```ts
 * import { ConnectionId } from "@effect-workos/domain/sso/Connection"
 * import * as Schema from "effect/Schema"
 *
 * const toId = Schema.decodeUnknownOption(ConnectionId)
 *
 * toId("conn_01E4ZCR3C56J083X43JQXF3JK5") // => Option.some("conn_01E4ZCR3C56J083X43JQXF3JK5")
 * toId("org_01EHWNCE74X7JSDV0X3SZ3KJNY") // => Option.none()
 * ```
 *
 * @see https://workos.com/docs/reference/sso/connection
 */
export const ConnectionId = Id.make("conn").pipe(Schema.brand("ConnectionId"))
export type ConnectionId = typeof ConnectionId.Type

/**
 * The id of a connection's domain: `org_domain_…`. WorkOS's own emulator sends `conn_domain_…`.
 *
 * @see https://workos.com/docs/reference/sso/connection
 */
export const ConnectionDomainId = Id.make("org_domain", "conn_domain").pipe(Schema.brand("ConnectionDomainId"))
export type ConnectionDomainId = typeof ConnectionDomainId.Type

const typesInRowsAndFilters = [
  "ADFSSAML",
  "AdpOidc",
  "AppleOAuth",
  "Auth0SAML",
  "AzureSAML",
  "BitbucketOAuth",
  "CasSAML",
  "ClassLinkSAML",
  "CleverOIDC",
  "CloudflareSAML",
  "CyberArkSAML",
  "DiscordOAuth",
  "DuoSAML",
  "EntraIdOIDC",
  "GenericOIDC",
  "GenericSAML",
  "GitLabOAuth",
  "GoogleOAuth",
  "GoogleOIDC",
  "GoogleSAML",
  "GrokOAuth",
  "IntuitOAuth",
  "JumpCloudSAML",
  "KeycloakSAML",
  "LastPassSAML",
  "LinkedInOAuth",
  "LoginGovOidc",
  "MagicLink",
  "MicrosoftOAuth",
  "MiniOrangeSAML",
  "NetIqSAML",
  "OktaOIDC",
  "OktaSAML",
  "OneLoginSAML",
  "OracleSAML",
  "PingFederateSAML",
  "PingOneSAML",
  "RipplingSAML",
  "SalesforceOAuth",
  "SalesforceSAML",
  "ShibbolethGenericSAML",
  "ShibbolethSAML",
  "SimpleSamlPhpSAML",
  "SlackOAuth",
  "VMwareSAML",
  "VercelMarketplaceOAuth",
  "VercelOAuth",
  "XOAuth",
  "XeroOAuth"
] as const

/**
 * The identity provider and protocol of a connection. WorkOS adds types with most versions of its documentation, so
 * types that are not in `ConnectionType.known` are valid too.
 *
 * **Example** (Labels for administrators)
 *
 * ```ts
 * import type { ConnectionState, ConnectionStatus, ConnectionType } from "@effect-workos/domain/sso/Connection"
 *
 * const nameOf = (type: ConnectionType): string => {
 *   switch (type) {
 *     case "OktaSAML":
 *       return "Okta"
 *     case "GoogleOAuth":
 *       return "Google"
 *     // WorkOS may add other types.
 *     default:
 *       return type
 *   }
 * }
 *
 * const isUsable = (state: ConnectionState): boolean => state === "active"
 *
 * const isLinked = (status: ConnectionStatus): boolean => status === "linked"
 * ```
 *
 * @see https://workos.com/docs/reference/sso/connection
 */
export const ConnectionType = OpenEnum.make(
  [...typesInRowsAndFilters, "Auth0Migration", "GitHubOAuth", "Pending", "TestIdp"],
  /[A-Z][a-z]{2,9}(?:SAML|OIDC|OAuth)/
)
export type ConnectionType = typeof ConnectionType.Type

/**
 * The connection types by which lists can be filtered.
 *
 * **Gotchas**
 *
 * These differ from the types in responses: the filter for `GitHubOAuth` is `GithubOAuth`, and `Auth0Migration`, `Pending`
 * and `TestIdp` cannot be filters.
 *
 * @see https://workos.com/docs/reference/sso/connection/list
 */
export const ConnectionTypeFilter = Lazy.schema(() => Schema.Literals([...typesInRowsAndFilters, "GithubOAuth"]))
export type ConnectionTypeFilter = typeof ConnectionTypeFilter.Type

/**
 * Returns the type of the connections that match a filter: `GitHubOAuth` for `GithubOAuth`, and otherwise the filter
 * itself.
 */
export const fromFilter = (filter: ConnectionTypeFilter): ConnectionType =>
  filter === "GithubOAuth" ? "GitHubOAuth" : filter

/**
 * The state of a connection. Users can sign in through `active` connections only.
 *
 * @see https://workos.com/docs/reference/sso/connection
 */
export const ConnectionState = OpenEnum.make(
  ["requires_type", "draft", "active", "validating", "inactive", "deleting"],
  /[a-z]{4,8}_[a-z]{4,8}/
)
export type ConnectionState = typeof ConnectionState.Type

/**
 * The deprecated predecessor of {@link ConnectionState}.
 *
 * @see https://workos.com/docs/reference/sso/connection
 */
export const ConnectionStatus = OpenEnum.make(["linked", "unlinked"], /[a-z]{4,8}ed/)
export type ConnectionStatus = typeof ConnectionStatus.Type

/**
 * A domain whose users sign in through a connection.
 *
 * @see https://workos.com/docs/reference/sso/connection
 */
export const ConnectionDomain = Wire.Struct(() => ({
  object: ApiObject.kindOf("connection_domain"),
  id: ConnectionDomainId,
  domain: Arbitraries.DomainName
}))
export interface ConnectionDomain extends Schema.Schema.Type<typeof ConnectionDomain> {}

const Certificate = Arbitraries.stringMatching(
  /-----BEGIN CERTIFICATE-----\nMII[0-9A-Za-z]{40}\n-----END CERTIFICATE-----/
)

const ExternalId = Arbitraries.stringMatching(/[a-z]{3,8}-(?:conn|idp|sso)-[1-9][0-9]{0,3}/)

/**
 * The fields of connections in responses and events.
 */
export const connectionFields = () => ({
  object: ApiObject.kindOf("connection"),
  id: ConnectionId,
  organizationId: Lenient.optional(OrganizationId),
  externalId: Lenient.optional(ExternalId, { nullable: true }),
  connectionType: ConnectionType,
  name: Arbitraries.CompanyName,
  state: ConnectionState,
  status: Lenient.optional(ConnectionStatus),
  domains: Lenient.withDefault(Schema.Array(ConnectionDomain), () => []),
  options: Lenient.optional(
    Wire.Struct(() => ({
      signingCert: Lenient.optional(Certificate, { required: true, nullable: true })
    }))
  ),
  createdAt: Timestamp,
  updatedAt: Timestamp
})

/**
 * A connection between an application and a customer's identity provider.
 *
 * **Details**
 *
 * - `organizationId`: absent if the connection belongs to no organization.
 * - `externalId`: the application's id for the connection, if any. Only the newest version of the documentation has this
 *   field.
 * - `status`: deprecated, and absent in some versions.
 * - `options.signingCert`: the signing certificate of a SAML connection in PEM format, if any. `options` is absent in some
 *   versions.
 *
 * **Example** (Decoding a connection)
 *
 * ```ts
 * import * as Schema from "effect/Schema"
 * import { Connection } from "@effect-workos/domain/sso/Connection"
 *
 * const connection = Schema.decodeUnknownSync(Connection)({
 *   object: "connection",
 *   id: "conn_01E4ZCR3C56J083X43JQXF3JK5",
 *   organization_id: "org_01EHWNCE74X7JSDV0X3SZ3KJNY",
 *   connection_type: "OktaSAML",
 *   name: "Foo Corp",
 *   state: "active",
 *   domains: [],
 *   created_at: "2026-01-15T12:00:00.000Z",
 *   updated_at: "2026-01-15T12:00:00.000Z"
 * })
 *
 * connection.connectionType // => "OktaSAML"
 * ```
 *
 * @see https://workos.com/docs/reference/sso/connection
 */
export class Connection extends Schema.Opaque<Connection>()(Wire.Struct(connectionFields)) {}

/**
 * The query parameters of the list of connections.
 *
 * **Details**
 *
 * - `connectionType`: the type of the connections.
 * - `domain`: a domain of the connections, for example `foo-corp.com`.
 * - `organizationId`: the organization that the connections belong to.
 * - `search`: a text that the name of the connection contains.
 *
 * @see https://workos.com/docs/reference/sso/connection/list
 */
export class ConnectionQuery extends Schema.Opaque<ConnectionQuery>()(
  Wire.Struct(() => ({
    ...Pagination.query("conn"),
    connectionType: Schema.optional(ConnectionTypeFilter),
    ...Pagination.filters()
  }))
) {}

/**
 * The settings of a SAML identity provider: the URL of its metadata, or the values that the metadata would contain.
 *
 * @see https://workos.com/docs/reference/sso/connection/create
 */
export const ConnectionSamlOptions = Wire.Struct(() => ({
  idpMetadataUrl: Wire.optional(Arbitraries.url("/saml/metadata")),
  idpEntityId: Wire.optional(Arbitraries.url("/saml")),
  idpSsoUrl: Wire.optional(Arbitraries.url("/saml/login")),
  idpSigningCerts: Wire.optional(Schema.Array(Certificate))
}))
export interface ConnectionSamlOptions extends Schema.Schema.Type<typeof ConnectionSamlOptions> {}

/**
 * The settings of an OpenID Connect identity provider. `clientSecret` is redacted in logs and error messages.
 *
 * @see https://workos.com/docs/reference/sso/connection/create
 */
export const ConnectionOidcOptions = Wire.Struct(() => ({
  discoveryEndpoint: Arbitraries.url("/.well-known/openid-configuration"),
  clientId: Arbitraries.stringMatching(/0oa[0-9A-Za-z]{17}/),
  clientSecret: Wire.optional(RedactedString(/[0-9A-Za-z_-]{40}/)),
  redirectUri: Wire.optional(Arbitraries.url("/callback"))
}))
export interface ConnectionOidcOptions extends Schema.Schema.Type<typeof ConnectionOidcOptions> {}

/**
 * The payload that creates a connection.
 *
 * **Details**
 *
 * - `externalId`: the application's id for the connection. If the organization already has a connection with this id,
 *   WorkOS returns that connection and creates no connection. So a request with an `externalId` can be retried.
 * - `connectionType`: spelled as in responses, for example `GitHubOAuth`. If the type is absent, a user chooses it later.
 * - `samlOptions` or `oidcOptions`: the settings of the identity provider.
 *
 * **Example** (Encoding a SAML connection)
 *
 * ```ts
 * import * as Schema from "effect/Schema"
 * import { CreateConnection } from "@effect-workos/domain/sso/Connection"
 *
 * const encoded = Schema.encodeSync(CreateConnection)({
 *   organizationId: "org_01EHWNCE74X7JSDV0X3SZ3KJNY",
 *   connectionType: "OktaSAML",
 *   samlOptions: { idpMetadataUrl: "https://idp.example.com/metadata.xml" }
 * })
 *
 * encoded.saml_options // => { idp_metadata_url: "https://idp.example.com/metadata.xml" }
 * ```
 *
 * @see https://workos.com/docs/reference/sso/connection/create
 */
export class CreateConnection extends Schema.Opaque<CreateConnection>()(
  Wire.Struct(() => ({
    organizationId: Id.make("org"),
    name: Wire.optional(Arbitraries.CompanyName),
    externalId: Wire.optional(ExternalId),
    connectionType: Wire.optional(Schema.Literals(ConnectionType.known)),
    samlOptions: Wire.optional(ConnectionSamlOptions),
    oidcOptions: Wire.optional(ConnectionOidcOptions)
  }))
) {}

/**
 * The endpoints of connections.
 *
 * @see https://workos.com/docs/reference/sso/connection
 */
export const connections = Resource.make("connections", {
  /**
   * Returns a page of connections. `order` defaults to `desc`.
   *
   * @see https://workos.com/docs/reference/sso/connection/list
   */
  list: Endpoint.get("/connections", {
    summary: "List connections",
    description: "Returns one page of the matching connections.",
    query: ConnectionQuery,
    item: Connection,
    errors: [ApiError.Forbidden, ApiError.UnprocessableEntity]
  }),
  /**
   * Returns a connection.
   *
   * @see https://workos.com/docs/reference/sso/connection/get
   */
  get: Endpoint.get("/connections/:id", {
    summary: "Get a connection",
    params: { id: ConnectionId },
    success: Connection,
    errors: [ApiError.Forbidden, ApiError.NotFound]
  }),
  /**
   * Creates a connection, or returns the organization's connection that has the same `externalId`. So a request with an
   * `externalId` can be retried without creating a second connection.
   *
   * Fails with `NotFound` if WorkOS has not enabled the feature `connections-api-migrations-capabilities-api` for the
   * environment. Fails with `BadRequest`, `Conflict` or `UnprocessableEntity` if the payload is invalid, for example
   * because the organization does not exist.
   *
   * @see https://workos.com/docs/reference/sso/connection/create
   */
  create: Endpoint.post("/connections", {
    summary: "Create a connection",
    description:
      "Responds with 201 and the new connection, or with 200 and the organization's connection that has the same " +
      "`external_id`. Responds with 404 if WorkOS has not enabled this endpoint for the environment.",
    payload: CreateConnection,
    success: Connection,
    status: [201, 200],
    errors: [
      ApiError.BadRequest,
      ApiError.Forbidden,
      ApiError.NotFound,
      ApiError.Conflict,
      ApiError.UnprocessableEntity
    ]
  }),
  /**
   * Permanently deletes a connection.
   *
   * @see https://workos.com/docs/reference/sso/connection/delete
   */
  delete: Endpoint.delete("/connections/:id", {
    summary: "Delete a connection",
    description: "A deletion cannot be undone.",
    params: { id: ConnectionId },
    status: [200, 204],
    errors: [ApiError.Forbidden, ApiError.NotFound]
  })
})
