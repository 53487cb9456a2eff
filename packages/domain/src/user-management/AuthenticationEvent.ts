/**
 * The data of events of authentication: successes, failures, single sign-on, risks, and denials by actions.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as Arbitraries from "../Arbitraries.ts"
import * as Lenient from "../Lenient.ts"
import * as OpenEnum from "../OpenEnum.ts"
import { OrganizationId } from "../organizations/OrganizationId.ts"
import { ConnectionId } from "../sso/Connection.ts"
import { RadarChallengeId } from "./RadarChallenge.ts"
import { UserId } from "./UserId.ts"
import * as Wire from "../Wire.ts"

/**
 * A method of authentication.
 *
 * @see https://workos.com/docs/events/authentication
 */
export const AuthenticationMethod = OpenEnum.make(
  ["email_verification", "magic_auth", "mfa", "oauth", "passkey", "password", "reauthentication", "sso"],
  /[a-z]{4,8}_auth/
)
export type AuthenticationMethod = typeof AuthenticationMethod.Type

const nullable = { required: true, nullable: true }

const origin = () => ({
  ipAddress: Lenient.optional(Arbitraries.stringMatching(/192\.0\.2\.[1-9][0-9]?/), nullable),
  userAgent: Lenient.optional(Arbitraries.stringMatching(/Mozilla\/5\.0 \([A-Z][a-z]{4,8}\)/), nullable)
})

const authentication = <const Status extends string>(status: Status) => ({
  type: AuthenticationMethod,
  status: OpenEnum.make([status], /[a-z]{4,8}ed/),
  ...origin()
})

const user = () => ({ userId: UserId, email: Arbitraries.EmailAddress })

const maybeUser = () => ({ userId: Lenient.optional(UserId, nullable) })

const unknownUser = () => ({ ...maybeUser(), email: Lenient.optional(Arbitraries.EmailAddress, nullable) })

const failure = () => ({
  error: Wire.Struct(() => ({
    code: Arbitraries.stringMatching(/(?:invalid_one_time_code|mfa_challenge_failed|user_not_found)/),
    message: Arbitraries.stringMatching(/[A-Z][a-z]{3,9} [a-z]{3,9}\./)
  }))
})

const denial = <const Type extends string>(type: Type) => ({
  actionEndpointId: Arbitraries.stringMatching(/action_endpoint_01[0-9A-HJKMNP-TV-Z]{24}/),
  actionExecutionId: Arbitraries.stringMatching(/action_execution_01[0-9A-HJKMNP-TV-Z]{24}/),
  type: OpenEnum.make([type], /[a-z]{4,8}_action/),
  verdict: OpenEnum.make(["Deny"], /[A-Z][a-z]{3,6}/),
  organizationId: Lenient.optional(OrganizationId, nullable),
  ...origin()
})

const signOn = () => ({
  sso: Wire.Struct(() => ({
    organizationId: Lenient.optional(OrganizationId, nullable),
    connectionId: Lenient.optional(ConnectionId, nullable),
    sessionId: Lenient.optional(Arbitraries.stringMatching(/sess_01[0-9A-HJKMNP-TV-Z]{24}/), nullable)
  }))
})

/**
 * The data of the event of a successful authentication. The user may have to take another step, for example to solve an
 * MFA challenge.
 *
 * **Example** (A line for the log of an administrator)
 *
 * ```ts
 * import * as Event from "@effect-workos/domain/events/Event"
 * import type { AuthenticationFailed } from "@effect-workos/domain/user-management/AuthenticationEvent"
 *
 * const reasonOf = ({ email = "unknown user", error, ipAddress }: AuthenticationFailed): string =>
 *   `${email} (${ipAddress ?? "unknown address"}): ${error.code}`
 *
 * const line = (event: Event.Event): string | undefined => {
 *   if (Event.is("authentication.password_failed", "authentication.mfa_failed")(event)) return reasonOf(event.data)
 *   return Event.is("authentication.password_succeeded")(event) ? `${event.data.email}: ${event.data.status}` : undefined
 * }
 * ```
 *
 * @see https://workos.com/docs/events/authentication
 */
export class AuthenticationSucceeded extends Schema.Opaque<AuthenticationSucceeded>()(
  Wire.Struct(() => ({ ...authentication("succeeded"), ...user() }))
) {}

