/**
 * Users of an application: schemas and endpoints.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiObject from "../ApiObject.ts"
import { Metadata } from "../Attributes.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Lenient from "../Lenient.ts"
import { Timestamp } from "../Timestamp.ts"
import { UserId } from "./UserId.ts"

/**
 * A user of the application.
 *
 * **Details**
 *
 * - `name`: the full name. Absent in older responses.
 * - `externalId` and `metadata`: the application's id for the user, and values that the application stores.
 * - `lastSignInAt`: absent if the user has never signed in.
 * - `locale`: the preferred language, such as `en-US`.
 *
 * **Example** (Decoding a user)
 *
 * ```ts
 * import * as Schema from "effect/Schema"
 * import { User } from "@effect-workos/domain/user-management/User"
 *
 * const user = Schema.decodeUnknownSync(User)({
 *   object: "user",
 *   id: "user_01E4ZCR3C56J083X43JQXF3JK5",
 *   email: "ada@example.com",
 *   email_verified: true,
 *   first_name: "Ada",
 *   last_name: null,
 *   created_at: "2026-01-15T12:00:00.000Z",
 *   updated_at: "2026-01-15T12:00:00.000Z"
 * })
 *
 * user.firstName // => "Ada"
 * user.lastName // => undefined
 * ```
 *
 * @see https://workos.com/docs/reference/authkit/user
 */
export class User extends Schema.Opaque<User>()(
  ApiObject.make("user", UserId, () => ({
    email: Arbitraries.EmailAddress,
    emailVerified: Schema.Boolean,
    firstName: Lenient.optional(Arbitraries.FirstName, { required: true, nullable: true }),
    lastName: Lenient.optional(Arbitraries.LastName, { required: true, nullable: true }),
    name: Lenient.optional(Arbitraries.stringMatching(/[A-Z][a-z]{2,8} [A-Z][a-z]{2,8}/), { nullable: true }),
    profilePictureUrl: Lenient.optional(Arbitraries.url("/picture.png"), { required: true, nullable: true }),
    externalId: Lenient.optional(Arbitraries.stringMatching(/[a-z]{3,8}-[1-9][0-9]{0,5}/), {
      required: true,
      nullable: true
    }),
    metadata: Lenient.withDefault(Metadata, () => ({}), { required: false }),
    lastSignInAt: Lenient.optional(Timestamp, { required: true, nullable: true }),
    locale: Lenient.optional(Arbitraries.stringMatching(/(?:de|en|fr)-(?:CA|DE|US)/), { nullable: true })
  }))
) {}
