/**
 * The rate limiter of all requests of a client.
 *
 * Requests are sent in order, and take a token only when they are sent: an interrupted request takes no token, and after
 * a pause requests are spread as evenly as before. If a path has its own limit, a request to the path first waits in the
 * queue of that limit, so that it does not delay other requests.
 *
 * `HttpClient.withRateLimiter` is not used: it gives each waiting request a token, and after a `Retry-After` sends all these
 * requests together. `docs/decisions/one-rate-limiter.md` has more reasons.
 *
 * @module
 */
import type * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Headers from "effect/http/Headers"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Semaphore from "effect/Semaphore"
import { type BufferedResponse, retryAfterMillis } from "./internal/BufferedResponse.ts"
import { monotonicMillis } from "./internal/Timer.ts"
import * as TokenBucket from "./internal/TokenBucket.ts"
import { type RateLimitOptions, WorkOsConfig } from "./WorkOsConfig.ts"

// The maximum pause that a server can cause, in milliseconds.
const maxPause = 60_000

// The pause in milliseconds after a 429 without `Retry-After`. The pause doubles with each attempt and has a jitter of
// 50%, so that processes with the same key do not resume at the same time.
const firstPause = 1_000

// A 429 halves the rate, down to this share, and the rate recovers by a tenth of the limit in each window.
const minShare = 1 / 64
const windowsToRecover = 10

// Above this number of keys, limits that are not in use are removed.
const maxKeys = 1_000

/**
 * A limit for some of a client's requests, in addition to the overall limit.
 *
 * **Details**
 *
 * Requests with the same `key` share the limit, for example all requests to one path, or all requests about one directory.
 */
export interface PathLimit extends RateLimitOptions {
  readonly key: string
}

/**
 * A rate limiter.
 *
 * **Example** (A limiter that another process implements)
 *
 * ```ts
 * import { RateLimit, type RateLimiter } from "@effect-workos/client/RateLimit"
 * import * as Duration from "effect/Duration"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * declare const acquireRemote: Effect.Effect<number>
 *
 * const rateLimiter: RateLimiter = {
 *   withLimits: (_, send) => send(acquireRemote),
 *   onResponse: () => Effect.void,
 *   delayMillis: () => 0,
 *   totalWait: Effect.succeed(Duration.zero)
 * }
 *
 * const RemoteRateLimit = Layer.succeed(RateLimit, rateLimiter)
 * ```
 */
export interface RateLimiter {
  /**
   * Runs `send` when the given path limits allow a request. `send` runs `acquire` immediately before it sends the request:
   * `acquire` waits until the overall limit allows the request, and returns the sequence number of the request.
   */
  readonly withLimits: <A, E>(
    limits: ReadonlyArray<PathLimit>,
    send: (acquire: Effect.Effect<number>) => Effect.Effect<A, E>
  ) => Effect.Effect<A, E>
  /**
   * Adapts the limiter to a response: to a 429, and to the number of remaining requests in the headers. `number` is the
   * sequence number that `acquire` returned for the request, and `attempts` is how many attempts the call has made.
   */
  readonly onResponse: (
    number: number,
    attempts: number,
    response: Pick<BufferedResponse, "headers" | "status">
  ) => Effect.Effect<void>
  /**
   * Returns the number of milliseconds during which no request that has the given limits can be sent. A request may wait
   * longer, because earlier requests are sent first.
   */
  readonly delayMillis: (clock: Clock.Clock, limits: ReadonlyArray<PathLimit>) => number
  /**
   * The total time during which at least one request has waited.
   */
  readonly totalWait: Effect.Effect<Duration.Duration>
}

/** A path limit in use. */
interface Path {
  readonly key: string
  readonly parameters: TokenBucket.Parameters
  readonly bucket: TokenBucket.TokenBucket
  /** The permit of the request that is sent next. */
  readonly turn: Semaphore.Semaphore
  /** The number of requests that hold the turn or wait for it. */
  queued: number
}

/**
 * Takes tokens from a bucket that several processes share, and returns the milliseconds to wait for the tokens. `key`
 * names the bucket, which has room for `burst` tokens and is refilled with `perMilli` tokens per millisecond.
 */
