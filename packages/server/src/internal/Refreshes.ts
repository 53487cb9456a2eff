// Refreshes that concurrent requests share.
//
// A refresh token works once, and a browser sends concurrent requests with the same cookie. The first of them refreshes, and
// the others wait for its result. For a grace period, requests with the old cookie receive that result too. A refresh runs
// in its own fiber, because an interrupted request must not lose the new tokens.
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { SessionData } from "../SealedSession.ts"

interface Refresh<A, E> {
  /** The requested organization, or `undefined` for the current one. */
  readonly organizationId: string | undefined
  readonly done: Deferred.Deferred<A, E>
}

interface Recent<A, E> extends Refresh<A, E> {
  /** The result, or `undefined` if the refresh token was rejected. */
  readonly value: A | undefined
  /** In milliseconds since 1970. */
  readonly expiresAt: number
}

export interface Options<A, E, O> {
  readonly refresh: (data: SessionData, organizationId: string | undefined, options: O) => Effect.Effect<A, E>
  /** Tests whether an error means that the refresh token will never work. Such errors are kept for the grace period too. */
  readonly isFinal: (error: E) => boolean
  /** In milliseconds. */
  readonly gracePeriod: number
  /** The maximum number of results that are kept. */
  readonly capacity: number
}

export const make = <A extends { readonly data: SessionData }, E, O>({
  capacity,
  gracePeriod,
  isFinal,
  refresh
}: Options<A, E, O>) => {
  // Both maps have refresh tokens as keys. The first one has at most one entry per request that waits.
  const running = new Map<string, Refresh<A, E>>()
  const recent = new Map<string, Recent<A, E>>()

  const keep = (key: string, result: Recent<A, E>, now: number) => {
    recent.delete(key)
    recent.set(key, result)
    // A `Map` keeps the order of insertion.
    for (const [oldest, { expiresAt }] of recent) {
      if (expiresAt > now && recent.size <= capacity) return
      recent.delete(oldest)
    }
  }

  const findRecent = (key: string, now: number): Recent<A, E> | undefined => {
    const result = recent.get(key)
    return result !== undefined && result.expiresAt > now ? result : undefined
  }

  const start = (key: string, data: SessionData, organizationId: string | undefined, options: O) => {
    const started: Refresh<A, E> = { organizationId, done: Deferred.makeUnsafe() }
    running.set(key, started)
    const end = (exit: Exit.Exit<A, E>) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        running.delete(key)
        const value = Exit.isSuccess(exit) ? exit.value : undefined
        if (value !== undefined || Option.exists(Exit.findErrorOption(exit), isFinal)) {
          keep(key, { ...started, value, expiresAt: now + gracePeriod }, now)
        }
        Deferred.doneUnsafe(started.done, exit)
      })
    const ending = Effect.onExit(Effect.interruptible(refresh(data, organizationId, options)), end)
    return Effect.as(Effect.forkDetach(ending), started)
  }

  const findOrStart = (data: SessionData, organizationId: string | undefined, options: O) =>
    Effect.uninterruptible(
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        const key = Redacted.value(data.refreshToken)
        const known = running.get(key)
        if (known !== undefined) return Effect.succeed(known)
        const result = findRecent(key, now)
        return result === undefined || (!isFor(result.value, organizationId) && hasToken(result.value, key))
          ? start(key, data, organizationId, options)
          : Effect.succeed(result)
      })
    )

  return {
    /**
     * Refreshes a session, or returns the result of a running or recent refresh of this session. If that refresh was for
     * another organization than the requested one, its result is refreshed again.
     */
    run: Effect.fnUntraced(function* (session: SessionData, organizationId: string | undefined, options: O) {
      let data = session
      for (;;) {
        const { done, organizationId: requested } = yield* findOrStart(data, organizationId, options)
        const result = yield* Effect.result(Deferred.await(done))
        if (Result.isSuccess(result)) {
          if (requested === organizationId || isFor(result.success, organizationId)) return result.success
          data = result.success.data
        } else if (requested === organizationId || isFinal(result.failure)) {
          return yield* Effect.fail(result.failure)
        }
      }
    }),
    /** Returns the result of a recent refresh of a session. */
    findRecent: ({ refreshToken }: SessionData, now: number): A | undefined =>
      findRecent(Redacted.value(refreshToken), now)?.value
  }
}

const isFor = (result: { readonly data: SessionData } | undefined, organizationId: string | undefined): boolean =>
  result === undefined || organizationId === undefined || result.data.organizationId === organizationId

// WorkOS may return the same refresh token again.
const hasToken = (result: { readonly data: SessionData } | undefined, token: string): boolean =>
  result !== undefined && Redacted.value(result.data.refreshToken) === token
