// Schemas of connections: samples, older and newer forms, invalid values, and generated values.
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Pagination from "../src/Pagination.ts"
import * as Connection from "../src/sso/Connection.ts"
import { OrganizationId } from "../src/organizations/OrganizationId.ts"
import { connectionSample, listSample } from "./samples.ts"
import { assertRequestRoundTrip } from "./round-trip.ts"

const ConnectionPage = Pagination.Page(Connection.Connection)

const decode = Schema.decodeUnknownEffect(Connection.Connection)
const encode = Schema.encodeEffect(Connection.Connection)

describe("Connection", () => {
  it.effect("Connection decodes the sample of the reference page, and encodes it to the same JSON", () =>
    Effect.gen(function* () {
      const connection = yield* decode(connectionSample)
      assert.deepStrictEqual(connection, {
        object: "connection",
        id: Connection.ConnectionId.make("conn_01E4ZCR3C56J083X43JQXF3JK5"),
        organizationId: OrganizationId.make("org_01EHWNCE74X7JSDV0X3SZ3KJNY"),
        connectionType: "OktaSAML",
        name: "Foo Corp",
        state: "active",
        domains: [
          {
            object: "connection_domain",
            id: Connection.ConnectionDomainId.make("org_domain_01EHZNVPK2QXHMVWCEDQEKY69A"),
            domain: "foo-corp.com"
          }
        ],
        options: {},
        createdAt: DateTime.makeUnsafe("2026-01-15T12:00:00.000Z"),
        updatedAt: DateTime.makeUnsafe("2026-01-15T12:00:00.000Z")
      })
      assert.deepStrictEqual<unknown>(yield* encode(connection), connectionSample)
    })
  )

  it.effect(
    "ConnectionPage decodes the sample of the reference page with cursors of 25 characters, and encodes it to the same JSON",
    () =>
      Effect.gen(function* () {
        const page = yield* Schema.decodeUnknownEffect(ConnectionPage)(listSample)
        assert.strictEqual(page.data.length, 1)
        assert.strictEqual(page.listMetadata.before, "conn_01HXYZ123456789ABCDEFGHIJ")
        assert.strictEqual(page.listMetadata.after, "conn_01HXYZ987654321KJIHGFEDCBA")
        assert.deepStrictEqual<unknown>(yield* Schema.encodeEffect(ConnectionPage)(page), listSample)
      })
  )
})

describe("connections of other editions of the API", () => {
  const { options: _options, ...withoutOptions } = connectionSample
  const { organization_id: _organization, ...withoutOrganization } = connectionSample

  it.effect.each([
    { edition: "with the deprecated status", wire: { ...connectionSample, status: "linked" } },
    { edition: "without options", wire: withoutOptions },
    { edition: "without an organization", wire: withoutOrganization },
    { edition: "with an external id", wire: { ...connectionSample, external_id: "legacy-42" } },
    {
      edition: "with an external id of null",
      wire: { ...connectionSample, external_id: null },
      encoded: connectionSample
    },
    {
      edition: "with an organization of null",
      wire: { ...connectionSample, organization_id: null },
      encoded: withoutOrganization
    },
    {
      edition: "with a timestamp without a time zone",
      wire: { ...connectionSample, created_at: "2026-01-15 12:00:00" },
      encoded: connectionSample
    },
    { edition: "with a signing certificate", wire: { ...connectionSample, options: { signing_cert: "MII…" } } },
    { edition: "with the type GitHubOAuth", wire: { ...connectionSample, connection_type: "GitHubOAuth" } },
    { edition: "with an unknown type", wire: { ...connectionSample, connection_type: "QuantumSAML" } },
    { edition: "with an unknown state", wire: { ...connectionSample, state: "hibernating" } },
    { edition: "with an unknown status", wire: { ...connectionSample, status: "entangled" } },
    {
      edition: "with domain ids of WorkOS's emulator",
      wire: {
        ...connectionSample,
        domains: [{ ...connectionSample.domains[0], id: "conn_domain_01EHZNVPK2QXHMVWCEDQEKY69A" }]
      }
    },
    {
      edition: "with timestamps that have an offset and microseconds",
      wire: { ...connectionSample, created_at: "2026-01-15T14:00:00.000123+02:00" },
      encoded: connectionSample
    },
    {
      edition: "with unknown fields",
      wire: {
        ...connectionSample,
        shard: 7,
        options: { signing_cert: null, hsm: true },
        domains: [{ ...connectionSample.domains[0], verified: true }]
      },
      encoded: connectionSample
    }
  ])("Connection decodes a connection $edition", ({ encoded, wire }) =>
    Effect.gen(function* () {
      const connection = yield* decode(wire)
      assert.deepStrictEqual<unknown>(yield* encode(connection), encoded ?? wire)
    })
  )

  it.effect.each([
    { fault: "an id of another kind", wire: { ...connectionSample, id: "org_01E4ZCR3C56J083X43JQXF3JK5" } },
    { fault: "an undefined name", wire: { ...connectionSample, name: undefined } },
    { fault: "a name that is null", wire: { ...connectionSample, name: null } },
    { fault: "a month that does not exist", wire: { ...connectionSample, created_at: "2026-13-15T12:00:00.000Z" } },
    { fault: "a day that does not exist", wire: { ...connectionSample, created_at: "2026-02-30T12:00:00.000Z" } },
    { fault: "an external id that is a number", wire: { ...connectionSample, external_id: 42 } },
    { fault: "domains that are not an array", wire: { ...connectionSample, domains: {} } },
    { fault: "another type of object", wire: { ...connectionSample, object: "directory" } }
  ])("Connection rejects a connection with $fault", ({ wire }) =>
    Effect.gen(function* () {
      assert.isTrue(Exit.isFailure(yield* Effect.exit(decode(wire))))
    })
  )
})

