// Runs of the whole suite against the unchanged emulator with many seeds.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { connections } from "../suites.ts"
import { isUntestable, report } from "./prove.ts"

describe("the unchanged emulator", () => {
  // Most cases concern lists, which are alike: only every tenth seed runs the whole suite.
  const seeds = Array.from({ length: 12 }, (_, index) => ({ seed: index + 2, isWhole: index % 10 === 0 }))
  it.live.each(seeds)("fails no law with seed $seed", ({ isWhole, seed }) =>
    Effect.gen(function* () {
      const { results } = yield* report(
        { seed, runs: isWhole ? 5 : 8, writes: true },
        isWhole ? undefined : connections
      )
      assert.deepStrictEqual(
        results.filter((result) => result.status !== "passed" && !isUntestable(result)),
        []
      )
    })
  )
})
