import { assert, describe, it } from "@effect/vitest"
import * as Words from "../../src/report/Words.ts"

describe("Words", () => {
  it.each([
    [0, "0 ms"],
    [999, "999 ms"],
    [1000, "1.0 s"],
    [12_400, "12.4 s"],
    [59_499, "59.5 s"],
    [59_960, "1 min 0 s"],
    [192_000, "3 min 12 s"],
    [7_200_000, "120 min 0 s"]
  ])("%d milliseconds are %s", (millis, words) => {
    assert.strictEqual(Words.duration(millis), words)
  })

  it("counts", () => {
    assert.strictEqual(Words.count(0, "run"), "0 runs")
    assert.strictEqual(Words.count(1, "check holds", "checks hold"), "1 check holds")
    assert.strictEqual(Words.count(12_345, "check holds", "checks hold"), "12,345 checks hold")
  })

  it("says when something was, and repeats what is no instant", () => {
    assert.strictEqual(Words.instant("2026-11-24T08:25:31.000Z"), "24 November 2026 at 08:25 UTC")
    assert.strictEqual(Words.instant("<yesterday>"), "<yesterday>")
  })

  it("cuts, and never through a character", () => {
    assert.strictEqual(Words.cut("abc", 3), "abc")
    assert.strictEqual(Words.cut("abcd", 3), "abc… (1 more character)")
    assert.isTrue(Words.cut("👩👩👩", 3).isWellFormed())
  })
})
