// A cache of effects: the first call with a key runs the effect, and later calls wait for its result.
//
// The effect runs in the cache's scope, so that interrupting the first caller does not interrupt the others.
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"

export interface Cache<A, E> {
  readonly get: <R>(key: string, effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  readonly invalidate: (key: string) => void
  readonly clear: Effect.Effect<void>
}

/**
 * Makes a cache that lives as long as its scope.
 */
export const make = <A, E>(scope: Scope.Scope): Cache<A, E> => {
  const fibers = new Map<string, Fiber.Fiber<A, E>>()
  return {
    get: (key, effect) =>
      Effect.suspend(() => {
        const running = fibers.get(key)
        if (running !== undefined) return Fiber.join(running)
        return Effect.flatMap(Effect.forkIn(effect, scope), (fiber) => {
          fibers.set(key, fiber)
          return Fiber.join(fiber)
        })
      }),
    invalidate: (key) => void fibers.delete(key),
    clear: Effect.sync(() => fibers.clear())
  }
}
