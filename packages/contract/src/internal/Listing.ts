// A list, as it was read: from both ends, where it has two.
import type { Row } from "../ApiConventions.ts"
import type { Exchange } from "../Exchange.ts"

export type Order = "ascending" | "descending"

/**
 * A page: its rows, and the cursors of its neighbours, `null` where there are none.
 */
export interface Page {
  readonly rows: ReadonlyArray<Row>
  readonly ids: ReadonlyArray<string>
  readonly next: string | null
  readonly previous: string | null
  readonly exchange: Exchange
}

/**
 * All pages from one end, until the list ends or there are as many rows as are wanted.
 */
export interface Traversal {
  readonly pages: ReadonlyArray<Page>
  readonly rows: ReadonlyArray<Row>
  readonly ids: ReadonlyArray<string>
  /** How it ended: at the last page; with enough rows; at a cursor that was there before; or at an response that is no page. */
  readonly end: "last" | "row-limit" | "repeated-cursor" | "empty-page" | "unreadable"
  /** The response that is no page, or the page that repeats a cursor. */
  readonly problem?: { readonly exchange: Exchange; readonly message: string }
}

/**
 * What there is to know of a list.
 *
 * **Details**
 *
 * - `known`: its rows in each order, each once: all of them where `isComplete`, and otherwise those that come first.
 * - `traversals`: how they were read. Where a list has no order, it is read in the one it comes in, as descending.
 */
export interface Listing {
  readonly known: Readonly<Record<Order, ReadonlyArray<Row>>>
  readonly isComplete: boolean
  readonly traversals: Readonly<Partial<Record<Order, Traversal>>>
  /** Why it can't be compared with, where it can't. */
  readonly unreadable?: string
}
