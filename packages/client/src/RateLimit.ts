// How often a client asks: one gate, before which all of its requests wait, whichever fiber and operation they are from.
//
// Requests pass one by one and in order, and each takes a token from a bucket of Effect's `RateLimiter`. Only the one at
// the head of the queue holds a token ahead of its time: a request that is interrupted while it waits costs nothing, and
// when the gate opens after a pause, requests come out of it as smoothly as ever.
//
// `HttpClient.withRateLimiter` is not used, because there every waiting request holds a token of its own: after a
// `Retry-After` all whose time came meanwhile are sent at once. Nor can bursts and rate be chosen apart, and a 429 whose
// body is still coming keeps its socket until the garbage collector finds it. `docs/decisions/one-gate.md` says more.
import type * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Hash from "effect/Hash"
import type * as Headers from "effect/http/Headers"
import * as Layer from "effect/Layer"
import * as PersistedRateLimiter from "effect/persistence/RateLimiter"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Semaphore from "effect/Semaphore"
import { type BufferedResponse, retryAfterMillis } from "./internal/BufferedResponse.ts"
import { monotonicMillis } from "./internal/Call.ts"
import { type RateLimitOptions, WorkOsConfig } from "./WorkOsConfig.ts"

// The longest time that a server can make a client wait, in milliseconds.
const maxPause = 60_000

// A 429 that does not say how long to wait: a second, then twice as long each time; or up to half as long more or less, so
// that programs with the same key do not come back together.
const firstPause = 1_000

// After a 429 the rate is halved, to no less than this share of the whole …
const slowest = 1 / 64
// … and grows again by a tenth of the whole in each window.
const windowsToRecover = 10

// How long another machine may take to say when a request may be sent, and for how many milliseconds it is not asked again
// when it has said nothing.
const patience = "250 millis"
const pauseWithoutStore = 5_000

/**
 * What a client's rate limit does, and has done.
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
 * declare const ask: Effect.Effect<number>
 *
 * const rateLimiter: RateLimiter = {
 *   acquire: ask,
 *   onResponse: () => Effect.void,
 *   delayMillis: () => 0,
 *   totalWait: Effect.succeed(Duration.zero)
 * }
 *
 * const RateLimitElsewhere = Layer.succeed(RateLimit, rateLimiter)
 *
 * const isOpen = RateLimit.use(({ delayMillis }) => Effect.clockWith((clock) => Effect.succeed(delayMillis(clock) === 0)))
 *
 * const observed = RateLimit.use(({ acquire, onResponse }) =>
 *   Effect.flatMap(acquire, (number) => onResponse(number, 1, { status: 200, headers: Headers.empty }))
 * )
 * ```
 */
export interface RateLimiter {
  /**
   * Waits until a request may be sent, and gives the request its number.
   */
  readonly acquire: Effect.Effect<number>
  /**
   * Learns from the answer to the request of a number: how many more there may be, and, from a 429, for how long there may
   * be none. `attempts` is how often that was asked.
   */
  readonly onResponse: (
    number: number,
    attempts: number,
    answer: Pick<BufferedResponse, "headers" | "status">
  ) => Effect.Effect<void>
  /**
   * For how many milliseconds from now nobody may pass. Those who come then may have to queue besides.
   */
  readonly delayMillis: (clock: Clock.Clock) => number
  /**
   * How long requests have stood before the gate, until now. However many stand there together, a second is a second:
   * it is never more than the time that has passed.
   */
  readonly totalWait: Effect.Effect<Duration.Duration>
}

/**
 * A bucket for a limit: so many tokens at most, and so long until an empty one is full.
 *
 * In a window `w` a bucket of `b` tokens that is refilled at `r` lets through `b + r·w`, and one more if the request that
 * had its token comes late. Here `r` is the limit over `w` and a little before and after, of which the tokens of one half
 * are the bucket, and those of the other the difference that the way to the server may make.
 */
const tokenBucket = ({ requests, window }: RateLimitOptions) => {
  const millis = Math.max(1, Duration.toMillis(Duration.fromInputUnsafe(window)))
  const slack = Math.min(500, millis / 10)
  const perMilli = Math.max(1, requests) / (millis + 2 * slack)
  const limit = Math.max(1, Math.floor(perMilli * slack))
  return { limit, window: Duration.millis(limit / perMilli), recovery: windowsToRecover * millis }
}

