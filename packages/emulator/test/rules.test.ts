// The documented rules of connections, over plain HTTP without our client or schemas.
import { assert, describe, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { TestClock } from "effect/testing"
import * as Emulator from "../src/Emulator.ts"
import * as Store from "../src/Store.ts"
import { sendRequest, idsOf } from "./requests.ts"

const LayerStore = Store.layer({ connections: 250, organizations: 20, seed: 7 })
const LayerEmulator = Emulator.layerHttpClient().pipe(Layer.provideMerge(LayerStore))

layer(LayerEmulator)("lists", (it) => {
  it.effect("Lists contain ten items by default, newest first", () =>
    Effect.gen(function* () {
      const { connections } = yield* Store.Store
      const response = yield* sendRequest("/connections")
      assert.strictEqual(response.body.object, "list")
      assert.deepStrictEqual<ReadonlyArray<string>>(
        idsOf(response),
        connections.rows
          .slice(-10)
          .toReversed()
          .map(({ id }) => id)
      )
      assert.strictEqual(response.body.list_metadata.before, null)
      assert.strictEqual(response.body.list_metadata.after, idsOf(response)[9])
    })
  )

  it.effect("Lists are ascending with order=asc", () =>
    Effect.gen(function* () {
      const { connections } = yield* Store.Store
      const ids = idsOf(yield* sendRequest("/connections?order=asc&limit=100"))
      assert.deepStrictEqual<ReadonlyArray<string>>(
        ids,
        connections.rows.slice(0, 100).map(({ id }) => id)
      )
    })
  )

  it.effect("Lists are descending with order=normal, with reversed cursors", () =>
    Effect.gen(function* () {
      const first = yield* sendRequest("/connections?order=normal&limit=20")
      const descending = yield* sendRequest("/connections?order=desc&limit=20")
      assert.deepStrictEqual(first.body.data, descending.body.data)
      assert.deepStrictEqual(first.body.list_metadata, {
        before: descending.body.list_metadata.after,
        after: descending.body.list_metadata.before
      })
      const older = yield* sendRequest(`/connections?order=normal&limit=20&before=${first.body.list_metadata.before}`)
      const next = yield* sendRequest(`/connections?order=desc&limit=20&after=${descending.body.list_metadata.after}`)
      assert.deepStrictEqual(older.body.data, next.body.data)
      const newer = yield* sendRequest(`/connections?order=normal&limit=20&after=${older.body.list_metadata.after}`)
      assert.deepStrictEqual(newer.body, first.body)
    })
  )

  it.effect("Lists return an empty page after the last item", () =>
    Effect.gen(function* () {
      const { connections } = yield* Store.Store
      const { body, status } = yield* sendRequest(`/connections?order=desc&after=${connections.rows[0]?.id}`)
      assert.strictEqual(status, 200)
      assert.deepStrictEqual(body, { object: "list", data: [], list_metadata: { before: null, after: null } } as never)
    })
  )

  it.effect("Lists are filtered by type, organization, domain and text, alone and combined", () =>
    Effect.gen(function* () {
      const { connections } = yield* Store.Store
      const sample = connections.rows.find(
        ({ connectionType, domains, organizationId }) =>
          connectionType === "OktaSAML" && organizationId !== undefined && domains.length > 1
      )
      assert.isDefined(sample)
      const search = sample.name.slice(1, 4).toUpperCase()
      const filters = {
        connection_type: "OktaSAML",
        organization_id: sample.organizationId ?? "",
        domain: sample.domains[1]?.domain.toUpperCase() ?? "",
        search
      }
      const conditions = {
        connection_type: (row: (typeof connections.rows)[number]) => row.connectionType === "OktaSAML",
        organization_id: (row: (typeof connections.rows)[number]) => row.organizationId === sample.organizationId,
        domain: (row: (typeof connections.rows)[number]) =>
          row.domains.some(({ domain }) => domain === sample.domains[1]?.domain),
        search: (row: (typeof connections.rows)[number]) => row.name.toUpperCase().includes(search)
      }
      const names = ["connection_type", "organization_id", "domain", "search"] as const
      for (let set = 1; set < 16; set++) {
        const used = names.filter((_, bit) => (set >> bit) % 2 === 1)
        const query = new URLSearchParams(used.map((name) => [name, filters[name]]))
        const expected = connections.rows.filter((row) => used.every((name) => conditions[name](row)))
        assert.isAbove(expected.length, 0)
        assert.deepStrictEqual<ReadonlyArray<string>>(
          idsOf(yield* sendRequest(`/connections?order=asc&limit=100&${query}`)),
          expected.slice(0, 100).map(({ id }) => id),
          query.toString()
        )
      }
    })
  )

  it.effect("Lists filtered by GithubOAuth contain connections of type GitHubOAuth", () =>
    Effect.gen(function* () {
      const { body } = yield* sendRequest("/connections?connection_type=GithubOAuth")
      assert.isAbove(body.data.length, 0)
      assert.isTrue(body.data.every((row) => row["connection_type"] === "GitHubOAuth"))
      assert.strictEqual((yield* sendRequest("/connections?connection_type=GitHubOAuth")).status, 422)
    })
  )

  it.effect.each([
    "limit=0",
    "limit=101",
    "limit=-1",
    "limit=1.5",
    "limit=abc",
    "limit=",
    "limit=99999999999999999999",
    "limit=1&limit=2",
    "order=upwards",
    "connection_type=Nonsense",
    "organization_id=conn_01E4ZCR3C56J083X43JQXF3JK5",
    "after=nonsense",
    "after=conn_..%2F..",
    "after=conn_01E4ZCR3C56J083X43JQXF3JK5",
    "before=conn_01E4ZCR3C56J083X43JQXF3JK5",
    `after=conn_${"A".repeat(10_000)}`
  ])("Lists reject %s with 422 and a message", (query) =>
    Effect.gen(function* () {
      const { body, status } = yield* sendRequest(`/connections?${query}`)
      assert.strictEqual(status, 422)
      assert.isString(body.message)
      assert.notProperty(body, "data")
    })
  )

  it.effect("Lists reject both cursors together with 422", () =>
    Effect.gen(function* () {
      const [a, b] = idsOf(yield* sendRequest("/connections"))
      assert.strictEqual((yield* sendRequest(`/connections?after=${a}&before=${b}`)).status, 422)
    })
  )
})

layer(LayerEmulator)("connections", (it) => {
  it.effect("Connections are returned as listed, with a request id", () =>
    Effect.gen(function* () {
      const list = yield* sendRequest("/connections?limit=100")
      for (const row of list.body.data.slice(0, 10)) {
        const response = yield* sendRequest(`/connections/${row.id}`)
        assert.deepStrictEqual<unknown>(response.body, row)
        assert.include(["linked", "unlinked"], row["status"])
        assert.match(response.headers["content-type"] ?? "", /^application\/json/)
        assert.match(response.headers["x-request-id"] ?? "", /^req_\d+$/)
      }
    })
  )

  it.effect("Connections are deleted once, and receive 404 or 422 afterwards from delete, get and as a cursor", () =>
    Effect.gen(function* () {
      const [id] = idsOf(yield* sendRequest("/connections"))
      assert.strictEqual((yield* sendRequest(`/connections/${id}`, { method: "DELETE" })).status, 200)
      assert.strictEqual((yield* sendRequest(`/connections/${id}`, { method: "DELETE" })).status, 404)
      assert.strictEqual((yield* sendRequest(`/connections/${id}`)).status, 404)
      assert.strictEqual((yield* sendRequest(`/connections?after=${id}`)).status, 422)
      assert.notInclude(idsOf(yield* sendRequest("/connections?limit=100")), id)
    })
  )

  it.effect.each([
    "conn_01E4ZCR3C56J083X43JQXF3JK5",
    "org_01E4ZCR3C56J083X43JQXF3JK5",
    "nonsense",
    "..%2Forganizations",
    "conn_%20",
    "%C3%A9",
    `conn_${"A".repeat(10_000)}`
  ])("Connections receive 404 with a message for the id %s", (id) =>
    Effect.gen(function* () {
      const { body, status } = yield* sendRequest(`/connections/${id}`)
      assert.strictEqual(status, 404)
      assert.isString(body.message)
    })
  )
})

layer(LayerEmulator)("access", (it) => {
  const key = Redacted.value(Emulator.defaultApiKey)
  const wrong = [
    undefined,
    "",
    "Bearer",
    "Bearer ",
    `Bearer ${key}x`,
    `Basic ${key}`,
    key,
    `Bearer${key}`,
    "Bearer null"
  ]

  it.effect.each(wrong)("The emulator rejects the authorization %j with 401 and without data", (authorization) =>
    Effect.gen(function* () {
      for (const path of ["/connections", "/connections?limit=0", "/connections/conn_01E4ZCR3C56J083X43JQXF3JK5"]) {
        const response = yield* sendRequest(path, { authorization })
        assert.strictEqual(response.status, 401)
        assert.deepStrictEqual<unknown>(response.body, { message: "Unauthorized" })
        assert.property(response.headers, "x-request-id")
      }
      // Unauthorized bodies are not parsed.
      const response = yield* sendRequest("/connections", {
        method: "POST",
        authorization,
        body: "{",
        contentType: "text/plain"
      })
      assert.strictEqual(response.status, 401)
    })
  )
})

describe("Emulator.layerHttpClient", () => {
  it.effect("Emulator.layerHttpClient responds for any host and in any context", () =>
    Effect.gen(function* () {
      // The client is used outside of the layer.
      const client = yield* Effect.provide(HttpClient.HttpClient, LayerEmulator)
      const response = yield* client.get("https://api.workos.com/connections")
      assert.strictEqual(response.status, 401)
      assert.match(response.headers["x-request-id"] ?? "", /^req_/)
    }).pipe(Effect.scoped)
  )
})

describe("options of the emulator", () => {
  it.effect("A rate limit of the emulator responds with 429 and Retry-After until the window ends", () =>
    Effect.gen(function* () {
      for (let i = 0; i < 3; i++) assert.strictEqual((yield* sendRequest("/connections")).status, 200)
      yield* TestClock.adjust("20 seconds")
      const refused = yield* sendRequest("/connections")
      assert.strictEqual(refused.status, 429)
      assert.strictEqual(refused.headers["retry-after"], "40")
      assert.isString(refused.body.message)
      yield* TestClock.adjust("40 seconds")
      assert.strictEqual((yield* sendRequest("/connections")).status, 200)
    }).pipe(
      Effect.provide(
        Emulator.layerHttpClient({ rateLimit: { requests: 3, window: "60 seconds" } }).pipe(
          Layer.provideMerge(LayerStore)
        )
      )
    )
  )

  it.effect("A custom API key of the emulator replaces the default key", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* sendRequest("/connections")).status, 401)
      assert.strictEqual((yield* sendRequest("/connections", { authorization: "Bearer sk_test_other" })).status, 200)
    }).pipe(
      Effect.provide(
        Emulator.layerHttpClient({ apiKey: Redacted.make("sk_test_other") }).pipe(Layer.provideMerge(LayerStore))
      )
    )
  )
})
