/**
 * The client service of Magic Auth.
 *
 * @module
 */
import { magicAuth } from "@effect-workos/domain/user-management/MagicAuth"
import * as Client from "./Client.ts"

/**
 * The client of Magic Auth, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (Sending a code with the emails of the application)
 *
 * ```ts
 * import { MagicAuth } from "@effect-workos/client/MagicAuth"
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 *
 * declare const sendEmail: (to: string, text: string) => Effect.Effect<void>
 *
 * const start = Effect.fn("start")(function* (email: string) {
 *   const magicAuth = yield* MagicAuth
 *   const { code } = yield* magicAuth.create({ email })
 *   yield* sendEmail(email, `Your code is ${Redacted.value(code)}`)
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/authkit/magic-auth
 */
export class MagicAuth extends Client.Service<MagicAuth>()("@effect-workos/client/MagicAuth", magicAuth) {}
