import { assert, describe, it, layer } from "@effect/vitest"
import * as Emulator from "@effect-workos/emulator/Emulator"
import { World } from "@effect-workos/emulator/World"
import { Connection } from "@effect-workos/domain/Connection"
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Headers from "effect/http/Headers"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { WorkOs } from "../src/WorkOs.ts"
import { layerWorkOs, LayerWorld } from "./emulated.ts"

const unknownId = "conn_01E4ZCR3C56J083X43JQXF3JK5"

layer(layerWorkOs())("connections.get", (it) => {
  it.effect("gives the connection as it is", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const world = yield* World
      for (const row of world.connections.rows.slice(0, 50)) {
        assert.deepStrictEqual(yield* connections.get(row.id), row)
      }
    })
  )

  it.effect("fails with NotFound, WorkOS's message and the request's id", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const error = yield* Effect.flip(connections.get(unknownId))
      assert.strictEqual(error._tag, "NotFound")
      assert.strictEqual(error.message, `Connection not found: '${unknownId}'.`)
      assert.match("requestId" in error ? (error.requestId ?? "") : "", /^req_/)
    })
  )
})

layer(layerWorkOs())("connections.delete", (it) => {
  it.effect("deletes, once", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const world = yield* World
      const id = world.connections.rows[5]?.id ?? ""
      yield* connections.delete(id)
      assert.isUndefined(world.connections.get(id))
      assert.strictEqual((yield* Effect.flip(connections.delete(id)))._tag, "NotFound")
    })
  )
})

layer(layerWorkOs())("connections.list", (it) => {
  it.effect("gives ten, newest first, where nothing is said", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const world = yield* World
      const page = yield* connections.list()
      assert.deepStrictEqual(page.data, world.connections.rows.slice(-10).toReversed())
      assert.strictEqual(page.listMetadata.after, page.data[9]?.id)
      assert.isNull(page.listMetadata.before)
    })
  )

  it.effect("takes all eight parameters, and undefined for none", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const world = yield* World
      const sample = world.connections.rows.find((row) => row.connectionType === "OktaSAML" && row.domains.length > 0)
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

  it.effect("gives the same rows encoded, as they came", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const typed = yield* connections.list({ limit: 100 })
      const encoded = yield* connections.encoded.list({ limit: 100 })
      assert.deepStrictEqual(encoded.data, yield* Schema.encodeEffect(Schema.Array(Connection))(typed.data))
      assert.deepStrictEqual(encoded.list_metadata, typed.listMetadata)
    })
  )
})

describe("every request", () => {
  // What leaves the client, on its way to the emulator.
  const watched = Effect.gen(function* () {
    const requests: Array<Request> = []
    const answer = yield* Emulator.fetch()
    const watch: typeof globalThis.fetch = (input, init) => {
      requests.push(new Request(input, init))
      return answer(input, init)
    }
    const workos = yield* WorkOs.pipe(
      Effect.provide(
        WorkOs.layer({ apiKey: Emulator.defaultApiKey, baseUrl: new URL("http://workos.test/prefix/") }).pipe(
          Layer.provide(FetchHttpClient.layer)
        )
      ),
      Effect.provideService(FetchHttpClient.Fetch, watch)
    )
    return { requests, workos, watching: Effect.provideService(FetchHttpClient.Fetch, watch) }
  }).pipe(Effect.provide(LayerWorld))

  it.effect("names its order, carries the key, and keeps the base URL's path", () =>
    Effect.gen(function* () {
      const { requests, watching, workos } = yield* watched
      yield* watching(Effect.ignore(workos.connections.list()))
      yield* watching(Effect.ignore(workos.connections.list({ order: undefined, limit: 5 })))
      yield* watching(Effect.ignore(workos.connections.get(unknownId)))
      assert.deepStrictEqual(
        requests.map(({ url }) => url),
        [
          "http://workos.test/prefix/connections?order=desc",
          "http://workos.test/prefix/connections?limit=5&order=desc",
          `http://workos.test/prefix/connections/${unknownId}`
        ]
      )
      for (const { headers } of requests) {
        assert.strictEqual(headers.get("authorization"), `Bearer ${Redacted.value(Emulator.defaultApiKey)}`)
      }
    })
  )

  it.effect.each([
    "",
    "nonsense",
    "org_01E4ZCR3C56J083X43JQXF3JK5",
    "conn_domain_01E4ZCR3C56J083X43JQXF3JK5",
    "conn_01E4/../../organizations",
    "..",
    "conn_01E4%2f..",
    "conn_01E4 ZCR",
    "conn_01E4?limit=1",
    `conn_${"A".repeat(10_000)}`
  ])("is not sent for an id that is none (%#)", (id) =>
    Effect.gen(function* () {
      const { requests, watching, workos } = yield* watched
      const error = yield* watching(Effect.flip(workos.connections.get(id)))
      assert.strictEqual(error._tag, "InvalidRequest")
      assert.strictEqual(error.message, "connections.get: id: Expected an id that starts with conn_")
      assert.strictEqual((yield* watching(Effect.flip(workos.connections.delete(id))))._tag, "InvalidRequest")
      assert.lengthOf(requests, 0)
    })
  )

  it.effect.each([
    [{ limit: 0 }, "connections.list: limit: Expected a value between 1 and 100"],
    [{ limit: 101 }, "connections.list: limit: Expected a value between 1 and 100"],
    [{ limit: 1.5 }, "connections.list: limit: Expected an integer"],
    [{ limit: NaN }, "connections.list: limit: Expected an integer"],
    [{ after: "nonsense" }, "connections.list: after: Expected an id that starts with conn_"],
    [{ organizationId: unknownId }, "connections.list: organizationId: Expected an id that starts with org_"]
  ] as const)("is not sent for the query %j", ([options, message]) =>
    Effect.gen(function* () {
      const { requests, watching, workos } = yield* watched
      const error = yield* watching(Effect.flip(workos.connections.list(options)))
      assert.strictEqual(error._tag, "InvalidRequest")
      assert.strictEqual(error.message, message)
      assert.lengthOf(requests, 0)
    })
  )

  it.effect.prop("keeps hostile text in its own parameter", [Schema.String, Schema.String], ([domain, search]) =>
    Effect.gen(function* () {
      const { requests, watching, workos } = yield* watched
      yield* watching(Effect.ignore(workos.connections.list({ domain, search })))
      const url = new URL(requests[0]?.url ?? "")
      assert.strictEqual(url.origin + url.pathname, "http://workos.test/prefix/connections")
      assert.deepStrictEqual([...url.searchParams.keys()].toSorted(), ["domain", "order", "search"])
    })
  )
})

