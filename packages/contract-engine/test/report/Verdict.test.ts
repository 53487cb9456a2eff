// The verdict of a report.
import { assert, describe, it } from "@effect/vitest"
import type { Result } from "../../src/Result.ts"
import * as Verdict from "../../src/report/Verdict.ts"
import { passedReport, report, skippedReport } from "./fixture.ts"

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

describe("Verdict", () => {
  it("a verdict states how many checks failed, with remarks", () => {
    assert.deepStrictEqual(Verdict.make(report), {
      outcome: "failed",
      sentence: "4 findings: 4 of 78 checks failed.",
      notes: "2 more checks failed as in the baseline; 3 showed drift; 28 were skipped; 1 baseline entry passed."
    })
  })

  it("a verdict counts drift as a failure when strict", () => {
    const { notes, sentence } = Verdict.make(report, { strict: true })
    assert.strictEqual(sentence, "7 findings: 7 of 78 checks failed.")
    assert.notMatch(notes, /drift/)
  })

  it("a verdict is passed when every check passed", () => {
    assert.deepStrictEqual(Verdict.make(passedReport), {
      outcome: "passed",
      sentence: "All 69 checks passed.",
      notes: ""
    })
    assert.strictEqual(Verdict.make(withResults({ status: "passed" })).sentence, "The one check passed.")
    assert.strictEqual(Verdict.make(withResults({ status: "failed" })).sentence, "1 finding: 1 of 1 check failed.")
  })

  it("a verdict is passed when every failure is in the baseline", () => {
    const known = withResults({ status: "failed", isKnown: true }, { status: "passed" })
    assert.deepStrictEqual(Verdict.make(known), {
      outcome: "passed",
      sentence: "No new failures: the one failure is in the baseline.",
      notes: ""
    })
  })

  it("a verdict is inconclusive when nothing was checked", () => {
    for (const none of [skippedReport, { ...report, results: [] }]) {
      const { outcome, sentence } = Verdict.make(none)
      assert.deepStrictEqual({ outcome, sentence }, { outcome: "inconclusive", sentence: "Nothing was checked." })
    }
  })
})
