// The resources that can be exported: for each, its list and its columns.
import type * as Client from "@effect-workos/client/Client"
import { Connections } from "@effect-workos/client/Connections"
import { Events } from "@effect-workos/client/Events"
import { Organizations } from "@effect-workos/client/Organizations"
import type { Connection, connections as connectionResource } from "@effect-workos/domain/sso/Connection"
import type { Event, events as eventResource } from "@effect-workos/domain/events/Event"
import type {
  Organization,
  organizations as organizationResource
} from "@effect-workos/domain/organizations/Organization"
import type * as Effect from "effect/Effect"
import * as Column from "./Column.ts"

/**
 * The fields that every exported row has, encoded.
 *
 * **Example** (Describing another resource)
 *
 * ```ts
 * import * as Column from "@effect-workos/export/Column"
 * import type { BaseRow, PageRequest, Resource } from "@effect-workos/export/Resource"
 * import * as Effect from "effect/Effect"
 *
 * declare const fetchPage: (page: PageRequest) => Effect.Effect<{
 *   readonly data: ReadonlyArray<BaseRow>
 *   readonly list_metadata: { readonly after: string | null }
 * }>
 *
 * const notes: Resource<BaseRow, object, never, never> = {
 *   name: "notes",
 *   list: Effect.succeed(fetchPage),
 *   columns: [Column.text("id", ({ id }) => id), Column.instant("created_at", ({ created_at }) => created_at)]
 * }
 * ```
 */
