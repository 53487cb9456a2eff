/**
 * The lists that can be exported, with the columns of their rows.
 *
 * @module
 */
import type * as Client from "@effect-workos/client/Client"
import type { InvalidRow } from "@effect-workos/client/ClientError"
import { Connections } from "@effect-workos/client/Connections"
import { Events } from "@effect-workos/client/Events"
import { Organizations } from "@effect-workos/client/Organizations"
import type * as Endpoint from "@effect-workos/domain/Endpoint"
import type { Exclusive } from "@effect-workos/domain/Exclusive"
import { type Event, events as eventResource } from "@effect-workos/domain/events/Event"
import {
  type Organization,
  organizations as organizationResource
} from "@effect-workos/domain/organizations/Organization"
import * as Lazy from "@effect-workos/domain/Lazy"
import type * as Pagination from "@effect-workos/domain/Pagination"
import type { Endpoints, Resource } from "@effect-workos/domain/Resource"
import { type Connection, connections as connectionResource } from "@effect-workos/domain/sso/Connection"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import * as Column from "./Column.ts"

/**
 * The fields of every exported row, encoded. `created_at` is missing in few responses.
 *
 * **Example** (Exporting a list that is not from WorkOS)
 *
 * ```ts
 * import * as Column from "@effect-workos/export/Column"
 * import type { BaseRow, Exportable, PageRequest } from "@effect-workos/export/Exportable"
 * import * as Effect from "effect/Effect"
 *
 * declare const fetchPage: (page: PageRequest) => Effect.Effect<{
 *   readonly data: ReadonlyArray<BaseRow>
 *   readonly list_metadata: { readonly after: string | null }
 * }>
 *
 * const notes: Exportable<BaseRow, object, never, never> = {
 *   name: "notes",
 *   list: Effect.succeed(fetchPage),
 *   columns: [Column.text("id", ({ id }) => id), Column.optionalInstant("created_at", ({ created_at }) => created_at)]
 * }
 * ```
 */
export interface BaseRow {
  readonly id: string
  readonly created_at?: string | null
}

/**
 * The parameters of one page of a list.
 */
export interface PageRequest {
  readonly order: "asc" | "desc"
  readonly after: string | undefined
  readonly limit: number
}

/**
 * A list that can be exported.
 *
 * **Details**
 *
 * - `name`: the name of the resource; part of the fingerprint of a checkpoint.
 * - `list`: fetches one page of matching rows, with an `InvalidRow` in place of each row that does not have the documented
 *   shape.
 * - `columns`: the columns of tabular formats, in order. They must accept rows that do not have the documented shape.
 * - `exclusive`: the parameters that exclude each other, if any.
 *
 * **Example** (Listing the columns of events)
 *
 * ```ts
 * import * as Exportable from "@effect-workos/export/Exportable"
 *
 * Exportable.events.columns.map(({ name }) => name) // => ["id", "event", "created_at", "data", "context"]
 * ```
 */
export interface Exportable<Row extends BaseRow, Filters, E extends { readonly _tag: string }, Service> {
  readonly name: string
  readonly list: Effect.Effect<
    (query: Filters & PageRequest & Client.InvalidRows<"yield">) => Effect.Effect<Page<Row | InvalidRow>, E>,
    never,
    Service
  >
  readonly columns: ReadonlyArray<Column.Column<Row>>
  readonly exclusive?: Exclusive | undefined
}

/** The part of WorkOS's page format that an export reads. */
interface Page<Row> {
  readonly data: ReadonlyArray<Row>
  readonly list_metadata: { readonly after: string | null }
}

/**
 * A resource with a list whose rows have an id, and usually a time of creation.
 */
export interface ListResource extends Resource<
  string,
  Endpoints & { readonly list: Endpoint.Endpoint & { readonly item: Schema.Codec<unknown, BaseRow> } }
> {}

/** An encoded row of a resource's list. */
type RowOf<R extends ListResource> = R["endpoints"]["list"]["item"]["Encoded"]

/** The filters of a resource's list. */
type FiltersOf<R extends Resource> = Omit<
  Client.StreamOptions<R, "list">,
  Pagination.Parameter | "pageSize" | "invalidRows"
>

/**
 * Makes the list of a resource exportable. Columns are derived from the schema of its rows.
 *
 * **Example** (Exporting a resource that this library does not describe yet)
 *
 * ```ts
 * import * as Client from "@effect-workos/client/Client"
 * import * as Endpoint from "@effect-workos/domain/Endpoint"
 * import * as Pagination from "@effect-workos/domain/Pagination"
 * import * as Resource from "@effect-workos/domain/Resource"
 * import { Timestamp } from "@effect-workos/domain/Timestamp"
 * import * as Wire from "@effect-workos/domain/Wire"
 * import * as Export from "@effect-workos/export/Export"
 * import * as Exportable from "@effect-workos/export/Exportable"
 * import * as Format from "@effect-workos/export/Format"
 * import * as Schema from "effect/Schema"
 *
 * const notes = Resource.make("notes", {
 *   list: Endpoint.get("/notes", {
 *     summary: "List notes",
 *     query: Wire.Struct(Pagination.query("note")),
 *     item: Wire.Struct({ id: Schema.String, text: Schema.String, createdAt: Timestamp })
 *   })
 * }) satisfies Exportable.ListResource
 *
 * class Notes extends Client.Service<Notes>()("my-app/Notes", notes) {}
 *
 * const exportable = Exportable.make(notes, Notes)
 *
 * const csv = Format.make("csv").write(exportable.columns, Export.rows(exportable, {}))
 * ```
 */
