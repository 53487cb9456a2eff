/**
 * The client service of passwordless sessions.
 *
 * @module
 */
import { passwordlessSessions } from "@effect-workos/domain/passwordless/PasswordlessSession"
import * as Client from "./Client.ts"

/**
 * The client of passwordless sessions, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (Sending a link)
 *
 * ```ts
 * import { PasswordlessSessions } from "@effect-workos/client/PasswordlessSessions"
 * import * as Effect from "effect/Effect"
 *
 * const sendLink = Effect.fn("sendLink")(function* (email: string) {
 *   const sessions = yield* PasswordlessSessions
 *   const { id } = yield* sessions.create({ type: "MagicLink", email })
 *   yield* sessions.send(id)
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/magic-link/passwordless-session
 */
export class PasswordlessSessions extends Client.Service<PasswordlessSessions>()(
  "@effect-workos/client/PasswordlessSessions",
  passwordlessSessions
) {}
