import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import { Jwks } from "../src/sso/Jwks.ts"
import { Profile } from "../src/sso/Profile.ts"
import { Logout, ProfileAndToken } from "../src/sso/Sso.ts"
import { assertRoundTrip } from "./round-trip.ts"

const key = { alg: "RS256", kty: "RSA", use: "sig", kid: "key_1", n: "0vx7agoebGc", e: "AQAB" }

describe("Jwks", () => {
  it.effect("decodes keys with the names of RFC 7517, with and without a certificate", () =>
    Effect.gen(function* () {
      const wire = { keys: [key, { ...key, x5c: ["MIID"], "x5t#S256": "ZjQz" }] }
      const decoded = yield* Schema.decodeUnknownEffect(Jwks)(wire)
      assert.deepStrictEqual<unknown>(decoded, wire)
      assert.deepStrictEqual<unknown>(yield* Schema.encodeEffect(Jwks)(decoded), wire)
    })
  )

  it.effect.prop("generated keys encode and decode to the same value", [Jwks], ([value]) =>
    assertRoundTrip(Jwks, value)
  )

  it.each([{ alg: "none" }, { alg: "ES256" }, { kty: "oct" }, { use: "enc" }, { n: 7 }, { kid: undefined }])(
    "removes a key with %j, and keeps the others",
    (wrong) => {
      const other = { ...key, kid: "key_2" }
      const keys = [{ ...key, ...wrong }, other, { kty: "EC", crv: "P-256", x: "MKBC", y: "4Etl" }, null]
      assert.deepStrictEqual<unknown>(Schema.decodeUnknownSync(Jwks)({ keys }), { keys: [other] })
    }
  )

  it("accepts keys without algorithm and use", () => {
    const { alg: _alg, use: _use, ...bare } = key
    assert.deepStrictEqual<unknown>(Schema.decodeUnknownSync(Jwks)({ keys: [bare] }), { keys: [bare] })
  })

  it.each([{}, { keys: null }, { keys: { ...key } }, []])("rejects %j instead of an array of keys", (wrong) => {
    assert.isTrue(Exit.isFailure(Schema.decodeUnknownExit(Jwks)(wrong)))
  })
})

const profile = {
  object: "profile",
  id: "prof_01DMC79VCBZ0NY2099737PSVF1",
  organization_id: "org_01EHQMYV6MBK39QC5PZXHY59C3",
  connection_id: "conn_01E4ZCR3C56J083X43JQXF3JK5",
  connection_type: "OktaSAML",
  idp_id: "103456789012345678901",
  email: "todd@example.com",
  first_name: "Todd",
  last_name: "Rundgren",
  name: "Todd Rundgren",
  role: { slug: "admin" },
  roles: [{ slug: "admin" }],
  groups: ["Engineering", "Admins"],
  custom_attributes: { departmentName: "Sales", cost_centre: 12 },
  raw_attributes: { "http://schemas/Email": ["todd@example.com"], nested: { aB: null } }
}

describe("Profile", () => {
  const { custom_attributes: _custom, groups: _groups, name: _name, role: _role, roles: _roles, ...least } = profile

  it.effect.each([
    profile,
    least,
    { ...least, organization_id: null, first_name: null, last_name: null },
    { ...profile, connection_type: "QuantumSAML" }
  ])("keeps the spelling of attributes, and encodes a sample to the same JSON (%#)", (wire) =>
    Effect.gen(function* () {
      const decoded = yield* Schema.decodeUnknownEffect(Profile)({ ...wire, future: 1 })
      assert.deepStrictEqual<unknown>(decoded.rawAttributes, profile.raw_attributes)
      assert.deepStrictEqual<unknown>(yield* Schema.encodeEffect(Profile)(decoded), wire)
    })
  )
})

describe("a profile without its optional fields", () => {
  const { connection_id, connection_type, email, id } = profile
  const fields = { connection_id, connection_type, email, id }
  const nulls = Object.fromEntries(Object.keys(profile).map((key) => [key, null]))

  it.each([{ wire: fields }, { wire: { ...nulls, ...fields } }])(
    "decodes, whether they are absent or null (%#)",
    ({ wire }) => {
      assert.deepStrictEqual<unknown>(Schema.decodeUnknownSync(Profile)(wire), {
        object: "profile",
        id,
        connectionId: connection_id,
        connectionType: connection_type,
        email,
        rawAttributes: {}
      })
    }
  )
})

describe("generated profiles", () => {
  it.effect.prop("encode and decode to the same value", [Profile], ([value]) => assertRoundTrip(Profile, value))
})

describe("ProfileAndToken", () => {
  it("redacts tokens except in the encoded form", () => {
    const oauth_tokens = {
      provider: "GoogleOAuth",
      access_token: "never-1",
      refresh_token: "never-2",
      expires_at: 1_735_141_800,
      scopes: ["email"]
    }
    const wire = { token_type: "Bearer", access_token: "never-3", expires_in: 600, profile, oauth_tokens }
    const decoded = Schema.decodeUnknownSync(ProfileAndToken)(wire)
    assert.notInclude(JSON.stringify(decoded) + String(decoded.accessToken), "never-")
    assert.deepStrictEqual<unknown>(Schema.encodeSync(ProfileAndToken)(decoded), wire)
    const ended = { logout_url: "https://auth.workos.com/sso/logout?token=never-4", logout_token: "never-4" }
    const logout = Schema.decodeUnknownSync(Logout)(ended)
    assert.notInclude(JSON.stringify(logout) + String(logout.logoutUrl), "never-")
    assert.deepStrictEqual<unknown>(Schema.encodeSync(Logout)(logout), ended)
  })
})
