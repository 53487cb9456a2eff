/**
 * The client service of redirect URIs.
 *
 * @module
 */
import { redirectUris } from "@effect-workos/domain/user-management/RedirectUri"
import * as Client from "./Client.ts"

/**
 * The client of redirect URIs, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (The redirect URI of a preview deployment)
 *
 * ```ts
 * import { RedirectUris } from "@effect-workos/client/RedirectUris"
 * import * as Effect from "effect/Effect"
 *
 * const deploy = Effect.fn("deploy")(function* (origin: string) {
 *   const redirectUris = yield* RedirectUris
 *   const { id } = yield* redirectUris.create({ uri: `${origin}/callback` })
 *   return { remove: redirectUris.delete(id) }
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/authkit
 */
export class RedirectUris extends Client.Service<RedirectUris>()("@effect-workos/client/RedirectUris", redirectUris) {}
