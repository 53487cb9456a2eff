import { assert, describe, it, layer } from "@effect/vitest"
import { Store } from "@effect-workos/emulator/Store"
import { CreateOrganizationDomain } from "@effect-workos/domain/organizations/OrganizationDomain"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { WorkOs } from "../src/WorkOs.ts"
import { layerWorkOs } from "./emulated.ts"

const unknownId = "org_domain_01EHZNVPK2QXHMVWCEDQEKY69A"
const unknownOrganizationId = "org_01EHWNCE74X7JSDV0X3SZ3KJNY"

/** An organization of its own. */
const owner = WorkOs.use(({ organizations }) => organizations.create({ name: "Foo Corp" }))

layer(layerWorkOs())("organizationDomains.get", (it) => {
  it.effect("returns the domain as it is in its organization", () =>
    Effect.gen(function* () {
      const { organizationDomains } = yield* WorkOs
      const domains = (yield* Store).organizations.rows.flatMap(({ domains }) => domains)
      assert.isAbove(domains.length, 0)
      for (const domain of domains) assert.deepStrictEqual(yield* organizationDomains.get(domain.id), domain)
    })
  )

  it.effect("fails with NotFound, with WorkOS's message and the request id", () =>
    Effect.gen(function* () {
      const { organizationDomains } = yield* WorkOs
      const error = yield* Effect.flip(organizationDomains.get(unknownId))
      assert.strictEqual(error._tag, "NotFound")
      assert.strictEqual(error.message, `Organization domain not found: '${unknownId}'.`)
      assert.match("requestId" in error ? (error.requestId ?? "") : "", /^req_/)
    })
  )
})

layer(layerWorkOs())("organizationDomains.create", (it) => {
  it.effect("adds a pending domain to the organization, and returns its DNS record", () =>
    Effect.gen(function* () {
      const { organizationDomains, organizations } = yield* WorkOs
      const { id: organizationId } = yield* owner
      const created = yield* organizationDomains.create({ organizationId, domain: "Created.example" })
      assert.include(created, { domain: "created.example", state: "pending", verificationStrategy: "dns" })
      assert.strictEqual(created.organizationId, organizationId)
      assert.match(created.verificationPrefix ?? "", /^_workos-challenge/)
      assert.notStrictEqual(created.verificationToken ?? "", "")
      assert.deepStrictEqual(yield* organizationDomains.get(created.id), created)
      assert.deepStrictEqual((yield* organizations.get(organizationId)).domains, [created])
    })
  )

  it.effect.prop("accepts all values of its type", [CreateOrganizationDomain], ([options]) =>
    Effect.gen(function* () {
      const { organizationDomains, organizations } = yield* WorkOs
      const { id: organizationId } = yield* owner
      // Below a name that nobody has verified.
      const domain = `${options.domain}.free.example`
      const created = yield* organizationDomains.create({ organizationId, domain })
      assert.strictEqual(created.domain, domain)
      yield* organizations.delete(organizationId)
    })
  )

  it.effect("fails with Conflict for a domain that any organization already has", () =>
    Effect.gen(function* () {
      const { organizationDomains } = yield* WorkOs
      const [first, second] = yield* Effect.all([owner, owner])
      const { id } = yield* organizationDomains.create({ organizationId: first.id, domain: "taken.example" })
      const own = yield* Effect.flip(organizationDomains.create({ organizationId: first.id, domain: "TAKEN.example" }))
      assert.strictEqual(own._tag, "Conflict")
      yield* organizationDomains.verify(id)
      const other = yield* Effect.flip(
        organizationDomains.create({ organizationId: second.id, domain: "taken.example" })
      )
      assert.strictEqual(other._tag, "Conflict")
      assert.strictEqual("code" in other ? other.code : "", "domain_already_exists")
    })
  )

  it.effect("fails with NotFound for an unknown organization, and with UnprocessableEntity for an invalid domain", () =>
    Effect.gen(function* () {
      const { organizationDomains } = yield* WorkOs
      const { id: organizationId } = yield* owner
      const nobody = yield* Effect.flip(
        organizationDomains.create({ organizationId: unknownOrganizationId, domain: "free.example" })
      )
      assert.strictEqual(nobody._tag, "NotFound")
      assert.strictEqual(nobody.message, `Organization not found: '${unknownOrganizationId}'.`)
      const none = yield* Effect.flip(organizationDomains.create({ organizationId, domain: "../free.example" }))
      assert.strictEqual(none._tag, "UnprocessableEntity")
    })
  )
})

layer(layerWorkOs())("organizationDomains.verify", (it) => {
  it.effect("verifies a domain, and fails with BadRequest for a verified one", () =>
    Effect.gen(function* () {
      const { organizationDomains, organizations } = yield* WorkOs
      const { id: organizationId } = yield* owner
      const { id } = yield* organizationDomains.create({ organizationId, domain: "verified.example" })
      const verified = yield* organizationDomains.verify(id)
      assert.include(verified, { domain: "verified.example", state: "verified" })
      assert.strictEqual(verified.id, id)
      assert.deepStrictEqual((yield* organizations.get(organizationId)).domains, [verified])
      const error = yield* Effect.flip(organizationDomains.verify(id))
      assert.strictEqual(error._tag, "BadRequest")
      assert.strictEqual("code" in error ? error.code : "", "domain_already_verified")
    })
  )

  it.effect("fails with NotFound for an unknown domain", () =>
    Effect.gen(function* () {
      const { organizationDomains } = yield* WorkOs
      assert.strictEqual((yield* Effect.flip(organizationDomains.verify(unknownId)))._tag, "NotFound")
    })
  )
})

layer(layerWorkOs())("organizationDomains.delete", (it) => {
  it.effect("removes the domain from its organization, and keeps the others", () =>
    Effect.gen(function* () {
      const { organizationDomains, organizations } = yield* WorkOs
      const { id: organizationId } = yield* owner
      const gone = yield* organizationDomains.create({ organizationId, domain: "gone.example" })
      const kept = yield* organizationDomains.create({ organizationId, domain: "kept.example" })
      yield* organizationDomains.delete(gone.id)
      assert.deepStrictEqual((yield* organizations.get(organizationId)).domains, [kept])
      assert.strictEqual((yield* Effect.flip(organizationDomains.get(gone.id)))._tag, "NotFound")
      assert.strictEqual((yield* Effect.flip(organizationDomains.delete(gone.id)))._tag, "NotFound")
    })
  )
})

describe("organizationDomains with an invalid key", () => {
  it.effect("fail with Unauthorized in every method", () =>
    Effect.gen(function* () {
      const { organizationDomains } = yield* WorkOs
      const errors = yield* Effect.forEach(
        [
          organizationDomains.get(unknownId),
          organizationDomains.create({ organizationId: unknownOrganizationId, domain: "free.example" }),
          organizationDomains.verify(unknownId),
          organizationDomains.delete(unknownId)
        ],
        (call) => Effect.flip<unknown, { readonly _tag: string }, never>(call)
      )
      for (const error of errors) assert.strictEqual(error._tag, "Unauthorized")
    }).pipe(Effect.provide(layerWorkOs({ apiKey: Redacted.make("sk_test_other") })))
  )
})
