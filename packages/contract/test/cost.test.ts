// The estimated number of requests is close to the number of requests that a run sends.
import { sample } from "@effect-workos/testing/Sample"
import { assert, describe, it } from "@effect/vitest"
import * as Cost from "@effect-workos/contract-engine/Cost"
import * as Contract from "@effect-workos/contract-engine/Contract"
import { checksOf } from "@effect-workos/contract-engine/Suite"
import * as Effect from "effect/Effect"
import { suite } from "../src/WorkOs.ts"
import { report } from "./mutants/prove.ts"

/** The largest factor between the estimate and the number of requests. */
const tolerance = 5

const cases = suite.operations
  .filter(({ id }) => !id.startsWith("sso."))
  .flatMap(({ id }) => [false, true].map((writes) => ({ id, writes })))
  .map(({ id, writes }) => ({
    id,
    writes,
    checks: checksOf(suite, { operations: [id] }).filter((check) => writes || !Contract.writes(check))
  }))
  .filter(({ checks }) => checks.length > 0)

describe("the estimated cost of a run", () => {
  it.live.each(sample(cases, 2))(
    "the estimate for $id with writes $writes is within a factor of the requests of a run",
    ({ checks, id, writes }) =>
      Effect.gen(function* () {
        for (const runs of [5, 20]) {
          const { requests } = yield* report({ operations: [id], writes, runs })
          const estimate = Cost.ofChecks(checks, suite, runs)
          assert.isAtLeast(estimate, requests / tolerance, `${runs} runs`)
          assert.isAtMost(estimate, requests * tolerance, `${runs} runs`)
        }
      })
  )

  it("The cost of a run is at most the sum of the costs of its checks and lists, since checks share requests", () => {
    const checks = checksOf(suite, { operations: ["connections.get"] })
    const sum = checks.reduce((sum, check) => sum + Cost.ofCheck(check, suite, 100), 0)
    assert.isBelow(Cost.ofChecks(checks, suite, 100), sum)
  })
})
