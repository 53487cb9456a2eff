// Schemas of organization domains: samples, other editions, invalid values, and generated values.
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import {
  CreateOrganizationDomain,
  OrganizationDomain,
  OrganizationDomainId
} from "../src/organizations/OrganizationDomain.ts"
import { OrganizationId } from "../src/organizations/OrganizationId.ts"
import * as Wire from "../src/Wire.ts"
import { assertRoundTrip, options } from "./round-trip.ts"

const sample = {
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

const decode = Schema.decodeUnknownEffect(OrganizationDomain)

describe("OrganizationDomain", () => {
  it.effect("OrganizationDomain decodes the sample of the reference page, and encodes it to the same JSON", () =>
    Effect.gen(function* () {
      const domain = yield* decode(sample)
      assert.deepStrictEqual(domain, {
        object: "organization_domain",
        id: OrganizationDomainId.make("org_domain_01EHZNVPK2QXHMVWCEDQEKY69A"),
        organizationId: OrganizationId.make("org_01HE8GSH8FQPASKSY27THRKRBP"),
        domain: "foo-corp.com",
        state: "pending",
        verificationPrefix: "superapp-domain-verification-z3kjny",
        verificationToken: "m5Oztg3jdK4NJLgs8uIlIprMw",
        verificationStrategy: "dns",
        createdAt: DateTime.makeUnsafe("2026-01-15T12:00:00.000Z"),
        updatedAt: DateTime.makeUnsafe("2026-01-15T12:00:00.000Z")
      })
      assert.deepStrictEqual<unknown>(yield* Schema.encodeEffect(OrganizationDomain)(domain), sample)
    })
  )

  const {
    state: _state,
    verification_prefix: _prefix,
    verification_strategy: _strategy,
    verification_token: _token,
    ...least
  } = sample

  it.effect.each([
    { edition: "without verification", wire: least },
    { edition: "of 2021", wire: { object: least.object, id: least.id, domain: least.domain } },
    { edition: "with the state legacy_verified", wire: { ...least, state: "legacy_verified" } },
    { edition: "with an unknown state", wire: { ...sample, state: "quantum_verified" } },
    { edition: "with an unknown verification strategy", wire: { ...sample, verification_strategy: "telepathy" } }
  ])("OrganizationDomain decodes a domain $edition and unknown fields, with and without the fast path", ({ wire }) =>
    Effect.gen(function* () {
      const domain = yield* decode({ ...wire, future: true })
      assert.deepStrictEqual<unknown>(yield* Schema.encodeEffect(OrganizationDomain)(domain), wire)
      assert.isTrue(Wire.isEncoded(OrganizationDomain)(wire))
    })
  )

  it.effect.each([
    { fault: "the id of a connection's domain", wire: { ...sample, id: "conn_domain_1" } },
    { fault: "an organization id instead of its id", wire: { ...sample, id: sample.organization_id } },
    { fault: "an undefined domain", wire: { ...sample, domain: undefined } },
    { fault: "the object type of a connection's domain", wire: { ...sample, object: "connection_domain" } },
    { fault: "an invalid timestamp", wire: { ...sample, updated_at: "yesterday" } }
  ])("OrganizationDomain rejects a domain with $fault, with and without the fast path", ({ wire }) =>
    Effect.gen(function* () {
      assert.isTrue(Exit.isFailure(yield* Effect.exit(decode(wire))))
      assert.isFalse(Wire.isEncoded(OrganizationDomain)(wire))
    })
  )

  it("OrganizationDomain decodes null like an absent field", () => {
    const { created_at: _created, organization_id: _organization, updated_at: _updated, ...required } = least
    const nulls = Object.fromEntries(Object.keys(sample).map((key) => [key, null]))
    const decoded = Schema.decodeUnknownSync(OrganizationDomain)({ ...nulls, ...required })
    assert.deepStrictEqual<unknown>(Schema.encodeSync(OrganizationDomain)(decoded), required)
  })

  it.effect.prop(
    "A generated domain of an organization encodes and decodes to the same value",
    [OrganizationDomain],
    ([value]) => assertRoundTrip(OrganizationDomain, value),
    options
  )
})

describe("CreateOrganizationDomain", () => {
  it.effect.prop(
    "A generated payload of a new domain encodes and decodes to the same value",
    [CreateOrganizationDomain],
    ([value]) => assertRoundTrip(CreateOrganizationDomain, value),
    options
  )

  it.each(["", "org_", "org_domain_01EHZNVPK2QXHMVWCEDQEKY69A", "conn_1", "org_../x"])(
    "CreateOrganizationDomain rejects the organization id %j",
    (organizationId) => {
      const exit = Schema.encodeUnknownExit(CreateOrganizationDomain)({ domain: "foo-corp.com", organizationId })
      assert.include(String(exit), "an id that starts with org_")
    }
  )
})