/**
 * The data of the event of a successful authentication with an OAuth provider. `userId` is absent if no user exists yet.
 *
 * @see https://workos.com/docs/events/authentication
 */
export class OAuthSucceeded extends Schema.Opaque<OAuthSucceeded>()(
  Wire.Struct(() => ({ ...authentication("succeeded"), ...maybeUser(), email: Arbitraries.EmailAddress }))
) {}

/**
 * The data of the event of a failed authentication. `userId` and `email` are absent if the user is unknown.
 *
 * @see https://workos.com/docs/events/authentication
 */
export class AuthenticationFailed extends Schema.Opaque<AuthenticationFailed>()(
  Wire.Struct(() => ({ ...authentication("failed"), ...unknownUser(), ...failure() }))
) {}

/**
 * The data of the event of a started single sign-on.
 *
 * @see https://workos.com/docs/events/authentication
 */
export class SsoStarted extends Schema.Opaque<SsoStarted>()(
  Wire.Struct(() => ({ ...authentication("started"), ...unknownUser(), ...signOn() }))
) {}

/**
 * The data of the event of a successful single sign-on.
 *
 * @see https://workos.com/docs/events/authentication
 */
export class SsoSucceeded extends Schema.Opaque<SsoSucceeded>()(
  Wire.Struct(() => ({ ...authentication("succeeded"), ...maybeUser(), email: Arbitraries.EmailAddress, ...signOn() }))
) {}

/**
 * The data of the event of a failed single sign-on.
 *
 * @see https://workos.com/docs/events/authentication
 */
export class SsoFailed extends Schema.Opaque<SsoFailed>()(
  Wire.Struct(() => ({ ...authentication("failed"), ...unknownUser(), ...signOn(), ...failure() }))
) {}

/**
 * The data of the event of a single sign-on that was not completed in time.
 *
 * @see https://workos.com/docs/events/authentication
 */
export class SsoTimedOut extends Schema.Opaque<SsoTimedOut>()(
  Wire.Struct(() => ({ ...authentication("timed_out"), ...unknownUser(), ...signOn(), ...failure() }))
) {}

/**
 * The data of the event of a risk that Radar detected.
 *
 * **Details**
 *
 * - `authMethod`: the method of authentication, for example `password`.
 * - `control`: the action that Radar took, for example `block`.
 * - `blocklistType`: the kind of blocklist that detected the risk, for example `ip`.
 *
 * @see https://workos.com/docs/events/authentication
 */
export class RadarRiskDetected extends Schema.Opaque<RadarRiskDetected>()(
  Wire.Struct(() => ({
    authMethod: Arbitraries.stringMatching(/(?:oauth|password|sso)/),
    action: OpenEnum.make(["login", "signup"], /[a-z]{4,8}_up/),
    control: Lenient.optional(Arbitraries.stringMatching(/(?:block|challenge|notify)/), nullable),
    blocklistType: Lenient.optional(Arbitraries.stringMatching(/(?:domain|email|ip)/), nullable),
    ...origin(),
    ...user()
  }))
) {}

/**
 * The data of the event of a challenge that a user must solve because Radar detected a risk. `type` is the way in which
 * the code was sent.
 *
 * @see https://workos.com/docs/radar
 */
export class RadarChallengeCreated extends Schema.Opaque<RadarChallengeCreated>()(
  Wire.Struct(() => ({
    type: OpenEnum.make(["email"], /[a-z]{3,6}_code/),
    radarChallengeId: RadarChallengeId,
    ...user()
  }))
) {}

/**
 * The data of the event of an authentication that an action of the application denied.
 *
 * @see https://workos.com/docs/authkit/actions
 */
export class AuthenticationDenied extends Schema.Opaque<AuthenticationDenied>()(
  Wire.Struct(() => ({ ...denial("authentication"), ...user() }))
) {}

/**
 * The data of the event of a registration that an action of the application denied.
 *
 * @see https://workos.com/docs/authkit/actions
 */
export class UserRegistrationDenied extends Schema.Opaque<UserRegistrationDenied>()(
  Wire.Struct(() => ({ ...denial("user_registration"), email: Arbitraries.EmailAddress }))
) {}
