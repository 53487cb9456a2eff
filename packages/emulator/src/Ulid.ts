// ULIDs, of which WorkOS's ids are made.
import { ulidDigits } from "@effect-workos/domain/Id"
import type * as Random from "effect/Random"

/**
 * 48 bits of time, in milliseconds since 1970, and 80 of randomness: 26 letters that sort by time.
 *
 * **Example** (Two ids of one millisecond)
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
 * A ULID of the same millisecond that sorts after another; `undefined` where that is none, or none is left after it.
 *
 * **Details**
 *
 * 40 bits go up by one, and 40 are random: what was taken away since is not made again.
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
 * So many random letters and digits.
 */
export const randomString = (length: number, random: Random.Random): string => {
  let text = ""
  for (let i = 0; i < length; i++) text += ulidDigits[Math.floor(random.nextDoubleUnsafe() * 32)]
  return text
}
