// Organization domains over the emulator: rules that do not follow from the description of the endpoints.
import { assert, layer } from "@effect/vitest"
import { CreateOrganizationDomain } from "@effect-workos/domain/organizations/OrganizationDomain"
import { runs } from "@effect-workos/testing/Sample"
import * as Effect from "effect/Effect"
import { WorkOs } from "../src/WorkOs.ts"
import { LayerSmallStore, layerWorkOs } from "./emulated.ts"

const unknownOrganizationId = "org_01EHWNCE74X7JSDV0X3SZ3KJNY"

/** A new organization. */
const owner = WorkOs.use(({ organizations }) => organizations.create({ name: "Foo Corp" }))

layer(layerWorkOs({}, LayerSmallStore))("organization domains", (it) => {
  it.effect("`create` adds a pending domain to the organization, and returns its DNS record", () =>
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

  it.effect.prop(
    "`create` accepts all values of its type",
    [CreateOrganizationDomain],
    ([options]) =>
      Effect.gen(function* () {
        const { organizationDomains, organizations } = yield* WorkOs
        const { id: organizationId } = yield* owner
        // A subdomain of a name that no organization has verified.
        const domain = `${options.domain}.free.example`
        const created = yield* organizationDomains.create({ organizationId, domain })
        assert.strictEqual(created.domain, domain)
        yield* organizations.delete(organizationId)
      }),
    { arbitrary: { runs: runs(30, 4) } }
  )

  it.effect("`create` fails with Conflict for a domain that any organization already has", () =>
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

  it.effect(
    "`create` fails with NotFound for an unknown organization, and with UnprocessableEntity for an invalid domain",
    () =>
      Effect.gen(function* () {
        const { organizationDomains } = yield* WorkOs
        const { id: organizationId } = yield* owner
        const unknown = yield* Effect.flip(
          organizationDomains.create({ organizationId: unknownOrganizationId, domain: "free.example" })
        )
        assert.strictEqual(unknown._tag, "NotFound")
        assert.strictEqual(unknown.message, `Organization not found: '${unknownOrganizationId}'.`)
        const invalid = yield* Effect.flip(organizationDomains.create({ organizationId, domain: "../free.example" }))
        assert.strictEqual(invalid._tag, "UnprocessableEntity")
      })
  )

  it.effect("`verify` verifies a domain, and fails with BadRequest for a verified one", () =>
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

  it.effect("`delete` removes the domain from its organization, and keeps the others", () =>
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
