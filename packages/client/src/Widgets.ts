/**
 * The client service of widgets.
 *
 * @module
 */
import { widgets } from "@effect-workos/domain/widgets/Widgets"
import * as Client from "./Client.ts"

/**
 * The client of widgets, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (A token for the page of an administrator)
 *
 * ```ts
 * import { Widgets } from "@effect-workos/client/Widgets"
 * import * as Effect from "effect/Effect"
 *
 * const tokenFor = Effect.fn("tokenFor")(function* (userId: string, organizationId: string) {
 *   const widgets = yield* Widgets
 *   const { token } = yield* widgets.createToken({ userId, organizationId, scopes: ["widgets:users-table:manage"] })
 *   return token
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/widgets
 */
export class Widgets extends Client.Service<Widgets>()("@effect-workos/client/Widgets", widgets) {}
