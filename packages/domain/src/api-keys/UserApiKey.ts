/**
 * API keys of users, with which an application gives its users access to its own API: schemas and endpoints.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import { OrganizationId } from "../organizations/OrganizationId.ts"
import * as Pagination from "../Pagination.ts"
import * as Resource from "../Resource.ts"
import * as RateLimits from "../user-management/RateLimits.ts"
import { UserId } from "../user-management/UserId.ts"
import * as Wire from "../Wire.ts"
import * as ApiKeyFields from "./ApiKeyFields.ts"

/**
 * The owner of an API key of a user: the user, and the organization to which the key gives access.
 *
 * @see https://workos.com/docs/reference/authkit/api-keys
 */
export class UserApiKeyOwner extends Schema.Opaque<UserApiKeyOwner>()(
  Wire.Struct(() => ({ type: Schema.Literal("user"), id: UserId, organizationId: OrganizationId }))
) {}

/**
 * An API key of a user, without its value.
 *
 * **Details**
 *
 * - `obfuscatedValue`: the end of the value, for lists of keys.
 * - `permissions`: the slugs of the permissions that the key grants.
 * - `lastUsedAt`: absent if the key was never used.
 * - `expiresAt`: absent if the key does not expire.
 *
 * @see https://workos.com/docs/reference/authkit/api-keys
 */
export class UserApiKey extends Schema.Opaque<UserApiKey>()(ApiKeyFields.make(() => ({ owner: UserApiKeyOwner }))) {}

/**
 * A new API key of a user, with its value, which WorkOS does not return again.
 *
 * **Example** (Showing the value to the user once)
 *
 * ```ts
 * import type { CreatedUserApiKey, UserApiKey, UserApiKeyOwner } from "@effect-workos/domain/api-keys/UserApiKey"
 * import * as Redacted from "effect/Redacted"
 *
 * const ownerOf = ({ owner }: UserApiKey): UserApiKeyOwner => owner
 *
 * const messageFor = (key: CreatedUserApiKey): string => `Copy ${Redacted.value(key.value)} to a safe place.`
 * ```
 *
 * @see https://workos.com/docs/reference/authkit/api-keys
 */
export class CreatedUserApiKey extends Schema.Opaque<CreatedUserApiKey>()(
  ApiKeyFields.make(() => ({ owner: UserApiKeyOwner, value: ApiKeyFields.ApiKeyValue }))
) {}

/**
 * The query parameters of the list of a user's API keys. `organizationId` is an organization to which the keys give access.
 *
 * @see https://workos.com/docs/reference/authkit/api-keys
 */
export class UserApiKeyQuery extends Schema.Opaque<UserApiKeyQuery>()(
  Wire.Struct(() => ({
    ...Pagination.query("api_key"),
    organizationId: Pagination.filters().organizationId
  }))
) {}

/**
 * The payload that creates an API key of a user.
 *
 * **Details**
 *
 * - `organizationId`: an organization in which the user has an active membership.
 * - `permissions`: slugs of permissions that are enabled for API keys of users.
 * - `expiresAt`: a time in the future. Without it, the key does not expire.
 *
 * @see https://workos.com/docs/reference/authkit/api-keys
 */
export class CreateUserApiKey extends Schema.Opaque<CreateUserApiKey>()(
  Wire.Struct(() => ({ ...ApiKeyFields.createFields(), organizationId: Id.make("org") }))
) {}

const params = { userId: UserId }

/**
 * The endpoints of API keys of users.
 *
 * @see https://workos.com/docs/reference/authkit/api-keys
 */
export const userApiKeys = Resource.make(
  "userApiKeys",
  {
    /**
     * Returns a page of the API keys of a user. `order` defaults to `desc`.
     *
     * @see https://workos.com/docs/reference/authkit/api-keys
     */
    list: Endpoint.get("/user_management/users/:userId/api_keys", {
      summary: "List the API keys of a user",
      params,
      query: UserApiKeyQuery,
      item: UserApiKey,
      errors: [ApiError.NotFound, ApiError.UnprocessableEntity],
      rateLimits: RateLimits.reads
    }),
    /**
     * Creates an API key for a user who has an active membership in the organization. The response contains the value of
     * the key, which WorkOS does not return again. Fails with `BadRequest` or `UnprocessableEntity` if a permission is not
     * enabled for API keys of users.
     *
     * @see https://workos.com/docs/reference/authkit/api-keys
     */
    create: Endpoint.post("/user_management/users/:userId/api_keys", {
      summary: "Create an API key for a user",
      description: "The response contains the value of the key, which cannot be read again.",
      params,
      payload: CreateUserApiKey,
      success: CreatedUserApiKey,
      status: 201,
      errors: [ApiError.BadRequest, ApiError.NotFound, ApiError.UnprocessableEntity],
      rateLimits: RateLimits.writes
    })
  },
  { noun: "API key of a user", title: "API keys of users" }
)
