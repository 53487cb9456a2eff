import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { inspect } from "node:util"
import { OAuthErrorResponse } from "../src/OAuthError.ts"
import { NewOrganization, Organization, OrganizationExternalId, OrganizationQuery } from "../src/Organization.ts"
import { OrganizationDomain } from "../src/OrganizationDomain.ts"
import { Profile } from "../src/Profile.ts"
import * as Sso from "../src/Sso.ts"

const query = {
  client_id: "client_01HZBC6N1EB1ZY7KG32X",
  redirect_uri: "https://example.com/callback",
  response_type: "code"
}
const organization = "org_01EHQMYV6MBK39QC5PZXHY59C3"

describe("an authorization query", () => {
  const decode = Schema.decodeUnknownExit(Sso.AuthorizationQuery)
  const code_challenge = "a".repeat(43)

  it.each([
    { organization },
    { connection: "conn_1" },
    { provider: "GoogleOAuth", provider_scopes: "openid,email" },
    { organization, code_challenge, code_challenge_method: "S256" }
  ])("is one with %j", (more) => {
    assert.isTrue(Exit.isSuccess(decode({ ...query, ...more })))
  })

  it.each([
    {},
    { organization, connection: "conn_1" },
    { organization, provider: "GoogleOAuth" },
    { organization: "conn_1" },
    { provider: "MySpaceOAuth" },
    { organization, code_challenge },
    { organization, code_challenge_method: "S256" },
    { organization, code_challenge: "short", code_challenge_method: "S256" },
    { organization, code_challenge, code_challenge_method: "plain" },
    { organization, redirect_uri: "/callback" }
  ])("is none with %j", (more) => {
    assert.isTrue(Exit.isFailure(decode({ ...query, ...more })))
  })
})

describe("several values in one parameter", () => {
  const encode = Schema.encodeExit(OrganizationQuery)

  it("stand with commas between them", () => {
    assert.deepStrictEqual<unknown>(Schema.encodeSync(OrganizationQuery)({ domains: ["a.com", "b.com"] }), {
      domains: "a.com,b.com"
    })
    assert.deepStrictEqual(Schema.decodeUnknownSync(OrganizationQuery)({ domains: "a.com,b.com" }).domains, [
      "a.com",
      "b.com"
    ])
  })

  it("have no comma in them", () => {
    assert.include(String(encode({ domains: ["a.com,b.com"] })), "A value with a comma can't be asked for")
  })
})

describe("OAuth errors", () => {
  it.effect.each([
    ["invalid_grant", "InvalidGrant"],
    ["invalid_client", "InvalidClient"],
    ["unauthorized_client", "UnauthorizedClient"],
    ["unsupported_grant_type", "UnsupportedGrantType"],
    ["connection_invalid", "ConnectionInvalid"],
    ["invalid_redirect_uri", "InvalidRedirectUri"],
    ["quantum_decoherence", "OAuthError"],
    ["constructor", "OAuthError"]
  ] as const)("%s is %s, and back", ([error, tag]) =>
    Effect.gen(function* () {
      const wire = { body: { error, error_description: "No." }, headers: { "x-request-id": "req_1" } }
      const decoded = yield* Schema.decodeUnknownEffect(OAuthErrorResponse)(wire)
      assert.deepStrictEqual([decoded._tag, decoded.message, decoded.requestId], [tag, "No.", "req_1"])
      assert.deepStrictEqual<unknown>(yield* Schema.encodeEffect(OAuthErrorResponse)(decoded), wire)
      const bare = yield* Schema.decodeUnknownEffect(OAuthErrorResponse)({ body: { error }, headers: {} })
      assert.deepStrictEqual([bare._tag, bare.message], [tag, error])
    })
  )
})

