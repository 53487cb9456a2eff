// When resources are created and updated, and under which ids.
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type * as Table from "./Table.ts"
import * as Ulid from "./Ulid.ts"

/**
 * Gives ids and instants to what is created now.
 *
 * **Details**
 *
 * It asks for the time and for chance beforehand, so that what is done with it waits for nothing, and of two requests for
 * the same thing only one creates it.
 */
export interface Creation {
  /** Now. */
  readonly now: DateTime.Utc
  /** An id for something that is created at this instant. */
  readonly id: (prefix: string, at?: DateTime.Utc) => string
  /** So many letters and digits that nobody guesses. */
  readonly token: (length: number) => string
  /**
   * Now, or a millisecond after the newest row where the clock says otherwise: what was just created is first in a list,
   * whatever its id.
   */
  readonly after: (table: { readonly rows: ReadonlyArray<Table.Row> }) => DateTime.Utc
}

/**
 * When something is updated: now, or a millisecond after it was updated before where the clock says otherwise, so that no
 * update goes unseen.
 */
export const laterOf = (now: DateTime.Utc, before: DateTime.Utc): DateTime.Utc =>
  DateTime.max(now, DateTime.add(before, { milliseconds: 1 }))

/** By this clock and this chance. */
export const make = (clock: Clock.Clock, random: Random.Random): Creation => {
  const now = DateTime.makeUnsafe(clock.currentTimeMillisUnsafe())
  return {
    now,
    id: (prefix, at = now) => `${prefix}_${Ulid.make(at.epochMilliseconds, random)}`,
    token: (length) => Array.from({ length }, () => Ulid.letters[Math.floor(random.nextDoubleUnsafe() * 32)]).join(""),
    after: ({ rows }) => {
      const newest = rows.at(-1)
      return newest === undefined || newest.createdAt.epochMilliseconds < now.epochMilliseconds
        ? now
        : DateTime.add(newest.createdAt, { milliseconds: 1 })
    }
  }
}

/** By the clock and the chance of whoever asks. */
export const begin: Effect.Effect<Creation> = Effect.gen(function* () {
  return make(yield* Clock.Clock, yield* Random.Random)
})
