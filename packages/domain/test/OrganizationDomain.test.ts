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
import { survives } from "./surviving.ts"

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

describe("a domain of an organization", () => {
  it.effect("decodes to what it says, and encodes to the same JSON", () =>
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
    { edition: "without its verification", wire: least },
    { edition: "verified before there was a way to", wire: { ...least, state: "legacy_verified" } },
    { edition: "in a state from the future", wire: { ...sample, state: "quantum_verified" } },
    { edition: "verified in a way from the future", wire: { ...sample, verification_strategy: "telepathy" } }
  ])("decodes $edition, with fields from the future, by either way", ({ wire }) =>
    Effect.gen(function* () {
      const domain = yield* decode({ ...wire, future: true })
      assert.deepStrictEqual<unknown>(yield* Schema.encodeEffect(OrganizationDomain)(domain), wire)
      assert.isTrue(Wire.isEncoded(OrganizationDomain)(wire))
    })
  )

  it.effect.each([
    { fault: "the id of a connection's domain", wire: { ...sample, id: "conn_domain_1" } },
    { fault: "the id of its organization for its own", wire: { ...sample, id: sample.organization_id } },
    { fault: "no organization", wire: { ...sample, organization_id: null } },
    { fault: "no domain", wire: { ...sample, domain: undefined } },
    { fault: "a connection's object", wire: { ...sample, object: "connection_domain" } },
    { fault: "a state that is none", wire: { ...sample, state: null } },
    { fault: "a time that is none", wire: { ...sample, updated_at: "yesterday" } }
  ])("is none with $fault, by either way", ({ wire }) =>
    Effect.gen(function* () {
      assert.isTrue(Exit.isFailure(yield* Effect.exit(decode(wire))))
      assert.isFalse(Wire.isEncoded(OrganizationDomain)(wire))
    })
  )

  it.effect.prop("survives the wire", [OrganizationDomain], ([value]) => survives(OrganizationDomain, value))
})

describe("a new domain", () => {
  it.effect.prop("survives the wire", [CreateOrganizationDomain], ([value]) =>
    survives(CreateOrganizationDomain, value)
  )

  it.each(["", "org_", "org_domain_01EHZNVPK2QXHMVWCEDQEKY69A", "conn_1", "org_../x"])(
    "is for no organization with the id %j",
    (organizationId) => {
      const exit = Schema.encodeUnknownExit(CreateOrganizationDomain)({ domain: "foo-corp.com", organizationId })
      assert.include(String(exit), "an id that starts with org_")
    }
  )
})
