/**
 * Accounts of users at other services, which WorkOS Pipes connects: schemas and endpoints.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import { Metadata } from "../Attributes.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import * as Lazy from "../Lazy.ts"
import * as Lenient from "../Lenient.ts"
import * as OpenEnum from "../OpenEnum.ts"
import { OrganizationId } from "../organizations/OrganizationId.ts"
import { RedactedString } from "../RedactedString.ts"
import * as Resource from "../Resource.ts"
import { Timestamp } from "../Timestamp.ts"
import * as RateLimits from "../user-management/RateLimits.ts"
import { UserId } from "../user-management/UserId.ts"
import * as Wire from "../Wire.ts"

/**
 * The id of a connected account: `data_installation_…`.
 *
 * @see https://workos.com/docs/reference/pipes/connected-account
 */
export const ConnectedAccountId = Id.make("data_installation").pipe(Schema.brand("ConnectedAccountId"))
export type ConnectedAccountId = typeof ConnectedAccountId.Type

/**
 * The state of a connected account. With `needs_reauthorization`, the user must connect the account again.
 *
 * @see https://workos.com/docs/reference/pipes/connected-account
 */
export const ConnectedAccountState = OpenEnum.make(
  ["connected", "disconnected", "needs_reauthorization"],
  /[a-z]{4,8}_[a-z]{4,8}/
)
export type ConnectedAccountState = typeof ConnectedAccountState.Type

/**
 * The method with which WorkOS accesses an account.
 *
 * @see https://workos.com/docs/reference/pipes/connected-account
 */
export const ConnectionMethod = OpenEnum.make(["api_key", "client_credentials", "oauth"], /[a-z]{4,8}_[a-z]{4,8}/)
export type ConnectionMethod = typeof ConnectionMethod.Type

/**
 * The slug of a provider, such as `github`.
 *
 * @see https://workos.com/docs/reference/pipes/provider
 */
export const ProviderSlug = Lazy.schema(() =>
  Schema.String.check(
    Schema.isPattern(/^[A-Za-z0-9_-]{1,64}$/, {
      expected: "letters, digits, - and _",
      arbitraryConstraint: { patterns: [{ source: "^(?:github|notion|slack)$", flags: "" }] }
    })
  )
)

/** An OAuth scope of a provider. */
const Scope = Arbitraries.stringMatching(/(?:repo|files|user):(?:read|write)/)

/**
 * An account of a user at a provider.
 *
 * **Details**
 *
 * - `organizationId`: the organization for which the user connected the account, if any.
 * - `authMethod`: `oauth` if absent.
 * - `apiKeyLast4`, `clientId`, `clientSecretLast4`, `config`: parts of the credentials, if the method is not `oauth`.
 *
 * **Example** (Accounts that users must connect again)
 *
 * ```ts
 * import {
 *   type ConnectedAccount,
 *   ConnectedAccountId,
 *   type ConnectedAccountState,
 *   type ConnectionMethod
 * } from "@effect-workos/domain/pipes/ConnectedAccount"
 *
 * const isStale = ({ state }: ConnectedAccount): boolean => state === "needs_reauthorization"
 *
 * const id: ConnectedAccountId = ConnectedAccountId.make("data_installation_01EHZNVPK3SFK441A1RGBFSHRT")
 * const state: ConnectedAccountState = "connected"
 * const method: ConnectionMethod = "oauth"
 * ```
 *
 * @see https://workos.com/docs/reference/pipes/connected-account
 */
export class ConnectedAccount extends Schema.Opaque<ConnectedAccount>()(
  ApiObject.make("connected_account", ConnectedAccountId, () => ({
    userId: Lenient.optional(UserId, { required: true, nullable: true }),
    organizationId: Lenient.optional(OrganizationId, { required: true, nullable: true }),
    scopes: Lenient.withDefault(Schema.Array(Scope), () => []),
    authMethod: Lenient.optional(ConnectionMethod),
    apiKeyLast4: Lenient.optional(Arbitraries.stringMatching(/[a-z0-9]{4}/), { nullable: true }),
    clientId: Lenient.optional(Arbitraries.stringMatching(/[A-Za-z0-9]{20}/), { nullable: true }),
    clientSecretLast4: Lenient.optional(Arbitraries.stringMatching(/[a-z0-9]{4}/), { nullable: true }),
    config: Lenient.optional(Metadata),
    state: ConnectedAccountState
  }))
) {}

