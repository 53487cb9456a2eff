// What lies behind an error that a platform gives: `fetch` wraps what happened in "fetch failed".
import * as Predicate from "effect/Predicate"

/**
 * An error and its causes, the innermost last. Ten at most: nothing keeps an error from being its own cause.
 */
export const chainOf = (error: unknown): ReadonlyArray<object> => {
  const chain: Array<object> = []
  let next = error
  while (Predicate.isObject(next) && chain.length < 10) {
    chain.push(next)
    next = Predicate.hasProperty(next, "cause") ? next.cause : undefined
  }
  return chain
}
