import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import { Timestamp } from "../src/Timestamp.ts"

const Part = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))
const pad = (value: number, length: number) => String(value).padStart(length, "0")

// Every timestamp that the pattern lets through, days that do not exist included.
const Parts = Schema.Struct({
  year: Part(0, 9999),
  month: Part(1, 12),
  day: Part(1, 31),
  hour: Part(0, 23),
  minute: Part(0, 59),
  second: Part(0, 59),
  fraction: Schema.Literals(["", ".1", ".12", ".123", ".999", ".000", ".123456", ".123456789"]),
  zone: Schema.Literals(["Z", "+00:00", "+02:00", "-11:30", "+23:59"])
})

describe("Timestamp", () => {
  it.effect.prop("decodes to the same instant as Date.parse", [Parts], ([parts]) =>
    Effect.gen(function* () {
      const { day, fraction, hour, minute, month, second, year, zone } = parts
      const text = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}${fraction}${zone}`
      const millis = DateTime.toEpochMillis(yield* Schema.decodeEffect(Timestamp)(text))
      assert.strictEqual(millis, new Date(text).getTime(), text)
    })
  )

  it.effect.prop("encodes to UTC with milliseconds", [Timestamp], ([instant]) =>
    Effect.gen(function* () {
      const text = yield* Schema.encodeEffect(Timestamp)(instant)
      assert.match(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      assert.deepStrictEqual(yield* Schema.decodeEffect(Timestamp)(text), instant)
    })
  )

  it.each([
    "",
    "now",
    "2026-01-15",
    "2026-01-15T12:00:00",
    "2026-01-15 12:00:00Z",
    "2026-13-01T00:00:00Z",
    "1768478400"
  ])("rejects %j", (text) => {
    assert.isTrue(Exit.isFailure(Schema.decodeUnknownExit(Timestamp)(text)))
  })
})
