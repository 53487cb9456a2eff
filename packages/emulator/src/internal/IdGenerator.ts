// Ids and timestamps of new and updated rows.
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type * as Table from "./Table.ts"
import * as Ulid from "../Ulid.ts"

/**
 * Generates ids and timestamps at one point in time.
 *
 * **Details**
 *
 * A generator is made before a handler runs. The handler then does not yield between its checks and its changes, so
 * concurrent requests cannot interleave.
 */
export interface IdGenerator {
  /** The current time. */
  readonly now: DateTime.Utc
  /** Makes an id. */
  readonly id: (prefix: string) => string
  /** Makes a random token of letters and digits. */
  readonly token: (length: number) => string
  /** Makes a random string of digits. */
  readonly digits: (length: number) => string
  /**
   * Makes the id and `createdAt` of a new row, which sorts after the newest row of its table. `createdAt` is `now`, or the
   * time of the newest row if the clock is behind. Ids of rows of the same millisecond increase.
   */
  readonly next: (newest: Table.Row | undefined, prefix: string) => NewRow
}

/** The id and the time of creation of a new row. */
export interface NewRow {
  readonly id: string
  readonly createdAt: DateTime.Utc
}

/**
 * Returns the `updatedAt` of an updated row: `now`, or one millisecond after the previous update if the clock is behind, so
 * that every update is visible.
 */
export const updateTime = (now: DateTime.Utc, before: DateTime.Utc | undefined): DateTime.Utc =>
  before === undefined ? now : DateTime.max(now, DateTime.add(before, { milliseconds: 1 }))

/** Makes a generator from a clock and a source of random numbers. */
export const make = (clock: Clock.Clock, random: Random.Random): IdGenerator => {
  const now = DateTime.makeUnsafe(clock.currentTimeMillisUnsafe())
  const idAt = (prefix: string, { epochMilliseconds }: DateTime.Utc) =>
    `${prefix}_${Ulid.make(epochMilliseconds, random)}`
  return {
    now,
    id: (prefix) => idAt(prefix, now),
    token: (length) => Ulid.randomString(length, random),
    digits: (length) => Array.from({ length }, () => Math.floor(random.nextDoubleUnsafe() * 10)).join(""),
    next: (newest, prefix) => {
      if (newest?.createdAt === undefined || newest.createdAt.epochMilliseconds < now.epochMilliseconds) {
        return { id: idAt(prefix, now), createdAt: now }
      }
      const ulid = newest.id.startsWith(`${prefix}_`)
        ? Ulid.after(newest.id.slice(prefix.length + 1), random)
        : undefined
      if (ulid !== undefined) return { id: `${prefix}_${ulid}`, createdAt: newest.createdAt }
      // No id of this millisecond follows the id of the newest row, for example because that id is not a ULID.
      const createdAt = DateTime.add(newest.createdAt, { milliseconds: 1 })
      return { id: idAt(prefix, createdAt), createdAt }
    }
  }
}

/** A generator from the `Clock` and `Random` of the current fiber. */
export const current: Effect.Effect<IdGenerator> = Effect.gen(function* () {
  return make(yield* Clock.Clock, yield* Random.Random)
})
