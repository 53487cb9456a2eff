// ULIDs, of which WorkOS's ids are made.
import type * as Random from "effect/Random"

/**
 * Crockford's base 32: digits and capitals, without those that are mixed up.
 */
export const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/**
 * 48 bits of time, in milliseconds since 1970, and 80 of randomness: 26 letters that sort by time.
 *
 * @see https://github.com/ulid/spec
 */
export const make = (time: number, random: Random.Random): string => {
  let text = ""
  for (let rest = time, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) text = letters[rest % 32]! + text
  for (let i = 0; i < 16; i++) text += letters[Math.floor(random.nextDoubleUnsafe() * 32)]
  return text
}
