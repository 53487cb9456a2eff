// The emulator that mutants are made from keeps its word, whichever cases are tried.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { report } from "./prove.ts"

describe("the unchanged emulator", () => {
  const seeds = Array.from({ length: 20 }, (_, index) => index + 2)
  it.live.each(seeds)("gives no false alarm with seed %i", (seed) =>
    Effect.gen(function* () {
      const { results } = yield* report({ seed, runs: 8, writes: true })
      assert.deepStrictEqual(
        results.filter(({ status }) => status !== "passed"),
        []
      )
    })
  )
})
