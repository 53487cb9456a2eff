// What lists show of what an operation is about: by its id, by another of its fields, or inside the rows of a list of
// something else.
import * as Effect from "effect/Effect"
import { valueAt, isRow, type Lists, type Row } from "../ApiConventions.ts"
import type { ApiDescription } from "./ApiDescription.ts"
import * as Sampling from "./Sampling.ts"
import type { ApiOperation } from "../ApiOperation.ts"
import { resourceOperationsOf } from "./ResourceOperations.ts"
import { Session } from "../Session.ts"

/**
 * Something that a list shows, and the text that the path of an operation names it by.
 */
export interface KnownRow {
  readonly name: string
  readonly row: Row
}

/**
 * Where a list shows what an operation with one parameter in its path is about.
 */
interface RowLocation {
  readonly list: ApiOperation
  readonly lists: Lists
  /** Where in a row; the row itself where it is empty. */
  readonly path: ReadonlyArray<string>
}

const locationOf = (operation: ApiOperation, description: ApiDescription): RowLocation | undefined => {
  const { conventions, operations } = description
  const { lists, nestedIn = {} } = conventions
  if (lists === undefined || operation.params.length !== 1) return undefined
  const nested = nestedIn[resourceOperationsOf(operation, description).collection]
  const list = operations.find(
    (other) =>
      Sampling.isList(other, lists) &&
      (nested === undefined ? operation.path.startsWith(`${other.path}/`) : other.id === nested.list)
  )
  return list === undefined ? undefined : { list, lists, path: nested?.path ?? [] }
}

/**
 * Whether a list shows what an operation gets.
 */
export const getsListedRow = (operation: ApiOperation, description: ApiDescription): boolean =>
  operation.isSafe && /\/:\w+$/.test(operation.path) && locationOf(operation, description) !== undefined

/**
 * What lists show of what an operation is about, as far as they could be read. `unreadable` says why there is nothing.
 */
export const knownRowsOf = Effect.fnUntraced(function* (operation: ApiOperation) {
  const { description } = yield* Session
  const location = locationOf(operation, description)
  const [param] = operation.params
  const nothing: ReadonlyArray<KnownRow> = []
  if (location === undefined || param === undefined) return { shown: nothing, unreadable: "there is no list of it" }
  const { list, lists, path } = location
  const { known, unreadable } = yield* Sampling.listing(list, lists)
  const rows = known.descending.flatMap((row) => [valueAt(row, path)].flat().filter(isRow))
  // By the field that the parameter is called after, or by the id.
  const field = rows.some((row) => param.name in row) ? param.name : lists.id
  const shown = rows.flatMap((row): ReadonlyArray<KnownRow> => {
    const name = row[field]
    return typeof name === "string" && param.accepts(name) ? [{ name, row }] : []
  })
  return { shown, unreadable: unreadable ?? (shown.length === 0 ? "the list has no rows" : undefined) }
})
