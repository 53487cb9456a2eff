// The official SDK for Node, unmodified: organizations, their domains and events.
import { assert, layer } from "@effect/vitest"
import { Organization } from "@effect-workos/domain/organizations/Organization"
import { DomainDataState, NotFoundException, ConflictException } from "@workos-inc/node"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Store from "../src/Store.ts"
import { failure, LayerSdk, Sdk } from "./sdk.ts"

const camelCase = (key: string) => key.replace(/_[a-z]/g, ([, letter = ""]) => letter.toUpperCase())

const camelCased = (value: object) => Object.fromEntries(Object.entries(value).map(([key, of]) => [camelCase(key), of]))

// An organization as the SDK returns it: camelCase, except for keys of metadata.
const asSdk = (organization: Organization) => {
  const { domains = [], ...rest } = Schema.encodeSync(Organization)(organization)
  return { ...camelCased(rest), domains: (domains ?? []).map(camelCased) }
}

layer(LayerSdk)("@workos-inc/node", (it) => {
  it.effect("The official SDK gets organizations by both ids with all fields of the store", () =>
    Effect.gen(function* () {
      const { workos } = yield* Sdk
      const { organizations } = yield* Store.Store
      for (const row of organizations.rows) {
        const organization = yield* Effect.promise(() => workos.organizations.getOrganization(row.id))
        assert.deepInclude<object>(asSdk(row), JSON.parse(JSON.stringify(organization)))
        const { externalId } = row
        if (externalId === undefined || externalId === null) continue
        const same = yield* Effect.promise(() => workos.organizations.getOrganizationByExternalId(externalId))
        assert.deepStrictEqual(same, organization)
      }
    })
  )

  it.effect("The official SDK lists all organizations and filters them by domains", () =>
    Effect.gen(function* () {
      const { workos } = yield* Sdk
      const { organizations } = yield* Store.Store
      const all = yield* Effect.promise(async () => (await workos.organizations.listOrganizations()).autoPagination())
      assert.deepStrictEqual<ReadonlyArray<string>>(
        all.map(({ id }) => id).toSorted(),
        organizations.rows.map(({ id }) => id).toSorted()
      )
      const rows = organizations.rows.filter(({ domains }) => domains.length > 0).slice(0, 2)
      const domains = rows.flatMap(({ domains: [first] }) => (first === undefined ? [] : [first.domain]))
      const found = yield* Effect.promise(() => workos.organizations.listOrganizations({ domains, order: "asc" }))
      assert.deepStrictEqual<ReadonlyArray<string>>(
        found.data.map(({ id }) => id),
        rows.map(({ id }) => id)
      )
    })
  )

  it.effect("The official SDK creates, updates and deletes organizations, verifies domains, and lists the events", () =>
    Effect.gen(function* () {
      const { workos } = yield* Sdk
      const { events } = yield* Store.Store
      const last = events.rows.at(-1)?.id ?? ""
      const { id } = yield* Effect.promise(() =>
        workos.organizations.createOrganization({
          name: "Acme",
          externalId: "acme",
          metadata: { tier: "gold" },
          domainData: [{ domain: "acme.test", state: DomainDataState.Verified }]
        })
      )
      const domain = yield* Effect.promise(() =>
        workos.organizationDomains.createOrganizationDomain({ organizationId: id, domain: "mail.acme.test" })
      )
      const verified = yield* Effect.promise(() => workos.organizationDomains.verifyOrganizationDomain(domain.id))
      assert.strictEqual(verified.state, "verified")
      assert.deepStrictEqual(
        yield* Effect.promise(() => workos.organizationDomains.getOrganizationDomain(domain.id)),
        verified
      )
      const conflict = yield* failure(() =>
        workos.organizationDomains.createOrganizationDomain({ organizationId: id, domain: "mail.acme.test" })
      )
      assert.instanceOf(conflict, ConflictException)
      const updated = yield* Effect.promise(() =>
        workos.organizations.updateOrganization({ organization: id, name: "Acme Inc.", externalId: null })
      )
      assert.strictEqual(updated.name, "Acme Inc.")
      assert.lengthOf(updated.domains, 2)
      yield* Effect.promise(() => workos.organizationDomains.deleteOrganizationDomain(domain.id))
      yield* Effect.promise(() => workos.organizations.deleteOrganization(id))
      assert.instanceOf(yield* failure(() => workos.organizations.getOrganization(id)), NotFoundException)

      const told = yield* Effect.promise(() =>
        workos.events.listEvents({
          events: [
            "organization.created",
            "organization.updated",
            "organization.deleted",
            "organization_domain.created",
            "organization_domain.verified",
            "organization_domain.deleted"
          ],
          after: last,
          order: "asc",
          organizationId: id,
          limit: 100
        })
      )
      assert.deepStrictEqual(
        told.data.map(({ event }) => event),
        [
          "organization.created",
          "organization_domain.created",
          "organization_domain.verified",
          "organization_domain.created",
          "organization_domain.verified",
          "organization.updated",
          "organization_domain.deleted",
          "organization_domain.deleted",
          "organization.deleted"
        ]
      )
    })
  )
})
