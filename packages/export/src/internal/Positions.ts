// The positions of rows in their list, also of rows that have no valid time of creation.
import { InvalidRow } from "@effect-workos/client/ClientError"
import * as Id from "@effect-workos/domain/Id"
import { parseMillis } from "@effect-workos/domain/Timestamp"
import * as Predicate from "effect/Predicate"
import type { BaseRow } from "../Exportable.ts"
import type { Position } from "./Segment.ts"

type AnyRow = BaseRow | InvalidRow

/**
 * The positions of the rows of one list.
 */
export interface Positions {
  /** Adds a page, before the positions of its rows are used. */
  readonly add: (page: ReadonlyArray<AnyRow>) => void
  readonly of: (row: AnyRow) => Position
}

export const make = (): Positions => {
  // Only of rows that do not contain their own.
  const positions = new WeakMap<object, Position>()
  return {
    add: (page) => {
      const times = page.map(createdOf)
      page.forEach((row, index) => {
        if (!(row instanceof InvalidRow) && times[index] !== undefined) return
        // Lists are in order of creation, so a row without a time has about that of its neighbours.
        const before = times.slice(0, index).findLast((time) => time !== undefined)
        const created = times[index] ?? before ?? times.find((time) => time !== undefined) ?? 0
        positions.set(row, { id: idOf(row), created })
      })
    },
    of: (row) => positions.get(row) ?? { id: idOf(row), created: createdOf(row) ?? 0 }
  }
}

const idOf = (row: AnyRow): string => (row instanceof InvalidRow ? (row.id ?? JSON.stringify(row.row)) : row.id)

const createdOf = (row: AnyRow): number | undefined => {
  const { created_at, id } = row instanceof InvalidRow ? fieldsOf(row.row) : row
  const time = Predicate.isString(created_at) ? parseMillis(created_at) : undefined
  return time ?? (Predicate.isString(id) ? Id.timeOf(id) : undefined)
}

const fieldsOf = (row: unknown): { readonly id?: unknown; readonly created_at?: unknown } =>
  Predicate.isReadonlyObject(row) ? row : {}
