/**
 * The errors of users and of the codes that verify email addresses.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as NamedErrors from "../NamedErrors.ts"
import { reasons, WeakPassword } from "./PasswordError.ts"
import * as Wire from "../Wire.ts"

/**
 * The user cannot be created, for example because another user has the email address: the reason in `errors` then has the
 * code `email_not_available`.
 *
 * @see https://workos.com/docs/reference/authkit/user/create
 */
export class UserCreationFailed extends Schema.TaggedError<UserCreationFailed>()("UserCreationFailed", {
  ...ApiError.errorFields,
  ...reasons
}) {
  /** The schema of the fields that the body has in addition to name and message. */
  static readonly details = Wire.Struct(reasons)
}

/**
 * Another user has the email address.
 *
 * @see https://workos.com/docs/reference/authkit/user/update
 */
export class EmailNotAvailable extends Schema.TaggedError<EmailNotAvailable>()(
  "EmailNotAvailable",
  ApiError.errorFields
) {}

/**
 * The code of an email verification or of an email change is invalid. `code` is the reason, such as
 * `email_verification_code_expired`, `email_verification_code_incorrect` or `email_verification_code_previously_used`.
 *
 * @see https://workos.com/docs/reference/authkit/email-verification
 */
export class InvalidEmailCode extends Schema.TaggedError<InvalidEmailCode>()(
  "InvalidEmailCode",
  ApiError.errorFields
) {}

/**
 * The errors with status 400 of a creation.
 *
 * @see https://workos.com/docs/reference/authkit/user/create
 */
export const CreationErrors = NamedErrors.make({
  status: 400,
  defaultName: "bad_request",
  codes: { password_strength_error: WeakPassword, user_creation_error: UserCreationFailed },
  other: ApiError.BadRequest
})

/**
 * The errors with status 400 of an update.
 *
 * @see https://workos.com/docs/reference/authkit/user/update
 */
export const UpdateErrors = NamedErrors.make({
  status: 400,
  defaultName: "bad_request",
  codes: { password_strength_error: WeakPassword, email_not_available: EmailNotAvailable },
  other: ApiError.BadRequest
})

/**
 * The errors with status 400 of a confirmation of an email address.
 *
 * @see https://workos.com/docs/reference/authkit/email-verification
 */
export const VerificationErrors = NamedErrors.make({
  status: 400,
  defaultName: "bad_request",
  codes: {
    email_verification_code_expired: InvalidEmailCode,
    email_verification_code_incorrect: InvalidEmailCode,
    email_verification_code_previously_used: InvalidEmailCode
  },
  other: ApiError.BadRequest
})

/**
 * The errors with status 400 of a confirmation of an email change.
 *
 * @see https://workos.com/docs/reference/authkit/user
 */
export const EmailChangeErrors = NamedErrors.make({
  status: 400,
  defaultName: "bad_request",
  codes: { email_change_code_expired: InvalidEmailCode, email_change_code_incorrect: InvalidEmailCode },
  other: ApiError.BadRequest
})

/**
 * The errors with status 409 of an email change.
 *
 * @see https://workos.com/docs/reference/authkit/user
 */
export const EmailChangeConflicts = NamedErrors.make({
  status: 409,
  defaultName: "conflict",
  codes: { email_not_available: EmailNotAvailable },
  other: ApiError.Conflict
})
