// The endpoints of connections, answered from memory.
import * as ApiError from "@effect-workos/domain/ApiError"
import {
  Connection,
  ConnectionId,
  type ConnectionQuery,
  fromFilter,
  type CreateConnection
} from "@effect-workos/domain/sso/Connection"
import type { OrganizationId } from "@effect-workos/domain/organizations/OrganizationId"
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as IdGenerator from "./IdGenerator.ts"
import { EmulatedApi } from "./EmulatedApi.ts"
import * as Lists from "./Lists.ts"
import * as NotFound from "./NotFound.ts"
import { Store } from "../Store.ts"

// 422 and not 404, which says that the environment may not create connections: nobody could tell the two apart.
const noOrganization = (id: string) => new ApiError.UnprocessableEntity({ message: `Organization not found: '${id}'.` })

// A connection that a handler returns is a new one, and answered with 201.
const foundJson = HttpServerResponse.schemaJson(Connection)
const found = (connection: Connection) => Effect.orDie(foundJson(connection, { status: 200 }))

export const layer = HttpApiBuilder.group(
  EmulatedApi,
  "connections",
  Effect.fnUntraced(function* (handlers) {
    const { connections, organizations } = yield* Store

    return handlers
      .handle("list", ({ query }) => Lists.page(connections, "connection", query, conditionsOf(query)))
      .handle("get", ({ params: { id } }) => NotFound.ifUndefined("Connection", id)(connections.get(id)))
      .handle(
        "create",
        Effect.fnUntraced(function* ({ payload }) {
          const ids = yield* IdGenerator.current
          // From here on nothing waits, so that of two requests with one external id only one creates.
          const organizationId = organizations.get(payload.organizationId)?.id
          if (organizationId === undefined) return yield* noOrganization(payload.organizationId)
          const existing = payload.externalId === undefined ? undefined : withExternalId(connections, payload)
          if (existing !== undefined) return yield* found(existing)
          const { createdAt, id } = ids.next(connections, "conn")
          const connection = toConnection(payload, { id: ConnectionId.make(id), organizationId, createdAt })
          connections.set(connection)
          return connection
        })
      )
      .handle("delete", ({ params: { id } }) => NotFound.ifFalse("Connection", id)(connections.remove(id)))
  })
)

const withExternalId = (
  connections: Store["Service"]["connections"],
  { externalId, organizationId }: CreateConnection
): Connection | undefined =>
  connections.findBy("organization", organizationId).find((connection) => connection.externalId === externalId)

const toConnection = (
  { connectionType = "Pending", externalId, name = connectionType, oidcOptions, samlOptions }: CreateConnection,
  {
    id,
    organizationId,
    createdAt
  }: { readonly id: ConnectionId; readonly organizationId: OrganizationId; readonly createdAt: DateTime.Utc }
): Connection => {
  const isConfigured = samlOptions !== undefined || oidcOptions !== undefined
  const state = connectionType === "Pending" ? "requires_type" : isConfigured ? "active" : "draft"
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

const conditionsOf = ({ connectionType, domain, organizationId, search }: ConnectionQuery) => {
  const where: Array<readonly ["type" | "organization" | "domain", string]> = []
  if (connectionType !== undefined) where.push(["type", fromFilter(connectionType)])
  if (organizationId !== undefined) where.push(["organization", organizationId])
  if (domain !== undefined) where.push(["domain", domain.toLowerCase()])
  return { where, matches: ({ name }: Connection) => Lists.contains(name, search) }
}
