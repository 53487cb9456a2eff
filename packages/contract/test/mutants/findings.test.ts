// Findings of mutants: one fault is one finding, although several laws fail.
import { sample } from "@effect-workos/testing/Sample"
import { assert, describe, it } from "@effect/vitest"
import * as Finding from "@effect-workos/contract-engine/Finding"
import * as Effect from "effect/Effect"
import { connections } from "../suites.ts"
import { catalogue } from "./catalogue.ts"
import { report } from "./prove.ts"

// Faults in fields, pages, orders and filters that make at least two checks fail.
const faults = ["timestamps-with-a-space", "limit-ignored", "loses-the-oldest", "ascending-descends", "search-ignored"]

describe("a fault that several laws detect", () => {
  it.live.each(sample(faults, 1))("the fault %s is one finding, which begins with the law of the fault", (id) =>
    Effect.gen(function* () {
      const mutant = catalogue.find((mutant) => mutant.id === id) ?? assert.fail(`no mutant ${id}`)
      const { results, summary } = yield* report({ runs: 20 }, connections, mutant.mutate)
      assert.isAtLeast(summary.failed + summary.drift, 2)
      assert.deepStrictEqual(
        Finding.ofResults(results).map(({ failure }) => failure.result.law),
        [mutant.law]
      )
    })
  )
})
