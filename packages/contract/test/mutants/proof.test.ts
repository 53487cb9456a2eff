// Proof of the suite: each mutant fails the law that it violates.
import { isExhaustive, sampleOfEach, seed } from "@effect-workos/testing/Sample"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { laws } from "@effect-workos/contract-engine/laws"
import * as WorkOs from "../../src/WorkOs.ts"
import { catalogue } from "./catalogue.ts"
import { prove } from "./prove.ts"

const seeds = isExhaustive ? [seed, seed + 1, seed + 2] : [seed]

describe("a mutant", () => {
  it.live.each(sampleOfEach(catalogue, ({ law }) => law))("`$id` fails `$law`", (mutant) =>
    Effect.gen(function* () {
      for (const seed of seeds) {
        const { result } = yield* prove(mutant, { seed })
        assert.include(["failed", "drift"], result.status, `seed ${seed}: ${JSON.stringify(result, undefined, 2)}`)
        assert.match(result.counterexample?.curl ?? "", /^curl /)
      }
    })
  )
})

describe("the catalogue", () => {
  it("the catalogue has a mutant for every law", () => {
    const caught = new Set(catalogue.map(({ law }) => law))
    const without = [...laws, ...WorkOs.suite.laws].filter(({ id }) => !caught.has(id)).map(({ id }) => id)
    assert.deepStrictEqual([...new Set(without)], [])
  })
})
