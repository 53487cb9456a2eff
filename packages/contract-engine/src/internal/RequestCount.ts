// The number of responses that the current check has used.
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"

/**
 * The count of the current check.
 */
export const CurrentRequestCount = Context.Reference<Ref.Ref<number>>(
  "@effect-workos/contract-engine/CurrentRequestCount",
  { defaultValue: () => Ref.makeUnsafe(0) }
)

/**
 * Adds responses to the count of the current check.
 */
export const countRequests = (count: number): Effect.Effect<void> =>
  Effect.flatMap(CurrentRequestCount, (requests) => Ref.update(requests, (before) => before + count))

/**
 * Runs an effect whose responses do not count for the current check, because several checks share them.
 */
export const withoutCounting = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.suspend(() => Effect.provideService(effect, CurrentRequestCount, Ref.makeUnsafe(0)))
