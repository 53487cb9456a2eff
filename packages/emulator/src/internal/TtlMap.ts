// What is kept for a while under a name that only its owner knows: codes and tokens.
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/**
 * Values, each for as long as it was kept for.
 */
export interface TtlMap<A> {
  readonly set: (name: string, value: A) => Effect.Effect<void>
  readonly get: (name: string) => Effect.Effect<A | undefined>
  /** Takes a value out where it is as expected: of all that ask at once, one gets it. */
  readonly takeIf: (name: string, isExpected: (value: A) => boolean) => Effect.Effect<A | undefined>
}

/**
 * An empty store that keeps what it is given for as long as `lifetime`.
 */
export const make = <A>(lifetime: Duration.Input): TtlMap<A> => {
  const millis = Duration.toMillis(Duration.fromInputUnsafe(lifetime))
  const kept = new Map<string, { readonly value: A; readonly until: number }>()

  const valid = (name: string, now: number): A | undefined => {
    const found = kept.get(name)
    return found === undefined || found.until <= now ? undefined : found.value
  }

  // All live equally long, so that those that came first go first.
  const forget = (now: number) => {
    for (const [name, { until }] of kept) {
      if (until > now) return
      kept.delete(name)
    }
  }

  return {
    set: (name, value) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        forget(now)
        kept.set(name, { value, until: now + millis })
      }),
    get: (name) => Effect.map(Clock.currentTimeMillis, (now) => valid(name, now)),
    takeIf: (name, isExpected) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const value = valid(name, now)
        if (value === undefined || !isExpected(value)) return undefined
        kept.delete(name)
        return value
      })
  }
}
