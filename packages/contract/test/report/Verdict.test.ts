import { assert, describe, it } from "@effect/vitest"
import type { Result } from "../../src/Result.ts"
import * as Verdict from "../../src/report/Verdict.ts"
import { fine, report, unchecked } from "./fixture.ts"

const withResults = (...results: ReadonlyArray<Pick<Result, "status"> & Partial<Result>>) => ({
  ...report,
  fixed: [],
  results: results.map((result): Result => ({
    law: "lists/limit",
    operation: "connections.list",
    message: "",
    runs: 1,
    requests: 1,
    sentence: "",
    source: { kind: "expected", text: "" },
    ...result
  }))
})

describe("the verdict", () => {
  it("says how many fail, and what there is besides", () => {
    assert.deepStrictEqual(Verdict.make(report), {
      outcome: "fails",
      sentence: "4 of 78 checks fail.",
      besides:
        "2 more checks fail as the baseline says; 3 show drift; 28 could not be checked; " +
        "1 entry of the baseline holds by now."
    })
  })

  it("is strict about drift where it is asked to be", () => {
    const { besides, sentence } = Verdict.make(report, { strict: true })
    assert.strictEqual(sentence, "7 of 78 checks fail.")
    assert.notMatch(besides, /drift/)
  })

  it("is good where all holds", () => {
    assert.deepStrictEqual(Verdict.make(fine), { outcome: "holds", sentence: "All 69 checks hold.", besides: "" })
    assert.strictEqual(Verdict.make(withResults({ status: "passed" })).sentence, "The one check holds.")
    assert.strictEqual(Verdict.make(withResults({ status: "failed" })).sentence, "1 of 1 check fails.")
  })

  it("is good where what fails is known", () => {
    const known = withResults({ status: "failed", isKnown: true }, { status: "passed" })
    assert.deepStrictEqual(Verdict.make(known), {
      outcome: "holds",
      sentence: "Nothing new fails: the one failure is known.",
      besides: ""
    })
  })

  it("never passes what was not checked", () => {
    for (const none of [unchecked, { ...report, results: [] }]) {
      const { outcome, sentence } = Verdict.make(none)
      assert.deepStrictEqual({ outcome, sentence }, { outcome: "unchecked", sentence: "Nothing was checked." })
    }
  })
})
