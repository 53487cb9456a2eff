// Timestamps: accepted and documented forms, and encoding.
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import { parseMillis, Timestamp } from "../src/Timestamp.ts"
import * as Documented from "../src/Documented.ts"

const Part = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))
const pad = (value: number, length: number) => String(value).padStart(length, "0")

// Every timestamp that the pattern accepts, days that do not exist included.
const Parts = Schema.Struct({
  year: Part(0, 9999),
  month: Part(1, 12),
  day: Part(1, 31),
  hour: Part(0, 23),
  minute: Part(0, 59),
  second: Part(0, 59),
  fraction: Schema.Literals(["", ".1", ".12", ".123", ".999", ".000", ".123456", ".123456789"]),
  separator: Schema.Literals(["T", " "]),
  zone: Schema.Literals(["Z", "+00:00", "+02:00", "-11:30", "+23:59", ""])
})

const textOf = ({ day, fraction, hour, minute, month, second, separator, year, zone }: typeof Parts.Type) =>
  `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}${separator}${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}${fraction}${zone}`

// Independent of the implementation: a date that does not exist becomes another one.
const isRealDate = ({ day, month, year }: typeof Parts.Type) => {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCDate() === day
}

describe("Timestamp", () => {
  it.effect.prop(
    "Timestamp decodes to the instant of Date.parse, in UTC without a zone, and rejects days that do not exist",
    [Parts],
    ([parts]) =>
      Effect.gen(function* () {
        const text = textOf(parts)
        const decoded = yield* Effect.exit(Schema.decodeEffect(Timestamp)(text))
        assert.strictEqual(Exit.isSuccess(decoded), isRealDate(parts), text)
        assert.strictEqual(parseMillis(text) !== undefined, isRealDate(parts), text)
        if (!Exit.isSuccess(decoded)) return
        const expected = new Date(textOf({ ...parts, separator: "T", zone: parts.zone || "Z" })).getTime()
        assert.strictEqual(DateTime.toEpochMillis(decoded.value), expected, text)
        assert.strictEqual(parseMillis(text), expected, text)
      })
  )

  it.effect.prop("The documented form of Timestamp requires a T and a time zone", [Parts], ([parts]) =>
    Effect.sync(() => {
      const isDocumented = Exit.isSuccess(Schema.decodeUnknownExit(Documented.of(Timestamp))(textOf(parts)))
      assert.strictEqual(isDocumented, isRealDate(parts) && parts.separator === "T" && parts.zone !== "")
    })
  )

  it.effect.prop("Timestamp encodes to UTC with milliseconds", [Timestamp], ([instant]) =>
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
    "2026-01-15T24:00:00Z",
    "2026-02-29T00:00:00Z",
    "2026-01-15_12:00:00Z",
    "2026-13-01T00:00:00Z",
    "1768478400"
  ])("Timestamp rejects %j", (text) => {
    assert.isTrue(Exit.isFailure(Schema.decodeUnknownExit(Timestamp)(text)))
  })
})
