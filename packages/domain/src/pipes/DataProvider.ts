/**
 * The services that WorkOS Pipes can connect for a user: schemas and endpoints.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import * as Lenient from "../Lenient.ts"
import * as OpenEnum from "../OpenEnum.ts"
import * as Resource from "../Resource.ts"
import * as RateLimits from "../user-management/RateLimits.ts"
import { UserId } from "../user-management/UserId.ts"
import * as Wire from "../Wire.ts"
import { ConnectedAccount, ConnectedAccountQuery, ConnectionMethod } from "./ConnectedAccount.ts"

/**
 * The id of a provider: `data_integration_…`.
 *
 * @see https://workos.com/docs/reference/pipes/provider
 */
export const DataProviderId = Id.make("data_integration").pipe(Schema.brand("DataProviderId"))
export type DataProviderId = typeof DataProviderId.Type

/**
 * The kind of owner of the accounts of a provider: a user (`userland_user`) or an organization.
 *
 * @see https://workos.com/docs/reference/pipes/provider
 */
export const DataProviderOwnership = OpenEnum.make(["organization", "userland_user"], /[a-z]{4,8}_[a-z]{4,8}/)
export type DataProviderOwnership = typeof DataProviderOwnership.Type

const Slug = Arbitraries.stringMatching(/(?:github|notion|slack)/)

/**
 * A provider, with the account that the user has connected.
 *
 * **Details**
 *
 * - `slug`: identifies the provider in requests, for example those of connected accounts.
 * - `scopes`: the OAuth scopes that the application requests, if any are configured.
 * - `authMethods`: `oauth` only, if empty.
 * - `connectedAccount`: absent if the user has connected no account.
 *
 * **Example** (The providers that a user can still connect)
 *
 * ```ts
 * import type { DataProvider, DataProviderId, DataProviderOwnership } from "@effect-workos/domain/pipes/DataProvider"
 *
 * const ownership: DataProviderOwnership = "userland_user"
 *
 * const remaining = (providers: ReadonlyArray<DataProvider>): ReadonlyArray<DataProviderId> =>
 *   providers
 *     .filter((provider) => provider.connectedAccount === undefined && provider.ownership === ownership)
 *     .map(({ id }) => id)
 * ```
 *
 * @see https://workos.com/docs/reference/pipes/provider
 */
export class DataProvider extends Schema.Opaque<DataProvider>()(
  ApiObject.make("data_provider", DataProviderId, () => ({
    name: Arbitraries.stringMatching(/(?:GitHub|Notion|Slack)/),
    description: Lenient.optional(Arbitraries.stringMatching(/Connect your [a-z]{4,9}\./), {
      required: true,
      nullable: true
    }),
    slug: Slug,
    integrationType: Slug,
    credentialsType: Arbitraries.stringMatching(/oauth2/),
    scopes: Lenient.withDefault(Schema.Array(Arbitraries.stringMatching(/(?:repo|user):(?:read|write)/)), () => [], {
      nullable: true
    }),
    authMethods: Lenient.withDefault(Schema.Array(ConnectionMethod), () => [], { required: false }),
    ownership: DataProviderOwnership,
    connectedAccount: Lenient.optional(ConnectedAccount, { required: true, nullable: true })
  }))
) {}

/**
 * All providers of the environment. The list has one page.
 *
 * @see https://workos.com/docs/reference/pipes/provider/list
 */
export class DataProviders extends Schema.Opaque<DataProviders>()(
  Wire.Struct(() => ({
    object: Lenient.withDefault(Schema.Literal("list"), () => "list" as const),
    data: Schema.Array(DataProvider)
  }))
) {}

/**
 * The endpoints of providers.
 *
 * @see https://workos.com/docs/reference/pipes/provider
 */
export const dataProviders = Resource.make("dataProviders", {
  /**
   * Returns all providers of the environment, with the accounts that a user has connected.
   *
   * @see https://workos.com/docs/reference/pipes/provider/list
   */
  list: Endpoint.get("/user_management/users/:userId/data_providers", {
    summary: "List the providers that a user can connect",
    params: { userId: UserId },
    query: ConnectedAccountQuery,
    success: DataProviders,
    errors: [ApiError.NotFound, ApiError.UnprocessableEntity],
    rateLimits: RateLimits.reads
  })
})
