// What lists show of what an operation is about: by its id, by another of its fields, or inside the rows of a list of
// something else.
import * as Effect from "effect/Effect"
import { at, isRow, type Lists, type Row } from "../Convention.ts"
import type { Description } from "./Description.ts"
import * as Harvest from "./Harvest.ts"
import type { Operation } from "../Operation.ts"
import { resourceOf } from "./Resource.ts"
import { Session } from "../Session.ts"

/**
 * Something that a list shows, and the text that the path of an operation names it by.
 */
export interface Shown {
  readonly name: string
  readonly row: Row
}

/**
 * Where a list shows what an operation with one parameter in its path is about.
 */
interface Place {
  readonly list: Operation
  readonly lists: Lists
  /** Where in a row; the row itself where it is empty. */
  readonly path: ReadonlyArray<string>
}

const placeOf = (operation: Operation, description: Description): Place | undefined => {
  const { convention, operations } = description
  const { lists, within = {} } = convention
  if (lists === undefined || operation.params.length !== 1) return undefined
  const inside = within[resourceOf(operation, description).collection]
  const list = operations.find(
    (other) =>
      Harvest.isList(other, lists) &&
      (inside === undefined ? operation.path.startsWith(`${other.path}/`) : other.id === inside.list)
  )
  return list === undefined ? undefined : { list, lists, path: inside?.path ?? [] }
}

/**
 * Whether a list shows what an operation gets.
 */
export const isGotFromList = (operation: Operation, description: Description): boolean =>
  operation.isSafe && /\/:\w+$/.test(operation.path) && placeOf(operation, description) !== undefined

/**
 * What lists show of what an operation is about, as far as they could be read. `unreadable` says why there is nothing.
 */
export const shownTo = Effect.fnUntraced(function* (operation: Operation) {
  const { description } = yield* Session
  const place = placeOf(operation, description)
  const [param] = operation.params
  const nothing: ReadonlyArray<Shown> = []
  if (place === undefined || param === undefined) return { shown: nothing, unreadable: "there is no list of it" }
  const { list, lists, path } = place
  const { known, unreadable } = yield* Harvest.listing(list, lists)
  const rows = known.descending.flatMap((row) => [at(row, path)].flat().filter(isRow))
  // By the field that the parameter is called after, or by the id.
  const field = rows.some((row) => param.name in row) ? param.name : lists.id
  const shown = rows.flatMap((row): ReadonlyArray<Shown> => {
    const name = row[field]
    return typeof name === "string" && param.accepts(name) ? [{ name, row }] : []
  })
  return { shown, unreadable: unreadable ?? (shown.length === 0 ? "the list has no rows" : undefined) }
})
