// Formatting of durations, counts, timestamps and long texts.
import { assert, describe, it } from "@effect/vitest"
import * as Formatting from "../../src/report/Formatting.ts"

describe("Formatting", () => {
  it.each([
    [0, "0 ms"],
    [999, "999 ms"],
    [1000, "1.0 s"],
    [12_400, "12.4 s"],
    [59_499, "59.5 s"],
    [59_960, "1 min 0 s"],
    [192_000, "3 min 12 s"],
    [7_200_000, "120 min 0 s"]
  ])("a duration of %d ms is formatted as %s", (millis, words) => {
    assert.strictEqual(Formatting.duration(millis), words)
  })

  it("`Formatting` formats counts with singular and plural", () => {
    assert.strictEqual(Formatting.count(0, "run"), "0 runs")
    assert.strictEqual(Formatting.count(1, "entry", "entries"), "1 entry")
    assert.strictEqual(Formatting.count(12_345, "entry", "entries"), "12,345 entries")
  })

  it("`Formatting` formats timestamps and returns other texts unchanged", () => {
    assert.strictEqual(Formatting.timestamp("2026-11-24T08:25:31.000Z"), "24 November 2026 at 08:25 UTC")
    assert.strictEqual(Formatting.timestamp("<yesterday>"), "<yesterday>")
  })

  it("`Formatting` truncates texts without splitting surrogate pairs", () => {
    assert.strictEqual(Formatting.truncate("abc", 3), "abc")
    assert.strictEqual(Formatting.truncate("abcd", 3), "abc… (1 more character)")
    assert.isTrue(Formatting.truncate("👩👩👩", 3).isWellFormed())
  })
})
