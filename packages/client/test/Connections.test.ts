import { assert, describe, it, layer } from "@effect/vitest"
import { Store } from "@effect-workos/emulator/Store"
import { Connection, CreateConnection } from "@effect-workos/domain/sso/Connection"
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as Duration from "effect/Duration"
import * as Headers from "effect/http/Headers"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { WorkOs } from "../src/WorkOs.ts"
import { layerWorkOs } from "./emulated.ts"

const unknownId = "conn_01E4ZCR3C56J083X43JQXF3JK5"
const unknownOrganizationId = "org_01EHWNCE74X7JSDV0X3SZ3KJNY"

layer(layerWorkOs())("connections.get", (it) => {
  it.effect("returns the connection of the emulator", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const store = yield* Store
      for (const row of store.connections.rows.slice(0, 50)) {
        assert.deepStrictEqual(yield* connections.get(row.id), row)
      }
    })
  )

  it.effect("fails with NotFound, with WorkOS's message and the request id", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const error = yield* Effect.flip(connections.get(unknownId))
      assert.strictEqual(error._tag, "NotFound")
      assert.strictEqual(error.message, `Connection not found: '${unknownId}'.`)
      assert.match("requestId" in error ? (error.requestId ?? "") : "", /^req_/)
    })
  )
})

layer(layerWorkOs())("connections.create", (it) => {
  it.effect("returns the created connection", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const store = yield* Store
      const organizationId = store.organizations.rows[0]?.id ?? ""
      const connection = yield* connections.create({
        organizationId,
        name: "Foo Corp",
        externalId: "legacy-1",
        connectionType: "OktaOIDC",
        oidcOptions: {
          discoveryEndpoint: "https://idp.example.com/.well-known/openid-configuration",
          clientId: "0oa1",
          clientSecret: Redacted.make("secret")
        }
      })
      assert.include(connection, {
        name: "Foo Corp",
        externalId: "legacy-1",
        connectionType: "OktaOIDC",
        state: "active"
      })
      assert.strictEqual(connection.organizationId, organizationId)
      assert.deepStrictEqual(connection, store.connections.get(connection.id))
      assert.deepStrictEqual(yield* connections.get(connection.id), connection)
      assert.deepStrictEqual((yield* connections.list({ organizationId, limit: 1 })).data, [connection])
    })
  )

  it.effect("returns the existing connection with the same external id", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const [organizationId = "", otherId = ""] = (yield* Store).organizations.rows.map(({ id }) => id)
      const first = yield* connections.create({ organizationId, externalId: "legacy-2", name: "First" })
      const second = yield* connections.create({ organizationId, externalId: "legacy-2", name: "Second" })
      assert.deepStrictEqual(second, first)
      const other = yield* connections.create({ organizationId: otherId, externalId: "legacy-2" })
      assert.notStrictEqual(other.id, first.id)
    })
  )

  it.effect.prop("accepts all values of its type", [CreateConnection], ([options]) =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const organizationId = (yield* Store).organizations.rows[0]?.id ?? ""
      const { externalId: _, ...rest } = options
      const connection = yield* connections.create({ ...rest, organizationId })
      assert.strictEqual(connection.name, options.name ?? options.connectionType ?? "Pending")
      assert.strictEqual(connection.connectionType, options.connectionType ?? "Pending")
    })
  )

  it.effect("fails with UnprocessableEntity for an organization that does not exist", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const error = yield* Effect.flip(connections.create({ organizationId: unknownOrganizationId }))
      assert.strictEqual(error._tag, "UnprocessableEntity")
      assert.strictEqual(error.message, `Organization not found: '${unknownOrganizationId}'.`)
      assert.match("requestId" in error ? (error.requestId ?? "") : "", /^req_/)
    })
  )
})

layer(layerWorkOs())("connections.delete", (it) => {
  it.effect("deletes a connection, and fails with NotFound the second time", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const store = yield* Store
      const id = store.connections.rows[5]?.id ?? ""
      yield* connections.delete(id)
      assert.isUndefined(store.connections.get(id))
      assert.strictEqual((yield* Effect.flip(connections.delete(id)))._tag, "NotFound")
    })
  )
})

