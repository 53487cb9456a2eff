/**
 * The client service of API keys of users.
 *
 * @module
 */
import { userApiKeys } from "@effect-workos/domain/api-keys/UserApiKey"
import * as Client from "./Client.ts"

/**
 * The client of API keys of users, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (A key for scripts of a user)
 *
 * ```ts
 * import { UserApiKeys } from "@effect-workos/client/UserApiKeys"
 * import * as Effect from "effect/Effect"
 *
 * const createKey = Effect.fn("createKey")(function* (userId: string, organizationId: string) {
 *   const userApiKeys = yield* UserApiKeys
 *   const key = yield* userApiKeys.create(userId, { name: "Scripts", organizationId, permissions: ["posts:read"] })
 *   return key.value
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/authkit/api-keys
 */
export class UserApiKeys extends Client.Service<UserApiKeys>()("@effect-workos/client/UserApiKeys", userApiKeys) {}
