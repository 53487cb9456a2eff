/**
 * The errors of passwords that WorkOS rejects.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import { errorFields } from "../ApiError.ts"
import * as Lenient from "../Lenient.ts"
import * as Wire from "../Wire.ts"

/**
 * The fields of an error with several reasons.
 */
export const reasons = {
  errors: Lenient.withDefault(
    // Suspended, because the class of an error builds the schemas of its fields.
    Schema.suspend(() => Schema.Array(Wire.Struct({ code: Schema.String, message: Schema.String }))),
    () => []
  )
}

/**
 * The password is too weak, or it is known from a breach. `errors` contains the reasons, with messages for the user.
 *
 * **Example** (Showing the reasons to the user)
 *
 * ```ts
 * import type { WeakPassword } from "@effect-workos/domain/user-management/PasswordError"
 *
 * const explain = ({ errors }: WeakPassword): string => errors.map(({ message }) => message).join(" ")
 * ```
 *
 * @see https://workos.com/docs/authkit/passwords
 */
export class WeakPassword extends Schema.TaggedError<WeakPassword>()("WeakPassword", { ...errorFields, ...reasons }) {
  /** The schema of the fields that the body has in addition to name and message. */
  static readonly details = Wire.Struct(reasons)
}
