/**
 * ULIDs: the part of WorkOS ids after the prefix. A ULID contains a time and random bits.
 *
 * @module
 */
import { ulidDigits } from "@effect-workos/domain/Id"
import type * as Random from "effect/Random"

/**
 * Makes a ULID of 26 characters from a time in milliseconds since 1970 and 80 random bits. ULIDs sort by time.
 *
 * **Example** (Two ids in one millisecond)
 *
 * ```ts
 * import * as Ulid from "@effect-workos/emulator/Ulid"
 * import * as Effect from "effect/Effect"
 * import * as Random from "effect/Random"
 *
 * const program = Effect.map(Random.Random, (random) => {
 *   const first = Ulid.make(Date.parse("2026-11-24T08:25:31Z"), random)
 *   const second = Ulid.after(first, random)
 *   return [`conn_${first}`, `conn_${second}`, `req_${Ulid.randomString(10, random)}`]
 * })
 * ```
 *
 * @see https://github.com/ulid/spec
 */
export const make = (time: number, random: Random.Random): string => encode(time, 10) + randomString(16, random)

const ulid = /^(?<time>[0-7][0-9A-HJKMNP-TV-Z]{9})(?<first>[0-9A-HJKMNP-TV-Z]{8})[0-9A-HJKMNP-TV-Z]{8}$/

/**
 * Makes a ULID of the same millisecond that sorts after `other`. Returns `undefined` if `other` is not a ULID or is the last
 * one of its millisecond.
 *
 * **Details**
 *
 * 40 bits are incremented and 40 are random, so that ids of deleted rows are not reused.
 */
export const after = (other: string, random: Random.Random): string | undefined => {
  const { first = "", time = "" } = ulid.exec(other)?.groups ?? {}
  let number = 0
  for (const letter of first) number = number * 32 + ulidDigits.indexOf(letter)
  number += 1
  if (time === "" || number >= 2 ** 40) return undefined
  return `${time}${encode(number, 8)}${randomString(8, random)}`
}

const encode = (number: number, length: number): string => {
  let text = ""
  for (let rest = number, i = 0; i < length; i++, rest = Math.floor(rest / 32)) text = ulidDigits[rest % 32]! + text
  return text
}

/**
 * Makes a string of `length` random characters from the alphabet of ULIDs.
 */
export const randomString = (length: number, random: Random.Random): string => {
  let text = ""
  for (let i = 0; i < length; i++) text += ulidDigits[Math.floor(random.nextDoubleUnsafe() * 32)]
  return text
}
