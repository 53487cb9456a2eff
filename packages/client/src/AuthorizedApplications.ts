/**
 * The client service of applications that users have authorized.
 *
 * @module
 */
import { authorizedApplications } from "@effect-workos/domain/user-management/AuthorizedApplication"
import * as Client from "./Client.ts"

/**
 * The client of applications that users have authorized, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (Revoking all authorizations of a user)
 *
 * ```ts
 * import { AuthorizedApplications } from "@effect-workos/client/AuthorizedApplications"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * const revokeAll = Effect.fn("revokeAll")(function* (userId: string) {
 *   const authorizedApplications = yield* AuthorizedApplications
 *   yield* authorizedApplications.stream(userId).pipe(
 *     Stream.runForEach(({ application }) => authorizedApplications.delete(userId, application.id))
 *   )
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/workos-connect/applications
 */
export class AuthorizedApplications extends Client.Service<AuthorizedApplications>()(
  "@effect-workos/client/AuthorizedApplications",
  authorizedApplications
) {}
