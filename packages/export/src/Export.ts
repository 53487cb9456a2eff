// Everything there is, as rows in the form in which they came.
import * as RetryPolicy from "@effect-workos/client/RetryPolicy"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Crawl from "./Crawl.ts"
import type { Position } from "./internal/Front.ts"
import * as Resource from "./Resource.ts"
import type * as Source from "./Source.ts"

/** The order of a single walk for which none is asked. */
export const defaultOrder = "desc"

/**
 * Which rows are exported, by the filters of their list, and how.
 *
 * **Details**
 *
 * - `order`: from which end a single walk goes: `desc`, from the newest on, where nothing is said.
 * - `pageSize`: how many rows a request fetches: 1 to 100, and 100 where nothing is said.
 * - `concurrency`: how many requests are under way at once; 8. With 1, rows come in `order`; with more they come in none.
 * - `index`: ids that existed at the last export, to start from: see `Index`.
 * - `from`: where an earlier export was, with the same filters.
 * - `onRequest`: what happens with each request besides.
 *
 * **Example** (One walk from the oldest row on)
 *
 * ```ts
 * import * as Export from "@effect-workos/export/Export"
 * import type { ConnectionFilters } from "@effect-workos/export/Resource"
 *
 * const walk: Export.Walk = { concurrency: 1, order: Export.defaultOrder === "desc" ? "asc" : "desc" }
 *
 * const options: Export.Options<ConnectionFilters> = { ...walk, connectionType: "OktaSAML" }
 *
 * const rows = Export.connections(options)
 * ```
 */
export type Options<Filters> = Filters & Walk

/**
 * How rows are fetched, whatever they are.
 */
export interface Walk {
  readonly order?: "asc" | "desc" | undefined
  readonly pageSize?: number | undefined
  readonly concurrency?: number | undefined
  readonly index?: ReadonlyArray<string> | undefined
  readonly from?: Crawl.State | undefined
  readonly onRequest?: Effect.Effect<void> | undefined
}

/**
 * All rows of a resource that match, in batches, each with where the export is when it is stored.
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
 * Fails as the resource's list does, and with `CrawlError` where that can't be walked: its rows are not in the order of
 * their creation, or it never ends.
 *
 * **Example** (Into a database, with checkpoints)
 *
 * ```ts
 * import * as Crawl from "@effect-workos/export/Crawl"
 * import * as Export from "@effect-workos/export/Export"
 * import * as Resource from "@effect-workos/export/Resource"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * declare const store: (rows: ReadonlyArray<Resource.ConnectionRow>, state: Crawl.State) => Effect.Effect<void>
 *
 * const program = Export.batches(Resource.connections, { connectionType: "OktaSAML" }).pipe(
 *   Stream.run(Crawl.sink({ rows: 1000, store: ({ rows }, state) => store(rows, state) }))
 * )
 * ```
 *
 * @see https://workos.com/docs/reference/pagination
 */
export const batches = <Row extends Resource.Listed, Filters, E extends { readonly _tag: string }, Service>(
  resource: Resource.Resource<Row, Filters, E, Service>,
  options: Options<Filters>
): Stream.Stream<Crawl.Batch<Row>, E | Source.CrawlError, Service> =>
  Stream.unwrap(
    Effect.map(resource.list, (list) => {
      const {
        concurrency = 8,
        from,
        index = [],
        onRequest = Effect.void,
        order = defaultOrder,
        pageSize = 100
      } = options
      let hasBegun = false
      const source: Source.Source<Row, E, never> = {
        fetch: (order, after) =>
          Effect.map(
            // What is no parameter of the list is left out where the request is written.
            Effect.andThen(onRequest, patiently(list({ ...options, order, after, limit: pageSize }), hasBegun)),
            (page) => {
              hasBegun = true
              return { rows: page.data, next: page.list_metadata.after }
            }
          ),
        isLost: ({ _tag }) => lost.has(_tag),
        positionOf
      }
      return Crawl.batches(source, { concurrency, order, pivots: index, from })
    })
  )

// The parameters are right; it can only be the cursor that is not.
const lost: ReadonlySet<string> = new Set(["UnprocessableEntity", "InvalidRequest", "BadRequest"])

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
 * **Example** (The rows of any resource as lines)
 *
 * ```ts
 * import * as Export from "@effect-workos/export/Export"
 * import * as Ndjson from "@effect-workos/export/Ndjson"
 * import * as Resource from "@effect-workos/export/Resource"
 *
 * const bytes = Ndjson.write(Export.rows(Resource.organizations, { search: "Corp" }))
 * ```
 */
export const rows = <Row extends Resource.Listed, Filters, E extends { readonly _tag: string }, Service>(
  resource: Resource.Resource<Row, Filters, E, Service>,
  options: Options<Filters>
): Stream.Stream<ReadonlyArray<Row>, E | Source.CrawlError, Service> =>
  batches(resource, options).pipe(
    Stream.filter(({ rows }) => rows.length > 0),
    Stream.map(({ rows }) => rows)
  )

/**
 * All connections that match, as rows, a page or less at a time: those of {@link rows}.
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
 * @see https://workos.com/docs/reference/sso/connection/list
 */
export const connections = (options: Options<Resource.ConnectionFilters> = {}) => rows(Resource.connections, options)

/**
 * All organizations that match, as rows, a page or less at a time: those of {@link rows}.
 *
 * **Example** (How many domains there are)
 *
 * ```ts
 * import * as Export from "@effect-workos/export/Export"
 * import * as Stream from "effect/Stream"
 *
 * const domains = Export.organizations().pipe(
 *   Stream.flattenIterable,
 *   Stream.runFold(() => 0, (count, { domains }) => count + domains.length)
 * )
 * ```
 *
 * @see https://workos.com/docs/reference/organization/list
 */
export const organizations = (options: Options<Resource.OrganizationFilters> = {}) =>
  rows(Resource.organizations, options)

/**
 * All events that match and that WorkOS still has, as rows, a page or less at a time: those of {@link rows}. Those that
 * happen meanwhile are left to `Events.follow`.
 *
 * **Example** (What happened to connections)
 *
 * ```ts
 * import * as Export from "@effect-workos/export/Export"
 * import * as Format from "@effect-workos/export/Format"
 * import * as Resource from "@effect-workos/export/Resource"
 *
 * const bytes = Format.make("csv").write(
 *   Resource.events.columns,
 *   Export.events({ events: ["connection.activated", "connection.deactivated"] })
 * )
 * ```
 *
 * @see https://workos.com/docs/reference/events/list
 */
export const events = (options: Options<Resource.EventFilters> = {}) => rows(Resource.events, options)

/**
 * Where a row is in the order of creation.
 *
 * **Example** (Which of two rows is the older one)
 *
 * ```ts
 * import * as Export from "@effect-workos/export/Export"
 * import type { Listed } from "@effect-workos/export/Resource"
 *
 * const isOlder = (a: Listed, b: Listed): boolean => Export.positionOf(a).created < Export.positionOf(b).created
 * ```
 */
export const positionOf = ({ created_at, id }: Resource.Listed): Position => ({ id, created: Date.parse(created_at) })
