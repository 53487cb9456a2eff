// A list that can be crawled, and why one can't.
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Front from "./internal/Front.ts"

/**
 * Rows that came together, and the id after which the next page begins; `null` where there is none.
 */
export interface Page<Row> {
  readonly rows: ReadonlyArray<Row>
  readonly next: string | null
}

/**
 * A list that can be crawled.
 *
 * **Details**
 *
 * - `fetch`: a page after a row, or from the end that the order begins with.
 * - `isLost`: whether that failed because the row is no place in the list, or no more.
 *
 * **Example** (A list in memory)
 *
 * ```ts
 * import { type CrawlError, fetchAfter, type Page, type Source } from "@effect-workos/export/Source"
 * import * as Effect from "effect/Effect"
 *
 * interface Note {
 *   readonly id: string
 *   readonly created: number
 * }
 *
 * const page: Page<Note> = { rows: [{ id: "note_1", created: 1 }], next: null }
 *
 * const notes: Source<Note, never, never> = {
 *   fetch: () => Effect.succeed(page),
 *   isLost: () => false,
 *   positionOf: (note) => note
 * }
 *
 * const first = fetchAfter(notes, "asc", undefined)
 *
 * const told = ({ message }: CrawlError): string => `The notes can't be crawled: ${message}`
 * ```
 */
export interface Source<Row, E, R> {
  readonly fetch: (order: "asc" | "desc", after: string | undefined) => Effect.Effect<Page<Row>, E, R>
  readonly isLost: (error: E) => boolean
  readonly positionOf: (row: Row) => Front.Position
}

/**
 * The list can't be crawled from several places: its rows are not in the order of their creation, or it never ends.
 */
export class CrawlError extends Data.TaggedError("CrawlError")<{ readonly message: string }> {}

/**
 * A page, or nothing where the row that it should follow is no place in the list.
 */
export const fetchAfter = <Row, E, R>(
  source: Source<Row, E, R>,
  direction: Front.Front["direction"],
  cursor: string | undefined
) =>
  Effect.catch(source.fetch(direction, cursor), (error): Effect.Effect<Page<Row> | undefined, E> =>
    cursor !== undefined && source.isLost(error) ? Effect.succeed(undefined) : Effect.fail(error)
  )