export type TakeShared = (
  clock: Clock.Clock,
  key: string,
  bucket: { readonly burst: number; readonly perMilli: number },
  tokens: number
) => Effect.Effect<number>

const make = Effect.fnUntraced(function* (takeShared: TakeShared | undefined) {
  const { rateLimit } = yield* WorkOsConfig
  const parameters = rateLimit === "unlimited" ? undefined : TokenBucket.parametersOf(rateLimit, 1)
  const bucket = parameters && TokenBucket.make(parameters)
  const recoveryMillis =
    rateLimit === "unlimited" ? 0 : windowsToRecover * Duration.toMillis(Duration.fromInputUnsafe(rateLimit.window))
  const paths = new Map<string, Path>()
  const turn = Semaphore.makeUnsafe(1)

  // The number of requests that hold the turn or wait for it, and the number of requests sent.
  let queued = 0
  let sent = 0
  let opensAt = -Infinity
  // The number of remaining requests, from the response to the request with the sequence number `from`.
  let budget = { from: 0, remaining: Infinity, resetAt: -Infinity }
  // `share` is the used part of the rate. It starts to recover at `since`. `after` is the last request before the reduction.
  let reducedRate = { share: 1, since: 0, after: 0 }
  let waited = 0
  let waiting = { count: 0, since: 0 }

  const shareAt = (now: number): number =>
    reducedRate.share === 1 ? 1 : Math.min(1, reducedRate.share + Math.max(0, now - reducedRate.since) / recoveryMillis)

  // Requests sent after the request `from` reduce the number of remaining requests.
  const opens = (): number => (budget.remaining > sent - budget.from ? opensAt : Math.max(opensAt, budget.resetAt))

  const wait = (clock: Clock.Clock, millis: number): Effect.Effect<void> =>
    Effect.suspend(() => {
      if (waiting.count++ === 0) waiting.since = monotonicMillis(clock)
      return Effect.ensuring(
        // Timers count whole milliseconds, and no request may be sent early.
        Effect.sleep(Math.ceil(millis)),
        Effect.sync(() => {
          if (--waiting.count === 0) waited += monotonicMillis(clock) - waiting.since
        })
      )
    })

  const waitFor = (clock: Clock.Clock, delay: (now: number) => number): Effect.Effect<void> =>
    Effect.suspend(() => {
      const millis = delay(monotonicMillis(clock))
      return millis > 0 ? Effect.andThen(wait(clock, millis), waitFor(clock, delay)) : Effect.void
    })

  // -----------------------------------------------------------------------------
  // The overall limit
  // -----------------------------------------------------------------------------

  const overallDelay = (now: number): number => Math.max(opens() - now, bucket === undefined ? 0 : bucket.delay(now))

  const takeTokens = (clock: Clock.Clock, limited: ReadonlyArray<Path>): number => {
    const now = monotonicMillis(clock)
    // At a reduced rate, each request takes more tokens.
    bucket?.take(now, 1 / shareAt(now))
    for (const path of limited) path.bucket.take(now, 1)
    return ++sent
  }

  const takeOverallShared = (clock: Clock.Clock): Effect.Effect<void> =>
    takeShared === undefined || parameters === undefined
      ? Effect.void
      : waitFor(clock, (now) => opens() - now).pipe(
          Effect.andThen(Effect.suspend(() => takeShared(clock, "", parameters, 1 / shareAt(monotonicMillis(clock))))),
          Effect.flatMap((millis) => (millis > 0 ? wait(clock, millis) : Effect.void))
        )

  const acquireFor = (limited: ReadonlyArray<Path>): Effect.Effect<number> =>
    Effect.clockWith((clock) => {
      if (queued === 0 && takeShared === undefined && overallDelay(monotonicMillis(clock)) <= 0) {
        return Effect.succeed(takeTokens(clock, limited))
      }
      queued++
      return turn
        .withPermit(
          takeOverallShared(clock).pipe(
            Effect.andThen(waitFor(clock, overallDelay)),
            Effect.andThen(Effect.sync(() => takeTokens(clock, limited)))
          )
        )
        .pipe(Effect.ensuring(Effect.sync(() => queued--)))
    })

  const acquire = acquireFor([])

  // -----------------------------------------------------------------------------
  // Limits of paths
  // -----------------------------------------------------------------------------

  const pathOf = (limit: PathLimit, now: number): Path => {
    const known = paths.get(limit.key)
    if (known !== undefined) return known
    if (paths.size >= maxKeys) {
      for (const { bucket, key, queued } of paths.values()) if (queued === 0 && bucket.isFull(now)) paths.delete(key)
    }
    // A few requests are sent immediately, even if the limit is low.
    const parameters = TokenBucket.parametersOf(limit, Math.min(limit.requests / 10, 10))
    const bucket = TokenBucket.make(parameters)
    const path: Path = { key: limit.key, parameters, bucket, turn: Semaphore.makeUnsafe(1), queued: 0 }
    paths.set(limit.key, path)
    return path
  }

  // A request keeps the turn until it is sent, and takes a token only then. If requests took tokens earlier, several could
  // wait for the overall limit, be sent together, and exceed the path's limit.
  const withTurn = <A, E>(
    path: Path,
    use: (release: Effect.Effect<void>) => Effect.Effect<A, E>
  ): Effect.Effect<A, E> =>
    Effect.suspend(() => {
      let isHeld = true
      const leaveQueue = Effect.sync(() => path.queued--)
      const release = Effect.suspend(() => {
        if (!isHeld) return Effect.void
        isHeld = false
        return Effect.andThen(leaveQueue, path.turn.release(1))
      })
      path.queued++
      return Effect.uninterruptibleMask((restore) =>
        Effect.flatMap(
          Effect.onInterrupt(restore(path.turn.take(1)), () => leaveQueue),
          () => Effect.ensuring(restore(use(release)), release)
        )
      )
    })

  const takePathShared = (clock: Clock.Clock, { key, parameters }: Path): Effect.Effect<void> =>
    takeShared === undefined
      ? Effect.void
      : Effect.flatMap(takeShared(clock, `:${key}`, parameters, 1), (millis) =>
          millis > 0 ? wait(clock, millis) : Effect.void
        )

  const withPaths = <A, E>(
    clock: Clock.Clock,
    limited: ReadonlyArray<Path>,
    send: (acquire: Effect.Effect<number>) => Effect.Effect<A, E>
  ): Effect.Effect<A, E> => {
    const start = (release: Effect.Effect<void>) => send(Effect.tap(acquireFor(limited), release))
    return limited.reduce(
      (next, path) => (release) =>
        withTurn(path, (releasePath) =>
          takePathShared(clock, path).pipe(
            Effect.andThen(waitFor(clock, path.bucket.delay)),
            Effect.andThen(Effect.suspend(() => next(Effect.andThen(release, releasePath))))
          )
        ),
      start
    )(Effect.void)
  }

  // -----------------------------------------------------------------------------
  // Responses
  // -----------------------------------------------------------------------------

  const observe = (clock: Clock.Clock, number: number, headers: Headers.Headers) => {
    const remaining = numberOf(headers["x-ratelimit-remaining"])
    // Responses can arrive out of order: only the response to the latest request counts.
    if (remaining === undefined || number <= budget.from) return
    const reset = resetAfter(clock, headers["x-ratelimit-reset"])
    if (reset === undefined) return
    budget = { from: number, remaining, resetAt: monotonicMillis(clock) + Math.min(reset, maxPause) }
  }

  const backOff = (
    clock: Clock.Clock,
    number: number,
    attempts: number,
    headers: Headers.Headers,
    random: number
  ): void => {
    const now = monotonicMillis(clock)
    const statedMillis = retryAfterMillis(clock, headers) ?? resetAfter(clock, headers["x-ratelimit-reset"]) ?? 0
    // The headers have a resolution of one second, so a value below one second is not a usable duration.
    const millis = statedMillis >= 1_000 ? statedMillis : firstPause * 2 ** (attempts - 1) * (0.5 + random)
    opensAt = Math.max(opensAt, now + Math.min(millis, maxPause))
    // Requests sent before the rate was reduced say nothing about the reduced rate.
    if (number <= reducedRate.after || bucket === undefined) return
    reducedRate = { share: Math.max(minShare, shareAt(now) / 2), since: opensAt, after: sent }
  }

  return RateLimit.of({
    withLimits: (limits, send) =>
      limits.length === 0 || bucket === undefined
        ? send(acquire)
        : Effect.clockWith((clock) => {
            const now = monotonicMillis(clock)
            // Sorted, because requests that take turns in different orders could deadlock.
            const sorted = limits.toSorted((a, b) => (a.key < b.key ? 1 : -1))
            return withPaths(
              clock,
              // Without duplicates, because a request that takes a turn twice would deadlock.
              [...new Set(sorted.map((limit) => pathOf(limit, now)))],
              send
            )
          }),
    onResponse: (number, attempts, { headers, status }) =>
      Effect.clockWith((clock) => {
        observe(clock, number, headers)
        return status === 429
          ? Effect.map(Random.next, (random) => backOff(clock, number, attempts, headers, random))
          : Effect.void
      }),
    delayMillis: (clock, limits) => {
      const now = monotonicMillis(clock)
      let delay = Math.max(0, opens() - now)
      for (const { key } of limits) delay = Math.max(delay, paths.get(key)?.bucket.delay(now) ?? 0)
      return delay
    },
    totalWait: Effect.clockWith((clock) =>
      Effect.sync(() => Duration.millis(waiting.count === 0 ? waited : waited + monotonicMillis(clock) - waiting.since))
    )
  })
})

