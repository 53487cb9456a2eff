// What was accepted a short while ago, so that nobody can have it accepted again.
//
// A signature is good for as long as it is tolerated, also for somebody who has overheard it. So each is remembered for
// a little longer. A delivery whose handler failed is forgotten at once: WorkOS delivers it again.
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { Replayed, type ReplayWindowError } from "./WebhookError.ts"

/**
 * What a memory knows of a delivery: nothing, and then it is claimed; or that its handler is at work or has succeeded.
 *
 * **Example** (What is said to whoever delivers)
 *
 * ```ts
 * import type { Claim } from "@effect-workos/server/ReplayWindow"
 *
 * const status = (claim: Claim): number => (claim === "UnderWay" ? 409 : 200)
 * ```
 */
export type Claim = "New" | "UnderWay" | "Handled"

/**
 * A memory of deliveries. The one of {@link ReplayWindow.layer} is in the process; where several processes receive the
 * same webhooks, write one over a store that they share.
 *
 * **Details**
 *
 * `id` names a delivery. It is no secret, and at most 64 characters long. `expiresAt`, in milliseconds since 1970, is
 * when the delivery may be forgotten. `claim` must be atomic: of two that claim at once, one is told `New`. It may be
 * interrupted; `complete` and `release` may not, and are given up after ten seconds.
 *
 * **Example** (A memory that processes share, over a store with "set if absent")
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
 * const ask = <A>(question: () => Promise<A>) =>
 *   Effect.tryPromise({
 *     try: question,
 *     catch: (cause) => new ReplayWindowError({ message: "The store of accepted webhooks does not answer.", cause })
 *   })
 *
 * const shared = ReplayWindow.of({
 *   claim: Effect.fnUntraced(function* (id, expiresAt) {
 *     const millis = expiresAt - (yield* Clock.currentTimeMillis)
 *     if (yield* ask(() => store.setIfAbsent(id, "UnderWay", millis))) return "New"
 *     return (yield* ask(() => store.get(id))) === "Handled" ? "Handled" : "UnderWay"
 *   }),
 *   complete: Effect.fnUntraced(function* (id, expiresAt) {
 *     const millis = expiresAt - (yield* Clock.currentTimeMillis)
 *     yield* ask(() => store.set(id, "Handled", millis))
 *   }),
 *   release: (id) => ask(() => store.remove(id))
 * })
 * ```
 */
export class ReplayWindow extends Context.Service<
  ReplayWindow,
  {
    /** Claims a delivery that is not known, and says what is known of others. */
    readonly claim: (id: string, expiresAt: number) => Effect.Effect<Claim, ReplayWindowError>
    /** The handler has succeeded. */
    readonly complete: (id: string, expiresAt: number) => Effect.Effect<void, ReplayWindowError>
    /** The handler has failed: whoever delivers it again is welcome. */
    readonly release: (id: string) => Effect.Effect<void, ReplayWindowError>
  }
>()("@effect-workos/server/ReplayWindow") {
  /**
   * A memory in the process, of 100,000 deliveries where `capacity` says nothing else. Where more are accepted before the
   * first of them expires, it is the oldest that is forgotten: no webhook is refused for want of room.
   *
   * **Example** (A memory of all that one process receives)
   *
   * ```ts
   * import { ReplayWindow } from "@effect-workos/server/ReplayWindow"
   * import * as Effect from "effect/Effect"
   *
   * const program = Effect.gen(function* () {
   *   const { claim, complete, release } = yield* ReplayWindow
   *   const expiresAt = Date.parse("2026-12-01T00:00:00Z")
   *   yield* claim("a", expiresAt) // => "New"
   *   yield* claim("a", expiresAt) // => "UnderWay"
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
 * A memory in the process, as {@link ReplayWindow.layer} provides it.
 */
export const makeMemory = ({
  capacity = 100_000
}: { readonly capacity?: number | undefined } = {}): ReplayWindow["Service"] => {
  // In the order in which they were accepted, which is nearly the one in which they expire.
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
        known.set(id, { state: "UnderWay", expiresAt })
        return "New"
      }),
    complete: (id, expiresAt) => Effect.sync(() => void known.set(id, { state: "Handled", expiresAt })),
    release: (id) => Effect.sync(() => void known.delete(id))
  }
}

/**
 * Does something for a delivery, and not twice: fails with `Replayed` where it was done, or is being done, and with
 * `ReplayWindowError` where the memory could not be asked. Once begun it is done to its end, whoever is interrupted that
 * waits for it. Where it fails, it may be done again. What has succeeded is a success, whether or not the memory could be
 * told: that it could not is logged.
 *
 * **Example** (Something that is done once, whatever the queue says)
 *
 * ```ts
 * import * as ReplayWindow from "@effect-workos/server/ReplayWindow"
 * import * as Effect from "effect/Effect"
 *
 * const memory = ReplayWindow.makeMemory({ capacity: 10_000 })
 *
 * const sendOnce = (id: string, send: Effect.Effect<void>) =>
 *   Effect.clockWith((clock) =>
 *     ReplayWindow.once(memory, { id, expiresAt: clock.currentTimeMillisUnsafe() + 60_000 }, send)
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
        // What is done is done, whether or not it can be written down.
        Effect.ignoreCause(
          Effect.timeout(Exit.isSuccess(exit) ? window.complete(id, expiresAt) : window.release(id), patience),
          { log: "Warn" }
        )
      )
    })
  )

/** How long a memory is waited for that is told what has become of a delivery. */
const patience = Duration.seconds(10)

const replayed = (state: Replayed["state"]) =>
  new Replayed({
    message:
      state === "Handled"
        ? "This webhook was received before, and is not handled again."
        : "This webhook was received before, and its handler is still at work.",
    state
  })