describe("secrets of the sign-in flow", () => {
  const request = {
    client_id: query.client_id,
    client_secret: "never-1",
    code: "never-2",
    code_verifier: "never-3",
    grant_type: "authorization_code"
  }

  it("show nowhere but on the wire", () => {
    const decoded = Schema.decodeUnknownSync(Sso.TokenRequest)(request)
    assert.strictEqual(Redacted.value(decoded.code), "never-2")
    const seen = [String(decoded.code), JSON.stringify(decoded), inspect(decoded, { depth: 9, showHidden: true })]
    assert.notInclude(seen.join(), "never-")
    assert.deepStrictEqual<unknown>(Schema.encodeSync(Sso.TokenRequest)(decoded), request)
  })

  it("show in no error when something else of the request is wrong", () => {
    const exit = Schema.decodeUnknownExit(Sso.TokenRequest, { errors: "all" })({ ...request, client_id: "org_1" })
    assert.isTrue(Exit.isFailure(exit))
    assert.include(String(exit), "client_id")
    assert.notInclude(String(exit) + JSON.stringify(exit) + inspect(exit, { depth: 20 }), "never-")
  })
})

describe("the application's own id of an organization", () => {
  const isExternalId = Schema.is(OrganizationExternalId)

  it.each(["", ".", "..", "a".repeat(129), "大阪"])("is not %j", (text) => assert.isFalse(isExternalId(text)))
  it.each(["a", "...", ".a", "a/b", "a".repeat(128)])("may be %j", (text) => assert.isTrue(isExternalId(text)))
})

const sample = {
  object: "organization",
  id: "org_01EHWNCE74X7JSDV0X3SZ3KJNY",
  name: "Foo Corp",
  domains: [
    {
      object: "organization_domain",
      id: "org_domain_01EHZNVPK2QXHMVWCEDQEKY69A",
      organization_id: "org_01HE8GSH8FQPASKSY27THRKRBP",
      domain: "foo-corp.com",
      state: "pending",
      verification_prefix: "superapp-domain-verification-z3kjny",
      verification_token: "m5Oztg3jdK4NJLgs8uIlIprMw",
      verification_strategy: "dns",
      created_at: "2026-01-15T12:00:00.000Z",
      updated_at: "2026-01-15T12:00:00.000Z"
    }
  ],
  metadata: { tier: "diamond", camelCase: "stays" },
  external_id: "ext_12345",
  stripe_customer_id: "cus_R9qWAGMQ6nGE7V",
  allow_profiles_outside_organization: false,
  created_at: "2026-01-15T12:00:00.000Z",
  updated_at: "2026-01-15T12:00:00.000Z"
}

describe("an organization", () => {
  const { external_id: _id, metadata: _metadata, ...older } = sample

  it.effect.each([
    sample,
    older,
    { ...sample, external_id: null },
    { ...sample, domains: [{ ...sample.domains[0], state: "quantum", verification_strategy: "telepathy" }] }
  ])("decodes and encodes to the same JSON (%#)", (wire) =>
    Effect.gen(function* () {
      const decoded = yield* Schema.decodeUnknownEffect(Organization)({ ...wire, future: true })
      assert.strictEqual(decoded.domains[0]?.domain, "foo-corp.com")
      assert.deepStrictEqual<unknown>(yield* Schema.encodeEffect(Organization)(decoded), wire)
    })
  )
})

const survives = <S extends Schema.Codec<unknown, unknown>>(schema: S, value: S["Type"]) =>
  Effect.gen(function* () {
    const wire = JSON.parse(JSON.stringify(yield* Schema.encodeEffect(schema)(value)))
    const decoded = yield* Schema.decodeUnknownEffect(schema)(wire)
    assert.isTrue(Schema.toEquivalence(schema)(decoded, value))
    assert.deepStrictEqual<unknown>(JSON.parse(JSON.stringify(yield* Schema.encodeEffect(schema)(decoded))), wire)
  })

describe("generated values survive the wire", () => {
  it.effect.prop("organizations", [Organization], ([value]) => survives(Organization, value))
  it.effect.prop("new organizations", [NewOrganization], ([value]) => survives(NewOrganization, value))
  it.effect.prop("domains", [OrganizationDomain], ([value]) => survives(OrganizationDomain, value))
  it.effect.prop("profiles", [Profile], ([value]) => survives(Profile, value))
  it.effect.prop("token requests", [Sso.TokenRequest], ([value]) => survives(Sso.TokenRequest, value))
  it.effect.prop("profiles and tokens", [Sso.ProfileAndToken], ([value]) => survives(Sso.ProfileAndToken, value))
})
