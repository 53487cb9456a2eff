/**
 * Protection against replayed webhooks.
 *
 * The signature of a copied delivery is valid until it expires, so ids of accepted deliveries are remembered until a minute
 * after that time. If the handler of a delivery fails, the id is released immediately, so that a copy of the delivery is
 * accepted.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { Replayed, type ReplayWindowError } from "./WebhookError.ts"

/**
 * Result of claiming a delivery: `New` if it was unknown and is now claimed, `InProgress` while its handler runs, `Handled`
 * if its handler succeeded.
 *
 * **Example** (A response status per claim)
 *
 * ```ts
 * import type { Claim } from "@effect-workos/server/ReplayWindow"
 *
 * const status = (claim: Claim): number => (claim === "InProgress" ? 409 : 200)
 * ```
 */
export type Claim = "New" | "InProgress" | "Handled"

/**
 * The store of accepted deliveries, which detects replays. {@link ReplayWindow.layer} keeps deliveries in memory. If
 * several processes receive the same webhooks, implement a window over a shared store.
 *
 * **Details**
 *
 * `id` identifies a delivery. It is not secret, and has at most 64 characters. `expiresAt`, in milliseconds since 1970, is
 * the time after which the delivery may be forgotten. `claim` must be atomic: of two concurrent claims, exactly one returns
 * `New`. {@link once} runs `claim` interruptibly, and `complete` and `release` uninterruptibly, with a timeout of ten
 * seconds each.
 *
 * **Example** (A shared window over a store with "set if absent")
 *
 * ```ts
 * import { ReplayWindow } from "@effect-workos/server/ReplayWindow"
 * import { ReplayWindowError } from "@effect-workos/server/WebhookError"
 * import * as Clock from "effect/Clock"
 * import * as Effect from "effect/Effect"
 *
 * declare const store: {
 *   readonly setIfAbsent: (key: string, value: string, millis: number) => Promise<boolean>
 *   readonly set: (key: string, value: string, millis: number) => Promise<void>
 *   readonly get: (key: string) => Promise<string | undefined>
 *   readonly remove: (key: string) => Promise<void>
 * }
 *
 * const run = <A>(command: () => Promise<A>) =>
 *   Effect.tryPromise({
 *     try: command,
 *     catch: (cause) => new ReplayWindowError({ message: "The store of accepted webhooks is unavailable.", cause })
 *   })
 *
 * const shared = ReplayWindow.of({
 *   claim: Effect.fnUntraced(function* (id, expiresAt) {
 *     const millis = expiresAt - (yield* Clock.currentTimeMillis)
 *     if (yield* run(() => store.setIfAbsent(id, "InProgress", millis))) return "New"
 *     return (yield* run(() => store.get(id))) === "Handled" ? "Handled" : "InProgress"
 *   }),
 *   complete: Effect.fnUntraced(function* (id, expiresAt) {
 *     const millis = expiresAt - (yield* Clock.currentTimeMillis)
 *     yield* run(() => store.set(id, "Handled", millis))
 *   }),
 *   release: (id) => run(() => store.remove(id))
 * })
 * ```
 */
export class ReplayWindow extends Context.Service<
  ReplayWindow,
  {
    /** Claims a delivery if it is unknown, and otherwise returns its state. */
    readonly claim: (id: string, expiresAt: number) => Effect.Effect<Claim, ReplayWindowError>
    /** Records that the handler succeeded. */
    readonly complete: (id: string, expiresAt: number) => Effect.Effect<void, ReplayWindowError>
    /** Forgets a delivery whose handler failed, so that it is accepted again. */
    readonly release: (id: string) => Effect.Effect<void, ReplayWindowError>
  }
