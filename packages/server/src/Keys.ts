// The public keys of a client, fetched from WorkOS and kept.
//
// They change rarely, and tokens come often, some of them from people who would like us to ask WorkOS as often. So keys
// are fetched when there are none, when they are old, and when a token names one that is not among them; but once for
// all who wait, and the last not more often than every so often.
import type { Jwks } from "@effect-workos/domain/Jwks"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Semaphore from "effect/Semaphore"
import { importJWK } from "jose/key/import"

export interface Options {
  /** How long keys are kept; {@link defaultTimeToLive} where nothing is said. */
  readonly timeToLive?: Duration.Input | undefined
  /**
   * How long after keys were fetched they are not fetched again, whatever keys tokens name; {@link defaultCooldown} where
   * nothing is said.
   */
  readonly cooldown?: Duration.Input | undefined
}

export const defaultTimeToLive = Duration.hours(1)

export const defaultCooldown = Duration.seconds(30)

/**
 * How long after a failure the next fetch waits where there are no keys at all: the failure is everybody's until then.
 */
const failureCooldown = 1_000

interface State<E> {
  /** How many fetches have ended. */
  readonly fetches: number
  /** When the last one ended. */
  readonly triedAt: number
  /** When the last one that brought keys ended. */
  readonly fetchedAt: number
  readonly keys: ReadonlyMap<string, CryptoKey>
  /** What became of the last one. */
  readonly last: Exit.Exit<unknown, E>
}

/**
 * Finds keys by id, over whatever fetches them. Gives `undefined` for an id that is not among them, and fails where there
 * are no keys because they could not be fetched; keys that are old are used as long as there are no newer ones.
 */
export const make = <E>(fetch: Effect.Effect<Jwks, E>, options: Options = {}) => {
  const timeToLive = Duration.toMillis(Duration.fromInputUnsafe(options.timeToLive ?? defaultTimeToLive))
  const cooldown = Duration.toMillis(Duration.fromInputUnsafe(options.cooldown ?? defaultCooldown))
  const oneAtATime = Semaphore.makeUnsafe(1)
  let state: State<E> = {
    fetches: 0,
    triedAt: -Infinity,
    fetchedAt: -Infinity,
    keys: new Map(),
    last: Exit.void
  }

  const isDue = (kid: string, now: number): boolean => {
    const { fetchedAt, keys, triedAt } = state
    if (keys.size === 0) return now - triedAt >= (Exit.isSuccess(state.last) ? cooldown : failureCooldown)
    return (!keys.has(kid) || now - fetchedAt >= timeToLive) && now - triedAt >= cooldown
  }

  // An interrupted fetch leaves everything as it was: the next who waits makes one.
  const refresh = Effect.gen(function* () {
    const exit = yield* Effect.exit(Effect.flatMap(fetch, imported))
    const now = yield* Clock.currentTimeMillis
    state = {
      fetches: state.fetches + 1,
      triedAt: now,
      fetchedAt: Exit.isSuccess(exit) ? now : state.fetchedAt,
      keys: Exit.isSuccess(exit) ? exit.value : state.keys,
      last: exit
    }
  })

  return (kid: string): Effect.Effect<CryptoKey | undefined, E> =>
    Effect.gen(function* () {
      if (isDue(kid, yield* Clock.currentTimeMillis)) {
        const { fetches } = state
        // Who has waited for another's fetch has waited enough.
        yield* oneAtATime.withPermit(Effect.suspend(() => (state.fetches === fetches ? refresh : Effect.void)))
      }
      const { keys, last } = state
      if (keys.size === 0 && Exit.isFailure(last)) return yield* Effect.failCause(last.cause)
      return keys.get(kid)
    })
}

// A key that is no RSA key, or too short to be safe, is as good as none.
const imported = ({ keys }: Jwks): Effect.Effect<ReadonlyMap<string, CryptoKey>> =>
  Effect.promise(async () => {
    const found = await Promise.allSettled(keys.map(({ alg, e, kty, n }) => importJWK({ alg, e, kty, n }, alg)))
    return new Map(
      found.flatMap((result, index) => {
        const kid = keys[index]?.kid
        return kid !== undefined && result.status === "fulfilled" && isLong(result.value) ? [[kid, result.value]] : []
      })
    )
  })

const isLong = (key: CryptoKey | Uint8Array): key is CryptoKey =>
  !(key instanceof Uint8Array) && "modulusLength" in key.algorithm && Number(key.algorithm.modulusLength) >= 2048
