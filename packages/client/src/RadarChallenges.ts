/**
 * The client service of Radar challenges.
 *
 * @module
 */
import { radarChallenges } from "@effect-workos/domain/user-management/RadarChallenge"
import * as Client from "./Client.ts"

/**
 * The client of Radar challenges, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (Sending a code by SMS)
 *
 * ```ts
 * import { RadarChallenges } from "@effect-workos/client/RadarChallenges"
 * import * as Effect from "effect/Effect"
 * import type * as Redacted from "effect/Redacted"
 *
 * const send = Effect.fn("send")(function* (userId: string, pendingAuthenticationToken: Redacted.Redacted) {
 *   const radarChallenges = yield* RadarChallenges
 *   const { verificationId } = yield* radarChallenges.send({
 *     userId,
 *     pendingAuthenticationToken,
 *     phoneNumber: "+15005550006"
 *   })
 *   return verificationId
 * })
 * ```
 *
 * @see https://workos.com/docs/authkit/radar
 */
export class RadarChallenges extends Client.Service<RadarChallenges>()(
  "@effect-workos/client/RadarChallenges",
  radarChallenges
) {}
