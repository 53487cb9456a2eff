import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as TimeFlag from "../src/TimeFlag.ts"

const now = Date.parse("2026-01-15T12:00:00Z")

describe("TimeFlag.parse", () => {
  it.each([
    ["2026-01-14T10:00:00Z", "2026-01-14T10:00:00.000Z"],
    ["2026-01-14T10:00:00.5+02:00", "2026-01-14T08:00:00.500Z"],
    ["2026-01-14", "2026-01-14T00:00:00.000Z"],
    ["90s", "2026-01-15T11:58:30.000Z"],
    ["30m", "2026-01-15T11:30:00.000Z"],
    ["2h", "2026-01-15T10:00:00.000Z"],
    ["7d", "2026-01-08T12:00:00.000Z"],
    ["2w", "2026-01-01T12:00:00.000Z"]
  ])("%s is %s", (text, expected) => {
    const at = Option.map(TimeFlag.parse(text, now), ({ at }) => DateTime.formatIso(at))
    assert.deepStrictEqual(at, Option.some(expected))
  })

  it.each(["", "2", "h", "2y", "-2h", "1.5h", "12345d", "2026-01", "2026-13-01", "2026-01-14T10:00", "yesterday"])(
    "%j is none",
    (text) => {
      assert.isTrue(Option.isNone(TimeFlag.parse(text, now)))
    }
  )
})
