/**
 * The client service of users.
 *
 * @module
 */
import { users } from "@effect-workos/domain/user-management/User"
import * as Client from "./Client.ts"

/**
 * The client of users, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (Creating a user once)
 *
 * ```ts
 * import { Users } from "@effect-workos/client/Users"
 * import * as Effect from "effect/Effect"
 *
 * const importUser = Effect.fn("importUser")(function* (externalId: string, email: string) {
 *   const users = yield* Users
 *   return yield* users.getByExternalId(externalId).pipe(
 *     Effect.catchTag("NotFound", () => users.create({ email, externalId }))
 *   )
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/authkit/user
 */
export class Users extends Client.Service<Users>()("@effect-workos/client/Users", users) {}
