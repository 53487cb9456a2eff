// The endpoints of connections, answered from memory.
import * as ApiError from "@effect-workos/domain/ApiError"
import {
  Connection,
  ConnectionId,
  type ConnectionQuery,
  filteredType,
  type NewConnection
} from "@effect-workos/domain/Connection"
import type { OrganizationId } from "@effect-workos/domain/OrganizationId"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Random from "effect/Random"
import { EmulatedApi } from "./EmulatedApi.ts"
import type * as Table from "./Table.ts"
import * as Ulid from "./Ulid.ts"
import { World } from "./World.ts"

const notFound = (id: string) => new ApiError.NotFound({ message: `Connection not found: '${id}'.` })

// 422 and not 404, which says that the environment may not create connections: nobody could tell the two apart.
const noOrganization = (id: string) => new ApiError.UnprocessableEntity({ message: `Organization not found: '${id}'.` })

// A connection that a handler returns is a new one, and answered with 201.
const foundJson = HttpServerResponse.schemaJson(Connection)
const found = (connection: Connection) => Effect.orDie(foundJson(connection, { status: 200 }))

export const layer = HttpApiBuilder.group(
  EmulatedApi,
  "connections",
  Effect.fnUntraced(function* (handlers) {
    const { connections, organizations } = yield* World

    return handlers
      .handle("list", ({ query }) =>
        Effect.map(toPageRequest(query, connections.get), (request) => {
          const { after, before, data } = connections.page(request)
          // `normal` is descending with its cursors the other way round.
          const listMetadata = query.order === "normal" ? { before: after, after: before } : { before, after }
          return { object: "list" as const, data, listMetadata }
        })
      )
      .handle("get", ({ params }) => {
        const connection = connections.get(params.id)
        return connection === undefined ? Effect.fail(notFound(params.id)) : Effect.succeed(connection)
      })
      .handle(
        "create",
        Effect.fnUntraced(function* ({ payload }) {
          const now = yield* Clock.currentTimeMillis
          const random = yield* Random.Random
          // From here on nothing waits, so that of two requests with one external id only one creates.
          const organizationId = organizations.find((id) => id === payload.organizationId)
          if (organizationId === undefined) return yield* noOrganization(payload.organizationId)
          const existing = payload.externalId === undefined ? undefined : withExternalId(connections, payload)
          if (existing !== undefined) return yield* found(existing)
          // A millisecond after the newest one, even where the clock says otherwise: what was just created is first in a
          // list, whatever its id.
          const newest = connections.rows.at(-1)
          const time = newest === undefined ? now : Math.max(now, newest.createdAt.epochMilliseconds + 1)
          const id = ConnectionId.make(`conn_${Ulid.make(time, random)}`)
          const connection = toConnection(payload, { id, organizationId, time })
          connections.set(connection)
          return connection
        })
      )
      .handle("delete", ({ params }) =>
        connections.remove(params.id) ? Effect.void : Effect.fail(notFound(params.id))
      )
  })
)

const withExternalId = (
  connections: World["Service"]["connections"],
  { externalId, organizationId }: NewConnection
): Connection | undefined =>
  connections.page({
    ascending: true,
    limit: 1,
    where: [["organization", organizationId]],
    matches: (connection) => connection.externalId === externalId
  }).data[0]

const toConnection = (
  { connectionType = "Pending", externalId, name = connectionType, oidcOptions, samlOptions }: NewConnection,
  {
    id,
    organizationId,
    time
  }: { readonly id: ConnectionId; readonly organizationId: OrganizationId; readonly time: number }
): Connection => {
  const isConfigured = samlOptions !== undefined || oidcOptions !== undefined
  const state = connectionType === "Pending" ? "requires_type" : isConfigured ? "active" : "draft"
  const createdAt = DateTime.makeUnsafe(time)
  return {
    object: "connection",
    id,
    organizationId,
    ...(externalId === undefined ? {} : { externalId }),
    connectionType,
    name,
    state,
    status: state === "active" ? "linked" : "unlinked",
    domains: [],
    ...(connectionType.endsWith("SAML") ? { options: { signingCert: null } } : {}),
    createdAt,
    updatedAt: createdAt
  }
}

type ConnectionsPage = Table.PageRequest<Connection, "type" | "organization" | "domain">

const toPageRequest = Effect.fnUntraced(function* (
  query: ConnectionQuery,
  get: (id: string) => Connection | undefined
): Effect.fn.Return<ConnectionsPage, ApiError.UnprocessableEntity> {
  if (query.after !== undefined && query.before !== undefined) {
    return yield* new ApiError.UnprocessableEntity({ message: "Only one of 'after' and 'before' can be given." })
  }
  const cursor = query.after ?? query.before
  const row = cursor === undefined ? undefined : get(cursor)
  if (cursor !== undefined && row === undefined) {
    return yield* new ApiError.UnprocessableEntity({ message: `There is no connection '${cursor}' to start from.` })
  }
  const after = (query.after !== undefined) !== (query.order === "normal")
  const search = query.search?.toLowerCase()
  const where: Array<readonly ["type" | "organization" | "domain", string]> = []
  if (query.connectionType !== undefined) where.push(["type", filteredType(query.connectionType)])
  if (query.organizationId !== undefined) where.push(["organization", query.organizationId])
  if (query.domain !== undefined) where.push(["domain", query.domain.toLowerCase()])
  return {
    ascending: query.order === "asc",
    limit: query.limit ?? 10,
    ...(row === undefined ? {} : after ? { after: row } : { before: row }),
    where,
    matches: (connection) => search === undefined || connection.name.toLowerCase().includes(search)
  }
})
