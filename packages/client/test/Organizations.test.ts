import { assert, describe, it, layer } from "@effect/vitest"
import { Store } from "@effect-workos/emulator/Store"
import { CreateOrganization, Organization, UpdateOrganization } from "@effect-workos/domain/organizations/Organization"
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Struct from "effect/Struct"
import type * as resources from "@effect-workos/domain/resources"
import type * as Client from "../src/Client.ts"
import { WorkOs } from "../src/WorkOs.ts"
import { layerWorkOs } from "./emulated.ts"
import { withClient, server } from "./scripted-server.ts"
import { organization as sample } from "./samples.ts"

const unknownId = "org_01EHWNCE74X7JSDV0X3SZ3KJNY"

const domainOf = (domain: string) => [{ domain, state: "verified" as const }]

layer(layerWorkOs())("organizations.get", (it) => {
  it.effect("returns the organization by its id and by its external id", () =>
    Effect.gen(function* () {
      const { organizations } = yield* WorkOs
      const { rows } = (yield* Store).organizations
      let known = 0
      for (const row of rows) {
        assert.deepStrictEqual(yield* organizations.get(row.id), row)
        if (row.externalId === undefined || row.externalId === null) continue
        assert.deepStrictEqual(yield* organizations.getByExternalId(row.externalId), row)
        known++
      }
      assert.isAbove(known, 0)
    })
  )

  it.effect("returns the organization encoded as the server sent it", () =>
    Effect.gen(function* () {
      const { get, getByExternalId } = (yield* WorkOs).organizations
      const row = (yield* Store).organizations.rows.find(({ externalId }) => typeof externalId === "string")
      assert.isDefined(row)
      const expected = yield* Schema.encodeEffect(Organization)(row)
      assert.deepStrictEqual(yield* get.encoded(row.id), expected)
      assert.deepStrictEqual(yield* getByExternalId.encoded(row.externalId ?? ""), expected)
    })
  )

  it.effect("fails with NotFound, with WorkOS's message and the request id", () =>
    Effect.gen(function* () {
      const { organizations } = yield* WorkOs
      const named = [
        [unknownId, organizations.get(unknownId)],
        ["nobody's", organizations.getByExternalId("nobody's")],
        [unknownId, organizations.get.encoded(unknownId)]
      ] as const
      for (const [id, call] of named) {
        const error = yield* Effect.flip<unknown, Client.Error<typeof resources.organizations, "get">, never>(call)
        assert.strictEqual(error._tag, "NotFound")
        assert.strictEqual(error.message, `Organization not found: '${id}'.`)
        assert.match("requestId" in error ? (error.requestId ?? "") : "", /^req_/)
      }
    })
  )
})

layer(layerWorkOs())("organizations.create", (it) => {
  it.effect("returns the created organization", () =>
    Effect.gen(function* () {
      const { organizations } = yield* WorkOs
      const store = yield* Store
      const created = yield* organizations.create({
        name: "Foo Corp",
        externalId: "foo-1",
        metadata: { tier: "diamond" },
        domainData: [
          { domain: "foo-1.example", state: "verified" },
          { domain: "foo-2.example", state: "pending" }
        ]
      })
      assert.include(created, { name: "Foo Corp", externalId: "foo-1" })
      assert.deepStrictEqual(created.metadata, { tier: "diamond" })
      assert.deepStrictEqual(
        created.domains.map(({ domain, organizationId, state }) => [domain, organizationId, state]),
        [
          ["foo-1.example", created.id, "verified"],
          ["foo-2.example", created.id, "pending"]
        ]
      )
      assert.deepStrictEqual(created, store.organizations.get(created.id))
      assert.deepStrictEqual(yield* organizations.get(created.id), created)
      assert.deepStrictEqual((yield* organizations.list({ limit: 1 })).data, [created])
    })
  )

  it.effect.prop("accepts all values of its type", [CreateOrganization], ([{ domainData, externalId, ...options }]) =>
    Effect.gen(function* () {
      const { organizations } = yield* WorkOs
      // Domains and external ids that are somebody's already are for another test.
      const names = new Set((domainData ?? []).map(({ domain }) => domain))
      const created = yield* organizations.create({
        ...options,
        ...(domainData === undefined
          ? {}
          : { domainData: [...names].map((domain) => ({ domain: `new.${domain}`, state: "pending" as const })) })
      })
      assert.strictEqual(created.name, options.name)
      assert.isUndefined(created.externalId)
      assert.deepStrictEqual(created.metadata, options.metadata ?? {})
      assert.deepStrictEqual(
        created.domains.map(({ domain }) => domain),
        [...names].map((domain) => `new.${domain}`)
      )
      if (externalId === undefined || externalId === null) return
      const known = yield* organizations.update(created.id, { externalId })
      assert.deepStrictEqual(yield* organizations.getByExternalId(externalId), known)
      yield* organizations.delete(created.id)
    })
  )

  it.effect("fails with BadRequest for the external id of another organization, and creates nothing", () =>
    Effect.gen(function* () {
      const { organizations } = yield* WorkOs
      const { rows } = (yield* Store).organizations
      yield* organizations.create({ name: "First", externalId: "taken" })
      const before = rows.length
      const error = yield* Effect.flip(organizations.create({ name: "Second", externalId: "taken" }))
      assert.strictEqual(error._tag, "BadRequest")
      assert.strictEqual("code" in error ? error.code : "", "external_id_already_used")
      assert.strictEqual((yield* Store).organizations.rows.length, before)
    })
  )

  it.effect(
    "fails with Conflict for a domain that another organization has verified, and with UnprocessableEntity for an invalid domain",
    () =>
      Effect.gen(function* () {
        const { organizations } = yield* WorkOs
        yield* organizations.create({ name: "First", domainData: domainOf("taken.example") })
        const taken = yield* Effect.flip(
          organizations.create({ name: "Second", domainData: domainOf("TAKEN.example") })
        )
        assert.strictEqual(taken._tag, "Conflict")
        const wrong = yield* Effect.flip(organizations.create({ name: "Second", domainData: domainOf("no domain") }))
        assert.strictEqual(wrong._tag, "UnprocessableEntity")
        assert.strictEqual(wrong.message, "'no domain' is not the name of a domain.")
      })
  )
})

