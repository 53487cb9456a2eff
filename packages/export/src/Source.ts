/**
 * A list that can be crawled, which means read to the end by several concurrent cursors, and the error for lists that can't
 * be crawled.
 *
 * @module
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Segment from "./internal/Segment.ts"

/**
 * One page of rows. `next` is the cursor of the next page, or `null` on the last page.
 */
export interface Page<Row> {
  readonly rows: ReadonlyArray<Row>
  readonly next: string | null
}

/**
 * A list that can be crawled. Its rows are in order of creation, and each row is a cursor.
 *
 * **Details**
 *
 * - `fetch`: fetches the page after the row with the id `after`, or the first page of an order.
 * - `isLost`: returns true if `fetch` failed because `after` is not a valid cursor, for example because the row was
 *   deleted.
 * - `positionOf`: returns the id of a row, and its creation time in milliseconds since 1970.
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
 * const explain = ({ message }: CrawlError): string => `The notes can't be crawled: ${message}`
 * ```
 */
export interface Source<Row, E, R> {
  readonly fetch: (order: "asc" | "desc", after: string | undefined) => Effect.Effect<Page<Row>, E, R>
  readonly isLost: (error: E) => boolean
  readonly positionOf: (row: Row) => Segment.Position
}

/**
 * The list can't be crawled: its rows are not in order of creation, it never ends, or the server accepts no row as a
 * cursor.
 */
export class CrawlError extends Data.TaggedError("CrawlError")<{ readonly message: string }> {}

/**
 * Fetches the page after a row. Succeeds with `undefined` if the row is not a valid cursor.
 */
export const fetchAfter = <Row, E, R>(
  source: Source<Row, E, R>,
  direction: Segment.Segment["direction"],
  cursor: string | undefined
) =>
  Effect.catch(source.fetch(direction, cursor), (error): Effect.Effect<Page<Row> | undefined, E> =>
    cursor !== undefined && source.isLost(error) ? Effect.succeed(undefined) : Effect.fail(error)
  )