// -----------------------------------------------------------------------------
// Headers, as milliseconds from now
// -----------------------------------------------------------------------------

// Servers send seconds from now, or seconds or milliseconds since 1970.
const resetAfter = (clock: Clock.Clock, value: string | undefined): number | undefined => {
  const number = numberOf(value)
  if (number === undefined || number < 1e9) return number && number * 1_000
  return (number < 1e12 ? number * 1_000 : number) - clock.currentTimeMillisUnsafe()
}

const numberOf = (value: string | undefined): number | undefined =>
  value !== undefined && /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined

/**
 * The rate limiter of a client. Requests are spread evenly, within the limit of `WorkOsConfig` and the limits that WorkOS
 * documents for paths. After a 429, no requests are sent until the `Retry-After` is over, for at most one minute. The 429
 * also halves the rate, which then recovers slowly.
 *
 * The layers of clients provide this service.
 *
 * **Example** (Measuring the wait of a program)
 *
 * ```ts
 * import { RateLimit } from "@effect-workos/client/RateLimit"
 * import { WorkOs } from "@effect-workos/client/WorkOs"
 * import * as Duration from "effect/Duration"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * const count = Effect.gen(function* () {
 *   const { connections } = yield* WorkOs
 *   const { totalWait } = yield* RateLimit
 *   const rows = yield* Stream.runCount(connections.stream())
 *   yield* Effect.log(`${rows} connections, ${Duration.format(yield* totalWait)} waiting for the rate limit`)
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/rate-limits
 */
export class RateLimit extends Context.Service<RateLimit, RateLimiter>()("@effect-workos/client/RateLimit") {
  /**
   * Makes a layer of a rate limiter that also takes tokens from shared buckets, which `SharedRateLimit` keeps in a store.
   */
  static readonly layerWith = <E, R>(
    takeShared: Effect.Effect<TakeShared, E, R>
  ): Layer.Layer<RateLimit, E, R | WorkOsConfig> => Layer.effect(this, Effect.flatMap(takeShared, make))

  /**
   * A rate limiter in memory, for a process that is the only one with its API key.
   *
   * **Example** (One limit for two services)
   *
   * ```ts
   * import { Connections } from "@effect-workos/client/Connections"
   * import { Organizations } from "@effect-workos/client/Organizations"
   * import { RateLimit } from "@effect-workos/client/RateLimit"
   * import * as Layer from "effect/Layer"
   *
   * const Both = Layer.mergeAll(Connections.layerNoDeps, Organizations.layerNoDeps).pipe(Layer.provide(RateLimit.layer))
   * ```
   */
  static readonly layer: Layer.Layer<RateLimit, never, WorkOsConfig> = Layer.effect(this, make(undefined))
}