/**
 * The query parameter of all requests: the organization for which the user connected the account. Without it, the account
 * is connected for no organization.
 *
 * @see https://workos.com/docs/reference/pipes/connected-account
 */
export class ConnectedAccountQuery extends Schema.Opaque<ConnectedAccountQuery>()(
  Wire.Struct(() => ({ organizationId: Schema.optional(Id.make("org")) }))
) {}

/**
 * The payload that imports or updates a connected account.
 *
 * **Details**
 *
 * - `accessToken`, `refreshToken`, `expiresAt`: the tokens of the provider, and the time at which the access token expires.
 * - `scopes`: the scopes that the user granted.
 * - `state`: depends on the tokens if absent.
 *
 * @see https://workos.com/docs/reference/pipes/connected-account
 */
export class ConnectedAccountTokens extends Schema.Opaque<ConnectedAccountTokens>()(
  Wire.Struct(() => ({
    accessToken: Wire.optional(RedactedString(/gho_[A-Za-z0-9]{36}/)),
    refreshToken: Wire.optional(RedactedString(/ghr_[A-Za-z0-9]{36}/)),
    expiresAt: Wire.optional(Timestamp),
    scopes: Wire.optional(Schema.Array(Scope)),
    state: Wire.optional(Schema.Literals(["connected", "needs_reauthorization"]))
  }))
) {}

const params = { userId: UserId, slug: ProviderSlug }

/**
 * The endpoints of connected accounts.
 *
 * @see https://workos.com/docs/reference/pipes/connected-account
 */
export const connectedAccounts = Resource.make("connectedAccounts", {
  /**
   * Returns the account of a user at a provider.
   *
   * @see https://workos.com/docs/reference/pipes/connected-account/get
   */
  get: Endpoint.get("/user_management/users/:userId/connected_accounts/:slug", {
    summary: "Get a connected account",
    params,
    query: ConnectedAccountQuery,
    success: ConnectedAccount,
    errors: [ApiError.NotFound, ApiError.UnprocessableEntity],
    rateLimits: RateLimits.reads
  }),
  /**
   * Imports the account of a user at a provider, with tokens of the provider. Fails with `Conflict` if the user has already
   * connected an account.
   *
   * @see https://workos.com/docs/reference/pipes/connected-account/import
   */
  create: Endpoint.post("/user_management/users/:userId/connected_accounts/:slug", {
    summary: "Import a connected account",
    description: "Responds with 409 if the user has already connected an account.",
    params,
    query: ConnectedAccountQuery,
    payload: ConnectedAccountTokens,
    success: ConnectedAccount,
    status: 201,
    errors: [ApiError.NotFound, ApiError.Conflict, ApiError.UnprocessableEntity],
    rateLimits: RateLimits.writes
  }),
  /**
   * Updates the tokens, the scopes or the state of a connected account. Absent fields stay unchanged.
   *
   * @see https://workos.com/docs/reference/pipes/connected-account/update
   */
  update: Endpoint.put("/user_management/users/:userId/connected_accounts/:slug", {
    summary: "Update a connected account",
    params,
    query: ConnectedAccountQuery,
    payload: ConnectedAccountTokens,
    success: ConnectedAccount,
    errors: [ApiError.NotFound, ApiError.UnprocessableEntity],
    rateLimits: RateLimits.writes
  }),
  /**
   * Disconnects an account and deletes its tokens. The access that the user granted at the provider remains.
   *
   * @see https://workos.com/docs/reference/pipes/connected-account/delete
   */
  delete: Endpoint.delete("/user_management/users/:userId/connected_accounts/:slug", {
    summary: "Delete a connected account",
    description: "Deletes the tokens. The access that the user granted at the provider remains.",
    params,
    query: ConnectedAccountQuery,
    errors: [ApiError.NotFound, ApiError.UnprocessableEntity],
    rateLimits: RateLimits.writes
  })
})
