// What was found out once is not found out again: the first who asks starts it, everybody waits for the same response.
//
// It is started apart from whoever asked first, so that it survives when that one is interrupted.
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"

export interface Cache<A, E> {
  readonly get: <R>(key: string, effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  readonly invalidate: (key: string) => void
}

/**
 * A memory that ends with its scope.
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
    invalidate: (key) => void fibers.delete(key)
  }
}
