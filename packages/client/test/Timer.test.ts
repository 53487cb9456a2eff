// Time limits of effects.
import { assert, describe, it } from "@effect/vitest"
import { runs, seed } from "@effect-workos/testing/Sample"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Schema from "effect/Schema"
import { TestClock } from "effect/testing"
import * as Timer from "../src/internal/Timer.ts"

const Case = Schema.Struct({
  /** The start, the duration and the time limit of an effect, in milliseconds. */
  begins: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 200 })),
  takes: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 200 })),
  may: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 200 })),
  /** True if the time limit restarts after half of its time. */
  renews: Schema.Boolean
})

const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length

describe("Timer", () => {
  it.effect.prop(
    "A timer stops effects at their time limits, and no others",
    [Schema.Array(Case).check(Schema.isMinLength(1), Schema.isMaxLength(20))],
    ([cases]) =>
      Effect.gen(function* () {
        const timer = Timer.make()
        const clock = yield* Clock.Clock
        const run = ({ begins, may, renews, takes }: typeof Case.Type) =>
          Effect.gen(function* () {
            yield* Effect.sleep(begins)
            const began = Timer.monotonicMillis(clock)
            let interrupted = false
            let from = began
            const half = Math.floor(Math.min(takes, may - 1) / 2)
            const work = Effect.sleep(half).pipe(
              Effect.tap(() => Effect.sync(() => (from = renews ? Timer.monotonicMillis(clock) : from))),
              Effect.andThen(Effect.sleep(takes - half)),
              Effect.as("done"),
              Effect.onInterrupt(() => Effect.sync(() => (interrupted = true)))
            )
            const result = yield* timer.timeoutTo(
              work,
              Context.make(Clock.Clock, clock),
              clock,
              () => from + may,
              () => "late"
            )
            return {
              result,
              interrupted,
              elapsed: Timer.monotonicMillis(clock) - began,
              limit: may + (renews ? half : 0),
              takes
            }
          })
        const fiber = yield* Effect.forkChild(Effect.all(cases.map(run), { concurrency: "unbounded" }))
        for (let i = 0; i < 700; i++) yield* TestClock.adjust(1)
        for (const { elapsed, interrupted, limit, result, takes } of yield* Fiber.join(fiber)) {
          if (takes === limit) continue
          assert.deepStrictEqual(
            [result, interrupted, elapsed],
            takes < limit ? ["done", false, takes] : ["late", true, limit]
          )
        }
      }),
    { arbitrary: { runs: runs(100, 10), seed: `timer ${seed}` } }
  )

  it.effect("A timer returns failures and interruptions of the effect", () =>
    Effect.gen(function* () {
      const timer = Timer.make()
      const clock = yield* Clock.Clock
      const within = <E>(self: Effect.Effect<string, E>) =>
        timer.timeoutTo(
          self,
          Context.make(Clock.Clock, clock),
          clock,
          () => 1_000_000,
          () => "late"
        )
      assert.strictEqual(yield* within(Effect.succeed("immediately")), "immediately")
      assert.strictEqual(yield* Effect.flip(within(Effect.fail("no"))), "no")
      let left = 0
      const waiting = yield* Effect.forkChild(
        within(Effect.onInterrupt(Effect.never, () => Effect.sync(() => left++))),
        { startImmediately: true }
      )
      yield* Fiber.interrupt(waiting)
      assert.strictEqual(left, 1)
      assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(waiting)))
    })
  )

  it.live("A timer sleeps only while effects with a time limit run", () =>
    Effect.gen(function* () {
      const timer = Timer.make()
      const clock = yield* Clock.Clock
      const before = timers()
      const within = (self: Effect.Effect<void>) =>
        timer.timeoutTo(
          self,
          Context.make(Clock.Clock, clock),
          clock,
          () => Timer.monotonicMillis(clock) + 20_000,
          () => {}
        )
      const waiting = yield* Effect.forEach([1, 2, 3], () =>
        Effect.forkChild(within(Effect.never), { startImmediately: true })
      )
      assert.strictEqual(timers(), before + 1)
      yield* Fiber.interruptAll(waiting)
      yield* within(Effect.promise(() => Promise.resolve()))
      yield* Effect.yieldNow
      assert.strictEqual(timers(), before)
    })
  )
})
