// Runs of the suite against the unchanged emulator with many seeds.
import { isExhaustive, runs, sample, seed } from "@effect-workos/testing/Sample"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as WorkOs from "../../src/WorkOs.ts"
import { connections } from "../suites.ts"
import { isUntestable, report } from "./prove.ts"

const seedsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ seed: first + index }))

const laws = WorkOs.suite.laws.map(({ id }) => id)

describe("the unchanged emulator", () => {
  it.live.each(seedsFrom(seed, 1))(
    "the unchanged emulator fails no check of the whole suite with seed $seed",
    ({ seed }) =>
      Effect.gen(function* () {
        const only = sample(laws, laws.length / 2)
        const { results } = yield* report({ seed, runs: runs(4, 2), writes: true, laws: only })
        const tested = results.filter((result) => !isUntestable(result))
        assert.deepStrictEqual(
          tested.filter(({ status }) => status !== "passed" && status !== "skipped"),
          []
        )
        // Some lists of a seed are short, and with few runs, requests may not fulfil the conditions of a law.
        const skipped = tested.filter(({ status }) => status === "skipped")
        assert.isAtMost(skipped.length, tested.length / 10, JSON.stringify(skipped, undefined, 2))
        assert.isTrue(tested.every(({ requests, runs, status }) => status === "skipped" || (runs > 0 && requests > 0)))
        const checked = new Set(results.map(({ law }) => law))
        assert.deepStrictEqual(
          only.filter((id) => !checked.has(id)),
          []
        )
      })
  )

  // Most cases concern lists, which are alike, so that most runs check connections only.
  it.live.each(seedsFrom(seed + 1, isExhaustive ? 19 : 1))(
    "the unchanged emulator fails no check of connections with seed $seed",
    ({ seed }) =>
      Effect.gen(function* () {
        const { results } = yield* report({ seed, runs: runs(8, 2), writes: true }, connections)
        assert.deepStrictEqual(
          results.filter(({ status }) => status !== "passed" && (isExhaustive || status !== "skipped")),
          []
        )
      })
  )
})
