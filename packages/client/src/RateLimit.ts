// The rate limiter that all requests of a client pass, whatever their fiber and operation.
//
// Requests pass in order, and take a token only when they are sent: an interrupted request costs nothing, and after a pause
// requests are spread as evenly as before. A request under the limit of a path first waits in the queue of that limit, so
// that it does not delay others.
//
// `HttpClient.withRateLimiter` is not used: each waiting request holds a token of its own there, so that all of them are
// sent at the same time after a `Retry-After`. `docs/decisions/one-gate.md` gives more reasons.
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

// The pause after a 429 without `Retry-After`: it doubles with each attempt, and has a jitter of half of it, so that
// programs with the same key do not resume at the same time.
const firstPause = 1_000

// A 429 halves the rate, down to this share, and the rate recovers by a tenth of the limit in each window.
const minShare = 1 / 64
const windowsToRecover = 10

// Above this number of keys, limits that are not in use are forgotten.
const maxKeys = 1_000

/**
 * A limit for some of a client's requests, in addition to the overall limit.
 *
 * **Details**
 *
 * Requests with the same `key` share the limit: for example those to one path, or those about one directory.
 */
export interface PathLimit extends RateLimitOptions {
  readonly key: string
}

/**
 * A rate limiter.
 *
 * **Example** (A limit that another program keeps)
 *
 * ```ts
 * import { RateLimit, type RateLimiter } from "@effect-workos/client/RateLimit"
 * import * as Duration from "effect/Duration"
 * import * as Effect from "effect/Effect"
 * import * as Headers from "effect/http/Headers"
 * import * as Layer from "effect/Layer"
 *
 * declare const askOtherProgram: Effect.Effect<number>
 *
 * const rateLimiter: RateLimiter = {
 *   withLimits: (_, send) => send(askOtherProgram),
 *   onResponse: () => Effect.void,
 *   delayMillis: () => 0,
 *   totalWait: Effect.succeed(Duration.zero)
 * }
 *
 * const RateLimitElsewhere = Layer.succeed(RateLimit, rateLimiter)
 *
 * const isOpen = RateLimit.use(({ delayMillis }) =>
 *   Effect.clockWith((clock) => Effect.succeed(delayMillis(clock, []) === 0))
 * )
 *
 * const observed = RateLimit.use(({ onResponse, withLimits }) =>
 *   withLimits([], (acquire) =>
 *     Effect.flatMap(acquire, (number) => onResponse(number, 1, { status: 200, headers: Headers.empty }))
 *   )
 * )
 * ```
 */
export interface RateLimiter {
  /**
   * Runs `send` when the given path limits allow a request. `send` runs `acquire` immediately before it sends the request:
   * `acquire` waits until the overall limit allows the request, and returns the number of the request.
   */
  readonly withLimits: <A, E>(
    limits: ReadonlyArray<PathLimit>,
    send: (acquire: Effect.Effect<number>) => Effect.Effect<A, E>
  ) => Effect.Effect<A, E>
  /**
   * Adapts to the response to the request with a number: to the remaining requests that its headers state, and to a 429.
   * `attempts` is the number of attempts that the call has made.
   */
  readonly onResponse: (
    number: number,
    attempts: number,
    response: Pick<BufferedResponse, "headers" | "status">
  ) => Effect.Effect<void>
  /**
   * Returns the number of milliseconds during which no request under the given limits can be sent. Requests may have to
   * wait longer for those before them.
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
  /** Held by the request that is sent next. */
  readonly turn: Semaphore.Semaphore
  /** The number of requests that hold the turn or wait for it. */
  queued: number
}

/**
 * Takes tokens from a bucket that several programs share, and returns the milliseconds to wait for them. `key` names the
 * bucket, which holds `burst` tokens and is refilled by `perMilli` tokens per millisecond.
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
  // The remaining requests, as stated in the response to the request `from`.
  let budget = { from: 0, remaining: Infinity, resetAt: -Infinity }
  // The share of the rate that is used, when it starts to recover, and the last request sent before it was reduced.
  let reducedRate = { share: 1, since: 0, after: 0 }
  let waited = 0
  let waiting = { count: 0, since: 0 }

  const shareAt = (now: number): number =>
    reducedRate.share === 1 ? 1 : Math.min(1, reducedRate.share + Math.max(0, now - reducedRate.since) / recoveryMillis)

  // Requests sent after the response that stated the remaining ones count as well.
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
    // A slower rate is one at which requests cost more.
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
    // A few requests need not wait, even if the limit is low.
    const parameters = TokenBucket.parametersOf(limit, Math.min(limit.requests / 10, 10))
    const bucket = TokenBucket.make(parameters)
    const path: Path = { key: limit.key, parameters, bucket, turn: Semaphore.makeUnsafe(1), queued: 0 }
    paths.set(limit.key, path)
    return path
  }

  // A request takes a token when it is sent, and holds the turn until then: if it took the token earlier, those that wait for
  // the overall limit with their tokens could exceed the path's limit when they are sent together.
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
    // Responses can overtake each other; that to the latest request counts.
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
    // The headers have a resolution of one second, so 0 is not a duration.
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
            // Always in the same order: requests that wait for each other's turns would wait forever.
            const sorted = limits.toSorted((a, b) => (a.key < b.key ? 1 : -1))
            return withPaths(
              clock,
              // Each once: a request that waits for its own turn would wait forever.
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

// Servers send seconds from now, or an instant in seconds or milliseconds.
const resetAfter = (clock: Clock.Clock, value: string | undefined): number | undefined => {
  const number = numberOf(value)
  if (number === undefined || number < 1e9) return number && number * 1_000
  return (number < 1e12 ? number * 1_000 : number) - clock.currentTimeMillisUnsafe()
}

const numberOf = (value: string | undefined): number | undefined =>
  value !== undefined && /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined

/**
 * The rate limit of a client: at most as many requests as `WorkOsConfig` allows, spread evenly, and at most as many as WorkOS
 * documents for a path. After a 429 no requests are sent until its `Retry-After` is over, for at most a minute; the rate is
 * halved, and recovers slowly.
 *
 * The layers of clients provide it.
 *
 * **Example** (Measuring how long an export waited)
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
   * The rate limit of a program that also takes tokens from shared buckets. `SharedRateLimit` has them in a store.
   */
  static readonly layerWith = <E, R>(
    takeShared: Effect.Effect<TakeShared, E, R>
  ): Layer.Layer<RateLimit, E, R | WorkOsConfig> => Layer.effect(this, Effect.flatMap(takeShared, make))

  /**
   * The rate limit of a program that does not share its API key, in memory.
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