const make = Effect.fnUntraced(function* ({ isLocal }: { readonly isLocal: boolean }) {
  const { apiKey, baseUrl, rateLimit } = yield* WorkOsConfig
  const limiter = yield* PersistedRateLimiter.RateLimiter
  // Programs with the same key share its tokens where they share the store. A hash of 32 bits tells nothing of the key.
  const key = `workos:${baseUrl.host}:${Hash.string(Redacted.value(apiKey))}`
  const bucket = rateLimit === "unlimited" ? undefined : tokenBucket(rateLimit)
  const turns = Semaphore.makeUnsafe(1)

  // Requests are numbered as they pass.
  let sent = 0
  let opensAt = -Infinity
  // What the server says is left, and in the answer to which request it said so.
  let budget = { from: 0, remaining: Infinity, resetAt: -Infinity }
  // The share of the rate that is used, and since when it grows. The last request that was sent before it was reduced.
  let pace = { share: 1, since: 0, after: 0 }
  // A store that has failed is not asked again before.
  let storeRetryAt = -Infinity
  let waited = 0
  let waitingSince: number | undefined

  const shareAt = (now: number): number =>
    bucket === undefined || pace.share === 1
      ? 1
      : Math.min(1, pace.share + Math.max(0, now - pace.since) / bucket.recovery)

  // Where the last answers to come say that nothing is left, those that are still on their way are counted too.
  const opens = (): number => (budget.remaining > sent - budget.from ? opensAt : Math.max(opensAt, budget.resetAt))

  const wait = (clock: Clock.Clock, millis: number): Effect.Effect<void> =>
    Effect.suspend(() => {
      const since = monotonicMillis(clock)
      waitingSince = since
      return Effect.ensuring(
        // Timers count whole milliseconds, and none may end early.
        Effect.sleep(Math.ceil(millis)),
        Effect.sync(() => {
          waited += monotonicMillis(clock) - since
          waitingSince = undefined
        })
      )
    })

  const untilOpen = (clock: Clock.Clock): Effect.Effect<void> =>
    Effect.suspend(() => {
      const millis = opens() - monotonicMillis(clock)
      return millis > 0 ? Effect.andThen(wait(clock, millis), untilOpen(clock)) : Effect.void
    })

  const enter = Effect.sync(() => ++sent)

  // A token is taken when the gate is open, and it may have been closed when the token's time has come.
  const enterAfter = (clock: Clock.Clock, delay: number): Effect.Effect<number> =>
    Effect.andThen(Effect.andThen(wait(clock, delay), untilOpen(clock)), enter)

  const takeToken = (clock: Clock.Clock): Effect.Effect<number> => {
    if (bucket === undefined) return enter
    // A slower rate is one at which requests cost more.
    const tokens = 1 / shareAt(monotonicMillis(clock))
    const { limit, window } = bucket
    const consume = limiter.consume({ algorithm: "token-bucket", onExceeded: "delay", key, limit, window, tokens })
    return isLocal
      ? Effect.flatMap(Effect.orDie(consume), ({ delay }) => enterWhen(clock, delay))
      : monotonicMillis(clock) < storeRetryAt
        ? enter
        : Effect.matchEffect(Effect.timeout(consume, patience), {
            onSuccess: ({ delay }) => enterWhen(clock, delay),
            onFailure: ({ message }) => withoutStore(clock, message)
          })
  }

  const enterWhen = (clock: Clock.Clock, delay: Duration.Duration) =>
    Duration.isZero(delay) ? enter : enterAfter(clock, Duration.toMillis(delay))

  // A store that can't be reached keeps no program from its work: WorkOS itself counts, and its 429 is waited out.
  const withoutStore = (clock: Clock.Clock, message: string) =>
    Effect.suspend(() => {
      storeRetryAt = monotonicMillis(clock) + pauseWithoutStore
      return Effect.andThen(Effect.logWarning(`The rate limiter's store can't be asked: ${message}`), enter)
    })

  // Passes the gate, and gives the request's number.
  const pass = (clock: Clock.Clock): Effect.Effect<number> =>
    turns.withPermit(
      Effect.suspend(() =>
        opens() > monotonicMillis(clock)
          ? Effect.andThen(
              untilOpen(clock),
              Effect.suspend(() => takeToken(clock))
            )
          : takeToken(clock)
      )
    )

  const observe = (clock: Clock.Clock, number: number, headers: Headers.Headers) => {
    const remaining = numberOf(headers["x-ratelimit-remaining"])
    // Answers can overtake each other; the one to the latest request counts.
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
    const said = retryAfterMillis(clock, headers) ?? resetAfter(clock, headers["x-ratelimit-reset"]) ?? 0
    // Less than a second is no time: the header knows only whole ones.
    const millis = said >= 1_000 ? said : firstPause * 2 ** (attempts - 1) * (0.5 + random)
    opensAt = Math.max(opensAt, now + Math.min(millis, maxPause))
    // Those that were on their way when the rate was reduced say nothing of the rate that is now.
    if (number <= pace.after) return
    pace = { share: Math.max(slowest, shareAt(now) / 2), since: opensAt, after: sent }
  }

  return RateLimit.of({
    acquire: Effect.clockWith(pass),
    onResponse: (number, attempts, { headers, status }) =>
      Effect.clockWith((clock) => {
        observe(clock, number, headers)
        return status === 429
          ? Effect.map(Random.next, (random) => backOff(clock, number, attempts, headers, random))
          : Effect.void
      }),
    delayMillis: (clock) => Math.max(0, opens() - monotonicMillis(clock)),
    totalWait: Effect.clockWith((clock) =>
      Effect.sync(() =>
        Duration.millis(waitingSince === undefined ? waited : waited + monotonicMillis(clock) - waitingSince)
      )
    )
  })
})

