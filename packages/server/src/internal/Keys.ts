// The public keys of a client, fetched from WorkOS and kept.
//
// They change rarely, and tokens come often, some of them from people who would like us to ask WorkOS as often. So keys
// are fetched when there are none, when they are old, and when a token names one that is not among them; but once for
// all who wait, and the last not more often than every so often.
//
// A fetch belongs to nobody who waits for it: one who gives up takes nothing from the others, and nobody waits for it who
// finds the key that he looks for.
import type { Jwks } from "@effect-workos/domain/sso/Jwks"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { importJWK } from "jose/key/import"

export interface Options {
  /**
   * How long keys are kept; {@link defaultTimeToLive} where nothing is said. Older ones are fetched again beside the next
   * token, which does not wait: it is verified with those that are there.
   */
  readonly timeToLive?: Duration.Input | undefined
  /**
   * How long after keys were fetched they are not fetched again, whatever keys tokens name; {@link defaultCooldown} where
   * nothing is said.
   */
  readonly cooldown?: Duration.Input | undefined
}

const defaultTimeToLive = Duration.hours(1)

const defaultCooldown = Duration.seconds(30)

/**
 * How long after a failure the next fetch waits where a token names a key that is not there: the failure is everybody's
 * until then.
 */
const failureCooldown = 1_000

interface State<E> {
  /** When the last fetch ended. */
  readonly triedAt: number
  /** When the last one that brought keys ended. */
  readonly fetchedAt: number
  readonly keys: ReadonlyMap<string, CryptoKey>
  /** What became of the last one. */
  readonly last: Exit.Exit<unknown, E>
}

/**
 * Finds keys by id, over whatever fetches them. Gives `undefined` for an id that is not among them, and fails where it is
 * not among them and they could not be fetched; keys that are old are used as long as there are no newer ones.
 */
export const make = <E>(fetch: Effect.Effect<Jwks, E>, options: Options = {}) => {
  const timeToLive = Duration.toMillis(Duration.fromInputUnsafe(options.timeToLive ?? defaultTimeToLive))
  const cooldown = Duration.toMillis(Duration.fromInputUnsafe(options.cooldown ?? defaultCooldown))
  let state: State<E> = { triedAt: -Infinity, fetchedAt: -Infinity, keys: new Map(), last: Exit.void }
  let underWay: Deferred.Deferred<void> | undefined

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

  /** Begins a fetch, unless one is under way, and gives what says that it has ended. */
  const refresh = Effect.uninterruptible(
    Effect.suspend(() => {
      if (underWay !== undefined) return Effect.succeed(underWay)
      const ended = Deferred.makeUnsafe<void>()
      underWay = ended
      const end = Effect.sync(() => {
        underWay = undefined
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
      // Who has waited for another's fetch has waited enough.
      if (underWay !== undefined || now - state.triedAt >= pause) yield* Deferred.await(yield* refresh)
      const { keys, last } = state
      const key = keys.get(kid)
      // Whether it is published nobody knows.
      if (key === undefined && Exit.isFailure(last)) return yield* Effect.failCause(last.cause)
      return key
    })
}

/** What keys are for that do not say it; of others there are none. */
const algorithm = "RS256"

// The clock on the wall may be set back.
const monotonicMillis = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos) / 1e6)

// A key that is no RSA key, or too short to be safe, is as good as none.
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
