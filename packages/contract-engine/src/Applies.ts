// Predicates that select the operations to which laws of lists apply.
import * as Sampling from "./Sampling.ts"
import type { Law } from "./Law.ts"

type Applies = Law["appliesTo"]

export const isList: Applies = (operation, { conventions: { lists } }) => Sampling.isList(operation, lists)

export const hasOrder: Applies = (operation, { conventions: { lists } }) =>
  Sampling.isList(operation, lists) && lists.order !== undefined

/** Lists with a backward cursor. */
export const hasBefore: Applies = (operation, { conventions: { forwardOnly = [], lists } }) =>
  Sampling.isList(operation, lists) &&
  lists.before !== undefined &&
  lists.previous !== undefined &&
  !forwardOnly.includes(operation.id)

/** Lists with at least this number of filters. */
export const hasFilters =
  (count: number): Applies =>
  (operation, { conventions: { filters, lists } }) =>
    Sampling.isList(operation, lists) && (filters?.[operation.id]?.length ?? 0) >= count
