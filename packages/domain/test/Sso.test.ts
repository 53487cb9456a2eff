import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { inspect } from "node:util"
import { NewOrganization, Organization } from "../src/Organization.ts"
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
