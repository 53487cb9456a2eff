// Everything there is, as rows in the form in which they came.
import { Connections, type CrawlOptions as Walk, type ListError } from "@effect-workos/client/Connections"
import * as RetryPolicy from "@effect-workos/client/RetryPolicy"
import type { Connection } from "@effect-workos/domain/Connection"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Crawl from "./Crawl.ts"
import type { Position } from "./Front.ts"
import type * as Source from "./Source.ts"

export type Row = typeof Connection.Encoded

/** The order of a single walk for which none is asked. */
export const defaultOrder = "desc"

/**
 * Which connections are exported, and how.
 *
 * **Details**
 *
 * - `concurrency`: how many requests are under way at once; 8. With 1, rows come in `order`; with more they come in none.
 * - `index`: ids that existed at the last export, to start from: see `Index`.
 * - `from`: where an earlier export was, with the same filters.
 * - `onRequest`: what happens with each request besides.
 */
export interface Options extends Omit<Walk, "after"> {
  readonly concurrency?: number | undefined
  readonly index?: ReadonlyArray<string> | undefined
  readonly from?: Crawl.State | undefined
  readonly onRequest?: Effect.Effect<void> | undefined
}

export type ExportError = ListError | Source.CrawlError

/**
 * All connections that match, in batches, each with where the export is when it is stored.
 *
 * **Details**
 *
 * They are fetched from both ends at once until the two meet, and, where an index is given, from each of its ids too. Rows
 * are encoded: valid, and with every field that the server sent. One that is there from beginning to end comes once,
 * whatever else is created or deleted meanwhile; those that are created meanwhile do not come, except to the end of a
 * single walk from the oldest on, and those that are deleted may.
 *
 * As soon as a page has come, requests that fail are repeated as `RetryPolicy.patient` says, unless the program has provided
 * another policy than the standard one.
 *
 * `Crawl.sink` stores batches with where the export is then; given that as `from`, another one goes on there.
 *
 * **Example** (Into a database, with checkpoints)
 *
 * ```ts
 * import * as Crawl from "@effect-workos/export/Crawl"
 * import * as Export from "@effect-workos/export/Export"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * declare const store: (rows: ReadonlyArray<Export.Row>, state: Crawl.State) => Effect.Effect<void>
 *
 * const program = Export.batches({ connectionType: "OktaSAML" }).pipe(
 *   Stream.run(Crawl.sink({ rows: 1000, store: ({ rows }, state) => store(rows, state) }))
 * )
 * ```
 *
 * @see https://workos.com/docs/reference/pagination
 */
export const batches = (options: Options = {}): Stream.Stream<Crawl.Batch<Row>, ExportError, Connections> =>
  Stream.unwrap(
    Connections.useSync(({ encoded }) => {
      const {
        concurrency = 8,
        from,
        index = [],
        onRequest = Effect.void,
        order = defaultOrder,
        pageSize = 100,
        ...filters
      } = options
      let hasBegun = false
      const source: Source.Source<Row, ListError, never> = {
        fetch: (order, after) =>
          Effect.map(
            Effect.andThen(onRequest, patiently(encoded.list({ ...filters, order, after, limit: pageSize }), hasBegun)),
            (page) => {
              hasBegun = true
              return { rows: page.data, next: page.list_metadata.after }
            }
          ),
        // The parameters are right; it can only be the cursor that is not.
        isLost: ({ _tag }) => _tag === "UnprocessableEntity" || _tag === "InvalidRequest",
        positionOf
      }
      return Crawl.batches(source, { concurrency, order, pivots: index, from })
    })
  )

// A wrong address is told at once, and what has brought rows already outlasts a bad minute: unless the program has a policy
// of its own.
const patiently = <A, E>(call: Effect.Effect<A, E>, hasBegun: boolean): Effect.Effect<A, E> =>
  Effect.flatMap(RetryPolicy.RetryPolicy, (policy) =>
    hasBegun && policy === RetryPolicy.standard
      ? Effect.provideService(call, RetryPolicy.RetryPolicy, RetryPolicy.patient)
      : call
  )

/**
 * The rows of {@link batches}, a page or less at a time.
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
 */
export const connections = (options?: Options): Stream.Stream<ReadonlyArray<Row>, ExportError, Connections> =>
  batches(options).pipe(
    Stream.filter(({ rows }) => rows.length > 0),
    Stream.map(({ rows }) => rows)
  )

/**
 * Where a row is in the order of creation.
 */
export const positionOf = ({ created_at, id }: Row): Position => ({ id, created: Date.parse(created_at) })
