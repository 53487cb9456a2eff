// The laws of lists: pages, order, cursors and filters.
import type { Law } from "../../Law.ts"
import { cursors } from "./lists/cursors.ts"
import { filters } from "./lists/filters.ts"
import { order } from "./lists/order.ts"
import { pages } from "./lists/pages.ts"

/**
 * The laws of lists: pages, order, cursors and filters.
 */
export const lists: ReadonlyArray<Law> = [...pages, ...order, ...cursors, ...filters]