>()("@effect-workos/server/ReplayWindow") {
  /**
   * A window in memory. `capacity` is the maximum number of deliveries and defaults to 100,000. A window with more
   * deliveries forgets the oldest ones. No webhook is rejected for lack of capacity.
   *
   * **Example** (Claiming, completing and releasing)
   *
   * ```ts
   * import { ReplayWindow } from "@effect-workos/server/ReplayWindow"
   * import * as Effect from "effect/Effect"
   *
   * const program = Effect.gen(function* () {
   *   const { claim, complete, release } = yield* ReplayWindow
   *   const expiresAt = Date.parse("2026-12-01T00:00:00Z")
   *   yield* claim("a", expiresAt) // => "New"
   *   yield* claim("a", expiresAt) // => "InProgress"
   *   yield* complete("a", expiresAt)
   *   yield* claim("a", expiresAt) // => "Handled"
   *   yield* claim("b", expiresAt) // => "New"
   *   yield* release("b")
   * }).pipe(Effect.provide(ReplayWindow.layer()))
   * ```
   */
  static readonly layer = (options?: { readonly capacity?: number | undefined }): Layer.Layer<ReplayWindow> =>
    Layer.sync(ReplayWindow, () => makeMemory(options))
}

/**
 * Makes the window that {@link ReplayWindow.layer} provides.
 */
export const makeMemory = ({
  capacity = 100_000
}: { readonly capacity?: number | undefined } = {}): ReplayWindow["Service"] => {
  // A `Map` keeps the order of acceptance, which is nearly the order of expiry.
  const known = new Map<string, { readonly state: Exclude<Claim, "New">; readonly expiresAt: number }>()
  const forgetExpired = (now: number) => {
    for (const [id, { expiresAt }] of known) {
      if (expiresAt >= now && known.size < capacity) return
      known.delete(id)
    }
  }
  return {
    claim: (id, expiresAt) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const before = known.get(id)
        if (before !== undefined && before.expiresAt >= now) return before.state
        known.delete(id)
        forgetExpired(now)
        known.set(id, { state: "InProgress", expiresAt })
        return "New"
      }),
    complete: (id, expiresAt) => Effect.sync(() => void known.set(id, { state: "Handled", expiresAt })),
    release: (id) => Effect.sync(() => void known.delete(id))
  }
}

/**
 * Runs an effect once per delivery.
 *
 * **Details**
 *
 * Fails with `Replayed` if the effect succeeded before or is running, and with `ReplayWindowError` if the window is
 * unavailable. The effect runs uninterruptibly. After a failure of the effect, the delivery is accepted again. If the
 * window cannot record the result, a warning is logged, and `once` still returns the result.
 *
 * **Example** (Processing a queue's message once)
 *
 * ```ts
 * import * as ReplayWindow from "@effect-workos/server/ReplayWindow"
 * import * as Effect from "effect/Effect"
 *
 * const window = ReplayWindow.makeMemory({ capacity: 10_000 })
 *
 * const sendOnce = (id: string, send: Effect.Effect<void>) =>
 *   Effect.clockWith((clock) =>
 *     ReplayWindow.once(window, { id, expiresAt: clock.currentTimeMillisUnsafe() + 60_000 }, send)
 *   )
 * ```
 */
export const once = <A, E, R>(
  window: ReplayWindow["Service"],
  { expiresAt, id }: { readonly id: string; readonly expiresAt: number },
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E | Replayed | ReplayWindowError, R> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(restore(window.claim(id, expiresAt)), (claim): Effect.Effect<A, E | Replayed, R> => {
      if (claim !== "New") return Effect.fail(replayed(claim))
      return Effect.onExit(effect, (exit) =>
        // A failure to record the result does not change the result.
        Effect.ignoreCause(
          Effect.timeout(Exit.isSuccess(exit) ? window.complete(id, expiresAt) : window.release(id), recordTimeout),
          { log: "Warn" }
        )
      )
    })
  )

/** Timeout of `complete` and `release`. */
const recordTimeout = Duration.seconds(10)

const replayed = (state: Replayed["state"]) =>
  new Replayed({
    message:
      state === "Handled"
        ? "This webhook was already handled."
        : "This webhook was already received, and its handler is still running.",
    state
  })
