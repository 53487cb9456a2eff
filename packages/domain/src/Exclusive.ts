// Query parameters that exclude each other, such as a cursor and the start of a time range.
import * as DateTime from "effect/DateTime"
import * as Predicate from "effect/Predicate"
import type { EncodedPage, Page, Parameter } from "./Pagination.ts"
import { parseMillis } from "./Timestamp.ts"

/**
 * Groups of query parameters of which a request has at most one, and what follows from them.
 *
 * **Details**
 *
 * - `groups`: the names of the parameters.
 * - `conflict`: returns the names of parameters that are given but exclude each other, or `undefined` if there are none.
 * - `violation`: says in words which parameters are in conflict, or returns `undefined`.
 * - `afterCursor`: returns the request for the pages after a cursor of a list.
 */
export interface Exclusive {
  readonly groups: ReadonlyArray<ReadonlyArray<string>>
  readonly conflict: (query: object) => ReadonlyArray<string> | undefined
  readonly violation: (query: object) => string | undefined
  readonly afterCursor: <Query extends object>(query: Query) => AfterCursor<Query>
}

/**
 * The request for the pages after a cursor of a list.
 *
 * **Details**
 *
 * - `query`: the query without the parameters that a cursor excludes.
 * - `since`: the time in milliseconds from which rows are listed, if a cursor excludes its parameter. Pages may then contain
 *   older rows.
 * - `restrict`: removes older rows from a page. A descending list ends with a page of only such rows.
 */
export interface AfterCursor<Query> {
  readonly query: Query
  readonly since: number | undefined
  readonly restrict: <A extends Page<unknown> | EncodedPage<unknown>>(page: A) => A
}

/**
 * Describes query parameters that exclude each other. `since` is the one with the time from which rows are listed.
 *
 * **Example** (A cursor and the start of a time range)
 *
 * ```ts
 * import * as Exclusive from "@effect-workos/domain/Exclusive"
 * import * as DateTime from "effect/DateTime"
 *
 * const exclusive: Exclusive.Exclusive = Exclusive.make([["after", "rangeStart"]], { since: "rangeStart" })
 *
 * const rangeStart = DateTime.makeUnsafe("2026-01-15T12:00:00Z")
 *
 * exclusive.conflict({ after: "event_01", rangeStart }) // => ["after", "rangeStart"]
 *
 * const next: Exclusive.AfterCursor<object> = exclusive.afterCursor({ rangeStart })
 *
 * next.since // => 1768478400000
 * ```
 */
export const make = (
  groups: ReadonlyArray<ReadonlyArray<string>>,
  options: { readonly since?: string } = {}
): Exclusive => {
  const excluded = groups.filter((group) => group.includes(cursor)).flat()
  const without = Object.fromEntries(
    excluded.filter((name) => name !== cursor).map((name) => [name, undefined] as const)
  )
  const conflict = (query: object) =>
    groups
      .map((group) => group.filter((name) => Reflect.get(query, name) !== undefined))
      .find((names) => names.length > 1)
  return {
    groups,
    conflict,
    violation: (query) => {
      const names = conflict(query)
      return names === undefined ? undefined : `${names.join(" and ")} exclude each other: set one of them`
    },
    afterCursor: (query) => {
      const name = options.since ?? ""
      const time: unknown = name in without ? Reflect.get(query, name) : undefined
      const since = DateTime.isDateTime(time) ? DateTime.toEpochMillis(time) : undefined
      const order: unknown = Reflect.get(query, "order")
      return {
        query: { ...query, ...without },
        since,
        restrict: (page) => (since === undefined ? page : withoutOlder(page, since, order))
      }
    }
  }
}

const cursor: Parameter = "after"

// A row without a time of creation is not older.
const isOlder = (row: unknown, since: number): boolean => (createdMillis(row) ?? since) < since

// The row is decoded, encoded, or the error for a row, which contains it as received.
const createdMillis = (row: unknown): number | undefined => {
  if (Predicate.hasProperty(row, "createdAt")) {
    return DateTime.isDateTime(row.createdAt) ? DateTime.toEpochMillis(row.createdAt) : undefined
  }
  if (Predicate.hasProperty(row, "created_at")) {
    return Predicate.isString(row.created_at) ? parseMillis(row.created_at) : undefined
  }
  return Predicate.hasProperty(row, "row") ? createdMillis(row.row) : undefined
}

const withoutOlder = <A extends Page<unknown> | EncodedPage<unknown>>(page: A, since: number, order: unknown): A => {
  const data = page.data.filter((row) => !isOlder(row, since))
  // Ascending pages have older rows only if the server ignores the cursor. Their cursors tell.
  const isPast = order !== "asc" && data.length === 0 && page.data.length > 0
  if (!isPast) return { ...page, data }
  const key = "listMetadata" in page ? "listMetadata" : "list_metadata"
  return { ...page, data, [key]: { ...Reflect.get(page, key), after: null } }
}
