// A map whose entries expire.
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/**
 * A map from keys to values that expire.
 */
export interface TtlMap<A> {
  readonly set: (name: string, value: A) => Effect.Effect<void>
  readonly get: (name: string) => Effect.Effect<A | undefined>
  /** Removes and returns a value if it satisfies the predicate. Of concurrent callers, one receives the value. */
  readonly takeIf: (name: string, isExpected: (value: A) => boolean) => Effect.Effect<A | undefined>
}

/**
 * Makes an empty map whose entries expire after `lifetime`.
 */
export const make = <A>(lifetime: Duration.Input): TtlMap<A> => {
  const millis = Duration.toMillis(Duration.fromInputUnsafe(lifetime))
  const entries = new Map<string, { readonly value: A; readonly until: number }>()

  const valid = (name: string, now: number): A | undefined => {
    const found = entries.get(name)
    return found === undefined || found.until <= now ? undefined : found.value
  }

  // All entries have the same lifetime, so the oldest expire first.
  const evictExpired = (now: number) => {
    for (const [name, { until }] of entries) {
      if (until > now) return
      entries.delete(name)
    }
  }

  return {
    set: (name, value) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        evictExpired(now)
        entries.set(name, { value, until: now + millis })
      }),
    get: (name) => Effect.map(Clock.currentTimeMillis, (now) => valid(name, now)),
    takeIf: (name, isExpected) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const value = valid(name, now)
        if (value === undefined || !isExpected(value)) return undefined
        entries.delete(name)
        return value
      })
  }
}
