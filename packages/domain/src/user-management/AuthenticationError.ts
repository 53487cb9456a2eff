/**
 * The errors of user authentication.
 *
 * Some of them are next steps rather than failures: the user must verify the email address, enter a code or select an
 * organization. These errors carry the token of the pending authentication, which the next grant requires.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import { errorFields } from "../ApiError.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Id from "../Id.ts"
import * as Lenient from "../Lenient.ts"
import * as NamedErrors from "../NamedErrors.ts"
import * as OpenEnum from "../OpenEnum.ts"
import { RedactedString } from "../RedactedString.ts"
import {
  InvalidClient,
  InvalidGrant,
  InvalidRedirectUri,
  OAuthError,
  UnauthorizedClient,
  UnsupportedGrantType
} from "../sso/OAuthError.ts"
import { User } from "./User.ts"
import * as Wire from "../Wire.ts"

// -----------------------------------------------------------------------------
// Next steps
// -----------------------------------------------------------------------------

/**
 * The token of a pending authentication, which the grant of the next step requires.
 */
export const PendingAuthenticationToken = RedactedString(/[A-Za-z0-9]{25}/)

// Fields are suspended, because the class of an error builds the schemas of its fields.
const pendingToken = Schema.suspend(() => PendingAuthenticationToken)

const user = Lenient.optional(Schema.suspend((): Schema.Codec<User, typeof User.Encoded> => User))

const emailVerification = {
  pendingAuthenticationToken: pendingToken,
  email: Lenient.optional(Schema.String),
  emailVerificationId: Lenient.optional(Schema.String)
}

/**
 * The user must verify the email address. WorkOS sends a code to `email`, unless the application sends its own emails: the
 * code is in the email verification with the id `emailVerificationId`. Continue with `withEmailVerification`.
 *
 * @see https://workos.com/docs/reference/authkit/authentication-errors/email-verification-required-error
 */
export class EmailVerificationRequired extends Schema.TaggedError<EmailVerificationRequired>()(
  "EmailVerificationRequired",
  { ...errorFields, ...emailVerification }
) {
  /** The schema of the fields that the body has in addition to name and message. */
  static readonly details = Wire.Struct(emailVerification)
}

const mfaEnrollment = { pendingAuthenticationToken: pendingToken, user }

/**
 * The user must enrol an authentication factor. Enrol one with `authenticationFactors.enrollForUser`, and continue with
 * `withTotp`.
 *
 * @see https://workos.com/docs/reference/authkit/authentication-errors/mfa-enrollment-error
 */
export class MfaEnrollmentRequired extends Schema.TaggedError<MfaEnrollmentRequired>()("MfaEnrollmentRequired", {
  ...errorFields,
  ...mfaEnrollment
}) {
  /** The schema of the fields that the body has in addition to name and message. */
  static readonly details = Wire.Struct(mfaEnrollment)
}

/**
 * The type of an authentication factor.
 *
 * @see https://workos.com/docs/reference/authkit/mfa/authentication-factor
 */
export const AuthenticationFactorType = OpenEnum.make(["generic_otp", "sms", "totp", "webauthn"], /[a-z]{4,8}/)
export type AuthenticationFactorType = typeof AuthenticationFactorType.Type

const mfaChallenge = {
  ...mfaEnrollment,
  authenticationFactors: Lenient.withDefault(
    Schema.suspend(() => Schema.Array(Wire.Struct({ id: Id.make("auth_factor"), type: AuthenticationFactorType }))),
    () => []
  )
}

/**
 * The user must enter a code of an enrolled authentication factor. Create a challenge for one of `authenticationFactors`
 * with `authenticationFactors.challenge`, and continue with `withTotp`.
 *
 * @see https://workos.com/docs/reference/authkit/authentication-errors/mfa-challenge-error
 */
export class MfaChallengeRequired extends Schema.TaggedError<MfaChallengeRequired>()("MfaChallengeRequired", {
  ...errorFields,
  ...mfaChallenge
}) {
  /** The schema of the fields that the body has in addition to name and message. */
  static readonly details = Wire.Struct(mfaChallenge)
}

