// Events of changes, which are complete and in order, so that a consumer can rebuild the rows.
import { assert, describe, it } from "@effect/vitest"
import { runs } from "@effect-workos/testing/Sample"
import { type Event, is, isTyped } from "@effect-workos/domain/events/Event"
import type { Organization } from "@effect-workos/domain/organizations/Organization"
import type { OrganizationDomain } from "@effect-workos/domain/organizations/OrganizationDomain"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { TestClock } from "effect/testing"
import * as Emulator from "../src/Emulator.ts"
import type * as Seed from "../src/Seed.ts"
import * as Admin from "../src/Admin.ts"
import * as Store from "../src/Store.ts"
import { sendRequest, send } from "./requests.ts"

const options: Seed.Options = { connections: 12, organizations: 4, seed: 5 }

const LayerEmulator = Emulator.layerHttpClient().pipe(Layer.provideMerge(Store.layer(options)))

// -----------------------------------------------------------------------------
// A consumer that knows only events
// -----------------------------------------------------------------------------

interface Known {
  readonly organizations: ReadonlyMap<string, Organization>
  readonly active: ReadonlySet<string>
}

const withDomain = ({ organizations, ...known }: Known, domain: OrganizationDomain, isThere: boolean): Known => {
  const organization = organizations.get(domain.organizationId ?? "")
  if (organization === undefined) throw new Error(`Heard of a domain of ${domain.organizationId} before it was created`)
  const place = organization.domains.findIndex(({ id }) => id === domain.id)
  const domains = isThere
    ? place < 0
      ? [...organization.domains, domain]
      : organization.domains.with(place, domain)
    : organization.domains.filter(({ id }) => id !== domain.id)
  return { ...known, organizations: new Map([...organizations, [organization.id, { ...organization, domains }]]) }
}

const hear = (known: Known, event: Event): Known => {
  if (!isTyped(event)) return known
  switch (event.event) {
    case "organization.created":
      assert.isFalse(known.organizations.has(event.data.id))
      return { ...known, organizations: new Map([...known.organizations, [event.data.id, event.data]]) }
    case "organization.updated":
      assert.isTrue(known.organizations.has(event.data.id))
      return { ...known, organizations: new Map([...known.organizations, [event.data.id, event.data]]) }
    case "organization.deleted":
      assert.isTrue(known.organizations.has(event.data.id))
      return { ...known, organizations: new Map([...known.organizations].filter(([id]) => id !== event.data.id)) }
    case "organization_domain.created":
    case "organization_domain.updated":
    case "organization_domain.verified":
      return withDomain(known, event.data, true)
    case "organization_domain.verification_failed":
      return withDomain(known, event.data.organizationDomain, true)
    case "organization_domain.deleted":
      return withDomain(known, event.data, false)
    case "connection.activated":
      assert.isFalse(known.active.has(event.data.id))
      return { ...known, active: new Set([...known.active, event.data.id]) }
    case "connection.deactivated":
      assert.isTrue(known.active.has(event.data.id))
      return { ...known, active: new Set([...known.active].filter((id) => id !== event.data.id)) }
    case "connection.deleted":
      return { ...known, active: new Set([...known.active].filter((id) => id !== event.data.id)) }
    default:
      return known
  }
}

const heard = (events: ReadonlyArray<Event>): Known =>
  events.reduce(hear, { organizations: new Map(), active: new Set() })

const byId = (rows: Iterable<Organization>) => [...rows].toSorted((a, b) => (a.id < b.id ? -1 : 1))

const assertKnown = ({ connections, events, organizations }: Store.Store["Service"]) => {
  const known = heard(events.rows)
  assert.deepStrictEqual(byId(known.organizations.values()), byId(organizations.rows))
  assert.deepStrictEqual(
    [...known.active].toSorted(),
    connections.rows
      .filter(({ state }) => state === "active")
      .map(({ id }) => id)
      .toSorted()
  )
  for (const [index, { createdAt, id }] of events.rows.entries()) {
    const before = events.rows[index - 1]
    if (before === undefined) continue
    assert.isAtMost(before.createdAt.epochMilliseconds, createdAt.epochMilliseconds)
    assert.isTrue(before.id < id)
  }
}

// -----------------------------------------------------------------------------
// Changes
// -----------------------------------------------------------------------------

const Step = Arbitrary.schema(
  Schema.Struct({
    kind: Schema.Literals([
      "create organization",
      "update organization",
      "give domains",
      "delete organization",
      "create domain",
      "verify domain",
      "delete domain",
      "set domain",
      "create connection",
      "set connection",
      "delete connection",
      "delete connection in the store",
      "rename in the store",
      "wait"
    ]),
    which: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 30 })),
    names: Schema.Array(Schema.Literals(["a.com", "B.com", "c.example", "d.org"])),
    state: Schema.Literals(["pending", "verified", "failed"])
  })
)
type Step = typeof Step extends Arbitrary.Arbitrary<infer A> ? A : never

