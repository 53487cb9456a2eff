/**
 * Exports all rows of a list. The rows are encoded: they have the fields that the server sent.
 *
 * @module
 */
import type * as Client from "@effect-workos/client/Client"
import { InvalidRow } from "@effect-workos/client/ClientError"
import * as RetryPolicy from "@effect-workos/client/RetryPolicy"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Crawl from "./Crawl.ts"
import * as Exportable from "./Exportable.ts"
import * as Positions from "./internal/Positions.ts"
import * as Source from "./Source.ts"

/** The order of an export with concurrency 1 and no `order`. */
export const defaultOrder = "desc"

/**
 * Options for an export: the filters of the list, and the settings of the crawl.
 *
 * **Details**
 *
 * - `order`: the order of an export with `concurrency` 1. Defaults to `desc`, newest first.
 * - `pageSize`: the number of rows per request, 1 to 100. Defaults to 100.
 * - `concurrency`: the number of concurrent requests. Defaults to 8. With 1, rows arrive in `order`; otherwise in no order.
 * - `index`: ids that existed during an earlier export: they split the list into segments that are read concurrently.
 * - `from`: the progress of an earlier export with the same filters, to resume from.
 * - `onRequest`: runs before each request.
 *
 * **Example** (Exporting in order, from the oldest row)
 *
 * ```ts
 * import * as Export from "@effect-workos/export/Export"
 * import type { ConnectionFilters } from "@effect-workos/export/Exportable"
 *
 * const settings: Export.Settings = { concurrency: 1, order: Export.defaultOrder === "desc" ? "asc" : "desc" }
 *
 * const options: Export.Options<ConnectionFilters> = { ...settings, connectionType: "OktaSAML" }
 *
 * const rows = Export.connections(options)
 * ```
 */
export type Options<Filters> = Filters & Settings

/**
 * The settings of an export, the same for every resource.
 */
export interface Settings {
  readonly order?: "asc" | "desc" | undefined
  readonly pageSize?: number | undefined
  readonly concurrency?: number | undefined
  readonly index?: ReadonlyArray<string> | undefined
  readonly from?: Crawl.State | undefined
  readonly onRequest?: Effect.Effect<void> | undefined
}

/**
 * All matching rows of a resource in batches. Each batch contains rows and the progress of the export after them.
 *
 * **Details**
 *
 * With `concurrency` above 1, the list is read from both ends and from each id of `index`, until neighbouring cursors
 * meet. Rows are encoded, valid, and have every field that the server sent. Rows that exist during the whole export
 * appear exactly once. Rows created during the export are excluded, unless the export is ascending with concurrency 1.
 * Deleted rows may appear.
 *
 * After the first page, failed requests are retried as in `RetryPolicy.longRunning`, unless the program provides its own
 * policy.
 *
 * `Crawl.sink` stores batches with the progress of the export. To resume, pass the stored progress as `from`.
 *
 * Fails with the errors of the resource's list, with `CrawlError` if the list can't be crawled, and with `InvalidRow` if
 * a row does not have the documented shape. With `invalidRows: "yield"`, batches contain the `InvalidRow` in place of the
 * row.
 *
 * **Example** (Exporting to a database, with checkpoints)
 *
 * ```ts
 * import * as Crawl from "@effect-workos/export/Crawl"
 * import * as Export from "@effect-workos/export/Export"
 * import * as Exportable from "@effect-workos/export/Exportable"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * declare const store: (rows: ReadonlyArray<Exportable.ConnectionRow>, state: Crawl.State) => Effect.Effect<void>
 *
 * const program = Export.batches(Exportable.connections, { connectionType: "OktaSAML" }).pipe(
 *   Stream.run(Crawl.sink({ rows: 1000, store: ({ rows }, state) => store(rows, state) }))
 * )
 * ```
 *
 * @see https://workos.com/docs/reference/pagination
 */
export function batches<
  Row extends Exportable.BaseRow,
  Filters,
  E extends { readonly _tag: string },
  Service,
  I extends Choice = "fail"