const organizationSelection = {
  ...mfaEnrollment,
  organizations: Lenient.withDefault(
    Schema.suspend(() => Schema.Array(Wire.Struct({ id: Id.make("org"), name: Arbitraries.CompanyName }))),
    () => []
  )
}

/**
 * The user belongs to several organizations and must select one of `organizations`. Continue with
 * `withOrganizationSelection`.
 *
 * @see https://workos.com/docs/reference/authkit/authentication-errors/organization-selection-error
 */
export class OrganizationSelectionRequired extends Schema.TaggedError<OrganizationSelectionRequired>()(
  "OrganizationSelectionRequired",
  { ...errorFields, ...organizationSelection }
) {
  /** The schema of the fields that the body has in addition to name and message. */
  static readonly details = Wire.Struct(organizationSelection)
}

const sso = {
  email: Lenient.optional(Schema.String),
  connectionIds: Lenient.withDefault(
    Schema.suspend(() => Schema.Array(Id.make("conn"))),
    () => []
  ),
  pendingAuthenticationToken: Lenient.optional(pendingToken)
}

/**
 * The user must sign in with SSO. Send the browser to the authorization URL of one of `connectionIds`.
 *
 * @see https://workos.com/docs/reference/authkit/authentication-errors/sso-required-error
 */
export class SsoRequired extends Schema.TaggedError<SsoRequired>()("SsoRequired", { ...errorFields, ...sso }) {
  /** The schema of the fields that the body has in addition to name and message. */
  static readonly details = Wire.Struct(sso)
}

const organizationMethods = {
  email: Lenient.optional(Schema.String),
  ssoConnectionIds: Lenient.withDefault(
    Schema.suspend(() => Schema.Array(Id.make("conn"))),
    () => []
  ),
  authMethods: Lenient.withDefault(
    Schema.suspend(() => Schema.Record(Schema.String, Schema.Boolean)),
    () => ({})
  )
}

/**
 * The organization requires another authentication method. `authMethods` maps the names of methods to whether they are
 * allowed, and `ssoConnectionIds` are the connections of the organization.
 *
 * @see https://workos.com/docs/reference/authkit/authentication-errors/organization-authentication-required-error
 */
export class OrganizationAuthenticationMethodsRequired extends Schema.TaggedError<OrganizationAuthenticationMethodsRequired>()(
  "OrganizationAuthenticationMethodsRequired",
  { ...errorFields, ...organizationMethods }
) {
  /** The schema of the fields that the body has in addition to name and message. */
  static readonly details = Wire.Struct(organizationMethods)
}

const radarChallenge = { ...mfaEnrollment, radarChallengeId: Lenient.optional(Schema.String) }

/**
 * Radar requires another proof of identity. With a `radarChallengeId`, the user receives a code by email: continue with
 * `withRadarEmailChallenge`. Otherwise, send a code by SMS with `radarChallenges.send`, and continue with
 * `withRadarSmsChallenge`.
 *
 * @see https://workos.com/docs/authkit/radar
 */
export class RadarChallengeRequired extends Schema.TaggedError<RadarChallengeRequired>()("RadarChallengeRequired", {
  ...errorFields,
  ...radarChallenge
}) {
  /** The schema of the fields that the body has in addition to name and message. */
  static readonly details = Wire.Struct(radarChallenge)
}

// -----------------------------------------------------------------------------
// Failures
// -----------------------------------------------------------------------------

/**
 * The email address or the password is wrong.
 *
 * @see https://workos.com/docs/reference/authkit/authentication/password
 */
export class InvalidCredentials extends Schema.TaggedError<InvalidCredentials>()("InvalidCredentials", errorFields) {}

/**
 * The one-time code is invalid. `code` is the reason: `invalid_one_time_code`, `one_time_code_previously_used`,
 * `one_time_code_expired` or `one_time_code_too_many_attempts`.
 *
 * @see https://workos.com/docs/reference/authkit/authentication/magic-auth
 */