export const make = <R extends ListResource, E extends { readonly _tag: string }, Service>(
  resource: R,
  client: Effect.Effect<
    {
      readonly list: {
        readonly encoded: (
          query: FiltersOf<R> & PageRequest & Client.InvalidRows<"yield">
        ) => Effect.Effect<Page<RowOf<R> | InvalidRow>, E>
      }
    },
    never,
    Service
  >
): Exportable<RowOf<R>, FiltersOf<R>, E, Service> => {
  // NDJSON needs no columns, so they are derived on first use.
  const columns = Lazy.value(() => Column.derive(resource.endpoints.list.item, overrides[resource.name]))
  return {
    name: resource.name,
    list: Effect.map(client, ({ list }) => list.encoded),
    get columns() {
      return columns()
    },
    exclusive: resource.endpoints.list.exclusive
  }
}

/** Changes to the derived columns, by the name of a resource. */
const overrides: Readonly<Record<string, Column.Overrides>> = {
  connections: { flatten: { options: ["signing_cert"] } },
  organizations: { first: ["id", "external_id"], items: { domains: ["id", "domain", "state"] } },
  events: { first: ["id", "event", "created_at"] }
}

// -----------------------------------------------------------------------------
// Connections
// -----------------------------------------------------------------------------

/** An encoded connection. */
export type ConnectionRow = typeof Connection.Encoded

/** The filters of the list of connections. */
export interface ConnectionFilters extends FiltersOf<typeof connectionResource> {}

/**
 * Connections.
 *
 * **Details**
 *
 * In formats with list columns, the column `domains` has the ids and names of domains. In other formats, it has the names,
 * separated by `;`.
 *
 * **Example** (Exporting one field of matching connections)
 *
 * ```ts
 * import * as Export from "@effect-workos/export/Export"
 * import * as Exportable from "@effect-workos/export/Exportable"
 * import * as Stream from "effect/Stream"
 *
 * const filters: Exportable.ConnectionFilters = { connectionType: "OktaSAML" }
 *
 * const nameOf = ({ name }: Exportable.ConnectionRow): string => name
 *
 * const names = Export.rows(Exportable.connections, filters).pipe(Stream.flattenIterable, Stream.map(nameOf))
 * ```
 *
 * @see https://workos.com/docs/reference/sso/connection
 */
export const connections: Exportable<
  ConnectionRow,
  ConnectionFilters,
  Client.Error<typeof connectionResource, "list">,
  Connections
> = make(connectionResource, Connections)

// -----------------------------------------------------------------------------
// Organizations
// -----------------------------------------------------------------------------

/** An encoded organization. */
export type OrganizationRow = typeof Organization.Encoded

/** The filters of the list of organizations. */
export interface OrganizationFilters extends FiltersOf<typeof organizationResource> {}

/**
 * Organizations.
 *
 * **Details**
 *
 * The column `domains` is a list as for connections, and also has the verification `state` of each domain. `metadata` is a
 * column of JSON.
 *
 * **Example** (Exporting one field of matching organizations)
 *
 * ```ts
 * import * as Export from "@effect-workos/export/Export"
 * import * as Exportable from "@effect-workos/export/Exportable"
 * import * as Stream from "effect/Stream"
 *
 * const filters: Exportable.OrganizationFilters = { search: "Corp" }
 *
 * const nameOf = ({ name }: Exportable.OrganizationRow): string => name
 *
 * const names = Export.rows(Exportable.organizations, filters).pipe(Stream.flattenIterable, Stream.map(nameOf))
 * ```
 *
 * @see https://workos.com/docs/reference/organization
 */
export const organizations: Exportable<
  OrganizationRow,
  OrganizationFilters,
  Client.Error<typeof organizationResource, "list">,
  Organizations
> = make(organizationResource, Organizations)

// -----------------------------------------------------------------------------
// Events
// -----------------------------------------------------------------------------

/** An encoded event. */
export type EventRow = typeof Event.Encoded

/** The filters of the list of events. */
export interface EventFilters extends FiltersOf<typeof eventResource> {}

/**
 * Events.
 *
 * **Details**
 *
 * `data` and `context` are columns of JSON, because their fields depend on the type of the event.
 *
 * **Example** (Exporting one field of matching events)
 *
 * ```ts
 * import * as Export from "@effect-workos/export/Export"
 * import * as Exportable from "@effect-workos/export/Exportable"
 * import * as Stream from "effect/Stream"
 *
 * const filters: Exportable.EventFilters = { events: ["connection.deleted"] }
 *
 * const typeOf = ({ event }: Exportable.EventRow): string => event ?? "unknown"
 *
 * const types = Export.rows(Exportable.events, filters).pipe(Stream.flattenIterable, Stream.map(typeOf))
 * ```
 *
 * @see https://workos.com/docs/reference/events
 */
export const events: Exportable<EventRow, EventFilters, Client.Error<typeof eventResource, "list">, Events> = make(
  eventResource,
  Events
)
