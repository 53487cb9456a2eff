// Workers: requests run concurrently, and checks take turns.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import * as Workers from "../../src/internal/Workers.ts"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

/** Checks as the numbers of their requests. */
const Checks = Schema.Array(between(1, 12)).check(Schema.isMaxLength(12))

/** Runs checks for a while, and returns the number of requests that each has begun, and the greatest concurrency. */
const run = Effect.fnUntraced(function* (all: ReadonlyArray<number>, count: number, millis: number) {
  const workers = Workers.make(count)
  const begun = all.map(() => 0)
  let inFlight = 0
  let greatest = 0
  const request = (index: number) =>
    Effect.flatMap(Workers.nextTurn, (turn) =>
      workers.run(turn)(
        Effect.gen(function* () {
          begun[index] = (begun[index] ?? 0) + 1
          greatest = Math.max(greatest, ++inFlight)
          yield* Effect.ensuring(
            Effect.sleep(10),
            Effect.sync(() => inFlight--)
          )
        })
      )
    )
  const fiber = yield* Effect.forkChild(
    Effect.forEach(
      all,
      (requests, index) => Workers.takingTurns(Effect.repeat(request(index), { times: requests - 1 })),
      { concurrency: "unbounded", discard: true }
    )
  )
  yield* TestClock.adjust(millis)
  const found = { begun: [...begun], greatest }
  yield* Fiber.interrupt(fiber)
  return { ...found, inFlight }
})

describe("workers", () => {
  it.effect.prop(
    "no check gets another turn while one that waits has had fewer",
    [Checks, between(1, 8), between(1, 500)],
    ([all, count, millis]) =>
      Effect.gen(function* () {
        const { begun, greatest } = yield* run(all, count, millis)
        assert.isAtMost(greatest, count)
        // A check is behind others by the request that it waits for and the ones in flight.
        const unfinished = begun.filter((turns, index) => turns < (all[index] ?? 0))
        const least = Math.min(...unfinished, Infinity)
        for (const turns of begun) assert.isAtMost(turns, least + 2, JSON.stringify(begun))
        // In the end, every request is sent.
        const whole = yield* run(all, count, 12 * 12 * 10)
        assert.deepStrictEqual(whole.begun, [...all])
        assert.strictEqual(whole.inFlight, 0)
      })
  )

  it.effect("an interrupted request leaves its worker to the others", () =>
    Effect.gen(function* () {
      const workers = Workers.make(1)
      const first = yield* Effect.forkChild(workers.run(1)(Effect.never))
      const second = yield* Effect.forkChild(workers.run(2)(Effect.never))
      const third = yield* Effect.forkChild(workers.run(3)(Effect.succeed("served")))
      yield* Effect.yieldNow
      yield* Fiber.interrupt(second)
      yield* Fiber.interrupt(first)
      assert.strictEqual(yield* Fiber.join(third), "served")
    })
  )

  it.effect("requests that every check needs are served first", () =>
    Effect.gen(function* () {
      const workers = Workers.make(1)
      const served: Array<string> = []
      const request = (name: string) =>
        Effect.flatMap(Workers.nextTurn, (turn) => workers.run(turn)(Effect.sync(() => void served.push(name))))
      const running = yield* Effect.forkChild(workers.run(1)(Effect.sleep(10)))
      yield* Effect.yieldNow
      const check = yield* Effect.forkChild(Workers.takingTurns(request("check")))
      yield* Effect.yieldNow
      const list = yield* Effect.forkChild(Workers.takingTurns(Workers.servedFirst(request("list"))))
      yield* TestClock.adjust(10)
      yield* Fiber.joinAll([running, check, list])
      assert.deepStrictEqual(served, ["list", "check"])
    })
  )
})