describe("CreateConnection", () => {
  const encode = Schema.encodeEffect(Connection.CreateConnection)
  const decode = Schema.decodeUnknownEffect(Connection.CreateConnection)
  const organization_id = "org_01EHWNCE74X7JSDV0X3SZ3KJNY"
  const oidc_options = {
    discovery_endpoint: "https://idp.example.com/.well-known/openid-configuration",
    client_id: "0oa1",
    client_secret: "never to be seen",
    redirect_uri: "https://auth.example.com/callback"
  }

  it.effect("CreateConnection encodes to snake_case, and decodes to the same value", () =>
    Effect.gen(function* () {
      const connection: Connection.CreateConnection = {
        organizationId: organization_id,
        name: "Foo Corp",
        externalId: "legacy-42",
        connectionType: "OktaSAML",
        samlOptions: {
          idpMetadataUrl: "https://idp.example.com/metadata.xml",
          idpEntityId: "https://idp.example.com",
          idpSsoUrl: "https://idp.example.com/login",
          idpSigningCerts: ["MII…"]
        }
      }
      const wire = yield* encode(connection)
      assert.deepStrictEqual<unknown>(wire, {
        organization_id,
        name: "Foo Corp",
        external_id: "legacy-42",
        connection_type: "OktaSAML",
        saml_options: {
          idp_metadata_url: "https://idp.example.com/metadata.xml",
          idp_entity_id: "https://idp.example.com",
          idp_sso_url: "https://idp.example.com/login",
          idp_signing_certs: ["MII…"]
        }
      })
      assert.deepStrictEqual(yield* decode(wire), connection)
    })
  )

  it.effect("CreateConnection requires only an organization", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual<unknown>(yield* encode({ organizationId: organization_id }), { organization_id })
    })
  )

  it.effect("CreateConnection redacts the client secret except in the encoded form", () =>
    Effect.gen(function* () {
      const connection = yield* decode({ organization_id, oidc_options })
      const secret = connection.oidcOptions?.clientSecret
      assert.isDefined(secret)
      assert.strictEqual(Redacted.value(secret), "never to be seen")
      assert.notInclude(JSON.stringify(connection) + String(secret), "never to be seen")
      assert.deepStrictEqual<unknown>(yield* encode(connection), { organization_id, oidc_options })
    })
  )

  it.effect.each([
    { fault: "no organization", wire: { name: "Foo Corp" } },
    { fault: "an invalid organization id", wire: { organization_id: "conn_01E4ZCR3C56J083X43JQXF3JK5" } },
    { fault: "a type in the spelling of filters", wire: { organization_id, connection_type: "GithubOAuth" } },
    { fault: "an unknown type", wire: { organization_id, connection_type: "QuantumSAML" } },
    { fault: "a name that is null", wire: { organization_id, name: null } },
    { fault: "a certificate instead of a list", wire: { organization_id, saml_options: { idp_signing_certs: "" } } },
    { fault: "OIDC without a client", wire: { organization_id, oidc_options: { discovery_endpoint: "https://x" } } },
    {
      fault: "a secret that is a number",
      wire: { organization_id, oidc_options: { ...oidc_options, client_secret: 7 } }
    }
  ])("CreateConnection rejects $fault", ({ wire }) =>
    Effect.gen(function* () {
      assert.isTrue(Exit.isFailure(yield* Effect.exit(decode(wire))))
    })
  )
})