layer(layerWorkOs())("organizations.update", (it) => {
  it.effect.prop(
    "sets given fields, removes fields that are null, and keeps absent ones, for all values of its type",
    [Schema.Array(UpdateOrganization).check(Schema.isMinLength(1), Schema.isMaxLength(6))],
    ([updates]) =>
      Effect.gen(function* () {
        const { organizations } = yield* WorkOs
        let expected = yield* organizations.create({ name: "Foo Corp", metadata: { tier: "diamond" } })
        const { id } = expected
        for (const { domainData, stripeCustomerId: _, ...update } of updates) {
          // Its domains are what is said, in lower case and once each; the names of others would be refused.
          const names = domainData?.map(({ domain }) => `${domain}.${id.slice(-26).toLowerCase()}.example`)
          const domains = names === undefined ? undefined : [...new Set(names)]
          const updated = yield* organizations.update(id, {
            ...update,
            ...(domains === undefined
              ? {}
              : { domainData: domains.map((domain) => ({ domain, state: "verified" as const })) })
          })
          const { createdAt, domains: had, ...same } = expected
          const { externalId = same.externalId, metadata = same.metadata, name = same.name } = update
          const { allowProfilesOutsideOrganization = same.allowProfilesOutsideOrganization } = update
          assert.deepStrictEqual(updated, {
            ...Struct.omit(same, ["externalId"]),
            createdAt,
            name,
            ...(allowProfilesOutsideOrganization === undefined ? {} : { allowProfilesOutsideOrganization }),
            ...(Predicate.isString(externalId) ? { externalId } : {}),
            metadata: metadata ?? {},
            domains: updated.domains,
            updatedAt: updated.updatedAt
          })
          assert.deepStrictEqual(
            updated.domains.map(({ domain }) => domain),
            domains ?? had.map(({ domain }) => domain)
          )
          assert.deepStrictEqual(yield* organizations.get(id), updated)
          expected = updated
        }
        yield* organizations.delete(id)
      })
  )

  it.effect(
    "removes a Stripe customer id with null, so that another organization can have it, and keeps it otherwise",
    () =>
      Effect.gen(function* () {
        const { organizations } = yield* WorkOs
        const { id } = yield* organizations.create({ name: "Foo Corp" })
        const other = yield* organizations.create({ name: "Bar Corp" })
        const stripeCustomerId = "cus_R9qWAGMQ6nGE7W"
        yield* organizations.update(id, { stripeCustomerId })
        assert.strictEqual((yield* organizations.update(id, { name: "Foo" })).stripeCustomerId, stripeCustomerId)
        assert.notProperty(yield* organizations.update(id, { stripeCustomerId: null }), "stripeCustomerId")
        assert.strictEqual((yield* organizations.update(other.id, { stripeCustomerId })).id, other.id)
      })
  )

  it.effect("fails with NotFound, and with the errors of create", () =>
    Effect.gen(function* () {
      const { organizations } = yield* WorkOs
      const [first, second] = yield* Effect.all([
        organizations.create({ name: "First", externalId: "first" }),
        organizations.create({ name: "Second" })
      ])
      yield* organizations.update(first.id, {
        stripeCustomerId: "cus_R9qWAGMQ6nGE7V",
        domainData: [{ domain: "first.example", state: "verified" }]
      })
      const errors = yield* Effect.forEach(
        [
          organizations.update(unknownId, { name: "Nobody" }),
          organizations.update(second.id, { externalId: "first" }),
          organizations.update(second.id, { stripeCustomerId: "cus_R9qWAGMQ6nGE7V" }),
          organizations.update(second.id, { domainData: [{ domain: "first.example", state: "pending" }] }),
          organizations.update(second.id, { domainData: [{ domain: "first", state: "pending" }] })
        ],
        Effect.flip
      )
      assert.deepStrictEqual(
        errors.map((error) => [error._tag, "code" in error ? error.code : undefined]),
        [
          ["NotFound", undefined],
          ["BadRequest", "external_id_already_used"],
          ["BadRequest", "stripe_customer_id_already_used"],
          ["Conflict", "domain_already_exists"],
          ["UnprocessableEntity", undefined]
        ]
      )
      assert.deepStrictEqual(yield* organizations.get(second.id), second)
    })
  )
})

