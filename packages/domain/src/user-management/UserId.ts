/**
 * The id of a user.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as Id from "../Id.ts"

/**
 * The id of a user: `user_…`.
 *
 * @see https://workos.com/docs/reference/authkit/user
 */
export const UserId = Id.make("user").pipe(Schema.brand("UserId"))
export type UserId = typeof UserId.Type
