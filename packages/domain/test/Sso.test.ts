import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { inspect } from "node:util"
import * as Id from "../src/Id.ts"
import * as Sso from "../src/sso/Sso.ts"
import * as Wire from "../src/Wire.ts"
import { assertRequestRoundTrip, assertRoundTrip } from "./round-trip.ts"

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
  ])("accepts a query with %j", (more) => {
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
  ])("rejects a query with %j", (more) => {
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
    "encode and decode to the same value, with and without a challenge",
    [Rest, Selector, Challenge],
    ([rest, selector, { codeChallenge }]) =>
      assertRequestRoundTrip(Sso.AuthorizationQuery, {
        ...rest,
        ...selector,
        responseType: "code",
        codeChallenge,
        codeChallengeMethod: codeChallenge === undefined ? undefined : "S256"
      })
  )

  it.effect.prop(
    "are rejected with two selectors or with a challenge without its method, encoded and decoded",
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

  it("are redacted except in the encoded form", () => {
    const decoded = Schema.decodeUnknownSync(Sso.TokenRequest)(request)
    assert.strictEqual(Redacted.value(decoded.code), "never-2")
    const seen = [String(decoded.code), JSON.stringify(decoded), inspect(decoded, { depth: 9, showHidden: true })]
    assert.notInclude(seen.join(), "never-")
    assert.deepStrictEqual<unknown>(Schema.encodeSync(Sso.TokenRequest)(decoded), request)
  })

  it("are not in errors about other fields", () => {
    const exit = Schema.decodeUnknownExit(Sso.TokenRequest, { errors: "all" })({ ...request, client_id: "org_1" })
    assert.isTrue(Exit.isFailure(exit))
    assert.include(String(exit), "client_id")
    assert.notInclude(String(exit) + JSON.stringify(exit) + inspect(exit, { depth: 20 }), "never-")
  })
})

describe("generated values encode and decode to the same value", () => {
  it.effect.prop("token requests", [Sso.TokenRequest], ([value]) => assertRequestRoundTrip(Sso.TokenRequest, value))
  it.effect.prop("profiles and tokens", [Sso.ProfileAndToken], ([value]) => assertRoundTrip(Sso.ProfileAndToken, value))
  it.effect.prop("logouts", [Sso.Logout], ([value]) => assertRoundTrip(Sso.Logout, value))
})