layer(layerWorkOs())("organizations.delete", (it) => {
  it.effect("deletes an organization with its connections, and fails with NotFound the second time", () =>
    Effect.gen(function* () {
      const { connections, organizations } = yield* WorkOs
      const store = yield* Store
      const id = store.connections.rows[0]?.organizationId ?? ""
      const connectionId = store.connections.rows[0]?.id ?? ""
      yield* organizations.delete(id)
      assert.isUndefined(store.organizations.get(id))
      assert.strictEqual((yield* Effect.flip(connections.get(connectionId)))._tag, "NotFound")
      assert.strictEqual((yield* Effect.flip(organizations.delete(id)))._tag, "NotFound")
    })
  )
})

layer(layerWorkOs())("organizations.list", (it) => {
  it.effect("returns the newest ten organizations by default", () =>
    Effect.gen(function* () {
      const { organizations } = yield* WorkOs
      const { rows } = (yield* Store).organizations
      const page = yield* organizations.list()
      assert.deepStrictEqual(page.data, rows.slice(-10).toReversed())
      assert.strictEqual(page.listMetadata.after, page.data[9]?.id)
      assert.isNull(page.listMetadata.before)
    })
  )

  it.effect("accepts all six parameters, and undefined as absent", () =>
    Effect.gen(function* () {
      const { organizations } = yield* WorkOs
      const { rows } = (yield* Store).organizations
      const wanted = rows.find(({ domains }) => domains.length > 0)
      assert.isDefined(wanted)
      const page = yield* organizations.list({
        domains: [wanted.domains[0]?.domain ?? ""],
        search: wanted.name.slice(1),
        limit: 1,
        order: "asc",
        after: undefined,
        before: undefined
      })
      assert.deepStrictEqual(page.data, [wanted])
      const following = yield* organizations.list({ order: "normal", before: wanted.id, limit: 3 })
      const preceding = yield* organizations.list({ order: "desc", after: wanted.id, limit: 3 })
      assert.deepStrictEqual(following.data, preceding.data)
    })
  )

  it.effect("returns the organizations with any of several domains, ignoring case", () =>
    Effect.gen(function* () {
      const { organizations } = yield* WorkOs
      const { rows } = (yield* Store).organizations
      const some = rows.filter(({ domains }) => domains.length > 0).slice(0, 3)
      const [first = "", ...rest] = some.map(({ domains }) => domains[0]?.domain.toUpperCase() ?? "")
      const wanted = new Set([first, ...rest].map((domain) => domain.toLowerCase()))
      const expected = rows.filter(({ domains }) => domains.some(({ domain }) => wanted.has(domain.toLowerCase())))
      assert.isAtLeast(expected.length, 3)
      const page = yield* organizations.list({ domains: [first, ...rest, "nobody.example"], order: "asc", limit: 100 })
      assert.deepStrictEqual(page.data, expected)
    })
  )

  it.effect("returns the organizations whose names contain a text", () =>
    Effect.gen(function* () {
      const { organizations } = yield* WorkOs
      const { rows } = (yield* Store).organizations
      const search = (rows[0]?.name ?? "").slice(1, 4).toUpperCase()
      const page = yield* organizations.list({ search, order: "asc", limit: 100 })
      assert.isAbove(page.data.length, 0)
      assert.deepStrictEqual(
        page.data,
        rows.filter(({ name }) => name.toUpperCase().includes(search))
      )
    })
  )

  it.effect("returns the same rows encoded as the server sent them", () =>
    Effect.gen(function* () {
      const { organizations } = yield* WorkOs
      const typed = yield* organizations.list({ limit: 100 })
      const encoded = yield* organizations.list.encoded({ limit: 100 })
      assert.deepStrictEqual(encoded.data, yield* Schema.encodeEffect(Schema.Array(Organization))(typed.data))
      assert.deepStrictEqual(encoded.list_metadata, typed.listMetadata)
    })
  )
})

