/**
 * Query parameters that exclude each other, such as a cursor and the start of a time range.
 *
 * @module
 */
import * as DateTime from "effect/DateTime"
import * as Predicate from "effect/Predicate"
import type { EncodedPage, Page, Parameter } from "./Pagination.ts"
import { parseMillis } from "./Timestamp.ts"

/**
 * Groups of query parameters that exclude each other: a request has at most one parameter of each group.
 *
 * **Details**
 *
 * - `groups`: the names of the parameters.
 * - `conflict`: returns the names of parameters of a query that exclude each other, or `undefined` without a conflict.
 * - `violation`: returns the conflict as an error message, or `undefined` without a conflict.
 * - `afterCursor`: returns the query for the pages after a cursor.
 */
export interface Exclusive {
  readonly groups: ReadonlyArray<ReadonlyArray<string>>
  readonly conflict: (query: object) => ReadonlyArray<string> | undefined
  readonly violation: (query: object) => string | undefined
  readonly afterCursor: <Query extends object>(query: Query) => AfterCursor<Query>
}

/**
 * The query for the pages after a cursor.
 *
 * **Details**
 *
 * - `query`: the query without the parameters that a cursor excludes.
 * - `since`: the start of the time range in milliseconds since 1970, if the start was removed from the query. Pages may
 *   then contain rows older than `since`.
 * - `restrict`: removes rows older than `since` from a page. A descending list ends with the first page that contains only
 *   older rows.
 */
export interface AfterCursor<Query> {
  readonly query: Query
  readonly since: number | undefined
  readonly restrict: <A extends Page<unknown> | EncodedPage<unknown>>(page: A) => A
}

/**
 * Describes groups of query parameters that exclude each other. `since` names the parameter with the start of a time range.
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

// A row without a creation time is kept.
const isOlder = (row: unknown, since: number): boolean => (createdMillis(row) ?? since) < since

// A row is decoded, encoded, or an error whose key `row` contains the encoded row.
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
  // Ascending pages contain older rows only if the server ignores the cursor. Then the cursor repeats, and the stream
  // fails.
  const isPast = order !== "asc" && data.length === 0 && page.data.length > 0
  if (!isPast) return { ...page, data }
  const key = "listMetadata" in page ? "listMetadata" : "list_metadata"
  return { ...page, data, [key]: { ...Reflect.get(page, key), after: null } }
}