>(
  resource: Exportable.Exportable<Row, Filters, E, Service>,
  options: Options<Filters> & Client.InvalidRows<I>
): Stream.Stream<Crawl.Batch<RowOf<Row, I>>, ErrorOf<E, I>, Service>
export function batches<Row extends Exportable.BaseRow, Filters, E extends { readonly _tag: string }, Service>(
  resource: Exportable.Exportable<Row, Filters, E, Service>,
  options: Options<Filters> & Client.InvalidRows<Choice>
): Stream.Stream<Crawl.Batch<Row | InvalidRow>, E | Source.CrawlError | InvalidRow, Service> {
  return Stream.unwrap(
    Effect.map(resource.list, (list) => {
      const {
        concurrency = 8,
        from,
        index = [],
        invalidRows = "fail",
        onRequest = Effect.void,
        order = defaultOrder,
        pageSize = 100
      } = options
      let hasRows = false
      const { query: following = options, since } = resource.exclusive?.afterCursor(options) ?? {}
      const request = Effect.fnUntraced(function* (order: "asc" | "desc", after: string | undefined) {
        yield* onRequest
        // The client drops options that are not parameters of the list.
        const query = after === undefined ? options : following
        const { data, list_metadata } = yield* withLongRetries(
          list({ ...query, order, after, limit: pageSize, invalidRows: "yield" }),
          hasRows
        )
        return { rows: data, next: list_metadata.after }
      })
      const positions = Positions.make((id) =>
        Effect.catch(request("desc", id), (error) =>
          lostCursorTags.has(error._tag) ? Effect.undefined : Effect.fail(error)
        )
      )
      const source: Source.Source<Row | InvalidRow, E | Source.CrawlError | InvalidRow, never> = {
        fetch: Effect.fnUntraced(function* (order, after) {
          const all = yield* request(order, after)
          yield* positions.add(all.rows, order)
          const page =
            after === undefined || since === undefined ? all : yield* withoutOlder(all, since, { order, cursor: after })
          const invalid = invalidRows === "fail" ? page.rows.find(isInvalid) : undefined
          if (invalid !== undefined) return yield* invalid
          hasRows = true
          return page
        }),
        isLost: ({ _tag }) => _tag === "CrawlError" || lostCursorTags.has(_tag),
        positionOf: positions.of
      }
      return Crawl.batches(source, { concurrency, order, splitPoints: index, from })
    })
  )
}

type Choice = "fail" | "yield"

type RowOf<Row, I extends Choice> = Row | (I extends "yield" ? InvalidRow : never)

type ErrorOf<E, I extends Choice> = E | Source.CrawlError | (I extends "fail" ? InvalidRow : never)

const isInvalid = <Row>(row: Row | InvalidRow): row is InvalidRow => row instanceof InvalidRow

// The server has accepted the other parameters before, so only the cursor can be invalid.
const lostCursorTags: ReadonlySet<string> = new Set(["UnprocessableEntity", "InvalidRequest", "BadRequest"])

// A page after a cursor, without the rows that were created before a time. A descending list ends at a page that contains
// only such rows. An ascending list contains them only if the cursor is older, or if the server ignores the cursor.
const withoutOlder = <Row extends Exportable.BaseRow | InvalidRow>(
  { next, rows }: Source.Page<Row>,
  since: number,
  { cursor, order }: { readonly order: "asc" | "desc"; readonly cursor: string }
): Effect.Effect<Source.Page<Row>, Source.CrawlError> => {
  // A row without a time is as old as the row before it.
  let isOlder = false
  const kept = rows.filter((row) => {
    isOlder = (Positions.createdOf(row) ?? (isOlder ? -Infinity : since)) < since
    return !isOlder
  })
  if (kept.length === rows.length) return Effect.succeed({ next, rows })
  if (order === "desc") return Effect.succeed({ next: kept.length === 0 ? null : next, rows: kept })
  return Effect.fail(new Source.CrawlError({ message: `The rows after ${cursor} are older than the range.` }))
}

