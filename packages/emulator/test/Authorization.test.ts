// `/sso/authorize`: redirects, selection of connections, and errors.
import { assert, describe, it, layer } from "@effect/vitest"
import type { Connection } from "@effect-workos/domain/sso/Connection"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Clients from "../src/Clients.ts"
import * as Store from "../src/Store.ts"
import { findConnection, sendRequest, authorize, callback, emulated, query, redirectParameters } from "./sign-in.ts"

const registered = "client_registered"

const LayerEmulator = emulated({
  clients: [
    { clientId: Clients.defaultClientId },
    {
      clientId: registered,
      clientSecret: Redacted.make("sk_test_registered"),
      redirectUris: ["https://app.example/callback?tenant=1", "app://callback", "https://app.example/Łódź"]
    }
  ]
})

const ulid = "01E4ZCR3C56J083X43JQXF3JK5"

const rowsOf = (isWanted: (row: Connection) => boolean) =>
  Effect.map(Store.Store, ({ connections }) => connections.rows.filter(isWanted))

const isActive = ({ state }: Connection) => state === "active"

// Returns an organization by its numbers of active and inactive connections.
const anOrganization = (isWanted: (active: number, others: number) => boolean) =>
  Effect.map(Store.Store, ({ connections, organizations }) => {
    const found = organizations.rows.find(({ id }) => {
      const own = connections.rows.filter(({ organizationId }) => organizationId === id)
      const active = own.filter(isActive).length
      return isWanted(active, own.length - active)
    })
    assert.isDefined(found)
    return found.id
  })

