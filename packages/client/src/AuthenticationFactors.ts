/**
 * The client service of authentication factors.
 *
 * @module
 */
import { authenticationFactors } from "@effect-workos/domain/user-management/AuthenticationFactor"
import * as Client from "./Client.ts"

/**
 * The client of authentication factors, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (Enrolling an authenticator app)
 *
 * ```ts
 * import { AuthenticationFactors } from "@effect-workos/client/AuthenticationFactors"
 * import * as Effect from "effect/Effect"
 *
 * const enroll = Effect.fn("enroll")(function* (userId: string) {
 *   const factors = yield* AuthenticationFactors
 *   const { authenticationChallenge, authenticationFactor } = yield* factors.enrollForUser(userId, { type: "totp" })
 *   return { image: authenticationFactor.totp?.qrCode, challengeId: authenticationChallenge.id }
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/authkit/mfa/authentication-factor
 */
export class AuthenticationFactors extends Client.Service<AuthenticationFactors>()(
  "@effect-workos/client/AuthenticationFactors",
  authenticationFactors
) {}
