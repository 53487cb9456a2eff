// Lists that are walked by cursors.
import type { Law } from "../../Law.ts"
import { cursors } from "./lists/cursors.ts"
import { filters } from "./lists/filters.ts"
import { order } from "./lists/order.ts"
import { pages } from "./lists/pages.ts"

/**
 * The laws of lists: pages, order, cursors, filters.
 */
export const lists: ReadonlyArray<Law> = [...pages, ...order, ...cursors, ...filters]
