/**
 * The client service of authentication challenges.
 *
 * @module
 */
import { authenticationChallenges } from "@effect-workos/domain/user-management/AuthenticationChallenge"
import * as Client from "./Client.ts"

/**
 * The client of authentication challenges, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (Verifying the code of an authenticator app)
 *
 * ```ts
 * import { AuthenticationChallenges } from "@effect-workos/client/AuthenticationChallenges"
 * import * as Effect from "effect/Effect"
 * import type * as Redacted from "effect/Redacted"
 *
 * const isValid = Effect.fn("isValid")(function* (challengeId: string, code: Redacted.Redacted) {
 *   const challenges = yield* AuthenticationChallenges
 *   const { valid } = yield* challenges.verify(challengeId, { code })
 *   return valid
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/authkit/mfa/authentication-challenge
 */
export class AuthenticationChallenges extends Client.Service<AuthenticationChallenges>()(
  "@effect-workos/client/AuthenticationChallenges",
  authenticationChallenges
) {}
