// The endpoints of connections, answered from memory.
import * as ApiError from "@effect-workos/domain/ApiError"
import { type Connection, type ConnectionQuery, filteredType } from "@effect-workos/domain/Connection"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { EmulatedApi } from "./EmulatedApi.ts"
import type * as Table from "./Table.ts"
import { World } from "./World.ts"

const notFound = (id: string) => new ApiError.NotFound({ message: `Connection not found: '${id}'.` })

export const layer = HttpApiBuilder.group(
  EmulatedApi,
  "connections",
  Effect.fnUntraced(function* (handlers) {
    const { connections } = yield* World

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
      .handle("delete", ({ params }) =>
        connections.remove(params.id) ? Effect.void : Effect.fail(notFound(params.id))
      )
  })
)

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
