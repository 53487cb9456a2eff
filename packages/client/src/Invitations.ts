/**
 * The client service of invitations.
 *
 * @module
 */
import { invitations } from "@effect-workos/domain/user-management/Invitation"
import * as Client from "./Client.ts"

/**
 * The client of invitations, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (Sending an invitation again)
 *
 * ```ts
 * import { Invitations } from "@effect-workos/client/Invitations"
 * import * as Effect from "effect/Effect"
 *
 * const remind = Effect.fn("remind")(function* (id: string, email: string) {
 *   const invitations = yield* Invitations
 *   return yield* invitations.resend(id).pipe(
 *     Effect.catchTags({
 *       InvitationAccepted: () => Effect.succeed(undefined),
 *       InvitationExpired: () => invitations.create({ email }),
 *       InvitationRevoked: () => Effect.succeed(undefined)
 *     })
 *   )
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/authkit/invitation
 */
export class Invitations extends Client.Service<Invitations>()("@effect-workos/client/Invitations", invitations) {}
