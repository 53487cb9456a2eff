// Organizations over the emulator, and the rules of their values.
import { assert, describe, it, layer } from "@effect/vitest"
import { Store } from "@effect-workos/emulator/Store"
import { CreateOrganization, UpdateOrganization } from "@effect-workos/domain/organizations/Organization"
import { runs } from "@effect-workos/testing/Sample"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Struct from "effect/Struct"
import { WorkOs } from "../src/WorkOs.ts"
import { LayerSmallStore, layerWorkOs } from "./emulated.ts"
import { organizationId } from "./samples.ts"
import { server, withClient } from "./scripted-server.ts"

const unknownId = "org_01EHWNCE74X7JSDV0X3SZ3KJNY"

layer(layerWorkOs({}, LayerSmallStore))("organizations", (it) => {
  it.effect("`create` returns the new organization, which `get`, `getByExternalId` and `list` return too", () =>
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
      assert.deepStrictEqual(yield* organizations.getByExternalId("foo-1"), created)
      assert.deepStrictEqual((yield* organizations.list({ limit: 1 })).data, [created])
    })
  )

  it.effect.prop(
    "`create` accepts all values of its type",
    [CreateOrganization],
    ([{ domainData, externalId, ...options }]) =>
      Effect.gen(function* () {
        const { organizations } = yield* WorkOs
        // The emulator rejects domains and external ids of other organizations.
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
      }),
    { arbitrary: { runs: runs(40, 5) } }
  )

  it.effect.prop(
    "`update` sets given fields, removes fields that are null, and keeps absent ones, for all values of its type",
    [Schema.Array(UpdateOrganization).check(Schema.isMinLength(1), Schema.isMaxLength(6))],
    ([updates]) =>
      Effect.gen(function* () {
        const { organizations } = yield* WorkOs
        let expected = yield* organizations.create({ name: "Foo Corp", metadata: { tier: "diamond" } })
        const { id } = expected
        for (const { domainData, stripeCustomerId: _, ...update } of updates) {
          // The emulator rejects domains of other organizations.
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
      }),
    { arbitrary: { runs: runs(40, 5) } }
  )

  it.effect(
    "`update` removes a Stripe customer id with null, so that another organization can have it, and keeps it otherwise",
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

  it.effect(
    "`update` fails with the error codes of WorkOS for values of other organizations, and changes no organization",
    () =>
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
            organizations.update(unknownId, { name: "Unknown" }),
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

  it.effect("`delete` deletes an organization with its connections, and fails with NotFound the second time", () =>
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

  it.effect("`stream` emits every row of the emulator once, in both orders", () =>
    Effect.gen(function* () {
      const { organizations } = yield* WorkOs
      const { rows } = (yield* Store).organizations
      const options = { pageSize: 7 }
      assert.deepStrictEqual(yield* Stream.runCollect(organizations.stream({ ...options, order: "asc" })), [...rows])
      assert.deepStrictEqual(yield* Stream.runCollect(organizations.stream(options)), rows.toReversed())
    })
  )
})

/** Returns the message with which a call fails before a request is sent. */
const messageOf = (call: (organizations: WorkOs["Service"]["organizations"]) => Effect.Effect<unknown, Error>) =>
  Effect.gen(function* () {
    const scripted = server([{ status: 500 }])
    const error = yield* Effect.flip(withClient(scripted, ({ organizations }) => call(organizations)))
    assert.isEmpty(scripted.received)
    return error.message
  })

describe("values of organizations", () => {
  const ascii = "externalId: Expected 1 to 128 ASCII characters, other than . and .."
  const longName = "k".repeat(41)
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key${index}`, ""]))
  const invalid: ReadonlyArray<readonly [UpdateOrganization, string]> = [
    [{ externalId: "" }, ascii],
    [{ externalId: "a".repeat(129) }, ascii],
    [{ externalId: ".." }, ascii],
    [{ externalId: "大阪" }, ascii],
    [{ metadata: many }, "metadata: Expected a value with at most 50 entries"],
    [{ metadata: { key: "a".repeat(601) } }, "metadata.key: Expected a value with a length of at most 600"],
    [{ metadata: { [longName]: "" } }, `metadata.${longName}: Expected a name of at most 40 characters`]
  ]

  it.effect.each(invalid)("Organizations with invalid values are not sent (%#)", ([options, message]) =>
    Effect.gen(function* () {
      const created = yield* messageOf(({ create }) => create({ ...options, name: "Foo Corp" }))
      assert.strictEqual(created, `organizations.create: ${message}`)
      const updated = yield* messageOf(({ update }) => update(organizationId, options))
      assert.strictEqual(updated, `organizations.update: ${message}`)
    })
  )

  it.effect("External ids and domains that a URL cannot contain are not sent", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* messageOf(({ getByExternalId }) => getByExternalId("..")),
        "organizations.getByExternalId: external_id: Expected 1 to 128 ASCII characters, other than . and .."
      )
      assert.strictEqual(
        yield* messageOf(({ list }) => list({ domains: ["a.example,b.example"] })),
        "organizations.list: domains: A value must not contain a comma, because commas separate values"
      )
    })
  )
})
