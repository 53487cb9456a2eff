// Workers: they send requests concurrently. A free worker serves the check that has sent the fewest requests, so that all
// checks progress alike.
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"

/**
 * The number of requests of the current check so far, or `undefined` for requests that every check needs, which are
 * served first.
 */
const CurrentTurns = Context.Reference<Ref.Ref<number> | undefined>("@effect-workos/contract-engine/CurrentTurns", {
  defaultValue: () => undefined
})

/**
 * Runs an effect whose requests take turns with the requests of other effects.
 */
export const takingTurns = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.suspend(() => Effect.provideService(effect, CurrentTurns, Ref.makeUnsafe(0)))

/**
 * Runs an effect whose requests are served first.
 */
export const servedFirst = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.provideService(effect, CurrentTurns, undefined)

/**
 * Returns the turn of the next request of the current effect. Requests with smaller numbers are served first.
 */
export const nextTurn: Effect.Effect<number> = Effect.flatMap(CurrentTurns, (turns) =>
  turns === undefined ? Effect.succeed(0) : Ref.updateAndGet(turns, (turn) => turn + 1)
)

export interface Workers {
  /** Runs an effect as soon as a worker is free. */
  readonly run: (turn: number) => <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

interface Waiting {
  readonly turn: number
  readonly served: Deferred.Deferred<void>
}

/**
 * Makes a number of workers.
 */
export const make = (count: number): Workers => {
  const waiting = new Set<Waiting>()
  let free = count

  const release = Effect.suspend(() => {
    let next: Waiting | undefined
    for (const one of waiting) if (next === undefined || one.turn < next.turn) next = one
    if (next === undefined) {
      free++
      return Effect.void
    }
    waiting.delete(next)
    return Effect.asVoid(Deferred.succeed(next.served, undefined))
  })

  const acquire = (turn: number) =>
    Effect.suspend(() => {
      if (free > 0) {
        free--
        return Effect.void
      }
      const one: Waiting = { turn, served: Deferred.makeUnsafe() }
      waiting.add(one)
      // A worker that was assigned just before the interruption serves the next request.
      return Effect.onInterrupt(Deferred.await(one.served), () =>
        Effect.suspend(() => (waiting.delete(one) ? Effect.void : release))
      )
    })

  return {
    run: (turn) => (effect) =>
      Effect.uninterruptibleMask((restore) =>
        Effect.andThen(restore(acquire(turn)), Effect.ensuring(restore(effect), release))
      )
  }
}
