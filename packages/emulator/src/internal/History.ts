// The events that lead to seeded rows.
import * as DateTime from "effect/DateTime"
import type * as Random from "effect/Random"
import * as EventLog from "./EventLog.ts"
import * as StoreTables from "./StoreTables.ts"
import { createdMillis } from "./Table.ts"
import type { AnyRow, Tables } from "./Tables.ts"
import * as Ulid from "../Ulid.ts"

/**
 * Returns the events that lead to the rows of a store, oldest first, no two of them in the same millisecond.
 */
export const of = (
  entries: ReadonlyArray<StoreTables.Entry>,
  rows: Readonly<Record<string, ReadonlyArray<AnyRow> | undefined>>,
  store: Tables,
  random: Random.Random
): ReadonlyArray<EventLog.LoggedEvent> => {
  const history = entries.flatMap((entry) =>
    (rows[entry.resource.name] ?? []).flatMap((row) => {
      const versions = [...(entry.declaration.history?.(row) ?? []), row]
      return versions.flatMap((version, index) =>
        StoreTables.eventsOfChange(entries, entry, versions[index - 1], version, store).map((event) => ({
          at: version.updatedAt?.epochMilliseconds ?? createdMillis(version),
          event
        }))
      )
    })
  )

  let last = -Infinity
  // Sorting keeps the order of events of the same time.
  return history
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, event }) => {
      last = Math.max(at, last + 1)
      return EventLog.fromDraft(event, {
        id: `event_${Ulid.make(last, random)}`,
        createdAt: DateTime.makeUnsafe(last)
      })
    })
}
