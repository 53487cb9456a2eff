/**
 * The client service of feature flags.
 *
 * @module
 */
import { featureFlags } from "@effect-workos/domain/feature-flags/FeatureFlag"
import * as Client from "./Client.ts"

/**
 * The client of feature flags, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (The flags of a user)
 *
 * ```ts
 * import { FeatureFlags } from "@effect-workos/client/FeatureFlags"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * const flagsOf = Effect.fn("flagsOf")(function* (userId: string) {
 *   const featureFlags = yield* FeatureFlags
 *   return yield* featureFlags.listForUser.stream(userId).pipe(
 *     Stream.map((flag) => flag.slug),
 *     Stream.runCollect
 *   )
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/feature-flags
 */
export class FeatureFlags extends Client.Service<FeatureFlags>()("@effect-workos/client/FeatureFlags", featureFlags) {}
