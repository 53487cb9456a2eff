// A cache of a client's JWKS.
//
// The JWKS is fetched when it is missing or old, and when a token names an unknown key id. Concurrent callers share one
// fetch. A cooldown limits the number of fetches, so that forged tokens do not cause one request each.
//
// A fetch runs in its own fiber: an interrupted caller does not cancel it, and callers whose key is cached do not wait.
import type { Jwks } from "@effect-workos/domain/sso/Jwks"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { importJWK } from "jose/key/import"

export interface Options {
  /**
   * Age from which the JWKS is refreshed in the background, while tokens are still verified with the old one. Defaults to
   * one hour.
   */
  readonly timeToLive?: Duration.Input | undefined
  /**
   * Minimum time between two fetches, even if tokens name unknown key ids. Defaults to 30 seconds. If the last fetch
   * failed, an unknown key id causes a fetch after one second.
   */
  readonly cooldown?: Duration.Input | undefined
}

const defaultTimeToLive = Duration.hours(1)

const defaultCooldown = Duration.seconds(30)

/**
 * Minimum time between a failed fetch and the next fetch for an unknown key id, in milliseconds. Until then, unknown key
 * ids fail with the error of the failed fetch.
 */
const failureCooldown = 1_000

interface State<E> {
  /** Time of the last fetch. */
  readonly triedAt: number
  /** Time of the last successful fetch. */
  readonly fetchedAt: number
  readonly keys: ReadonlyMap<string, CryptoKey>
  /** Result of the last fetch. */
  readonly last: Exit.Exit<unknown, E>
}

/**
 * Makes a function that finds a key by its id. The function returns `undefined` for an unknown id, and fails if the id is
 * unknown and the last fetch failed. Old keys stay in use until newer keys are fetched.
 */
export const make = <E>(fetch: Effect.Effect<Jwks, E>, options: Options = {}) => {
  const timeToLive = Duration.toMillis(Duration.fromInputUnsafe(options.timeToLive ?? defaultTimeToLive))
  const cooldown = Duration.toMillis(Duration.fromInputUnsafe(options.cooldown ?? defaultCooldown))
  let state: State<E> = { triedAt: -Infinity, fetchedAt: -Infinity, keys: new Map(), last: Exit.void }
  let pending: Deferred.Deferred<void> | undefined

  const fetched = Effect.gen(function* () {
    const exit = yield* Effect.exit(Effect.flatMap(fetch, imported))
    const now = yield* monotonicMillis
    state = {
      triedAt: now,
      fetchedAt: Exit.isSuccess(exit) ? now : state.fetchedAt,
      keys: Exit.isSuccess(exit) ? exit.value : state.keys,
      last: exit
    }
  })

  /** Starts a fetch unless one is pending, and returns a deferred that completes when the fetch ends. */
  const refresh = Effect.uninterruptible(
    Effect.suspend(() => {
      if (pending !== undefined) return Effect.succeed(pending)
      const ended = Deferred.makeUnsafe<void>()
      pending = ended
      const end = Effect.sync(() => {
        pending = undefined
        Deferred.doneUnsafe(ended, Exit.void)
      })
      return Effect.as(Effect.forkDetach(Effect.ensuring(fetched, end)), ended)
    })
  )

  return (kid: string): Effect.Effect<CryptoKey | undefined, E> =>
    Effect.gen(function* () {
      const now = yield* monotonicMillis
      const known = state.keys.get(kid)
      if (known !== undefined) {
        if (now - state.fetchedAt >= timeToLive && now - state.triedAt >= cooldown) yield* refresh
        return known
      }
      const pause = Exit.isSuccess(state.last) ? cooldown : failureCooldown
      // A pending fetch of another caller is used, even during the cooldown.
      if (pending !== undefined || now - state.triedAt >= pause) yield* Deferred.await(yield* refresh)
      const { keys, last } = state
      const key = keys.get(kid)
      // The key may have been published after the last successful fetch, so the id is not known to be wrong.
      if (key === undefined && Exit.isFailure(last)) return yield* Effect.failCause(last.cause)
      return key
    })
}

/** The only algorithm of WorkOS's keys. */
const algorithm = "RS256"

// Times are monotonic, because the wall clock may be set back.
const monotonicMillis = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos) / 1e6)

// Keys that are not RSA, or too short to be safe, are ignored.
const imported = ({ keys }: Jwks): Effect.Effect<ReadonlyMap<string, CryptoKey>> =>
  Effect.promise(async () => {
    const found = await Promise.allSettled(keys.map(({ e, kty, n }) => importJWK({ e, kty, n }, algorithm)))
    return new Map(
      found.flatMap((result, index) => {
        const kid = keys[index]?.kid
        return kid !== undefined && result.status === "fulfilled" && isLong(result.value) ? [[kid, result.value]] : []
      })
    )
  })

const isLong = (key: CryptoKey | Uint8Array): key is CryptoKey =>
  !(key instanceof Uint8Array) && "modulusLength" in key.algorithm && Number(key.algorithm.modulusLength) >= 2048
