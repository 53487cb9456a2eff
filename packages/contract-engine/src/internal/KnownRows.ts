// Known rows: resources that lists contain, and the text that identifies each in the path of an operation.
//
// An operation identifies a resource by its id or by another field. The resource is a row of a list, or nested in a row.
import * as Effect from "effect/Effect"
import { valueAt, isRow, type Lists, type Row } from "../ApiConventions.ts"
import type { ApiDescription } from "../ApiDescription.ts"
import * as Sampling from "../Sampling.ts"
import type { ApiOperation } from "../ApiOperation.ts"
import { resourceOperationsOf } from "../ResourceOperations.ts"
import { Session } from "../Session.ts"

/**
 * A resource that a list contains, and the text that identifies it in a path.
 */
export interface KnownRow {
  readonly name: string
  readonly row: Row
}

/**
 * The list that contains the resources of an operation with one path parameter.
 */
interface RowLocation {
  readonly list: ApiOperation
  readonly lists: Lists
  /** The path of the resources within a row; empty for the row itself. */
  readonly path: ReadonlyArray<string>
}

const locationOf = (operation: ApiOperation, description: ApiDescription): RowLocation | undefined => {
  const { conventions, operations } = description
  const { nestedIn = {} } = conventions
  if (operation.params.length !== 1) return undefined
  const nested = nestedIn[resourceOperationsOf(operation, description).collection]
  const { list: own } = resourceOperationsOf(operation, description)
  const list =
    own ??
    operations.find(
      (other) =>
        Sampling.isList(other, conventions) &&
        (nested === undefined ? operation.path.startsWith(`${other.path}/`) : other.id === nested.list)
    )
  const lists = list && Sampling.listsOf(list, conventions)
  return list === undefined || lists === undefined ? undefined : { list, lists, path: nested?.path ?? [] }
}

/**
 * Returns the list that contains the resources of an operation with one path parameter, or that creating adds to.
 */
export const listOf = (operation: ApiOperation, description: ApiDescription): ApiOperation | undefined =>
  locationOf(operation, description)?.list ?? resourceOperationsOf(operation, description).list

/**
 * Returns whether an operation gets a resource that a list contains.
 */
export const getsListedRow = (operation: ApiOperation, description: ApiDescription): boolean =>
  operation.isSafe && /\/:\w+$/.test(operation.path) && locationOf(operation, description) !== undefined

/**
 * Returns the known rows for an operation. `unreadable` is the reason if no rows are known.
 */
export const knownRowsOf = Effect.fnUntraced(function* (operation: ApiOperation) {
  const { description } = yield* Session
  const location = locationOf(operation, description)
  const [param] = operation.params
  const nothing: ReadonlyArray<KnownRow> = []
  if (location === undefined || param === undefined)
    return { resources: nothing, unreadable: "no list contains such resources" }
  const { list, lists, path } = location
  const { known, unreadable } = yield* Sampling.listing(list, lists)
  const rows = known.descending.flatMap((row) => [valueAt(row, path)].flat().filter(isRow))
  // The field with the parameter's name, if any, otherwise the id.
  const field = rows.some((row) => param.name in row) ? param.name : lists.id
  const resources = rows.flatMap((row): ReadonlyArray<KnownRow> => {
    const value = row[field]
    const name = typeof value === "number" ? String(value) : value
    return typeof name === "string" && param.accepts(name) ? [{ name, row }] : []
  })
  return { resources, unreadable: unreadable ?? (resources.length === 0 ? "the list has no rows" : undefined) }
})

/**
 * Returns at most `maximum` rows from all over a list.
 */
export const spread = (resources: ReadonlyArray<KnownRow>, maximum: number): ReadonlyArray<KnownRow> => {
  const count = Math.min(resources.length, maximum)
  const bucketOf = (index: number) => Math.floor((index * count) / resources.length)
  return resources.filter((_, index) => bucketOf(index) > bucketOf(index - 1))
}
