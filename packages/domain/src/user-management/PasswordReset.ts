/**
 * Password resets: one-time tokens with which users set a new password.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import * as NamedErrors from "../NamedErrors.ts"
import { RedactedString } from "../RedactedString.ts"
import * as Resource from "../Resource.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import { Email } from "./Email.ts"
import { WeakPassword } from "./PasswordError.ts"
import * as RateLimits from "./RateLimits.ts"
import { User } from "./User.ts"
import { UserId } from "./UserId.ts"

/**
 * The id of a password reset: `password_reset_…`.
 *
 * @see https://workos.com/docs/reference/authkit/password-reset
 */
export const PasswordResetId = Id.make("password_reset").pipe(Schema.brand("PasswordResetId"))
export type PasswordResetId = typeof PasswordResetId.Type

const fields = () => ({
  object: ApiObject.kindOf("password_reset"),
  id: PasswordResetId,
  userId: UserId,
  email: Arbitraries.EmailAddress,
  expiresAt: Timestamp,
  createdAt: Timestamp
})

/**
 * A password reset. `passwordResetUrl` is the page of AuthKit, or of the application, that takes the token.
 *
 * @see https://workos.com/docs/reference/authkit/password-reset
 */
export class PasswordReset extends Schema.Opaque<PasswordReset>()(
  Wire.Struct(() => ({
    ...fields(),
    passwordResetToken: RedactedString(/[A-Za-z0-9]{25}/),
    passwordResetUrl: RedactedString(/https:\/\/app\.example\/reset-password\?token=[A-Za-z0-9]{25}/)
  }))
) {}

/**
 * A password reset in an event, which does not contain the token. An application that sends its own emails reads the token
 * with `passwordResets.get`.
 *
 * @see https://workos.com/docs/events/password-reset
 */
export class PasswordResetInEvent extends Schema.Opaque<PasswordResetInEvent>()(Wire.Struct(fields)) {}

/**
 * The payload that creates a password reset.
 *
 * @see https://workos.com/docs/reference/authkit/password-reset/create
 */
export class CreatePasswordReset extends Schema.Opaque<CreatePasswordReset>()(Wire.Struct(() => ({ email: Email }))) {}

/**
 * The payload that sets a new password. `token` is in the link that the user received.
 *
 * @see https://workos.com/docs/reference/authkit/password-reset/reset-password
 */
export class ConfirmPasswordReset extends Schema.Opaque<ConfirmPasswordReset>()(
  Wire.Struct(() => ({
    token: RedactedString(/[A-Za-z0-9]{25}/),
    newPassword: RedactedString(/[A-Za-z0-9]{12}/)
  }))
) {}

/**
 * The user whose password was reset.
 *
 * @see https://workos.com/docs/reference/authkit/password-reset/reset-password
 */
export class ConfirmedPasswordReset extends Schema.Opaque<ConfirmedPasswordReset>()(
  Wire.Struct(() => ({ user: User }))
) {}

/**
 * The errors of a new password with the status 400. `password_reset_error` has the reasons, like `password_strength_error`.
 */
export const PasswordResetErrors = NamedErrors.make({
  status: 400,
  defaultName: "bad_request",
  codes: { password_reset_error: WeakPassword, password_strength_error: WeakPassword },
  other: ApiError.BadRequest
})

/**
 * The endpoints of password resets.
 *
 * @see https://workos.com/docs/reference/authkit/password-reset
 */
export const passwordResets = Resource.make("passwordResets", {
  /**
   * Creates a token and sends it to the user's email address, unless the application sends its own emails. Fails with
   * `NotFound` if no user has the address.
   *
   * @see https://workos.com/docs/reference/authkit/password-reset/create
   */
  create: Endpoint.post("/user_management/password_reset", {
    summary: "Create a password reset",
    payload: CreatePasswordReset,
    success: PasswordReset,
    status: 201,
    errors: [ApiError.Forbidden, ApiError.NotFound, ApiError.UnprocessableEntity],
    rateLimits: RateLimits.writes,
    containsPii: true
  }),
  /**
   * Returns a password reset, for an application that sends its own emails.
   *
   * @see https://workos.com/docs/reference/authkit/password-reset/get
   */
  get: Endpoint.get("/user_management/password_reset/:id", {
    summary: "Get a password reset",
    params: { id: PasswordResetId },
    success: PasswordReset,
    errors: [ApiError.NotFound],
    rateLimits: RateLimits.reads,
    containsPii: true
  }),
  /**
   * Sets a new password, and marks the email address of the user as verified. Fails with `NotFound` if the token is unknown
   * or was used, and with `WeakPassword` if the password is too weak or known from a breach.
   *
   * @see https://workos.com/docs/reference/authkit/password-reset/reset-password
   */
  confirm: Endpoint.post("/user_management/password_reset/confirm", {
    summary: "Reset a password",
    description: "The token can be used once.",
    payload: ConfirmPasswordReset,
    success: ConfirmedPasswordReset,
    status: [200, 201],
    errors: [PasswordResetErrors, ApiError.Forbidden, ApiError.NotFound, ApiError.UnprocessableEntity],
    rateLimits: RateLimits.writes,
    // The second request fails, because the token was used.
    retryUnsafe: true,
    containsPii: true
  })
})
