// Retries of an export during an outage of the network.
import { assert, describe, it } from "@effect/vitest"
import * as RetryPolicy from "@effect-workos/client/RetryPolicy"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import * as Export from "../src/Export.ts"
import * as WorkOs from "./workos.ts"

/** The number of attempts of the last call of an export, if the network fails after `after` requests. */
const attemptsInOutage = (after: number) =>
  Effect.gen(function* () {
    let left = after
    const exporting = Stream.runDrain(Export.connections({ order: "asc", concurrency: 1, pageSize: 10 })).pipe(
      Effect.provide(
        WorkOs.layerClients(() => left-- > 0, "unlimited").pipe(
          Layer.provide(Store.layer({ connections: 50, organizations: 3, seed: 5 }))
        )
      )
    )
    const fiber = yield* Effect.forkChild(exporting)
    // The network uses promises, which the test clock does not advance.
    while (fiber.pollUnsafe() === undefined) {
      yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
      yield* TestClock.adjust("1 second")
    }
    const error = Option.getOrUndefined(Exit.findErrorOption(fiber.pollUnsafe() ?? Exit.void))
    return error !== undefined && "attempts" in error ? error.attempts : undefined
  })

describe("an export without a network", () => {
  it.effect("An export without a network fails after the standard number of attempts before its first page", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* attemptsInOutage(0), RetryPolicy.standard.maxAttempts)
    })
  )

  it.effect("An export without a network uses the long-running retry policy after its first page", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* attemptsInOutage(2), RetryPolicy.longRunning.maxAttempts)
    })
  )

  it.effect("An export without a network uses the retry policy of the program, if it has one", () =>
    Effect.gen(function* () {
      const attempts = attemptsInOutage(2).pipe(
        Effect.provideService(RetryPolicy.RetryPolicy, { ...RetryPolicy.standard, maxAttempts: 3 })
      )
      assert.strictEqual(yield* attempts, 3)
    })
  )
})
