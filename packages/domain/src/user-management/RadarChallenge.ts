/**
 * Radar challenges: one-time codes that Radar requires for a suspicious sign-in.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import * as OpenEnum from "../OpenEnum.ts"
import * as Resource from "../Resource.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import { PendingAuthenticationToken } from "./AuthenticationError.ts"
import { OneTimeCode } from "./OneTimeCode.ts"
import { PhoneNumber } from "./PhoneNumber.ts"
import * as RateLimits from "./RateLimits.ts"
import { UserId } from "./UserId.ts"

/**
 * The id of a Radar challenge: `radar_challenge_…`.
 *
 * @see https://workos.com/docs/authkit/radar
 */
export const RadarChallengeId = Id.make("radar_challenge").pipe(Schema.brand("RadarChallengeId"))
export type RadarChallengeId = typeof RadarChallengeId.Type

/**
 * A Radar challenge by email. `code` can be used once, until `expiresAt`.
 *
 * @see https://workos.com/docs/authkit/radar
 */
export class RadarChallenge extends Schema.Opaque<RadarChallenge>()(
  ApiObject.make("radar_challenge", RadarChallengeId, () => ({
    type: OpenEnum.make(["email"], /[a-z]{3,6}_code/),
    userId: UserId,
    email: Arbitraries.EmailAddress,
    expiresAt: Timestamp,
    code: OneTimeCode
  }))
) {}

/**
 * The payload that sends a code by SMS. `pendingAuthenticationToken` is in the error `RadarChallengeRequired`.
 *
 * @see https://workos.com/docs/authkit/radar
 */
export class SendRadarSmsChallenge extends Schema.Opaque<SendRadarSmsChallenge>()(
  Wire.Struct(() => ({
    userId: Id.make("user"),
    pendingAuthenticationToken: PendingAuthenticationToken,
    phoneNumber: PhoneNumber,
    ipAddress: Wire.optional(Schema.String),
    userAgent: Wire.optional(Schema.String)
  }))
) {}

/**
 * An SMS with a code. `authentication.withRadarSmsChallenge` takes `verificationId`, `phoneNumber` and the code.
 *
 * @see https://workos.com/docs/authkit/radar
 */
export class RadarSmsChallenge extends Schema.Opaque<RadarSmsChallenge>()(
  Wire.Struct(() => ({
    verificationId: Arbitraries.stringMatching(/vrf_01[0-9A-HJKMNP-TV-Z]{24}/),
    phoneNumber: PhoneNumber
  }))
) {}

/**
 * The endpoints of Radar challenges.
 *
 * @see https://workos.com/docs/authkit/radar
 */
export const radarChallenges = Resource.make(
  "radarChallenges",
  {
    /**
     * Sends a code by SMS to a user whose sign-in requires a Radar challenge.
     *
     * @see https://workos.com/docs/authkit/radar
     */
    send: Endpoint.post("/user_management/radar_challenges", {
      summary: "Send a Radar challenge by SMS",
      payload: SendRadarSmsChallenge,
      success: RadarSmsChallenge,
      status: 201,
      errors: [ApiError.BadRequest, ApiError.NotFound, ApiError.UnprocessableEntity],
      rateLimits: RateLimits.writes,
      containsPii: true
    }),
    /**
     * Returns a Radar challenge, for an application that sends its own emails.
     *
     * @see https://workos.com/docs/authkit/radar
     */
    get: Endpoint.get("/user_management/radar_challenges/:id", {
      summary: "Get a Radar challenge",
      params: { id: RadarChallengeId },
      success: RadarChallenge,
      errors: [ApiError.NotFound],
      rateLimits: RateLimits.reads,
      containsPii: true
    })
  },
  { title: "Radar challenges", noun: "Radar challenge" }
)
