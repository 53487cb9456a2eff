// What can be exported: of each resource, how a page of it is fetched, and what its columns are. Whatever exports knows no
// more of one than is said here.
import { Connections, type CrawlOptions as ConnectionWalk } from "@effect-workos/client/Connections"
import { type CrawlOptions as EventWalk, Events } from "@effect-workos/client/Events"
import { type CrawlOptions as OrganizationWalk, Organizations } from "@effect-workos/client/Organizations"
import type { ListError as ConnectionListError } from "@effect-workos/client/Connections"
import type { ListError as EventListError } from "@effect-workos/client/Events"
import type { ListError as OrganizationListError } from "@effect-workos/client/Organizations"
import type { Connection } from "@effect-workos/domain/sso/Connection"
import type { Event } from "@effect-workos/domain/events/Event"
import type { Organization } from "@effect-workos/domain/organizations/Organization"
import type * as Effect from "effect/Effect"
import * as Column from "./Column.ts"

/**
 * A row in the form in which it came: whatever else it has, an id, and when it was created.
 *
 * **Example** (A resource of one's own)
 *
 * ```ts
 * import * as Column from "@effect-workos/export/Column"
 * import type { Listed, Place, Resource } from "@effect-workos/export/Resource"
 * import * as Effect from "effect/Effect"
 *
 * declare const fetchPage: (place: Place) => Effect.Effect<{
 *   readonly data: ReadonlyArray<Listed>
 *   readonly list_metadata: { readonly after: string | null }
 * }>
 *
 * const notes: Resource<Listed, object, never, never> = {
 *   name: "notes",
 *   list: Effect.succeed(fetchPage),
 *   columns: [Column.text("id", ({ id }) => id), Column.instant("created_at", ({ created_at }) => created_at)]
 * }
 * ```
 */
export interface Listed {
  readonly id: string
  readonly created_at: string
}

/**
 * Which page of a list: in which order, after which row, and how long.
 */
export interface Place {
  readonly order: "asc" | "desc"
  readonly after: string | undefined
  readonly limit: number
}

/**
 * A resource that can be exported.
 *
 * **Details**
 *
 * - `name`: what rows of it are called, in the plural; a checkpoint remembers it.
 * - `list`: how a page of those that match is fetched.
 * - `columns`: what of it formats hold that have columns, in their order.
 *
 * **Example** (What stands in a table of events)
 *
 * ```ts
 * import * as Resource from "@effect-workos/export/Resource"
 *
 * Resource.events.columns.map(({ name }) => name) // => ["id", "event", "created_at", "data", "context"]
 * ```
 */
export interface Resource<Row extends Listed, Filters, E extends { readonly _tag: string }, Service> {
  readonly name: string
  readonly list: Effect.Effect<(query: Filters & Place) => Effect.Effect<Page<Row>, E>, never, Service>
  readonly columns: ReadonlyArray<Column.Column<Row>>
}

/** A page as WorkOS sends it, as far as it matters here. */
interface Page<Row> {
  readonly data: ReadonlyArray<Row>
  readonly list_metadata: { readonly after: string | null }
}

type Walked = "after" | "order" | "pageSize"

// -----------------------------------------------------------------------------
// Connections
// -----------------------------------------------------------------------------

/** A connection in the form in which it came. */
export type ConnectionRow = typeof Connection.Encoded

/** Which connections: the filters of their list. */
export interface ConnectionFilters extends Omit<ConnectionWalk, Walked> {}

/**
 * Connections.
 *
 * **Details**
 *
 * Ids of domains are in `domains` where a column can be a list; elsewhere their names, separated by `;`.
 *
 * **Example** (Which connections, and what of each)
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
export const connections: Resource<ConnectionRow, ConnectionFilters, ConnectionListError, Connections> = {
  name: "connections",
  list: Connections.useSync(({ encoded }) => encoded.list),
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

/** An organization in the form in which it came. */
export type OrganizationRow = typeof Organization.Encoded

/** Which organizations: the filters of their list. */
export interface OrganizationFilters extends Omit<OrganizationWalk, Walked> {}

/**
 * Organizations.
 *
 * **Details**
 *
 * `domains` are as those of connections, with how far the verification of each is in `state`. `metadata` is JSON.
 *
 * **Example** (Which organizations, and what of each)
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
export const organizations: Resource<OrganizationRow, OrganizationFilters, OrganizationListError, Organizations> = {
  name: "organizations",
  list: Organizations.useSync(({ encoded }) => encoded.list),
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

/** An event in the form in which it came. */
export type EventRow = typeof Event.Encoded

/** Which events: the filters of their list. */
export interface EventFilters extends Omit<EventWalk, Walked> {}

/**
 * Events.
 *
 * **Details**
 *
 * `data` and `context` are JSON: what is in them is another thing with each type of event.
 *
 * **Example** (Which events, and what of each)
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
export const events: Resource<EventRow, EventFilters, EventListError, Events> = {
  name: "events",
  list: Events.useSync(({ encoded }) => encoded.list),
  columns: [
    Column.text("id", ({ id }) => id),
    Column.text("event", ({ event }) => event),
    Column.instant("created_at", ({ created_at }) => created_at),
    Column.json("data", ({ data }) => data),
    Column.json("context", ({ context }) => context)
  ]
}