export class InvalidOneTimeCode extends Schema.TaggedError<InvalidOneTimeCode>()("InvalidOneTimeCode", errorFields) {}

/**
 * The token of the pending authentication is unknown, used or expired. The user must start again.
 *
 * @see https://workos.com/docs/reference/authkit/authentication-errors
 */
export class InvalidPendingAuthentication extends Schema.TaggedError<InvalidPendingAuthentication>()(
  "InvalidPendingAuthentication",
  errorFields
) {}

/**
 * The invitation is unknown, expired, revoked or accepted.
 *
 * @see https://workos.com/docs/reference/authkit/invitation
 */
export class InvitationInvalid extends Schema.TaggedError<InvitationInvalid>()("InvitationInvalid", errorFields) {}

/**
 * The invitation is for another email address.
 *
 * @see https://workos.com/docs/reference/authkit/invitation
 */
export class InvitationForAnotherEmail extends Schema.TaggedError<InvitationForAnotherEmail>()(
  "InvitationForAnotherEmail",
  errorFields
) {}

/**
 * The user has not yet entered the code of the device. Ask again after the interval of the device authorization.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.5
 */
export class AuthorizationPending extends Schema.TaggedError<AuthorizationPending>()(
  "AuthorizationPending",
  errorFields
) {}

/**
 * The device asks too often. Increase the interval by five seconds.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.5
 */
export class SlowDown extends Schema.TaggedError<SlowDown>()("SlowDown", errorFields) {}

/**
 * The code of the device has expired. Request another device authorization.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.5
 */
export class DeviceCodeExpired extends Schema.TaggedError<DeviceCodeExpired>()("DeviceCodeExpired", errorFields) {}

/**
 * The user denied access.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.5
 */
export class AccessDenied extends Schema.TaggedError<AccessDenied>()("AccessDenied", errorFields) {}

const errorsWith = (status: number, defaultName: string) =>
  NamedErrors.make({
    status,
    defaultName,
    codes: {
      email_verification_required: EmailVerificationRequired,
      mfa_enrollment: MfaEnrollmentRequired,
      mfa_challenge: MfaChallengeRequired,
      organization_selection_required: OrganizationSelectionRequired,
      radar_challenge: RadarChallengeRequired,
      radar_challenge_required: RadarChallengeRequired,
      radar_email_challenge: RadarChallengeRequired,
      radar_sign_up_challenge: RadarChallengeRequired,
      radar_sms_challenge: RadarChallengeRequired,
      radar_sms_sign_in_challenge: RadarChallengeRequired,
      invalid_credentials: InvalidCredentials,
      invalid_one_time_code: InvalidOneTimeCode,
      one_time_code_previously_used: InvalidOneTimeCode,
      one_time_code_expired: InvalidOneTimeCode,
      one_time_code_too_many_attempts: InvalidOneTimeCode,
      invalid_pending_authentication_token: InvalidPendingAuthentication
    },
    oauth: {
      sso_required: SsoRequired,
      organization_authentication_methods_required: OrganizationAuthenticationMethodsRequired,
      invalid_grant: InvalidGrant,
      invalid_client: InvalidClient,
      unauthorized_client: UnauthorizedClient,
      unsupported_grant_type: UnsupportedGrantType,
      invalid_redirect_uri: InvalidRedirectUri,
      invitation_invalid: InvitationInvalid,
      invitation_cannot_be_used_for_email: InvitationForAnotherEmail,
      authorization_pending: AuthorizationPending,
      slow_down: SlowDown,
      expired_token: DeviceCodeExpired,
      access_denied: AccessDenied
    },
    other: OAuthError
  })

/**
 * The errors of authentication with the status 400. Errors with other names are `OAuthError`s.
 */
export const AuthenticationErrors = errorsWith(400, "invalid_request")

/**
 * The errors of authentication with the status 401.
 */
export const AuthenticationUnauthorizedErrors = errorsWith(401, "invalid_client")

/**
 * The errors of authentication with the status 403, which are mostly next steps.
 */
export const AuthenticationForbiddenErrors = errorsWith(403, "unauthorized_client")