export interface BaseRow {
  readonly id: string
  readonly created_at: string
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
 * A resource that can be exported.
 *
 * **Details**
 *
 * - `name`: the plural noun of its rows; part of the fingerprint of a checkpoint.
 * - `list`: fetches one page of matching rows.
 * - `columns`: the columns of tabular formats, in order.
 *
 * **Example** (Listing the columns of events)
 *
 * ```ts
 * import * as Resource from "@effect-workos/export/Resource"
 *
 * Resource.events.columns.map(({ name }) => name) // => ["id", "event", "created_at", "data", "context"]
 * ```
 */
export interface Resource<Row extends BaseRow, Filters, E extends { readonly _tag: string }, Service> {
  readonly name: string
  readonly list: Effect.Effect<(query: Filters & PageRequest) => Effect.Effect<Page<Row>, E>, never, Service>
  readonly columns: ReadonlyArray<Column.Column<Row>>
}

/** The part of WorkOS's page format that an export reads. */
interface Page<Row> {
  readonly data: ReadonlyArray<Row>
  readonly list_metadata: { readonly after: string | null }
}

type Pagination = "after" | "order" | "pageSize"

// -----------------------------------------------------------------------------
// Connections
// -----------------------------------------------------------------------------

/** A encoded connection. */
export type ConnectionRow = typeof Connection.Encoded

/** The filters of the list of connections. */
export interface ConnectionFilters extends Omit<Client.StreamOptions<typeof connectionResource, "list">, Pagination> {}

/**
 * Connections.
 *
 * **Details**
 *
 * In formats with list columns, `domains` has ids and names; in others, the names separated by `;`.
 *
 * **Example** (Exporting one field of matching connections)
 *
 * ```ts
 * import * as Export from "@effect-workos/export/Export"
 * import * as Resource from "@effect-workos/export/Resource"
 * import * as Stream from "effect/Stream"
 *
 * const filters: Resource.ConnectionFilters = { connectionType: "OktaSAML" }
 *
 * const nameOf = ({ name }: Resource.ConnectionRow): string => name
 *
 * const names = Export.rows(Resource.connections, filters).pipe(Stream.flattenIterable, Stream.map(nameOf))
 * ```
 *
 * @see https://workos.com/docs/reference/sso/connection
 */
export const connections: Resource<
  ConnectionRow,
  ConnectionFilters,
  Client.Error<typeof connectionResource, "list">,
  Connections
> = {
  name: "connections",
  list: Connections.useSync(({ list }) => list.encoded),
  columns: [
    Column.text("id", ({ id }) => id),
    Column.optionalText("organization_id", ({ organization_id }) => organization_id),
    Column.optionalText("external_id", ({ external_id }) => external_id),
    Column.text("connection_type", ({ connection_type }) => connection_type),
    Column.text("name", ({ name }) => name),
    Column.text("state", ({ state }) => state),
    Column.optionalText("status", ({ status }) => status),
    Column.list(
      "domains",
      ({ domains }) => domains,
      [
        ["id", "REQUIRED"],
        ["domain", "REQUIRED"]
      ],
      ({ domain }) => domain
    ),
    Column.optionalText("signing_cert", ({ options }) => options?.signing_cert),
    Column.instant("created_at", ({ created_at }) => created_at),
    Column.instant("updated_at", ({ updated_at }) => updated_at)
  ]
}

// -----------------------------------------------------------------------------
// Organizations
// -----------------------------------------------------------------------------

/** An encoded organization. */
export type OrganizationRow = typeof Organization.Encoded

/** The filters of the list of organizations. */
export interface OrganizationFilters extends Omit<
  Client.StreamOptions<typeof organizationResource, "list">,
  Pagination
> {}

/**
 * Organizations.
 *
 * **Details**
 *
 * `domains` are as those of connections, with the verification `state` of each. `metadata` is JSON.
 *
 * **Example** (Exporting one field of matching organizations)
 *
 * ```ts
 * import * as Export from "@effect-workos/export/Export"
 * import * as Resource from "@effect-workos/export/Resource"
 * import * as Stream from "effect/Stream"
 *
 * const filters: Resource.OrganizationFilters = { search: "Corp" }
 *
 * const nameOf = ({ name }: Resource.OrganizationRow): string => name
 *
 * const names = Export.rows(Resource.organizations, filters).pipe(Stream.flattenIterable, Stream.map(nameOf))
 * ```
 *
 * @see https://workos.com/docs/reference/organization
 */
export const organizations: Resource<
  OrganizationRow,
  OrganizationFilters,
  Client.Error<typeof organizationResource, "list">,
  Organizations
> = {
  name: "organizations",
  list: Organizations.useSync(({ list }) => list.encoded),
  columns: [
    Column.text("id", ({ id }) => id),
    Column.optionalText("external_id", ({ external_id }) => external_id),
    Column.text("name", ({ name }) => name),
    Column.list(
      "domains",
      ({ domains }) => domains,
      [
        ["id", "REQUIRED"],
        ["domain", "REQUIRED"],
        ["state", "OPTIONAL"]
      ],
      ({ domain }) => domain
    ),
    Column.json("metadata", ({ metadata }) => metadata),
    Column.optionalText("stripe_customer_id", ({ stripe_customer_id }) => stripe_customer_id),
    Column.flag(
      "allow_profiles_outside_organization",
      ({ allow_profiles_outside_organization }) => allow_profiles_outside_organization
    ),
    Column.instant("created_at", ({ created_at }) => created_at),
    Column.instant("updated_at", ({ updated_at }) => updated_at)
  ]
}

// -----------------------------------------------------------------------------
// Events
// -----------------------------------------------------------------------------

/** An encoded event. */
export type EventRow = typeof Event.Encoded

/** The filters of the list of events. */
export interface EventFilters extends Omit<Client.StreamOptions<typeof eventResource, "list">, Pagination> {}

/**
 * Events.
 *
 * **Details**
 *
 * `data` and `context` are JSON: their fields depend on the type of the event.
 *
 * **Example** (Exporting one field of matching events)
 *
 * ```ts
 * import * as Export from "@effect-workos/export/Export"
 * import * as Resource from "@effect-workos/export/Resource"
 * import * as Stream from "effect/Stream"
 *
 * const filters: Resource.EventFilters = { events: ["connection.deleted"] }
 *
 * const typeOf = ({ event }: Resource.EventRow): string => event
 *
 * const types = Export.rows(Resource.events, filters).pipe(Stream.flattenIterable, Stream.map(typeOf))
 * ```
 *
 * @see https://workos.com/docs/reference/events
 */
export const events: Resource<EventRow, EventFilters, Client.Error<typeof eventResource, "list">, Events> = {
  name: "events",
  list: Events.useSync(({ list }) => list.encoded),
  columns: [
    Column.text("id", ({ id }) => id),
    Column.text("event", ({ event }) => event),
    Column.instant("created_at", ({ created_at }) => created_at),
    Column.json("data", ({ data }) => data),
    Column.json("context", ({ context }) => context)
  ]
}
