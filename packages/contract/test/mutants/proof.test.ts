// Proof of the suite: each mutant fails its law, and the unchanged emulator passes every law.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { laws } from "../../src/laws.ts"
import * as WorkOs from "../../src/WorkOs.ts"
import { catalogue } from "./catalogue.ts"
import { isUntestable, prove, report } from "./prove.ts"

describe("each mutant fails its law", () => {
  for (const mutant of catalogue) {
    it.live(`${mutant.id}: ${mutant.law}`, () =>
      Effect.gen(function* () {
        const { result } = yield* prove(mutant)
        assert.include(["failed", "drift"], result.status, JSON.stringify(result, undefined, 2))
        assert.match(result.counterexample?.curl ?? "", /^curl /)
      })
    )
  }
})

describe("the unchanged emulator", () => {
  it.live("passes every check, and skips only deletions of objects that no request creates", () =>
    Effect.gen(function* () {
      const { results } = yield* report({ runs: 20, writes: true })
      const tested = results.filter((result) => !isUntestable(result))
      assert.deepStrictEqual(
        tested.filter(({ status }) => status !== "passed"),
        []
      )
      assert.isTrue(tested.every(({ requests, runs }) => runs > 0 && requests > 0))
      const checked = new Set(results.map(({ law }) => law))
      assert.deepStrictEqual(
        WorkOs.suite.laws.filter(({ id }) => !checked.has(id)),
        []
      )
    })
  )
})

describe("the catalogue", () => {
  it("has a mutant for every law", () => {
    const caught = new Set(catalogue.map(({ law }) => law))
    const without = [...laws, ...WorkOs.suite.laws].filter(({ id }) => !caught.has(id)).map(({ id }) => id)
    assert.deepStrictEqual([...new Set(without)], [])
  })
})
