/**
 * Email verifications: one-time codes that prove that a user receives emails at an address.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import * as Resource from "../Resource.ts"
import { Timestamp } from "../Timestamp.ts"
import { OneTimeCode } from "./OneTimeCode.ts"
import * as RateLimits from "./RateLimits.ts"
import { UserId } from "./UserId.ts"

/**
 * The id of an email verification: `email_verification_…`.
 *
 * @see https://workos.com/docs/reference/authkit/email-verification
 */
export const EmailVerificationId = Id.make("email_verification").pipe(Schema.brand("EmailVerificationId"))
export type EmailVerificationId = typeof EmailVerificationId.Type

const fields = () => ({
  userId: UserId,
  email: Arbitraries.EmailAddress,
  expiresAt: Timestamp
})

/**
 * An email verification. `expiresAt` is ten minutes after the creation, and `code` can be used once.
 *
 * @see https://workos.com/docs/reference/authkit/email-verification
 */
export class EmailVerification extends Schema.Opaque<EmailVerification>()(
  ApiObject.make("email_verification", EmailVerificationId, () => ({ ...fields(), code: OneTimeCode }))
) {}

/**
 * An email verification in an event, which does not contain the code. An application that sends its own emails reads the
 * code with `emailVerifications.get`.
 *
 * @see https://workos.com/docs/events/email-verification
 */
export class EmailVerificationInEvent extends Schema.Opaque<EmailVerificationInEvent>()(
  ApiObject.make("email_verification", EmailVerificationId, fields)
) {}

/**
 * The endpoints of email verifications. `users.sendVerificationEmail` creates one.
 *
 * @see https://workos.com/docs/reference/authkit/email-verification
 */
export const emailVerifications = Resource.make("emailVerifications", {
  /**
   * Returns an email verification, for an application that sends its own emails.
   *
   * @see https://workos.com/docs/reference/authkit/email-verification/get
   */
  get: Endpoint.get("/user_management/email_verification/:id", {
    summary: "Get an email verification",
    params: { id: EmailVerificationId },
    success: EmailVerification,
    errors: [ApiError.NotFound],
    rateLimits: RateLimits.reads,
    containsPii: true
  })
})
