/**
 * The client service of connected accounts.
 *
 * @module
 */
import { connectedAccounts } from "@effect-workos/domain/pipes/ConnectedAccount"
import * as Client from "./Client.ts"

/**
 * The client of connected accounts, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (The state of an account)
 *
 * ```ts
 * import { ConnectedAccounts } from "@effect-workos/client/ConnectedAccounts"
 * import * as Effect from "effect/Effect"
 *
 * const isConnected = Effect.fn("isConnected")(
 *   function* (userId: string) {
 *     const connectedAccounts = yield* ConnectedAccounts
 *     const { state } = yield* connectedAccounts.get(userId, "github")
 *     return state === "connected"
 *   },
 *   Effect.catchTag("NotFound", () => Effect.succeed(false))
 * )
 * ```
 *
 * @see https://workos.com/docs/reference/pipes/connected-account
 */
export class ConnectedAccounts extends Client.Service<ConnectedAccounts>()(
  "@effect-workos/client/ConnectedAccounts",
  connectedAccounts
) {}
