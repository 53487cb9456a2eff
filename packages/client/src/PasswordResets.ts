/**
 * The client service of password resets.
 *
 * @module
 */
import { passwordResets } from "@effect-workos/domain/user-management/PasswordReset"
import * as Client from "./Client.ts"

/**
 * The client of password resets, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (A page that sets a new password)
 *
 * ```ts
 * import { PasswordResets } from "@effect-workos/client/PasswordResets"
 * import * as Effect from "effect/Effect"
 * import type * as Redacted from "effect/Redacted"
 *
 * const reset = Effect.fn("reset")(
 *   function* (token: Redacted.Redacted, newPassword: Redacted.Redacted) {
 *     const passwordResets = yield* PasswordResets
 *     const { user } = yield* passwordResets.confirm({ token, newPassword })
 *     return `Sign in as ${user.email}.`
 *   },
 *   Effect.catchTag("NotFound", () => Effect.succeed("Request another link."))
 * )
 * ```
 *
 * @see https://workos.com/docs/reference/authkit/password-reset
 */
export class PasswordResets extends Client.Service<PasswordResets>()(
  "@effect-workos/client/PasswordResets",
  passwordResets
) {}