const act = Effect.fnUntraced(function* ({ kind, names, state, which }: Step) {
  const { connections, organizations } = yield* Store.Store
  const of = <A>(rows: ReadonlyArray<A>): A | undefined => rows[which % Math.max(rows.length, 1)]
  const organization = of(organizations.rows)
  const domain = of(organizations.rows.flatMap(({ domains }) => domains))
  const connection = of(connections.rows)
  const domain_data = [...new Set(names)].map((domain) => ({ domain, state: state === "failed" ? "pending" : state }))
  switch (kind) {
    case "create organization":
      return yield* send("POST", "/organizations", { name: `New ${which}`, domain_data, external_id: `ext-${which}` })
    case "update organization":
      return yield* send("PUT", `/organizations/${organization?.id}`, {
        name: `Name ${which % 3}`,
        metadata: which % 2 === 0 ? null : { which: String(which) },
        ...(which % 3 === 0 ? { external_id: null } : {})
      })
    case "give domains":
      return yield* send("PUT", `/organizations/${organization?.id}`, { domain_data })
    case "delete organization":
      return yield* sendRequest(`/organizations/${organization?.id}`, { method: "DELETE" })
    case "create domain":
      return yield* send("POST", "/organization_domains", { organization_id: organization?.id, domain: names[0] })
    case "verify domain":
      return yield* sendRequest(`/organization_domains/${domain?.id}/verify`, { method: "POST" })
    case "delete domain":
      return yield* sendRequest(`/organization_domains/${domain?.id}`, { method: "DELETE" })
    case "set domain":
      return yield* send("PUT", `/_emulator/organization_domains/${domain?.id}`, { state })
    case "create connection":
      return yield* send("POST", "/connections", {
        organization_id: organization?.id,
        connection_type: "OktaSAML",
        ...(which % 2 === 0 ? { saml_options: {} } : {})
      })
    case "set connection":
      return yield* Admin.setConnectionState(connection?.id ?? "", which % 2 === 0 ? "active" : "inactive")
    case "delete connection":
      return yield* sendRequest(`/connections/${connection?.id}`, { method: "DELETE" })
    case "delete connection in the store":
      return connections.remove(connection?.id ?? "")
    case "rename in the store":
      if (organization !== undefined) organizations.set({ ...organization, name: `Renamed ${which}` })
      return undefined
    case "wait":
      return yield* TestClock.adjust(which)
  }
})

describe("events", () => {
  it.effect.prop(
    "Events report all changes of requests and programs, so that a consumer can rebuild the rows",
    [Arbitrary.array(Step, { maxLength: 40 })],
    ([steps]) =>
      Effect.gen(function* () {
        const store = yield* Store.Store
        assertKnown(store)
        for (const step of steps) yield* act(step)
        assertKnown(store)
      }).pipe(Effect.provide(Layer.fresh(LayerEmulator)), Effect.scoped),
    { arbitrary: { runs: runs(100, 25) } }
  )

  it.effect("The events of a seed lead to its rows", () =>
    Effect.gen(function* () {
      for (const seed of [1, 2, 3]) {
        const store = yield* Store.seeded({ connections: 300, organizations: 25, seed })
        assert.isAbove(store.events.rows.length, 200)
        assertKnown(store)
      }
    })
  )

  it.effect("Events report the deletion of an organization after the deletions of its connections and domains", () =>
    Effect.gen(function* () {
      const { connections, events, organizations } = yield* Store.Store
      const organization = organizations.rows.find(
        ({ domains, id }) => domains.length > 0 && connections.findBy("organizationId", id).length > 0
      )
      assert.isDefined(organization)
      const { length } = connections.findBy("organizationId", organization.id)
      const before = events.rows.length
      assert.strictEqual((yield* sendRequest(`/organizations/${organization.id}`, { method: "DELETE" })).status, 202)
      assert.deepStrictEqual(
        // Other resources of the organization have other events.
        events.rows.flatMap(({ event }, index) =>
          index >= before && /^(?:connection|organization|organization_domain)\./.test(event) ? [event] : []
        ),
        [
          ...Array.from({ length }, () => "connection.deleted" as const),
          ...organization.domains.map(() => "organization_domain.deleted" as const),
          "organization.deleted"
        ]
      )
      assert.deepStrictEqual(connections.findBy("organizationId", organization.id), [])
    }).pipe(Effect.provide(LayerEmulator))
  )

  it.effect("Events contain the previous values of an update, and are omitted if nothing changes", () =>
    Effect.gen(function* () {
      const { events } = yield* Store.Store
      const created = yield* send("POST", "/organizations", { name: "Before", metadata: { tier: "gold" } })
      const before = events.rows.length
      yield* send("PUT", `/organizations/${created.body.id}`, { name: "After", external_id: "after-1" })
      yield* send("PUT", `/organizations/${created.body.id}`, { name: "After", metadata: { tier: "gold" } })
      const [updated, ...more] = events.rows.slice(before)
      assert.deepStrictEqual(more, [])
      assert.strictEqual(updated?.event, "organization.updated")
      assert.deepStrictEqual(updated?.context, { previous_attributes: { name: "Before", external_id: null } })
    }).pipe(Effect.provide(LayerEmulator))
  )

  it.effect("Events report a failed verification if another organization verifies the domain first", () =>
    Effect.gen(function* () {
      const { events } = yield* Store.Store
      const domain_data = [{ domain: "contested.example", state: "pending" }]
      const first = yield* send("POST", "/organizations", { name: "First", domain_data })
      const second = yield* send("POST", "/organizations", { name: "Second", domain_data })
      const { domains } = { domains: [], ...second.body } as {
        readonly domains: ReadonlyArray<{ readonly id: string }>
      }
      const verified = yield* sendRequest(`/organization_domains/${domains[0]?.id}/verify`, { method: "POST" })
      assert.strictEqual(verified.body["state"], "verified")
      const [success, failure] = events.rows.slice(-2)
      assert.strictEqual(success?.event, "organization_domain.verified")
      if (failure === undefined || !is("organization_domain.verification_failed")(failure)) {
        return assert.fail(`The last event was ${failure?.event}`)
      }
      assert.strictEqual(failure.data.reason, "domain_verified_by_other_organization")
      assert.strictEqual(failure.data.organizationDomain.organizationId, first.body.id)
    }).pipe(Effect.provide(LayerEmulator))
  )
})
