// The official SDK for Node, unmodified: connections, on a real socket.
import { assert, layer } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { Connection } from "@effect-workos/domain/sso/Connection"
import {
  type ConnectionType,
  NotFoundException,
  UnauthorizedException,
  UnprocessableEntityException,
  type WorkOS
} from "@workos-inc/node"
import * as Effect from "effect/Effect"
import * as Store from "../src/Store.ts"
import { failure, LayerSdk, Sdk } from "./sdk.ts"

const encode = Schema.encodeSync(Connection)

// A connection as the SDK returns it: camelCase, `connection_type` as `type`, neither `status` nor `options`.
const asSdk = (connection: Connection) => {
  const {
    connection_type: type,
    created_at: createdAt,
    updated_at: updatedAt,
    organization_id,
    ...rest
  } = encode(connection)
  const { options: _options, status: _status, ...kept } = rest
  return {
    ...kept,
    type,
    createdAt,
    updatedAt,
    ...(organization_id === undefined ? {} : { organizationId: organization_id })
  }
}

const isOkta = (row: Connection) => row.connectionType === "OktaSAML"

layer(LayerSdk)("@workos-inc/node", (it) => {
  it.effect("The official SDK gets a connection with all fields of the store", () =>
    Effect.gen(function* () {
      const { workos } = yield* Sdk
      const { connections } = yield* Store.Store
      for (const row of connections.rows.slice(0, 30)) {
        const connection = yield* Effect.promise(() => workos.sso.getConnection(row.id))
        assert.deepStrictEqual<unknown>(connection, asSdk(row))
      }
    })
  )

  it.effect("The official SDK lists connections with every filter, alone and combined", () =>
    Effect.gen(function* () {
      const { workos } = yield* Sdk
      const { connections } = yield* Store.Store
      const sample = connections.rows.find(
        ({ connectionType, domains, organizationId }) =>
          connectionType === "OktaSAML" && organizationId !== undefined && domains.length > 0
      )
      assert.isDefined(sample)
      const domain = sample.domains[0]?.domain ?? ""
      const organizationId = sample.organizationId ?? ""
      const isOfOrganization = (row: Connection) => row.organizationId === organizationId
      const hasDomain = (row: Connection) => row.domains.some((other) => other.domain === domain)
      const connectionType = "OktaSAML" as ConnectionType
      const cases = [
        [{ connectionType }, isOkta],
        [{ organizationId }, isOfOrganization],
        [{ domain }, hasDomain],
        [
          { connectionType, organizationId, domain },
          (row: Connection) => isOkta(row) && isOfOrganization(row) && hasDomain(row)
        ]
      ] as const
      for (const [filters, matches] of cases) {
        const page = yield* Effect.promise(() => workos.sso.listConnections({ ...filters, order: "asc", limit: 100 }))
        assert.deepStrictEqual<unknown>(page.data, connections.rows.filter(matches).slice(0, 100).map(asSdk))
      }
    })
  )

  it.effect("The official SDK paginates connections forward and backward with both cursors", () =>
    Effect.gen(function* () {
      const { workos } = yield* Sdk
      const list = (options: Parameters<WorkOS["sso"]["listConnections"]>[0]) =>
        Effect.promise(() => workos.sso.listConnections({ ...options, limit: 25, order: "desc" }))
      const first = yield* list({})
      assert.isNull(first.listMetadata.before ?? null)
      const second = yield* list({ after: first.listMetadata.after ?? "" })
      const back = yield* list({ before: second.listMetadata.before ?? "" })
      assert.deepStrictEqual(back.data, first.data)
      assert.deepStrictEqual(back.listMetadata, first.listMetadata)
    })
  )

  it.effect("The official SDK returns every connection once with autoPagination", () =>
    Effect.gen(function* () {
      const { workos } = yield* Sdk
      const { connections } = yield* Store.Store
      const all = yield* Effect.promise(async () => (await workos.sso.listConnections()).autoPagination())
      assert.deepStrictEqual<unknown>(all, connections.rows.toReversed().map(asSdk))
    })
  )

  it.effect("The official SDK throws its exceptions on 401, 404 and 422", () =>
    Effect.gen(function* () {
      const { withKey, workos } = yield* Sdk
      const id = "conn_01E4ZCR3C56J083X43JQXF3JK5"
      const unauthorized = yield* failure(() => withKey("sk_test_wrong").sso.getConnection(id))
      assert.instanceOf(unauthorized, UnauthorizedException)
      assert.match(unauthorized.requestID, /^req_/)
      const notFound = yield* failure(() => workos.sso.getConnection(id))
      assert.instanceOf(notFound, NotFoundException)
      assert.strictEqual(notFound.message, `Connection not found: '${id}'.`)
      assert.match(notFound.requestID, /^req_/)
      const unprocessable = yield* failure(() => workos.sso.listConnections({ limit: 101 }))
      assert.instanceOf(unprocessable, UnprocessableEntityException)
      assert.match(unprocessable.requestID, /^req_/)
    })
  )

  it.effect("The official SDK deletes a connection", () =>
    Effect.gen(function* () {
      const { workos } = yield* Sdk
      const { connections } = yield* Store.Store
      const id = connections.rows[100]?.id ?? ""
      yield* Effect.promise(() => workos.sso.deleteConnection(id))
      assert.isUndefined(connections.get(id))
      assert.instanceOf(yield* failure(() => workos.sso.deleteConnection(id)), NotFoundException)
    })
  )
})
