// When resources are created and updated, and under which ids.
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type * as Table from "./Table.ts"
import * as Ulid from "../Ulid.ts"

/**
 * Gives ids and instants to what is created now.
 *
 * **Details**
 *
 * It asks for the time and for chance beforehand, so that what is done with it waits for nothing, and of two requests for
 * the same thing only one creates it.
 */
export interface IdGenerator {
  /** Now. */
  readonly now: DateTime.Utc
  /** An id for something that is created at this instant. */
  readonly id: (prefix: string, at?: DateTime.Utc) => string
  /** So many letters and digits that nobody guesses. */
  readonly token: (length: number) => string
  /**
   * The id and the instant of a new row of a table, which is the newest of them: it is created now, or with the newest row
   * where the clock is behind that. Of rows of one millisecond the later one has the greater id, so that no instant has to be
   * made up, however many there are.
   */
  readonly next: (table: { readonly rows: ReadonlyArray<Table.Row> }, prefix: string) => RowKey
}

/** Which a row is, and since when it is there. */
export interface RowKey {
  readonly id: string
  readonly createdAt: DateTime.Utc
}

/**
 * When something is updated: now, or a millisecond after it was updated before where the clock says otherwise, so that no
 * update goes unseen.
 */
export const updateTime = (now: DateTime.Utc, before: DateTime.Utc): DateTime.Utc =>
  DateTime.max(now, DateTime.add(before, { milliseconds: 1 }))

/** By this clock and this chance. */
export const make = (clock: Clock.Clock, random: Random.Random): IdGenerator => {
  const now = DateTime.makeUnsafe(clock.currentTimeMillisUnsafe())
  const id: IdGenerator["id"] = (prefix, at = now) => `${prefix}_${Ulid.make(at.epochMilliseconds, random)}`
  return {
    now,
    id,
    token: (length) => Ulid.randomString(length, random),
    next: ({ rows }, prefix) => {
      const newest = rows.at(-1)
      if (newest === undefined || newest.createdAt.epochMilliseconds < now.epochMilliseconds) {
        return { id: id(prefix), createdAt: now }
      }
      const ulid = newest.id.startsWith(`${prefix}_`)
        ? Ulid.after(newest.id.slice(prefix.length + 1), random)
        : undefined
      if (ulid !== undefined) return { id: `${prefix}_${ulid}`, createdAt: newest.createdAt }
      // A program put in a row with an id of its own, which nothing is known to come after.
      const createdAt = DateTime.add(newest.createdAt, { milliseconds: 1 })
      return { id: id(prefix, createdAt), createdAt }
    }
  }
}

/** By the clock and the chance of whoever asks. */
export const current: Effect.Effect<IdGenerator> = Effect.gen(function* () {
  return make(yield* Clock.Clock, yield* Random.Random)
})
