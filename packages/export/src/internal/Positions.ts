// The positions of rows in their list, also of rows without an id or a valid time of creation.
//
// A row without a time gets the time of the nearest older row that has a time. A row without an id gets a hash of its
// content as id. Both are the same in both directions of reading, so two segments that meet agree about them.
import { InvalidRow } from "@effect-workos/client/ClientError"
import { parseMillis } from "@effect-workos/domain/Timestamp"
import * as Effect from "effect/Effect"
import * as Hash from "effect/Hash"
import * as Predicate from "effect/Predicate"
import type { BaseRow } from "../Exportable.ts"
import type { Page } from "../Source.ts"
import type { Position } from "./Segment.ts"

type AnyRow = BaseRow | InvalidRow

/**
 * The positions of the rows of one list.
 */
export interface Positions<E> {
  /** Adds a page. Must run before `of` is called with the rows of this page. */
  readonly add: (page: ReadonlyArray<AnyRow>, order: "asc" | "desc") => Effect.Effect<void, E>
  readonly of: (row: AnyRow) => Position
}

/**
 * Makes the positions of a list. `fetchOlder` fetches the page of rows that are older than a row, newest first. Its
 * result is `undefined` if the row is not a valid cursor.
 */
export const make = <E>(fetchOlder: (id: string) => Effect.Effect<Page<AnyRow> | undefined, E>): Positions<E> => {
  // Contains only rows that lack an id or a time, or share a page with such rows.
  const positions = new WeakMap<object, Position>()
  const newest = { asc: 0, desc: 0 }

  // The time of the nearest row that has a time and is older than all `rows`. The oldest of `rows` is first.
  const findOlder = Effect.fnUntraced(function* (rows: ReadonlyArray<AnyRow>): Effect.fn.Return<number | undefined, E> {
    let cursor = rows.map(idOf).find((id) => id !== undefined)
    while (cursor !== undefined) {
      const page: Page<AnyRow> | undefined = yield* fetchOlder(cursor)
      const created = page?.rows.map(createdOf).find((time) => time !== undefined)
      if (page === undefined || created !== undefined) return created
      if (page.next === null) return 0
      cursor = page.next === cursor ? undefined : page.next
    }
    return undefined
  })

  return {
    add: Effect.fnUntraced(function* (page, order) {
      if (page.every((row) => idOf(row) !== undefined && createdOf(row) !== undefined)) {
        const [last] = page.slice(-1)
        if (last !== undefined) newest[order] = createdOf(last) ?? 0
        return
      }
      const rows = order === "asc" ? page : page.toReversed()
      const times = rows.map(createdOf)
      const [oldest] = times
      // If no row is a valid cursor, the rows are as old as the next row with a time, or as the rows of the page before.
      const before =
        rows.length > 0 && oldest === undefined
          ? ((yield* findOlder(rows)) ?? times.find((time) => time !== undefined) ?? newest[order])
          : 0
      const counts = new Map<string, number>()
      let created = before
      for (const [index, row] of rows.entries()) {
        created = times[index] ?? created
        positions.set(row, { id: idOf(row) ?? contentId(row, counts), created })
      }
      newest[order] = order === "asc" ? created : (times.find((time) => time !== undefined) ?? before)
    }),
    of: (row) => positions.get(row) ?? { id: idOf(row) ?? "", created: createdOf(row) ?? 0 }
  }
}

// Equal rows without an id are numbered. The hash is not a valid cursor.
const contentId = (row: AnyRow, counts: Map<string, number>): string => {
  const hash = Hash.string(JSON.stringify(row instanceof InvalidRow ? row.row : row)).toString(36)
  const count = (counts.get(hash) ?? 0) + 1
  counts.set(hash, count)
  return `hash ${hash} ${count}`
}

const idOf = (row: AnyRow): string | undefined => {
  const { id } = fieldsOf(row)
  return Predicate.isString(id) && id !== "" ? id : undefined
}

/**
 * Returns the time of creation that a row contains, in milliseconds since 1970, or `undefined` if it has no valid one.
 */
export const createdOf = (row: AnyRow): number | undefined => {
  const { created_at } = fieldsOf(row)
  return Predicate.isString(created_at) ? parseMillis(created_at) : undefined
}

const fieldsOf = (row: AnyRow): { readonly id?: unknown; readonly created_at?: unknown } => {
  const received = row instanceof InvalidRow ? row.row : row
  return Predicate.isReadonlyObject(received) ? received : {}
}
