// Everything there is, as pages of rows in the form in which they came.
import { Connections, type CrawlError, type CrawlOptions } from "@effect-workos/client/Connections"
import type { Connection } from "@effect-workos/domain/Connection"
import * as Stream from "effect/Stream"

/**
 * All connections that match, page by page, encoded: valid rows, with every field that the server sent.
 *
 * **Details**
 *
 * One crawl, newest first where nothing is said. Pages, not rows, so that what counts, writes or sends them can do it
 * a hundred at a time. Memory does not grow with their number: a page is held while it is consumed, and the next one is
 * fetched meanwhile.
 *
 * **Example** (Writing all connections of a type to a file)
 *
 * ```ts
 * import * as AtomicFile from "@effect-workos/export/AtomicFile"
 * import * as Export from "@effect-workos/export/Export"
 * import * as Ndjson from "@effect-workos/export/Ndjson"
 * import * as Stream from "effect/Stream"
 *
 * const program = Export.connections({ connectionType: "OktaSAML" }).pipe(
 *   Stream.map(Ndjson.lines),
 *   (lines) => AtomicFile.write("okta.ndjson", lines)
 * )
 * ```
 *
 * @see https://workos.com/docs/reference/pagination
 */
export const connections = (
  options?: CrawlOptions
): Stream.Stream<ReadonlyArray<typeof Connection.Encoded>, CrawlError, Connections> =>
  Stream.unwrap(Connections.useSync(({ encoded }) => Stream.map(encoded.pages(options), ({ data }) => data)))
