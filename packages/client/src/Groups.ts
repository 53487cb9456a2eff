/**
 * The client service of groups.
 *
 * @module
 */
import { groups } from "@effect-workos/domain/organizations/Group"
import * as Client from "./Client.ts"

/**
 * The client of groups, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (The names of the groups of an organization)
 *
 * ```ts
 * import { Groups } from "@effect-workos/client/Groups"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * const names = Effect.fn("names")(function* (organizationId: string) {
 *   const groups = yield* Groups
 *   return yield* groups.stream(organizationId).pipe(
 *     Stream.map((group) => group.name),
 *     Stream.runCollect
 *   )
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/groups
 */
export class Groups extends Client.Service<Groups>()("@effect-workos/client/Groups", groups) {}