describe("documented errors", () => {
  it.effect("401 is Unauthorized", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const errors = yield* Effect.all([
        Effect.flip(connections.get(unknownId)),
        Effect.flip(connections.list()),
        Effect.flip(connections.delete(unknownId))
      ])
      for (const error of errors) {
        assert.strictEqual(error._tag, "Unauthorized")
        assert.strictEqual(error.message, "Unauthorized")
      }
    }).pipe(Effect.provide(layerWorkOs({ apiKey: Redacted.make("sk_test_other") })))
  )

  it.effect("429 is TooManyRequests, with the time to wait", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      yield* connections.list()
      yield* TestClock.adjust("18 seconds")
      const error = yield* Effect.flip(connections.list())
      assert.strictEqual(error._tag, "TooManyRequests")
      assert.deepStrictEqual("retryAfter" in error && error.retryAfter, Headers.retryAfterDuration("42 seconds"))
    }).pipe(Effect.provide(layerWorkOs({ rateLimit: { requests: 1, window: "60 seconds" } })))
  )

  it.effect("422 is UnprocessableEntity: a cursor that exists no more", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const error = yield* Effect.flip(connections.list({ after: unknownId }))
      assert.strictEqual(error._tag, "UnprocessableEntity")
    }).pipe(Effect.provide(layerWorkOs()))
  )
})

layer(layerWorkOs())("connections.stream", (it) => {
  it.effect("gives every row once, from either end, whatever the page size", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const { rows } = (yield* World).connections
      for (const pageSize of [undefined, 100, 99, 7]) {
        assert.deepStrictEqual(yield* Stream.runCollect(connections.stream({ order: "asc", pageSize })), [...rows])
      }
      assert.deepStrictEqual(yield* Stream.runCollect(connections.stream()), rows.toReversed())
    })
  )

  it.effect("starts after a cursor", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const { rows } = (yield* World).connections
      const after = rows[700]?.id
      assert.deepStrictEqual(yield* Stream.runCollect(connections.stream({ order: "asc", after })), rows.slice(701))
      assert.deepStrictEqual(
        yield* Stream.runCollect(connections.stream({ order: "desc", after })),
        rows.slice(0, 700).toReversed()
      )
    })
  )

  it.effect("gives what the filters leave, and nothing where they leave nothing", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const { rows } = (yield* World).connections
      const organizationId = rows[0]?.organizationId
      assert.deepStrictEqual(
        yield* Stream.runCollect(connections.stream({ order: "asc", organizationId, pageSize: 3 })),
        rows.filter((row) => row.organizationId === organizationId)
      )
      assert.deepStrictEqual(yield* Stream.runCollect(connections.stream({ domain: "nobody.example" })), [])
    })
  )

  it.effect("gives encoded rows with every field that came", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const { rows } = (yield* World).connections
      assert.deepStrictEqual(
        yield* Stream.runCollect(connections.encoded.stream({ order: "asc" })),
        yield* Schema.encodeEffect(Schema.Array(Connection))([...rows])
      )
    })
  )

  it.effect("gives pages with their cursors", () =>
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

  it.effect("fails with the page that failed, after the rows before it", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const error = yield* Effect.flip(Stream.runDrain(connections.stream({ pageSize: 101 })))
      assert.strictEqual(error._tag, "InvalidRequest")
    })
  )
})
