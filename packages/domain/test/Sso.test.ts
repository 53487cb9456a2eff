// Schemas of the sign-in flow: authorization, tokens and logout.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { inspect } from "node:util"
import * as Id from "../src/Id.ts"
import * as Sso from "../src/sso/Sso.ts"
import * as Wire from "../src/Wire.ts"
import { assertRequestRoundTrip, assertRoundTrip, options } from "./round-trip.ts"

const query = {
  client_id: "client_01HZBC6N1EB1ZY7KG32X",
  redirect_uri: "https://example.com/callback",
  response_type: "code"
}
const organization = "org_01EHQMYV6MBK39QC5PZXHY59C3"

const decode = Schema.decodeUnknownExit(Sso.AuthorizationQuery)

describe("AuthorizationQuery", () => {
  const code_challenge = "a".repeat(43)

  it.each([
    { organization },
    { connection: "conn_1" },
    { provider: "GoogleOAuth", provider_scopes: "openid,email" },
    { organization, code_challenge, code_challenge_method: "S256" },
    { organization, redirect_uri: "com.example.app:/callback" },
    { organization, redirect_uri: "app://callback?from=1" },
    { organization, redirect_uri: "http://localhost:3000/callback" }
  ])("AuthorizationQuery accepts a query with %j", (more) => {
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
    { organization, redirect_uri: "/callback" },
    { organization, redirect_uri: " https://example.com/callback" },
    { organization, redirect_uri: "https://example.com/ callback" },
    { organization, redirect_uri: "https://example.com/callback\n" },
    { organization, redirect_uri: "https://example.com/\u0000" },
    { organization, redirect_uri: "javascript:alert(1)" },
    { organization, redirect_uri: "JavaScript://example.com/%0aalert(1)" },
    { organization, redirect_uri: "java\tscript:alert(1)" },
    { organization, redirect_uri: "data:text/html,<script>alert(1)</script>" },
    { organization, redirect_uri: "vbscript:x" },
    { organization, redirect_uri: "file:///etc/passwd" },
    { organization, redirect_uri: "about:blank" },
    { organization, redirect_uri: "blob:https://example.com/1" }
  ])("AuthorizationQuery rejects a query with %j", (more) => {
    assert.isTrue(Exit.isFailure(decode({ ...query, ...more })))
  })
})

describe("generated authorization queries", () => {
  const {
    codeChallenge,
    connection: _connection,
    organization: _organization,
    provider: _provider,
    ...others
  } = Sso.AuthorizationQuery.to.fields
  const { codeChallengeMethod: _method, responseType: _type, ...rest } = others
  const Rest = Schema.Struct(rest)
  const Challenge = Schema.Struct({ codeChallenge })
  const [Connection, Organization] = [Id.make("conn"), Id.make("org")]
  const Selector = Schema.Union([
    Schema.Struct({ connection: Connection }),
    Schema.Struct({ organization: Organization }),
    Schema.Struct({ provider: Sso.Provider })
  ])

  it.effect.prop(
    "A generated authorization query encodes and decodes to the same value, with and without a challenge",
    [Rest, Selector, Challenge],
    ([rest, selector, { codeChallenge }]) =>
      assertRequestRoundTrip(Sso.AuthorizationQuery, {
        ...rest,
        ...selector,
        responseType: "code",
        codeChallenge,
        codeChallengeMethod: codeChallenge === undefined ? undefined : "S256"
      }),
    options
  )

  it.effect.prop(
    "AuthorizationQuery rejects two selectors, and a challenge without its method, encoded and decoded",
    [Rest, Selector, Connection, Organization, Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_-]{43}$/))],
    ([rest, selector, connection, organization, codeChallenge]) =>
      Effect.gen(function* () {
        const whole = { ...rest, ...selector, responseType: "code" as const }
        const wire = yield* Schema.encodeEffect(Sso.AuthorizationQuery)(whole)
        const another = "connection" in selector ? { organization } : { connection }
        const none = { connection: undefined, organization: undefined, provider: undefined }
        for (const wrong of [another, none, { codeChallenge }, { codeChallengeMethod: "S256" }]) {
          assert.isTrue(Exit.isFailure(Schema.encodeUnknownExit(Sso.AuthorizationQuery)({ ...whole, ...wrong })))
          const renamed = Object.fromEntries(Object.entries(wrong).map(([key, value]) => [Wire.snakeCase(key), value]))
          assert.isTrue(Exit.isFailure(decode({ ...wire, ...renamed })))
        }
      }),
    options
  )
})

