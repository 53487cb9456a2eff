/**
 * The client service of sessions.
 *
 * @module
 */
import { sessions } from "@effect-workos/domain/user-management/Session"
import * as Client from "./Client.ts"

/**
 * The client of sessions, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (Signing a user out everywhere)
 *
 * ```ts
 * import { Sessions } from "@effect-workos/client/Sessions"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * const signOutEverywhere = Effect.fn("signOutEverywhere")(function* (userId: string) {
 *   const sessions = yield* Sessions
 *   yield* Stream.runForEach(sessions.stream(userId), ({ id }) => sessions.revoke({ sessionId: id }))
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/authkit/session
 */
export class Sessions extends Client.Service<Sessions>()("@effect-workos/client/Sessions", sessions) {}
