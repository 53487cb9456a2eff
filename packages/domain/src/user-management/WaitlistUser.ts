/**
 * Users on a waitlist, who have no account yet.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Id from "../Id.ts"
import * as Lenient from "../Lenient.ts"
import * as OpenEnum from "../OpenEnum.ts"
import { Timestamp } from "../Timestamp.ts"

/**
 * The id of a user on a waitlist: `wl_user_…`.
 *
 * @see https://workos.com/docs/events/waitlist-user
 */
export const WaitlistUserId = Id.make("wl_user").pipe(Schema.brand("WaitlistUserId"))
export type WaitlistUserId = typeof WaitlistUserId.Type

/**
 * The state of a user on a waitlist.
 *
 * @see https://workos.com/docs/events/waitlist-user
 */
export const WaitlistUserState = OpenEnum.make(["pending", "approved", "denied"], /[a-z]{4,8}ed/)
export type WaitlistUserState = typeof WaitlistUserState.Type

/**
 * A user on a waitlist.
 *
 * **Details**
 *
 * - `approvedAt`: absent if the user has not been approved.
 * - `waitlistId`: absent in older events.
 *
 * **Example** (Welcoming approved users)
 *
 * ```ts
 * import * as Event from "@effect-workos/domain/events/Event"
 * import type { WaitlistUser, WaitlistUserId, WaitlistUserState } from "@effect-workos/domain/user-management/WaitlistUser"
 *
 * declare const welcome: (user: WaitlistUser) => void
 * const states = new Map<WaitlistUserId, WaitlistUserState>()
 *
 * const handle = (event: Event.Event): void => {
 *   if (Event.is("waitlist_user.created", "waitlist_user.denied")(event)) states.set(event.data.id, event.data.state)
 *   if (Event.is("waitlist_user.approved")(event)) welcome(event.data)
 * }
 * ```
 *
 * @see https://workos.com/docs/events/waitlist-user
 */
export class WaitlistUser extends Schema.Opaque<WaitlistUser>()(
  ApiObject.make("waitlist_user", WaitlistUserId, () => ({
    email: Arbitraries.EmailAddress,
    state: WaitlistUserState,
    approvedAt: Lenient.optional(Timestamp, { required: true, nullable: true }),
    waitlistId: Lenient.optional(Arbitraries.stringMatching(/waitlist_01[0-9A-HJKMNP-TV-Z]{24}/), { nullable: true })
  }))
) {}
