// Known values: texts from the lists of the target, for the parameters and fields of an operation.
//
// The list of the operation's own resource comes first. Other lists are read only for ids that this list does not contain,
// so that the values do not depend on the operations that a run selects.
import * as Effect from "effect/Effect"
import type { ApiDescription } from "../ApiDescription.ts"
import type { ApiOperation } from "../ApiOperation.ts"
import * as Sampling from "../Sampling.ts"
import { Session } from "../Session.ts"
import * as KnownRows from "./KnownRows.ts"

/**
 * A parameter or a field whose values are searched for.
 */
export interface Wanted {
  readonly name: string
  readonly accepts: (text: string) => boolean
  /** True if the values are ids, which are also searched for in the lists of other resources. */
  readonly isId: boolean
}

/**
 * Returns the lists of the resource of an operation.
 */
export const ownLists = (operation: ApiOperation, description: ApiDescription): ReadonlyArray<ApiOperation> => {
  if (Sampling.isList(operation, description.conventions)) return [operation]
  const list = KnownRows.listOf(operation, description)
  return list === undefined ? [] : [list]
}

/**
 * Returns the lists that show changes of the data of an operation: the lists of its resource, or else all lists.
 */
export const comparedLists = (
  operation: ApiOperation,
  description: ApiDescription
): ReturnType<typeof Sampling.listOperations> => {
  const own = ownLists(operation, description).map(({ id }) => id)
  const all = Sampling.listOperations(description)
  return own.length === 0 ? all : all.filter(({ list }) => own.includes(list.id))
}

/**
 * Returns the known values by name.
 */
export const find = Effect.fnUntraced(function* (operation: ApiOperation, wanted: ReadonlyArray<Wanted>) {
  const { description } = yield* Session
  const found = new Map<string, ReadonlyArray<string>>()
  const search = Effect.fnUntraced(function* (lists: ReadonlyArray<ApiOperation>) {
    const rows = yield* Sampling.rowsOf(lists, description.conventions)
    const ids = yield* Sampling.idsOf(lists, description.conventions)
    for (const { accepts, name } of wanted) {
      if (found.has(name)) continue
      const named = Sampling.fieldValues(rows, name).filter(accepts)
      // Known ids, for parameters that accept only ids of their kind.
      const values = named.length > 0 || accepts("x") || accepts("1") ? named : ids.filter(accepts)
      if (values.length > 0) found.set(name, values)
    }
  })
  const own = ownLists(operation, description)
  yield* search(own)
  for (const { list } of Sampling.listOperations(description)) {
    if (!wanted.some(({ isId, name }) => isId && !found.has(name))) break
    if (!own.some(({ id }) => id === list.id)) yield* search([list])
  }
  return found
})
