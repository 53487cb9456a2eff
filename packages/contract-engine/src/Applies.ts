/**
 * Predicates that select the operations to which laws of lists apply.
 *
 * @module
 */
import * as Sampling from "./Sampling.ts"
import type { Law } from "./Law.ts"

type Applies = Law["appliesTo"]

/**
 * Returns whether an operation is a list.
 */
export const isList: Applies = (operation, { conventions }) => Sampling.isList(operation, conventions)

/**
 * Returns whether an operation is a list with an order.
 */
export const hasOrder: Applies = (operation, { conventions }) =>
  Sampling.listsOf(operation, conventions)?.order !== undefined

/**
 * Returns whether an operation is a list with a backward cursor.
 */
export const hasBefore: Applies = (operation, { conventions }) => {
  const pagination = Sampling.listsOf(operation, conventions)?.pagination
  return (
    pagination?._tag === "Cursor" &&
    pagination.before !== undefined &&
    pagination.previous !== undefined &&
    conventions.forwardOnly?.includes(operation.id) !== true
  )
}

/**
 * Returns whether an operation is a list with at least this number of filters.
 */
export const hasFilters =
  (count: number): Applies =>
  (operation, { conventions }) =>
    Sampling.isList(operation, conventions) && (conventions.filters?.[operation.id]?.length ?? 0) >= count
