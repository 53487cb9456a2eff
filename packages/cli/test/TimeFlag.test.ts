// Flags whose value is a time.
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as TimeFlag from "../src/TimeFlag.ts"

const now = Date.parse("2026-01-15T12:00:00Z")

const below = (maximum: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum }))

const pad = (number: number, length = 2) => String(number).padStart(length, "0")

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
  ])("A time flag accepts %s as %s", (text, expected) => {
    const at = Option.map(TimeFlag.parse(text, now), ({ at }) => DateTime.formatIso(at))
    assert.deepStrictEqual(at, Option.some(expected))
  })

  it.each([
    ["2024-02-29", "2024-02-29T00:00:00.000Z"],
    ["2000-02-29T23:59:59Z", "2000-02-29T23:59:59.000Z"],
    ["0004-02-29T00:00:00Z", "0004-02-29T00:00:00.000Z"],
    ["2026-01-01T00:30:00+23:59", "2025-12-31T00:31:00.000Z"]
  ])("A time flag accepts the unusual time %s as %s", (text, expected) => {
    assert.deepStrictEqual(
      Option.map(TimeFlag.parse(text, now), ({ at }) => DateTime.formatIso(at)),
      Option.some(expected)
    )
  })

  it.each([
    "2026-02-30",
    "2026-02-29",
    "2023-02-29T00:00:00Z",
    "1900-02-29",
    "2026-04-31",
    "2026-00-10",
    "2026-01-00",
    "2026-01-32",
    "2026-01-15T24:00:00Z",
    "2026-01-15T25:00:00Z",
    "2026-01-15T12:60:00Z",
    "2026-01-15T12:00:60Z",
    "2026-01-15T12:00:00+24:00",
    "2026-01-15T12:00:00+01:60"
  ])("A time flag refuses the nonexistent time %s", (text) => {
    assert.isTrue(Option.isNone(TimeFlag.parse(text, now)))
  })

  it.effect("A time flag accepts exactly the dates and times that exist", () =>
    Effect.gen(function* () {
      const result = yield* Arbitrary.checkEffect(
        Arbitrary.schema(
          Schema.Struct({
            year: below(9999),
            month: below(13),
            day: below(32),
            hour: below(25),
            minute: below(61),
            second: below(61),
            isDay: Schema.Boolean
          })
        ),
        ({ day, hour, isDay, minute, month, second, year }) => {
          const date = `${pad(year, 4)}-${pad(month)}-${pad(day)}`
          const time = isDay ? "T00:00:00.000Z" : `T${pad(hour)}:${pad(minute)}:${pad(second)}.000Z`
          const epoch = new Date(0)
          epoch.setUTCFullYear(year, month - 1, day)
          if (!isDay) epoch.setUTCHours(hour, minute, second)
          const exists = epoch.toISOString() === `${date}${time}`
          const parsed = TimeFlag.parse(isDay ? date : `${date}${time}`, now)
          return Effect.succeed(
            exists ? Option.exists(parsed, ({ at }) => at.epochMilliseconds === epoch.getTime()) : Option.isNone(parsed)
          )
        },
        { runs: 2000, seed: 3 }
      )
      assert.isUndefined(Arbitrary.formatCheckFailure(result))
    })
  )

  it.each(["", "2", "h", "2y", "-2h", "1.5h", "12345d", "2026-01", "2026-13-01", "2026-01-14T10:00", "yesterday"])(
    "A time flag refuses %j",
    (text) => {
      assert.isTrue(Option.isNone(TimeFlag.parse(text, now)))
    }
  )
})