// -----------------------------------------------------------------------------
// Headers, read as milliseconds from now
// -----------------------------------------------------------------------------

// Seconds from now, or an instant in seconds or milliseconds: servers differ.
const resetAfter = (clock: Clock.Clock, value: string | undefined): number | undefined => {
  const number = numberOf(value)
  if (number === undefined || number < 1e9) return number && number * 1_000
  return (number < 1e12 ? number * 1_000 : number) - clock.currentTimeMillisUnsafe()
}

const numberOf = (value: string | undefined): number | undefined =>
  value !== undefined && /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined

/**
 * The rate limit of a client: as many requests as `WorkOsConfig` allows, spread evenly, and after a 429 none until its
 * `Retry-After` is over, a minute at most. From then on requests are half as frequent, and slowly more so.
 *
 * The layers of clients bring it with them.
 *
 * **Example** (Telling how long an export had to wait)
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
 *   yield* Effect.log(`${rows} connections, and ${Duration.format(yield* totalWait)} waiting for the rate limit`)
 * })
 * ```
 *
 * **Example** (Several programs that share the limit of their key)
 *
 * ```ts
 * import { RateLimit } from "@effect-workos/client/RateLimit"
 * import { WorkOs } from "@effect-workos/client/WorkOs"
 * import { WorkOsConfig } from "@effect-workos/client/WorkOsConfig"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import * as Layer from "effect/Layer"
 * import * as RateLimiter from "effect/persistence/RateLimiter"
 *
 * // Over `RateLimiter.layerStoreRedis()`, and `Redis` of the platform.
 * const WorkOsLive = WorkOs.layerNoDeps.pipe(
 *   Layer.provide(RateLimit.layerNoDeps),
 *   Layer.provide(RateLimiter.layer),
 *   Layer.provide([WorkOsConfig.layerConfig, FetchHttpClient.layer])
 * )
 * ```
 *
 * @see https://workos.com/docs/reference/rate-limits
 */
export class RateLimit extends Context.Service<RateLimit, RateLimiter>()("@effect-workos/client/RateLimit") {
  /**
   * The rate limit over whichever `RateLimiter` is provided. One that fails, or says nothing for a quarter of a second, is
   * done without for five seconds.
   */
  static readonly layerNoDeps: Layer.Layer<RateLimit, never, WorkOsConfig | PersistedRateLimiter.RateLimiter> =
    Layer.effect(this, make({ isLocal: false }))

  /**
   * The rate limit of a program that has its API key for itself, counted in memory.
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
  static readonly layer: Layer.Layer<RateLimit, never, WorkOsConfig> = Layer.effect(this, make({ isLocal: true })).pipe(
    Layer.provide(PersistedRateLimiter.layer.pipe(Layer.provide(PersistedRateLimiter.layerStoreMemory)))
  )
}
