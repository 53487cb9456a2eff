// A map whose entries expire.
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/**
 * A map from keys to values that expire.
 */
export interface TtlMap<A> {
  readonly set: (key: string, value: A) => Effect.Effect<void>
  readonly get: (key: string) => Effect.Effect<A | undefined>
  /** Removes and returns a value if it satisfies the predicate. Of concurrent callers, one receives the value. */
  readonly takeIf: (key: string, isExpected: (value: A) => boolean) => Effect.Effect<A | undefined>
}

/**
 * Makes an empty map whose entries expire after `lifetime`.
 */
export const make = <A>(lifetime: Duration.Input): TtlMap<A> => {
  const millis = Duration.toMillis(Duration.fromInputUnsafe(lifetime))
  const entries = new Map<string, { readonly value: A; readonly until: number }>()

  const valid = (key: string, now: number): A | undefined => {
    const found = entries.get(key)
    return found === undefined || found.until <= now ? undefined : found.value
  }

  // All entries have the same lifetime, so the oldest expire first.
  const evictExpired = (now: number) => {
    for (const [key, { until }] of entries) {
      if (until > now) return
      entries.delete(key)
    }
  }

  return {
    set: (key, value) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        evictExpired(now)
        entries.set(key, { value, until: now + millis })
      }),
    get: (key) => Effect.map(Clock.currentTimeMillis, (now) => valid(key, now)),
    takeIf: (key, isExpected) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const value = valid(key, now)
        if (value === undefined || !isExpected(value)) return undefined
        entries.delete(key)
        return value
      })
  }
}
