/**
 * The client service of the Admin Portal.
 *
 * @module
 */
import { portal } from "@effect-workos/domain/admin-portal/Portal"
import * as Client from "./Client.ts"

/**
 * The client of the Admin Portal, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (A link for a customer who sets up single sign-on)
 *
 * ```ts
 * import { Portal } from "@effect-workos/client/Portal"
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 *
 * const setUp = Effect.fn("setUp")(function* (organization: string) {
 *   const portal = yield* Portal
 *   const { link } = yield* portal.generateLink({ organization, intent: "sso" })
 *   return new URL(Redacted.value(link))
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/admin-portal
 */
export class Portal extends Client.Service<Portal>()("@effect-workos/client/Portal", portal) {}
