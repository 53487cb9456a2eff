// Schemas of organizations: samples, external ids, comma-separated parameters, and generated values.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Pagination from "../src/Pagination.ts"
import {
  CreateOrganization,
  Organization,
  OrganizationExternalId,
  OrganizationQuery,
  UpdateOrganization
} from "../src/organizations/Organization.ts"
import { assertRequestRoundTrip, assertRoundTrip, options } from "./round-trip.ts"

const OrganizationPage = Pagination.Page(Organization)

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

describe("Organization", () => {
  const { external_id: _id, metadata: _metadata, ...older } = sample

  it.effect.each([
    { wire: sample },
    { wire: older, encoded: { ...older, metadata: {}, external_id: null } },
    { wire: { ...sample, external_id: null } },
    { wire: { ...sample, domains: [{ ...sample.domains[0], state: "quantum", verification_strategy: "telepathy" }] } }
  ])("Organization decodes sample %# and encodes it to JSON of the newest edition", ({ encoded, wire }) =>
    Effect.gen(function* () {
      const decoded = yield* Schema.decodeUnknownEffect(Organization)({ ...wire, future: true })
      assert.strictEqual(decoded.domains[0]?.domain, "foo-corp.com")
      assert.deepStrictEqual<unknown>(yield* Schema.encodeEffect(Organization)(decoded), encoded ?? wire)
    })
  )

  it("Organization decodes absent domains as an empty list, and metadata of null as an empty record", () => {
    const { domains: _domains, ...rest } = sample
    const wire = { ...rest, metadata: null, allow_profiles_outside_organization: null }
    const { allowProfilesOutsideOrganization, domains, metadata } = Schema.decodeUnknownSync(Organization)(wire)
    assert.deepStrictEqual(
      { allowProfilesOutsideOrganization, domains, metadata },
      {
        allowProfilesOutsideOrganization: undefined,
        domains: [],
        metadata: {}
      }
    )
  })
})

describe("OrganizationExternalId", () => {
  const isExternalId = Schema.is(OrganizationExternalId)

  it.each(["", ".", "..", "a".repeat(129), "大阪"])("OrganizationExternalId rejects %j", (text) =>
    assert.isFalse(isExternalId(text))
  )
  it.each(["a", "...", ".a", "a/b", "a".repeat(128)])("OrganizationExternalId accepts %j", (text) =>
    assert.isTrue(isExternalId(text))
  )
})

describe("CommaSeparated", () => {
  const encode = Schema.encodeExit(OrganizationQuery)

  it("CommaSeparated joins values with commas", () => {
    assert.deepStrictEqual<unknown>(Schema.encodeSync(OrganizationQuery)({ domains: ["a.com", "b.com"] }), {
      domains: "a.com,b.com"
    })
    assert.deepStrictEqual(Schema.decodeUnknownSync(OrganizationQuery)({ domains: "a.com,b.com" }).domains, [
      "a.com",
      "b.com"
    ])
  })

  it("CommaSeparated rejects values that contain a comma", () => {
    assert.include(String(encode({ domains: ["a.com,b.com"] })), "A value must not contain a comma")
  })
})

describe("generated values", () => {
  it.effect.prop(
    "A generated organization encodes and decodes to the same value",
    [Organization],
    ([value]) => assertRoundTrip(Organization, value),
    options
  )
  it.effect.prop(
    "A generated page of organizations encodes and decodes to the same value",
    [OrganizationPage],
    ([value]) => assertRoundTrip(OrganizationPage, value),
    options
  )
  it.effect.prop(
    "A generated query of organizations encodes and decodes to the same value",
    [OrganizationQuery],
    ([value]) => assertRequestRoundTrip(OrganizationQuery, value),
    options
  )
  it.effect.prop(
    "A generated payload of a new organization encodes and decodes to the same value",
    [CreateOrganization],
    ([value]) => assertRequestRoundTrip(CreateOrganization, value),
    options
  )
  it.effect.prop(
    "A generated payload of an update of an organization encodes and decodes to the same value",
    [UpdateOrganization],
    ([value]) => assertRequestRoundTrip(UpdateOrganization, value),
    options
  )
})