describe("ConnectionId", () => {
  const isConnectionId = Schema.is(Connection.ConnectionId)

  it.each([
    "",
    "conn_",
    "conn",
    "CONN_01E4ZCR3C56J083X43JQXF3JK5",
    "org_01E4ZCR3C56J083X43JQXF3JK5",
    "conn_domain_01E4ZCR3C56J083X43JQXF3JK5",
    "conn_01E4/../organizations",
    "conn_..",
    "conn_01E4%2f",
    "conn_01E4 ",
    "conn_01E4\n",
    "conn_01E4?limit=1",
    "conn_01E4#",
    "conn_é",
    `conn_${"A".repeat(65)}`
  ])("ConnectionId rejects %j", (text) => {
    assert.isFalse(isConnectionId(text))
  })

  it.effect.prop(
    "ConnectionId generates ids that are path segments without escaping",
    [Connection.ConnectionId],
    ([id]) =>
      Effect.sync(() => {
        assert.match(id, /^conn_01[0-9A-HJKMNP-TV-Z]{24}$/)
        assert.strictEqual(encodeURIComponent(id), id)
      })
  )
})

describe("fromFilter", () => {
  it("fromFilter returns the filter itself, except for GitHub", () => {
    for (const filter of Connection.ConnectionTypeFilter.literals) {
      const type = Connection.fromFilter(filter)
      assert.isTrue((Connection.ConnectionType.known as ReadonlyArray<string>).includes(type), filter)
      assert.strictEqual(type === filter, filter !== "GithubOAuth")
    }
  })
})

describe("generated values", () => {
  it.effect.prop(
    "A generated connection encodes and decodes to the same value",
    [Connection.Connection],
    ([connection]) =>
      Effect.gen(function* () {
        const wire = JSON.parse(JSON.stringify(yield* encode(connection)))
        assert.deepStrictEqual(yield* decode(wire), connection)
      })
  )

  it.effect(
    "Generated connections have known and unknown types, realistic names and domains, and recent timestamps",
    () =>
      Effect.gen(function* () {
        const connections = yield* Arbitrary.sampleEffect(Arbitrary.schema(Connection.Connection), {
          count: 200,
          seed: 20261124
        })
        const known: ReadonlyArray<string> = Connection.ConnectionType.known
        const types = connections.map((connection) => connection.connectionType)
        assert.isTrue(types.some((type) => known.includes(type)) && types.some((type) => !known.includes(type)))
        for (const connection of connections) {
          assert.match(connection.name, /^\p{L}+( \p{Lu}\p{Ll}+)? (AG|Bank|Corp|GmbH|Inc|Labs)$/u)
          assert.isTrue(connection.domains.every(({ domain }) => /^[a-z-]+\.[a-z]+$/.test(domain)))
          const year = DateTime.getPartUtc(connection.createdAt, "year")
          assert.isTrue(year >= 2019 && year < 2030)
        }
      })
  )

  it.effect.prop(
    "A generated payload of a new connection encodes and decodes to the same value",
    [Connection.CreateConnection],
    ([connection]) => assertRequestRoundTrip(Connection.CreateConnection, connection)
  )

  it.effect("Generated payloads of new connections have realistic values", () =>
    Effect.gen(function* () {
      const connections = yield* Arbitrary.sampleEffect(Arbitrary.schema(Connection.CreateConnection), {
        count: 200,
        seed: 20261124
      })
      for (const { externalId, name, oidcOptions, samlOptions } of connections) {
        if (name !== undefined) assert.match(name, / (AG|Bank|Corp|GmbH|Inc|Labs)$/)
        if (externalId !== undefined) assert.match(externalId, /^[a-z]+-(conn|idp|sso)-\d+$/)
        const urls = [
          samlOptions?.idpMetadataUrl,
          samlOptions?.idpEntityId,
          samlOptions?.idpSsoUrl,
          oidcOptions?.discoveryEndpoint,
          oidcOptions?.redirectUri
        ]
        for (const url of urls) if (url !== undefined) assert.strictEqual(new URL(url).protocol, "https:")
        for (const certificate of samlOptions?.idpSigningCerts ?? []) assert.match(certificate, /^-----BEGIN CERT/)
      }
      assert.isTrue(connections.some(({ samlOptions }) => samlOptions !== undefined))
      assert.isTrue(connections.some(({ oidcOptions }) => oidcOptions?.clientSecret !== undefined))
    })
  )

  it.effect.prop(
    "A generated query of connections has a limit within its bounds",
    [Connection.ConnectionQuery],
    ([query]) =>
      Effect.sync(() => {
        if (query.limit !== undefined) assert.isTrue(query.limit >= 1 && query.limit <= 100)
      })
  )
})
