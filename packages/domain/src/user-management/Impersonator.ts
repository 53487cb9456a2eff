/**
 * WorkOS users who sign in as a user of the application.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as Arbitraries from "../Arbitraries.ts"
import * as Lenient from "../Lenient.ts"
import * as Wire from "../Wire.ts"

/**
 * The WorkOS user who signed in as another user from the dashboard, with the reason.
 *
 * @see https://workos.com/docs/authkit/impersonation
 */
export class Impersonator extends Schema.Opaque<Impersonator>()(
  Wire.Struct(() => ({
    email: Arbitraries.EmailAddress,
    reason: Lenient.optional(Schema.String, { required: true, nullable: true })
  }))
) {}