// A wrong base URL must fail fast, but an export that has rows should survive an outage.
const withLongRetries = <A, E>(call: Effect.Effect<A, E>, hasRows: boolean): Effect.Effect<A, E> =>
  Effect.flatMap(RetryPolicy.RetryPolicy, (policy) =>
    hasRows && policy === RetryPolicy.standard
      ? Effect.provideService(call, RetryPolicy.RetryPolicy, RetryPolicy.longRunning)
      : call
  )

/**
 * All matching rows of a resource, a page or less at a time: see {@link batches}.
 *
 * **Example** (Writing the rows of a resource as lines)
 *
 * ```ts
 * import * as Export from "@effect-workos/export/Export"
 * import * as Ndjson from "@effect-workos/export/Ndjson"
 * import * as Exportable from "@effect-workos/export/Exportable"
 *
 * const bytes = Ndjson.write(Export.rows(Exportable.organizations, { search: "Corp" }))
 * ```
 */
export const rows = <
  Row extends Exportable.BaseRow,
  Filters,
  E extends { readonly _tag: string },
  Service,
  I extends Choice = "fail"
>(
  resource: Exportable.Exportable<Row, Filters, E, Service>,
  options: Options<Filters> & Client.InvalidRows<I>
): Stream.Stream<ReadonlyArray<RowOf<Row, I>>, ErrorOf<E, I>, Service> =>
  batches(resource, options).pipe(
    Stream.filter(({ rows }) => rows.length > 0),
    Stream.map(({ rows }) => rows)
  )

/**
 * Replaces each `InvalidRow` by its row as the server sent it, so that a format can write all rows.
 *
 * **Example** (Writing all rows, malformed or not)
 *
 * ```ts
 * import * as Export from "@effect-workos/export/Export"
 * import * as Exportable from "@effect-workos/export/Exportable"
 * import * as Ndjson from "@effect-workos/export/Ndjson"
 * import * as Stream from "effect/Stream"
 *
 * const bytes = Export.rows(Exportable.organizations, { invalidRows: "yield" }).pipe(
 *   Stream.map(Export.asReceived),
 *   Ndjson.write
 * )
 * ```
 */
export const asReceived = <Row>(rows: ReadonlyArray<Row | InvalidRow>): ReadonlyArray<Row> =>
  // The columns of an `Exportable` accept all rows.
  rows.map((row) => (isInvalid(row) ? (row.row as Row) : row))

/**
 * All matching connections, a page or less at a time: see {@link rows}.
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
export const connections = (options: Options<Exportable.ConnectionFilters> = {}) =>
  rows(Exportable.connections, options)

/**
 * All matching organizations, a page or less at a time: see {@link rows}.
 *
 * **Example** (Counting domains)
 *
 * ```ts
 * import * as Export from "@effect-workos/export/Export"
 * import * as Stream from "effect/Stream"
 *
 * const domains = Export.organizations().pipe(
 *   Stream.flattenIterable,
 *   Stream.runFold(() => 0, (count, { domains }) => count + (domains ?? []).length)
 * )
 * ```
 *
 * @see https://workos.com/docs/reference/organization/list
 */
export const organizations = (options: Options<Exportable.OrganizationFilters> = {}) =>
  rows(Exportable.organizations, options)

/**
 * All matching events that WorkOS still has, a page or less at a time: see {@link rows}. `Events.follow` continues with the
 * events that occur during and after the export.
 *
 * **Example** (Exporting events of connections)
 *
 * ```ts
 * import * as Export from "@effect-workos/export/Export"
 * import * as Format from "@effect-workos/export/Format"
 * import * as Exportable from "@effect-workos/export/Exportable"
 *
 * const bytes = Format.make("csv").write(
 *   Exportable.events.columns,
 *   Export.events({ events: ["connection.activated", "connection.deactivated"] })
 * )
 * ```
 *
 * @see https://workos.com/docs/reference/events/list
 */
export const events = (options: Options<Exportable.EventFilters> = {}) => rows(Exportable.events, options)