layer(layerWorkOs())("organizations.stream", (it) => {
  it.effect("emits every row once, in both orders, with any page size", () =>
    Effect.gen(function* () {
      const { organizations } = yield* WorkOs
      const { rows } = (yield* Store).organizations
      for (const pageSize of [undefined, 40, 39, 7, 1]) {
        assert.deepStrictEqual(yield* Stream.runCollect(organizations.stream({ order: "asc", pageSize })), [...rows])
        assert.deepStrictEqual(yield* Stream.runCollect(organizations.stream({ pageSize })), rows.toReversed())
      }
    })
  )

  it.effect("starts after a cursor", () =>
    Effect.gen(function* () {
      const { organizations } = yield* WorkOs
      const { rows } = (yield* Store).organizations
      const options = { after: rows[25]?.id, pageSize: 7 }
      assert.deepStrictEqual(
        yield* Stream.runCollect(organizations.stream({ ...options, order: "asc" })),
        rows.slice(26)
      )
      assert.deepStrictEqual(
        yield* Stream.runCollect(organizations.stream({ ...options, order: "desc" })),
        rows.slice(0, 25).toReversed()
      )
    })
  )

  it.effect("emits the rows of all pages that match the filters, or none", () =>
    Effect.gen(function* () {
      const { organizations } = yield* WorkOs
      const { rows } = (yield* Store).organizations
      const found = yield* Stream.runCollect(organizations.stream({ order: "asc", search: "a", pageSize: 3 }))
      assert.isAbove(found.length, 3)
      assert.deepStrictEqual(
        found,
        rows.filter(({ name }) => name.toLowerCase().includes("a"))
      )
      assert.deepStrictEqual(yield* Stream.runCollect(organizations.stream({ domains: ["nobody.example"] })), [])
    })
  )

  it.effect("emits encoded rows and pages", () =>
    Effect.gen(function* () {
      const { list } = (yield* WorkOs).organizations
      const rows = yield* Schema.encodeEffect(Schema.Array(Organization))([...(yield* Store).organizations.rows])
      const options = { order: "asc", pageSize: 7 } as const
      assert.deepStrictEqual(yield* Stream.runCollect(list.encoded.stream(options)), rows)
      const pages = yield* Stream.runCollect(list.encoded.pages(options))
      assert.deepStrictEqual(
        pages.map(({ data }) => data.length),
        [...Array.replicate(7, 5), 5]
      )
      assert.isNull(pages.at(-1)?.list_metadata.after)
    })
  )

  it.effect("fails with the error of a page, after the rows of the pages before it", () =>
    Effect.gen(function* () {
      const { organizations } = yield* WorkOs
      const error = yield* Effect.flip(Stream.runDrain(organizations.stream({ pageSize: 101 })))
      assert.strictEqual(error._tag, "InvalidRequest")
    })
  )

  it.effect("fails with CursorRepeated if the list would never end", () =>
    Effect.gen(function* () {
      const page = { object: "list", data: [sample], list_metadata: { before: null, after: sample.id } }
      const scripted = server([{ status: 200, body: JSON.stringify(page) }])
      const error = yield* withClient(scripted, ({ organizations }) =>
        Effect.flip(Stream.runDrain(organizations.stream()))
      )
      assert.strictEqual(error._tag, "CursorRepeated")
      assert.include(error.message, "organizations.list")
      assert.lengthOf(scripted.received, 2)
    })
  )
})

describe("organizations with an invalid key", () => {
  it.effect("fail with Unauthorized in every method", () =>
    Effect.gen(function* () {
      const { organizations } = yield* WorkOs
      const errors = yield* Effect.forEach(
        [
          organizations.get(unknownId),
          organizations.getByExternalId("acme-1"),
          organizations.list(),
          organizations.create({ name: "Foo Corp" }),
          organizations.update(unknownId, { name: "Foo Corp" }),
          organizations.delete(unknownId)
        ],
        (call) => Effect.flip<unknown, { readonly _tag: string }, never>(call)
      )
      for (const error of errors) assert.strictEqual(error._tag, "Unauthorized")
    }).pipe(Effect.provide(layerWorkOs({ apiKey: Redacted.make("sk_test_other") })))
  )
})
