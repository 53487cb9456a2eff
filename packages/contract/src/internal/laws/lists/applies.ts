// Which operations laws about lists are about.
import * as Harvest from "../../Harvest.ts"
import type { Law } from "../../../Law.ts"

type Applies = Law["appliesTo"]

export const isList: Applies = (operation, { convention: { lists } }) => Harvest.isList(operation, lists)

export const hasOrder: Applies = (operation, { convention: { lists } }) =>
  Harvest.isList(operation, lists) && lists.order !== undefined

/** Lists that can be walked back as well: whose pages say what was before them. */
export const hasBefore: Applies = (operation, { convention: { forward = [], lists } }) =>
  Harvest.isList(operation, lists) &&
  lists.before !== undefined &&
  lists.previous !== undefined &&
  !forward.includes(operation.id)

/** Lists with so many filters or more. */
export const hasFilters =
  (count: number): Applies =>
  (operation, { convention: { filters, lists } }) =>
    Harvest.isList(operation, lists) && (filters?.[operation.id]?.length ?? 0) >= count
