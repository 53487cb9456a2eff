// Schemas of profiles: samples, optional fields, and generated values.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Profile } from "../src/sso/Profile.ts"
import { assertRoundTrip, options } from "./round-trip.ts"

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
  ])("Profile keeps the spelling of attributes, and encodes sample %# to the same JSON", (wire) =>
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

  it.each([
    { title: "absent", wire: fields },
    { title: "null in", wire: { ...nulls, ...fields } }
  ])("Profile decodes $title optional fields", ({ wire }) => {
    assert.deepStrictEqual<unknown>(Schema.decodeUnknownSync(Profile)(wire), {
      object: "profile",
      id,
      connectionId: connection_id,
      connectionType: connection_type,
      email,
      rawAttributes: {}
    })
  })
})

describe("generated profiles", () => {
  it.effect.prop(
    "A generated profile encodes and decodes to the same value",
    [Profile],
    ([value]) => assertRoundTrip(Profile, value),
    options
  )
})