describe("tokens", () => {
  const profile = {
    object: "profile",
    id: "prof_01DMC79VCBZ0NY2099737PSVF1",
    organization_id: null,
    connection_id: "conn_01E4ZCR3C56J083X43JQXF3JK5",
    connection_type: "OktaSAML",
    idp_id: "103456789012345678901",
    email: "todd@example.com",
    first_name: "Todd",
    last_name: "Rundgren",
    raw_attributes: {}
  }

  it("ProfileAndToken redacts tokens except in the encoded form", () => {
    const oauth_tokens = {
      provider: "GoogleOAuth",
      access_token: "never-1",
      refresh_token: "never-2",
      expires_at: 1_735_141_800,
      scopes: ["email"]
    }
    const wire = { token_type: "Bearer", access_token: "never-3", expires_in: 600, profile, oauth_tokens }
    const decoded = Schema.decodeUnknownSync(Sso.ProfileAndToken)(wire)
    assert.notInclude(JSON.stringify(decoded) + String(decoded.accessToken), "never-")
    assert.deepStrictEqual<unknown>(Schema.encodeSync(Sso.ProfileAndToken)(decoded), wire)
  })

  it("Logout redacts its URL and token except in the encoded form", () => {
    const wire = { logout_url: "https://auth.workos.com/sso/logout?token=never-4", logout_token: "never-4" }
    const logout = Schema.decodeUnknownSync(Sso.Logout)(wire)
    assert.notInclude(JSON.stringify(logout) + String(logout.logoutUrl), "never-")
    assert.deepStrictEqual<unknown>(Schema.encodeSync(Sso.Logout)(logout), wire)
  })
})

describe("secrets of the sign-in flow", () => {
  const request = {
    client_id: query.client_id,
    client_secret: "never-1",
    code: "never-2",
    code_verifier: "never-3",
    grant_type: "authorization_code"
  }

  it("TokenRequest redacts secrets except in the encoded form", () => {
    const decoded = Schema.decodeUnknownSync(Sso.TokenRequest)(request)
    assert.strictEqual(Redacted.value(decoded.code), "never-2")
    const seen = [String(decoded.code), JSON.stringify(decoded), inspect(decoded, { depth: 9, showHidden: true })]
    assert.notInclude(seen.join(), "never-")
    assert.deepStrictEqual<unknown>(Schema.encodeSync(Sso.TokenRequest)(decoded), request)
  })

  it("Errors about other fields of a TokenRequest do not contain secrets", () => {
    const exit = Schema.decodeUnknownExit(Sso.TokenRequest, { errors: "all" })({ ...request, client_id: "org_1" })
    assert.isTrue(Exit.isFailure(exit))
    assert.include(String(exit), "client_id")
    assert.notInclude(String(exit) + JSON.stringify(exit) + inspect(exit, { depth: 20 }), "never-")
  })
})

describe("generated values", () => {
  it.effect.prop(
    "A generated token request encodes and decodes to the same value",
    [Sso.TokenRequest],
    ([value]) => assertRequestRoundTrip(Sso.TokenRequest, value),
    options
  )
  it.effect.prop(
    "A generated ProfileAndToken encodes and decodes to the same value",
    [Sso.ProfileAndToken],
    ([value]) => assertRoundTrip(Sso.ProfileAndToken, value),
    options
  )
  it.effect.prop(
    "A generated logout encodes and decodes to the same value",
    [Sso.Logout],
    ([value]) => assertRoundTrip(Sso.Logout, value),
    options
  )
})
