/**
 * Lists as they were read: their pages and rows, from both ends.
 *
 * @module
 */
import type { Row } from "./ApiConventions.ts"
import type { Exchange } from "./Exchange.ts"

/**
 * The order of the rows of a list, by creation.
 */
export type Order = "ascending" | "descending"

/**
 * A page: its rows, and the cursors of the neighbouring pages, `null` if such a page does not exist.
 */
export interface Page {
  readonly rows: ReadonlyArray<Row>
  readonly ids: ReadonlyArray<string>
  readonly next: string | null
  readonly previous: string | null
  readonly exchange: Exchange
}

/**
 * The pages of a list from one end, until the list ends or enough rows are read.
 */
export interface Traversal {
  readonly pages: ReadonlyArray<Page>
  readonly rows: ReadonlyArray<Row>
  readonly ids: ReadonlyArray<string>
  /**
   * The reason for the end: the last page, enough rows, a repeated cursor, an empty page with a cursor, or a response
   * that is not a page.
   */
  readonly end: "last" | "row-limit" | "repeated-cursor" | "empty-page" | "unreadable"
  /** The response that is not a page, or the page with the invalid cursor. */
  readonly problem?: { readonly exchange: Exchange; readonly message: string }
}

/**
 * The known rows of a list.
 *
 * **Details**
 *
 * - `known`: the distinct rows in each order: all of them if `isComplete`, otherwise the first ones.
 * - `traversals`: the traversal in each order. A list without an order is read once, as descending.
 */
export interface Listing {
  readonly known: Readonly<Record<Order, ReadonlyArray<Row>>>
  readonly isComplete: boolean
  readonly traversals: Readonly<Partial<Record<Order, Traversal>>>
  /** The reason why responses cannot be compared with the list. */
  readonly unreadable?: string
}
