/**
 * Authentication challenges: requests to prove the possession of an authentication factor.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as ApiObject from "../ApiObject.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import * as Lenient from "../Lenient.ts"
import * as Resource from "../Resource.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import { AuthenticationFactorId } from "./AuthenticationFactorId.ts"
import { OneTimeCode } from "./OneTimeCode.ts"

/**
 * The id of an authentication challenge: `auth_challenge_…`.
 *
 * @see https://workos.com/docs/reference/authkit/mfa/authentication-challenge
 */
export const AuthenticationChallengeId = Id.make("auth_challenge").pipe(Schema.brand("AuthenticationChallengeId"))
export type AuthenticationChallengeId = typeof AuthenticationChallengeId.Type

/**
 * A challenge of an authentication factor.
 *
 * **Details**
 *
 * - `expiresAt`: ten minutes after the creation. Absent for `totp` factors.
 * - `code`: the one-time code, for `generic_otp` factors only: the application sends the code.
 *
 * @see https://workos.com/docs/reference/authkit/mfa/authentication-challenge
 */
export class AuthenticationChallenge extends Schema.Opaque<AuthenticationChallenge>()(
  ApiObject.make("authentication_challenge", AuthenticationChallengeId, () => ({
    authenticationFactorId: AuthenticationFactorId,
    expiresAt: Lenient.optional(Timestamp),
    code: Lenient.optional(OneTimeCode)
  }))
) {}

/**
 * The payload that verifies a challenge.
 *
 * @see https://workos.com/docs/reference/authkit/mfa/authentication-challenge/verify
 */
export class VerifyAuthenticationChallenge extends Schema.Opaque<VerifyAuthenticationChallenge>()(
  Wire.Struct(() => ({ code: OneTimeCode }))
) {}

/**
 * The result of a verification: `valid` is whether the code was right.
 *
 * @see https://workos.com/docs/reference/authkit/mfa/authentication-challenge/verify
 */
export class VerifiedAuthenticationChallenge extends Schema.Opaque<VerifiedAuthenticationChallenge>()(
  Wire.Struct(() => ({ challenge: AuthenticationChallenge, valid: Schema.Boolean }))
) {}

/**
 * The endpoints of authentication challenges. `authenticationFactors.challenge` creates one.
 *
 * @see https://workos.com/docs/reference/authkit/mfa/authentication-challenge
 */
export const authenticationChallenges = Resource.make("authenticationChallenges", {
  /**
   * Verifies the code of a challenge. A wrong code is a success with `valid: false`. Fails with `BadRequest` and the code
   * `one_time_code_too_many_attempts` after several wrong codes, and with `UnprocessableEntity` if the challenge has
   * expired or was already verified.
   *
   * @see https://workos.com/docs/reference/authkit/mfa/authentication-challenge/verify
   */
  verify: Endpoint.post("/auth/challenges/:id/verify", {
    summary: "Verify an authentication challenge",
    description: "A challenge can be verified once.",
    params: { id: AuthenticationChallengeId },
    payload: VerifyAuthenticationChallenge,
    success: VerifiedAuthenticationChallenge,
    status: 201,
    errors: [ApiError.BadRequest, ApiError.NotFound, ApiError.UnprocessableEntity],
    // The second request fails, because the challenge was verified.
    retryUnsafe: true
  })
})