layer(layerWorkOs())("connections.list", (it) => {
  it.effect("returns the newest ten connections by default", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const store = yield* Store
      const page = yield* connections.list()
      assert.deepStrictEqual(page.data, store.connections.rows.slice(-10).toReversed())
      assert.strictEqual(page.listMetadata.after, page.data[9]?.id)
      assert.isNull(page.listMetadata.before)
    })
  )

  it.effect("accepts all eight parameters, and undefined as absent", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const store = yield* Store
      const sample = store.connections.rows.find((row) => row.connectionType === "OktaSAML" && row.domains.length > 0)
      const filters = {
        connectionType: "OktaSAML" as const,
        organizationId: sample?.organizationId,
        domain: sample?.domains[0]?.domain,
        search: sample?.name.slice(2)
      }
      const page = yield* connections.list({ ...filters, limit: 1, order: "asc", after: undefined, before: undefined })
      assert.strictEqual(page.data.length, 1)
      const [row] = page.data
      assert.strictEqual(row?.organizationId, sample?.organizationId)
      assert.strictEqual(row?.connectionType, "OktaSAML")
      const following = yield* connections.list({ order: "normal", before: row?.id, limit: 3 })
      const preceding = yield* connections.list({ order: "desc", after: row?.id, limit: 3 })
      assert.deepStrictEqual(following.data, preceding.data)
    })
  )

  it.effect("returns the same rows encoded as the server sent them", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const typed = yield* connections.list({ limit: 100 })
      const encoded = yield* connections.list.encoded({ limit: 100 })
      assert.deepStrictEqual(encoded.data, yield* Schema.encodeEffect(Schema.Array(Connection))(typed.data))
      assert.deepStrictEqual(encoded.list_metadata, typed.listMetadata)
    })
  )
})

describe("connections", () => {
  it.effect("fail with Unauthorized for a 401", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const errors = yield* Effect.all([
        Effect.flip(connections.get(unknownId)),
        Effect.flip(connections.list()),
        Effect.flip(connections.create({ organizationId: unknownOrganizationId })),
        Effect.flip(connections.delete(unknownId))
      ])
      for (const error of errors) {
        assert.strictEqual(error._tag, "Unauthorized")
        assert.strictEqual(error.message, "Unauthorized")
      }
    }).pipe(Effect.provide(layerWorkOs({ apiKey: Redacted.make("sk_test_other") })))
  )

  it.effect("fail immediately with TooManyRequests for a 429 whose Retry-After exceeds the deadline", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      yield* connections.list()
      yield* TestClock.adjust("18 seconds")
      const error = yield* Effect.flip(connections.list())
      assert.strictEqual(error._tag, "TooManyRequests")
      // An hour, less 18 seconds.
      assert.deepStrictEqual("retryAfter" in error && error.retryAfter, Headers.retryAfterDuration("3582 seconds"))
      assert.deepStrictEqual("attempts" in error && [error.attempts, error.elapsed], [1, Duration.zero])
    }).pipe(Effect.provide(layerWorkOs({ rateLimit: { requests: 1, window: "1 hour" } })))
  )

  it.effect("fail with UnprocessableEntity for a deleted cursor", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const error = yield* Effect.flip(connections.list({ after: unknownId }))
      assert.strictEqual(error._tag, "UnprocessableEntity")
    }).pipe(Effect.provide(layerWorkOs()))
  )
})

layer(layerWorkOs())("connections.stream", (it) => {
  it.effect("emits every row once, in both orders, with any page size", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const { rows } = (yield* Store).connections
      for (const pageSize of [undefined, 100, 99, 7]) {
        assert.deepStrictEqual(yield* Stream.runCollect(connections.stream({ order: "asc", pageSize })), [...rows])
      }
      assert.deepStrictEqual(yield* Stream.runCollect(connections.stream()), rows.toReversed())
    })
  )

  it.effect("starts after a cursor", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const { rows } = (yield* Store).connections
      const after = rows[700]?.id
      assert.deepStrictEqual(yield* Stream.runCollect(connections.stream({ order: "asc", after })), rows.slice(701))
      assert.deepStrictEqual(
        yield* Stream.runCollect(connections.stream({ order: "desc", after })),
        rows.slice(0, 700).toReversed()
      )
    })
  )

  it.effect("emits the rows that match the filters, or none", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const { rows } = (yield* Store).connections
      const organizationId = rows[0]?.organizationId
      assert.deepStrictEqual(
        yield* Stream.runCollect(connections.stream({ order: "asc", organizationId, pageSize: 3 })),
        rows.filter((row) => row.organizationId === organizationId)
      )
      assert.deepStrictEqual(yield* Stream.runCollect(connections.stream({ domain: "nobody.example" })), [])
    })
  )

  it.effect("emits encoded rows with all fields of the response", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const { rows } = (yield* Store).connections
      assert.deepStrictEqual(
        yield* Stream.runCollect(connections.list.encoded.stream({ order: "asc" })),
        yield* Schema.encodeEffect(Schema.Array(Connection))([...rows])
      )
    })
  )

  it.effect("emits pages with their cursors", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const pages = yield* Stream.runCollect(connections.pages({ pageSize: 100 }))
      assert.deepStrictEqual(
        pages.map(({ data }) => data.length),
        [...Array.replicate(100, 12), 34]
      )
      assert.isNull(pages.at(-1)?.listMetadata.after)
    })
  )

  it.effect("fails with the error of a page, after the rows of the pages before it", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const error = yield* Effect.flip(Stream.runDrain(connections.stream({ pageSize: 101 })))
      assert.strictEqual(error._tag, "InvalidRequest")
    })
  )
})
