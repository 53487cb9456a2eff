// Creation of connections over plain HTTP.
import { assert, layer } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { TestClock } from "effect/testing"
import * as Emulator from "../src/Emulator.ts"
import * as Store from "../src/Store.ts"
import { sendRequest, idsOf, send } from "./requests.ts"

const LayerStore = Store.layer({ connections: 250, organizations: 20, seed: 7 })
const LayerEmulator = Emulator.layerHttpClient().pipe(Layer.provideMerge(LayerStore))

const organizationAt = (index: number) =>
  Effect.map(Store.Store, ({ organizations }) => organizations.rows[index]?.id ?? "")

const create = (connection: unknown) => send("POST", "/connections", connection)

layer(LayerEmulator)("a new connection", (it) => {
  const saml_options = { idp_metadata_url: "https://idp.example.com/metadata.xml" }
  const oidc_options = { discovery_endpoint: "https://idp.example.com", client_id: "0oa1", client_secret: "secret" }
  const unknownOrganization = "org_01EHWNCE74X7JSDV0X3SZ3KJNY"

  it.effect("A new connection is returned with 201, and equally by get", () =>
    Effect.gen(function* () {
      const organization_id = yield* organizationAt(0)
      const external_id = "legacy-1"
      const response = yield* create({
        organization_id,
        external_id,
        name: "Foo Corp",
        connection_type: "OktaSAML",
        saml_options
      })
      assert.strictEqual(response.status, 201)
      const { created_at, id, updated_at, ...rest } = { created_at: "", updated_at: "", ...response.body }
      assert.deepStrictEqual<unknown>(rest, {
        object: "connection",
        organization_id,
        external_id,
        connection_type: "OktaSAML",
        name: "Foo Corp",
        state: "active",
        status: "linked",
        domains: [],
        options: { signing_cert: null }
      })
      assert.match(id ?? "", /^conn_[0-9A-HJKMNP-TV-Z]{26}$/)
      assert.match(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      assert.strictEqual(updated_at, created_at)
      assert.deepStrictEqual((yield* sendRequest(`/connections/${id}`)).body, response.body)
    })
  )

  it.effect("A new connection is the newest row, even if the clock stands still or is behind", () =>
    Effect.gen(function* () {
      const organization_id = yield* organizationAt(1)
      const ids: Array<string> = []
      for (let i = 0; i < 20; i++) ids.unshift((yield* create({ organization_id })).body.id ?? "")
      assert.deepStrictEqual(idsOf(yield* sendRequest("/connections?limit=20&order=desc")), ids)
      assert.strictEqual(new Set(ids).size, 20)
    })
  )

  it.effect("A new connection has the current time", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(DateTime.toEpochMillis(DateTime.makeUnsafe("2027-01-15T12:00:00Z")))
      const { body } = yield* create({ organization_id: yield* organizationAt(2) })
      assert.include(body, { created_at: "2027-01-15T12:00:00.000Z", updated_at: "2027-01-15T12:00:00.000Z" })
      assert.match(body.id ?? "", /^conn_01/)
    }).pipe(Effect.provide(LayerEmulator))
  )

  it.effect("A new connection is found by every filter until its deletion", () =>
    Effect.gen(function* () {
      const organization_id = yield* organizationAt(3)
      const { body } = yield* create({ organization_id, connection_type: "GitHubOAuth", name: "Zaphod's" })
      const filters = [`organization_id=${organization_id}`, "connection_type=GithubOAuth", "search=zaphod"]
      for (const filter of [...filters, filters.join("&")]) {
        assert.strictEqual(idsOf(yield* sendRequest(`/connections?order=desc&${filter}`))[0], body.id, filter)
      }
      assert.notInclude(idsOf(yield* sendRequest("/connections?limit=100&connection_type=OktaSAML")), body.id)
      assert.strictEqual((yield* sendRequest(`/connections/${body.id}`, { method: "DELETE" })).status, 200)
      assert.deepStrictEqual(idsOf(yield* sendRequest("/connections?search=zaphod")), [])
    })
  )

  it.effect.each([
    { given: {}, state: "requires_type", status: "unlinked", type: "Pending", name: "Pending" },
    { given: { saml_options }, state: "requires_type", status: "unlinked", type: "Pending", name: "Pending" },
    { given: { connection_type: "OktaOIDC" }, state: "draft", status: "unlinked", type: "OktaOIDC", name: "OktaOIDC" },
    {
      given: { connection_type: "OktaOIDC", oidc_options },
      state: "active",
      status: "linked",
      type: "OktaOIDC",
      name: "OktaOIDC"
    },
    {
      given: { connection_type: "OktaSAML", saml_options: {}, name: "A" },
      state: "active",
      status: "linked",
      name: "A"
    }
  ])(
    "A new connection has the state $state for $given",
    ({ given, name, state, status, type = given.connection_type }) =>
      Effect.gen(function* () {
        const { body } = yield* create({ organization_id: yield* organizationAt(4), ...given })
        assert.include(body, { connection_type: type, name, state, status })
        assert.notInclude(JSON.stringify(body), "secret")
      })
  )

  it.effect("A connection is returned with 200 to a creation with the same external id", () =>
    Effect.gen(function* () {
      const { connections } = yield* Store.Store
      const organization_id = yield* organizationAt(5)
      const external_id = "legacy-5"
      const first = yield* create({ organization_id, external_id, name: "First" })
      const count = connections.rows.length
      const second = yield* create({ organization_id, external_id, name: "Second" })
      assert.deepStrictEqual([first.status, second.status], [201, 200])
      assert.deepStrictEqual(second.body, first.body)
      assert.match(second.headers["content-type"] ?? "", /^application\/json/)
      assert.match(second.headers["x-request-id"] ?? "", /^req_\d+$/)
      assert.strictEqual(connections.rows.length, count)

      const elsewhere = yield* create({ organization_id: yield* organizationAt(6), external_id })
      assert.strictEqual(elsewhere.status, 201)
      assert.notStrictEqual(elsewhere.body.id, first.body.id)

      yield* sendRequest(`/connections/${first.body.id}`, { method: "DELETE" })
      const again = yield* create({ organization_id, external_id })
      assert.strictEqual(again.status, 201)
      assert.notStrictEqual(again.body.id, first.body.id)
    })
  )

  it.effect("Concurrent requests with the same external id create one connection", () =>
    Effect.gen(function* () {
      const request = create({ organization_id: yield* organizationAt(7), external_id: "legacy-7" })
      const responses = yield* Effect.all(
        Array.from({ length: 10 }, () => request),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(responses.map(({ status }) => status).toSorted(), [...Array(9).fill(200), 201])
      assert.strictEqual(new Set(responses.map(({ body }) => body.id)).size, 1)
    })
  )

  it.effect("The creation of a connection requires an existing organization", () =>
    Effect.gen(function* () {
      const { connections } = yield* Store.Store
      const count = connections.rows.length
      const { body, status } = yield* create({ organization_id: unknownOrganization, connection_type: "OktaSAML" })
      assert.strictEqual(status, 422)
      assert.deepStrictEqual<unknown>(body, { message: `Organization not found: '${unknownOrganization}'.` })
      assert.strictEqual(connections.rows.length, count)
    })
  )

  it.effect.each([
    { body: "" },
    { body: "{" },
    { body: '{"organization_id":"org_1"} {}' },
    { body: "null" },
    { body: "[]" },
    { body: "7" },
    { body: '"organization_id"' },
    { body: "[".repeat(100_000) },
    { body: "<connection/>", contentType: "application/xml" },
    { body: "organization_id=org_1", contentType: "application/x-www-form-urlencoded" },
    { body: "{}", contentType: "text/plain" },
    { body: "--x--", contentType: "multipart/form-data; boundary=x" },
    { body: "{}", contentType: "nonsense" }
  ])("The creation of a connection rejects body %#, which is not a JSON object, with 400", (options) =>
    Effect.gen(function* () {
      const { connections } = yield* Store.Store
      const count = connections.rows.length
      const { body, headers, status } = yield* sendRequest("/connections", { method: "POST", ...options })
      assert.strictEqual(status, 400)
      assert.deepStrictEqual<unknown>(body, { message: "The body must be a JSON object." })
      assert.match(headers["content-type"] ?? "", /^application\/json/)
      assert.match(headers["x-request-id"] ?? "", /^req_\d+$/)
      assert.strictEqual(connections.rows.length, count)
    })
  )

  it.effect("The creation of a connection requires a body", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* sendRequest("/connections", { method: "POST" })).status, 400)
    })
  )

  it.effect.each([
    { field: "organization_id", given: {} },
    { field: "organization_id", given: { organization_id: null } },
    { field: "organization_id", given: { organization_id: "conn_01E4ZCR3C56J083X43JQXF3JK5" } },
    { field: "name", given: { organization_id: unknownOrganization, name: 7 } },
    { field: "external_id", given: { organization_id: unknownOrganization, external_id: {} } },
    { field: "connection_type", given: { organization_id: unknownOrganization, connection_type: "Nonsense" } },
    { field: "connection_type", given: { organization_id: unknownOrganization, connection_type: "GithubOAuth" } },
    { field: "saml_options", given: { organization_id: unknownOrganization, saml_options: "https://x" } },
    {
      field: "saml_options.idp_signing_certs.1",
      given: { organization_id: unknownOrganization, saml_options: { idp_signing_certs: ["a", 7] } }
    },
    {
      field: "oidc_options.client_id",
      given: { organization_id: unknownOrganization, oidc_options: { discovery_endpoint: "https://x" } }
    }
  ])("The creation of a connection rejects the invalid field $field of case %# with 422", ({ field, given }) =>
    Effect.gen(function* () {
      const { body, status } = yield* create(given)
      assert.strictEqual(status, 422)
      assert.match(body.message ?? "", new RegExp(`^Validation failed: ${field}: `))
      assert.nestedPropertyVal(body, "errors[0].field", field)
    })
  )
})
