// Proof of the suite for structural mutants, which are derived from the documented responses of each operation.
import { sampleOfEach, seed } from "@effect-workos/testing/Sample"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as WorkOs from "../../src/WorkOs.ts"
import { untested } from "../suites.ts"
import { proveStructural } from "./prove.ts"
import { selected, structural } from "./structural.ts"

const byOperation = Map.groupBy(
  sampleOfEach(selected, ({ kind }) => kind, 4),
  ({ operation }) => operation
)

describe("structural mutants", () => {
  it.live.each([...byOperation].map(([operation, mutants]) => ({ operation, mutants })))(
    "each structural fault of `$operation` fails its law",
    ({ mutants }) =>
      Effect.gen(function* () {
        for (const [index, mutant] of mutants.entries()) {
          // A structural fault is in every response, so that one of several seeds is enough for each.
          const { changes, result } = yield* proveStructural(mutant, { seed: seed + (index % 3) })
          // The emulator does not return every documented variant of a response, and a run does not exercise every operation.
          if (changes === 0 && (!mutant.isEverywhere || result.status === "skipped")) continue
          assert.include(["failed", "drift"], result.status, `${mutant.id}: ${JSON.stringify(result, undefined, 2)}`)
          assert.match(result.counterexample?.curl ?? "", /^curl /)
        }
      })
  )

  it("every operation that the suite can test has structural mutants of its body, status and headers", () => {
    for (const { id, responses } of WorkOs.suite.operations) {
      if (untested.has(id)) continue
      const kinds = new Set(structural.filter(({ operation }) => operation === id).map(({ kind }) => kind))
      assert.includeMembers([...kinds], ["status", "content-type", "header"], id)
      const hasBody = [...responses.values()].flat().some(({ body }) => body !== undefined)
      if (hasBody) assert.includeMembers([...kinds], ["drop", "null", "retype", "rename"], id)
    }
  })

  it("structural mutants have unique ids in kebab-case", () => {
    const ids = structural.map(({ id }) => id)
    assert.deepStrictEqual([...new Set(ids)], ids)
    for (const id of ids) assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/)
  })
})
