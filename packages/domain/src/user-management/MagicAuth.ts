/**
 * Magic Auth: one-time codes that sign users in without a password.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import * as Lenient from "../Lenient.ts"
import * as NamedErrors from "../NamedErrors.ts"
import { RedactedString } from "../RedactedString.ts"
import * as Resource from "../Resource.ts"
import { OAuthError } from "../sso/OAuthError.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import { InvitationForAnotherEmail, InvitationInvalid } from "./AuthenticationError.ts"
import { Email } from "./Email.ts"
import { OneTimeCode } from "./OneTimeCode.ts"
import * as RateLimits from "./RateLimits.ts"
import { UserId } from "./UserId.ts"

/**
 * The id of a Magic Auth code: `magic_auth_…`.
 *
 * @see https://workos.com/docs/reference/authkit/magic-auth
 */
export const MagicAuthId = Id.make("magic_auth").pipe(Schema.brand("MagicAuthId"))
export type MagicAuthId = typeof MagicAuthId.Type

const fields = () => ({
  userId: UserId,
  email: Arbitraries.EmailAddress,
  expiresAt: Timestamp
})

/**
 * A Magic Auth code. `expiresAt` is ten minutes after the creation, and `code` can be used once.
 *
 * @see https://workos.com/docs/reference/authkit/magic-auth
 */
export class MagicAuth extends Schema.Opaque<MagicAuth>()(
  ApiObject.make("magic_auth", MagicAuthId, () => ({ ...fields(), code: OneTimeCode }))
) {}

/**
 * A Magic Auth code in an event, which does not contain the code itself. An application that sends its own emails reads the
 * code with `magicAuth.get`.
 *
 * @see https://workos.com/docs/events/magic-auth
 */
export class MagicAuthInEvent extends Schema.Opaque<MagicAuthInEvent>()(
  ApiObject.make("magic_auth", MagicAuthId, fields)
) {}

/**
 * A new Magic Auth code. `radarAuthAttemptId` is the id of Radar's assessment, which `withMagicAuth` takes.
 *
 * @see https://workos.com/docs/reference/authkit/magic-auth/create
 */
export class CreatedMagicAuth extends Schema.Opaque<CreatedMagicAuth>()(
  ApiObject.make("magic_auth", MagicAuthId, () => ({
    ...fields(),
    code: OneTimeCode,
    radarAuthAttemptId: Lenient.optional(Arbitraries.stringMatching(/radar_auth_attempt_01[0-9A-HJKMNP-TV-Z]{24}/))
  }))
) {}

/**
 * The payload that creates a Magic Auth code.
 *
 * **Details**
 *
 * - `invitationToken`: the token of an invitation, which the user accepts by signing in.
 * - `ipAddress`, `userAgent`, `signalsId` and `radarAuthAttemptId`: facts about the request of the user, for Radar.
 *
 * @see https://workos.com/docs/reference/authkit/magic-auth/create
 */
export class CreateMagicAuth extends Schema.Opaque<CreateMagicAuth>()(
  Wire.Struct(() => ({
    email: Email,
    invitationToken: Wire.optional(RedactedString(/[A-Za-z0-9]{25}/)),
    ipAddress: Wire.optional(Schema.String),
    userAgent: Wire.optional(Schema.String),
    radarAuthAttemptId: Wire.optional(Schema.String),
    signalsId: Wire.optional(Schema.String)
  }))
) {}

/**
 * The errors of the creation of a Magic Auth code with the status 400: the errors of invitations, and `OAuthError` with the
 * names `authentication_method_not_allowed`, `sign_up_not_allowed` and `email_domain_not_deliverable`.
 */
export const MagicAuthErrors = NamedErrors.make({
  status: 400,
  defaultName: "invalid_request",
  oauth: {
    invitation_invalid: InvitationInvalid,
    invitation_cannot_be_used_for_email: InvitationForAnotherEmail
  },
  other: OAuthError
})

/**
 * The endpoints of Magic Auth.
 *
 * @see https://workos.com/docs/reference/authkit/magic-auth
 */
export const magicAuth = Resource.make(
  "magicAuth",
  {
    /**
     * Creates a code and sends it to an email address, unless the application sends its own emails. Creates a user if no
     * user has the address. `authentication.withMagicAuth` takes the code.
     *
     * @see https://workos.com/docs/reference/authkit/magic-auth/create
     */
    create: Endpoint.post("/user_management/magic_auth", {
      summary: "Create a Magic Auth code",
      description: "The code expires after ten minutes.",
      payload: CreateMagicAuth,
      success: CreatedMagicAuth,
      status: 201,
      errors: [MagicAuthErrors, ApiError.UnprocessableEntity],
      rateLimits: RateLimits.writes,
      containsPii: true
    }),
    /**
     * Returns a code, for an application that sends its own emails.
     *
     * @see https://workos.com/docs/reference/authkit/magic-auth/get
     */
    get: Endpoint.get("/user_management/magic_auth/:id", {
      summary: "Get a Magic Auth code",
      params: { id: MagicAuthId },
      success: MagicAuth,
      errors: [ApiError.NotFound],
      rateLimits: RateLimits.reads,
      containsPii: true
    })
  },
  { title: "Magic Auth", noun: "Magic Auth code" }
)
