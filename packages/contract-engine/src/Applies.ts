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
export const isList: Applies = (operation, { conventions: { lists } }) => Sampling.isList(operation, lists)

/**
 * Returns whether an operation is a list with an order.
 */
export const hasOrder: Applies = (operation, { conventions: { lists } }) =>
  Sampling.isList(operation, lists) && lists.order !== undefined

/**
 * Returns whether an operation is a list with a backward cursor.
 */
export const hasBefore: Applies = (operation, { conventions: { forwardOnly = [], lists } }) =>
  Sampling.isList(operation, lists) &&
  lists.before !== undefined &&
  lists.previous !== undefined &&
  !forwardOnly.includes(operation.id)

/**
 * Returns whether an operation is a list with at least this number of filters.
 */
export const hasFilters =
  (count: number): Applies =>
  (operation, { conventions: { filters, lists } }) =>
    Sampling.isList(operation, lists) && (filters?.[operation.id]?.length ?? 0) >= count
