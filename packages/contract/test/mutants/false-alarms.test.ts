// The emulator that mutants are made from keeps its word, whichever cases are tried.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { connections } from "../suites.ts"
import { report } from "./prove.ts"

describe("the unchanged emulator", () => {
  // Most cases are about lists, and one list is like another: every tenth seed is tried on all of WorkOS.
  const seeds = Array.from({ length: 12 }, (_, index) => ({ seed: index + 2, isWhole: index % 10 === 0 }))
  it.live.each(seeds)("gives no false alarm with seed $seed", ({ isWhole, seed }) =>
    Effect.gen(function* () {
      const { results } = yield* report(
        { seed, runs: isWhole ? 5 : 8, writes: true },
        isWhole ? undefined : connections
      )
      assert.deepStrictEqual(
        results.filter(({ status }) => status !== "passed"),
        []
      )
    })
  )
})
