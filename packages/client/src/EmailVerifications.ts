/**
 * The client service of email verifications.
 *
 * @module
 */
import { emailVerifications } from "@effect-workos/domain/user-management/EmailVerification"
import * as Client from "./Client.ts"

/**
 * The client of email verifications, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (The code of a required verification)
 *
 * ```ts
 * import { EmailVerifications } from "@effect-workos/client/EmailVerifications"
 * import * as Effect from "effect/Effect"
 *
 * const codeOf = Effect.fn("codeOf")(function* (emailVerificationId: string) {
 *   const emailVerifications = yield* EmailVerifications
 *   const { code } = yield* emailVerifications.get(emailVerificationId)
 *   return code
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/authkit/email-verification
 */
export class EmailVerifications extends Client.Service<EmailVerifications>()(
  "@effect-workos/client/EmailVerifications",
  emailVerifications
) {}