layer(LayerEmulator)("/sso/authorize", (it) => {
  it.effect("`/sso/authorize` redirects immediately with a code and the given state", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* findConnection()
      for (const state of ["", "plain", "a b+c&d=e#f%20?", "ü大阪🔑", `{"to":"/"}`, "x".repeat(2000)]) {
        const response = yield* authorize({ connection, state })
        assert.strictEqual(response.status, 302)
        assert.strictEqual(response.headers["cache-control"], "no-store")
        assert.isTrue(response.headers["location"]?.startsWith(`${callback}?`))
        const { code = "", ...rest } = redirectParameters(response)
        assert.match(code, /^[0-9A-HJKMNP-TV-Z]{26}$/)
        assert.deepStrictEqual(rest, { state })
      }
      assert.deepStrictEqual(Object.keys(redirectParameters(yield* authorize({ connection }))), ["code"])
    })
  )

  it.effect("`/sso/authorize` returns the URL as JSON to programs that accept JSON, and redirects browsers", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* findConnection()
      const response = yield* authorize({ connection, state: "s" }, { accept: "application/json" })
      assert.strictEqual(response.status, 200)
      const url = new URL(String(response.body["url"]))
      assert.strictEqual(`${url.origin}${url.pathname}`, callback)
      assert.strictEqual(url.searchParams.get("state"), "s")
      const browser = "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8"
      assert.strictEqual((yield* authorize({ connection }, { accept: browser })).status, 302)
      assert.strictEqual((yield* authorize({ connection }, { accept: "*/*" })).status, 302)
    })
  )

  it.effect("`/sso/authorize` selects the only active connection of an organization", () =>
    Effect.gen(function* () {
      const organization = yield* anOrganization((active, others) => active === 1 && others > 0)
      assert.isDefined(redirectParameters(yield* authorize({ organization }))["code"])
    })
  )

  it.effect("`/sso/authorize` selects a connection by provider", () =>
    Effect.gen(function* () {
      const { connections } = yield* Store.Store
      const types = new Set(connections.rows.filter(isActive).map(({ connectionType }) => connectionType))
      for (const provider of [
        "GoogleOAuth",
        "AppleOAuth",
        "GitHubOAuth",
        "MicrosoftOAuth",
        "SlackOAuth",
        "XeroOAuth"
      ]) {
        const { code, error } = redirectParameters(yield* authorize({ provider }))
        assert.strictEqual(error, types.has(provider) ? undefined : "connection_invalid", provider)
        assert.strictEqual(code !== undefined, types.has(provider))
      }
    })
  )

  it.effect("`/sso/authorize` redirects an invalid request with an error and the state, but without a code", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* findConnection()
      const [inactive] = yield* rowsOf(({ state }) => state === "inactive")
      const several = yield* anOrganization((active) => active > 1)
      const unlinked = yield* anOrganization((active, others) => active === 0 && others > 0)
      const cases: ReadonlyArray<readonly [string, Readonly<Record<string, string | undefined>>]> = [
        ["connection_invalid", { connection: `conn_${ulid}` }],
        ["connection_invalid", { connection: "nonsense" }],
        ["connection_unlinked", { connection: inactive?.id }],
        ["organization_invalid", { organization: `org_${ulid}` }],
        ["organization_invalid", { organization: connection }],
        ["ambiguous_connection_selector", { organization: several }],
        ["connection_unlinked", { organization: unlinked }],
        ["invalid_connection_selector", {}],
        ["invalid_connection_selector", { connection, organization: several }],
        ["invalid_connection_selector", { connection, provider: "GoogleOAuth" }],
        ["invalid_connection_selector", { provider: "NoOAuth" }],
        ["domain_connection_selector_not_allowed", { domain: "acme.example" }],
        ["unsupported_response_type", { connection, response_type: "token" }],
        ["unsupported_response_type", { connection, response_type: undefined }],
        ["invalid_request", { connection, code_challenge: "short", code_challenge_method: "S256" }],
        ["invalid_request", { connection, code_challenge: "A".repeat(43) }],
        ["invalid_request", { connection, code_challenge: "A".repeat(43), code_challenge_method: "plain" }],
        ["invalid_request", { connection, prompt: "none" }]
      ]
      for (const [error, fields] of cases) {
        const response = yield* authorize({ ...fields, state: "s & t" })
        assert.strictEqual(response.status, 302, error)
        assert.isTrue(response.headers["location"]?.startsWith(`${callback}?`))
        const { error_description: description = "", ...rest } = redirectParameters(response)
        assert.deepStrictEqual(rest, { error, state: "s & t" }, JSON.stringify(fields))
        assert.isAbove(description.length, 10)
      }
    })
  )

  it.effect("`/sso/authorize` does not redirect for an unknown client", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* findConnection()
      for (const client_id of ["client_unknown", "nonsense", "", undefined]) {
        for (const fields of [{ connection }, { connection, response_type: "token" }]) {
          const response = yield* authorize({ ...fields, client_id })
          assert.strictEqual(response.status, 400)
          assert.strictEqual(response.body["error"], "invalid_client")
          assert.isUndefined(response.headers["location"])
        }
      }
    })
  )

  it.effect("`/sso/authorize` does not redirect to an unregistered redirect URI", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* findConnection()
      const refused = [
        [Clients.defaultClientId, "https://evil.example/callback"],
        [Clients.defaultClientId, "http://localhost.evil.example/callback"],
        [Clients.defaultClientId, "http://localhost@evil.example/callback"],
        [Clients.defaultClientId, "http://evil.example\\@localhost/"],
        [Clients.defaultClientId, "http://user@localhost/"],
        [Clients.defaultClientId, "http://:pass@localhost/"],
        [Clients.defaultClientId, "javascript://localhost/%0Aalert(1)"],
        [Clients.defaultClientId, "ftp://localhost/"],
        [Clients.defaultClientId, "http://localhost/#fragment"],
        [Clients.defaultClientId, "http://localhost/callback#"],
        [Clients.defaultClientId, "http://localhost/a\r\nset-cookie: a=b"],
        [Clients.defaultClientId, "http://localhost/\tcallback"],
        [Clients.defaultClientId, " http://localhost/callback"],
        [Clients.defaultClientId, "http://localhost/Łódź"],
        [Clients.defaultClientId, "http://localhost/\u{1F600}"],
        [registered, "https://app.example/Łódź"],
        [Clients.defaultClientId, "javascript:alert(1)//localhost"],
        [Clients.defaultClientId, "//evil.example"],
        [Clients.defaultClientId, "/callback"],
        [Clients.defaultClientId, ""],
        [Clients.defaultClientId, undefined],
        [registered, callback],
        [registered, "https://app.example/callback"],
        [registered, "https://app.example/callback?tenant=1&"],
        [registered, "https://app.example/callback?tenant=2"],
        [registered, "https://APP.example/callback?tenant=1"],
        [registered, "app://callback/"]
      ] as const
      for (const [client_id, redirect_uri] of refused) {
        // Other errors would be sent to the redirect URI.
        for (const fields of [{ connection }, { connection, response_type: "token" }, { connection: "nonsense" }]) {
          const response = yield* authorize({ ...fields, client_id, redirect_uri })
          assert.strictEqual(response.status, 400, redirect_uri)
          assert.strictEqual(response.body["error"], "invalid_redirect_uri", redirect_uri)
          assert.isUndefined(response.headers["location"])
        }
      }
      const twice = yield* sendRequest(
        `/sso/authorize?${query({ connection })}&redirect_uri=https%3A%2F%2Fevil.example`
      )
      assert.strictEqual(twice.body["error"], "invalid_redirect_uri")
    })
  )

  it.effect("`/sso/authorize` redirects to a registered URI and keeps its query", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* findConnection()
      const at = (redirect_uri: string) => authorize({ connection, client_id: registered, redirect_uri })
      const kept = yield* at("https://app.example/callback?tenant=1")
      assert.match(kept.headers["location"] ?? "", /^https:\/\/app\.example\/callback\?tenant=1&code=/)
      assert.match((yield* at("app://callback")).headers["location"] ?? "", /^app:\/\/callback\?code=/)
      for (const redirect_uri of ["http://127.0.0.1:8080/a/b", "https://[::1]:1/", "http://localhost"]) {
        assert.isDefined(redirectParameters(yield* authorize({ connection, redirect_uri }))["code"], redirect_uri)
      }
    })
  )
})

describe("/sso/authorize for an organization without connections", () => {
  it.effect("`/sso/authorize` redirects with organization_invalid for an organization without connections", () =>
    Effect.gen(function* () {
      const { connections, organizations } = yield* Store.Store
      const organization = organizations.rows[0]?.id
      for (const { id, organizationId } of connections.rows.slice()) {
        if (organizationId === organization) connections.remove(id)
      }
      assert.strictEqual(redirectParameters(yield* authorize({ organization }))["error"], "organization_invalid")
    }).pipe(Effect.provide(LayerEmulator.pipe(Layer.fresh)))
  )
})
