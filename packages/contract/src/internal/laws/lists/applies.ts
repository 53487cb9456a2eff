// Which operations laws about lists are about.
import * as Sampling from "../../Sampling.ts"
import type { Law } from "../../../Law.ts"

type Applies = Law["appliesTo"]

export const isList: Applies = (operation, { conventions: { lists } }) => Sampling.isList(operation, lists)

export const hasOrder: Applies = (operation, { conventions: { lists } }) =>
  Sampling.isList(operation, lists) && lists.order !== undefined

/** Lists that can be walked back as well: whose pages say what was before them. */
export const hasBefore: Applies = (operation, { conventions: { forwardOnly = [], lists } }) =>
  Sampling.isList(operation, lists) &&
  lists.before !== undefined &&
  lists.previous !== undefined &&
  !forwardOnly.includes(operation.id)

/** Lists with so many filters or more. */
export const hasFilters =
  (count: number): Applies =>
  (operation, { conventions: { filters, lists } }) =>
    Sampling.isList(operation, lists) && (filters?.[operation.id]?.length ?? 0) >= count
