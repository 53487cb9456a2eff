// The documented rules of organizations, domains and events, over plain HTTP.
import { assert, layer } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Emulator from "../src/Emulator.ts"
import * as Store from "../src/Store.ts"
import { type JsonResponse, sendRequest, idsOf, send } from "./requests.ts"

const LayerEmulator = Emulator.layerHttpClient().pipe(
  Layer.provideMerge(Store.layer({ connections: 150, organizations: 60, seed: 7 }))
)

const create = (organization: unknown) => send("POST", "/organizations", organization)

const update = ({ body }: JsonResponse, changes: unknown) => send("PUT", `/organizations/${body.id}`, changes)

const addDomain = ({ body }: JsonResponse, domain: string) =>
  send("POST", "/organization_domains", { organization_id: body.id, domain })

const domainsOf = ({ body }: JsonResponse) => {
  const { domains } = { domains: [], ...body } as {
    readonly domains: ReadonlyArray<{ readonly id: string; readonly domain: string; readonly state: string }>
  }
  return domains
}

const unknown = "01E4ZCR3C56J083X43JQXF3JK5"

layer(LayerEmulator)("organizations", (it) => {
  it.effect("Organizations are listed newest first, and returned equally by get", () =>
    Effect.gen(function* () {
      const { organizations } = yield* Store.Store
      const list = yield* sendRequest("/organizations?limit=100")
      assert.deepStrictEqual<ReadonlyArray<string>>(
        idsOf(list),
        organizations.rows.toReversed().map(({ id }) => id)
      )
      for (const row of list.body.data.slice(0, 10)) {
        assert.deepStrictEqual<unknown>((yield* sendRequest(`/organizations/${row.id}`)).body, row)
        const externalId = row["external_id"]
        if (typeof externalId !== "string") continue
        assert.deepStrictEqual<unknown>((yield* sendRequest(`/organizations/external_id/${externalId}`)).body, row)
      }
    })
  )

  it.effect("Organizations are filtered by several domains, ignoring case, and by name", () =>
    Effect.gen(function* () {
      const { organizations } = yield* Store.Store
      const [first, second] = organizations.rows.filter(({ domains }) => domains.length > 1)
      assert.isDefined(first)
      assert.isDefined(second)
      const names = [first, second].flatMap(({ domains }) => domains.map(({ domain }) => domain.toUpperCase()))
      const found = yield* sendRequest(`/organizations?order=asc&domains=${names.join(",")},nowhere.example`)
      assert.deepStrictEqual<ReadonlyArray<string>>(idsOf(found), [first.id, second.id])
      const search = first.name.slice(1, 5).toUpperCase()
      assert.deepStrictEqual<ReadonlyArray<string>>(
        idsOf(yield* sendRequest(`/organizations?order=asc&limit=100&search=${encodeURIComponent(search)}`)),
        organizations.rows.filter(({ name }) => name.toUpperCase().includes(search)).map(({ id }) => id)
      )
      assert.deepStrictEqual(idsOf(yield* sendRequest("/organizations?domains=nowhere.example")), [])
    })
  )

  it.effect("Organizations are created with the given values only", () =>
    Effect.gen(function* () {
      const response = yield* create({
        name: "Acme",
        external_id: "acme/1",
        metadata: { tier: "gold" },
        domain_data: [
          { domain: "Acme.Example", state: "verified" },
          { domain: "acme.test", state: "pending" }
        ]
      })
      assert.strictEqual(response.status, 201)
      assert.include(response.body, { object: "organization", name: "Acme", external_id: "acme/1" })
      assert.deepStrictEqual(response.body["metadata"], { tier: "gold" })
      assert.deepStrictEqual(
        domainsOf(response).map(({ domain, state }) => [domain, state]),
        [
          ["acme.example", "verified"],
          ["acme.test", "pending"]
        ]
      )
      assert.deepStrictEqual((yield* sendRequest(`/organizations/external_id/acme%2F1`)).body, response.body)
      const bare = yield* create({ name: "Bare" })
      assert.deepStrictEqual([bare.body["metadata"], bare.body["external_id"], domainsOf(bare)], [{}, null, []])
    })
  )

  it.effect("An update of an organization keeps absent keys, removes null values, and replaces all domains", () =>
    Effect.gen(function* () {
      const domain_data = ["kept", "lost"].map((name) => ({ domain: `${name}.example`, state: "pending" }))
      const first = yield* create({ name: "One", external_id: "one", metadata: { a: "1" }, domain_data })
      const renamed = yield* update(first, { name: "Two" })
      const { updated_at: _, ...rest } = { updated_at: "", ...first.body }
      assert.include(renamed.body, { name: "Two", external_id: "one" })
      assert.deepStrictEqual<unknown>(renamed.body, {
        ...rest,
        name: "Two",
        updated_at: { updated_at: "", ...renamed.body }.updated_at
      })
      const bare = yield* update(first, { external_id: null, metadata: null })
      assert.deepStrictEqual([bare.body["metadata"], bare.body["external_id"]], [{}, null])
      const moved = yield* update(first, {
        domain_data: [
          { domain: "new.example", state: "verified" },
          { domain: "kept.example", state: "pending" }
        ]
      })
      assert.deepStrictEqual(
        domainsOf(moved).map(({ domain }) => domain),
        ["new.example", "kept.example"]
      )
      const [kept, lost] = domainsOf(first)
      assert.deepStrictEqual(domainsOf(moved)[1], kept)
      assert.strictEqual((yield* sendRequest(`/organization_domains/${lost?.id}`)).status, 404)
      assert.strictEqual((yield* sendRequest("/organizations/external_id/one")).status, 404)
    })
  )

  it.effect("Organizations have unique external ids and Stripe customer ids", () =>
    Effect.gen(function* () {
      const first = yield* create({ name: "First", external_id: "mine" })
      const second = yield* create({ name: "Second" })
      yield* update(first, { stripe_customer_id: "cus_1" })
      for (const response of [
        yield* create({ name: "Third", external_id: "mine" }),
        yield* update(second, { name: "Never", external_id: "mine" })
      ]) {
        assert.strictEqual(response.status, 400)
        assert.strictEqual(response.body["code"], "external_id_already_used")
      }
      const taken = yield* update(second, { stripe_customer_id: "cus_1" })
      assert.deepStrictEqual([taken.status, taken.body["code"]], [400, "stripe_customer_id_already_used"])
      // Rejected requests change nothing.
      assert.deepStrictEqual((yield* sendRequest(`/organizations/${second.body.id}`)).body, second.body)
      assert.strictEqual((yield* update(first, { external_id: "mine" })).status, 200)
      yield* sendRequest(`/organizations/${first.body.id}`, { method: "DELETE" })
      assert.strictEqual((yield* update(second, { external_id: "mine" })).status, 200)
    })
  )

  it.effect("Concurrent requests with the same external id create one organization", () =>
    Effect.gen(function* () {
      const request = create({ name: "Once", external_id: "once" })
      const responses = yield* Effect.all(
        Array.from({ length: 10 }, () => request),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(responses.map(({ status }) => status).toSorted(), [201, ...Array(9).fill(400)])
    })
  )

  it.effect("Organizations are deleted with their connections and domains", () =>
    Effect.gen(function* () {
      const { connections, organizations } = yield* Store.Store
      const organization = organizations.rows.find(
        ({ domains, id }) => domains.length > 0 && connections.findBy("organizationId", id).length > 1
      )
      assert.isDefined(organization)
      const [connection] = connections.findBy("organizationId", organization.id)
      assert.strictEqual((yield* sendRequest(`/organizations/${organization.id}`, { method: "DELETE" })).status, 202)
      for (const path of [
        `/organizations/${organization.id}`,
        `/connections/${connection?.id}`,
        `/organization_domains/${organization.domains[0]?.id}`
      ]) {
        assert.strictEqual((yield* sendRequest(path)).status, 404, path)
      }
      assert.deepStrictEqual(idsOf(yield* sendRequest(`/connections?organization_id=${organization.id}`)), [])
      assert.strictEqual((yield* sendRequest(`/organizations/${organization.id}`, { method: "DELETE" })).status, 404)
    })
  )

  it.effect.each([
    {},
    { name: 7 },
    { name: "A", metadata: { ["k".repeat(41)]: "v" } },
    { name: "A", metadata: { k: "v".repeat(601) } },
    { name: "A", metadata: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, "v"])) },
    { name: "A", external_id: "é" },
    { name: "A", external_id: "x".repeat(129) },
    { name: "A", domain_data: [{ domain: "no domain", state: "pending" }] },
    { name: "A", domain_data: [{ domain: "a.example", state: "failed" }] },
    { name: "A", domain_data: ["A.example", "a.example"].map((domain) => ({ domain, state: "pending" })) }
  ])("The emulator rejects invalid organization %# with 422 and a message", (organization) =>
    Effect.gen(function* () {
      const { events, organizations } = yield* Store.Store
      const before = [organizations.rows.length, events.rows.length]
      const { body, status } = yield* create(organization)
      assert.strictEqual(status, 422)
      assert.isString(body.message)
      assert.deepStrictEqual([organizations.rows.length, events.rows.length], before)
    })
  )

  it.effect("Requests for unknown organizations receive 404", () =>
    Effect.gen(function* () {
      for (const [path, options] of [
        [`/organizations/org_${unknown}`, {}],
        [`/organizations/org_${unknown}`, { method: "PUT", body: "{}" }],
        [`/organizations/org_${unknown}`, { method: "DELETE" }],
        ["/organizations/external_id/unknown", {}],
        [`/organization_domains/org_domain_${unknown}`, {}],
        [`/organization_domains/org_domain_${unknown}`, { method: "DELETE" }],
        [`/organization_domains/org_domain_${unknown}/verify`, { method: "POST" }]
      ] as const) {
        const { body, status } = yield* sendRequest(path, options)
        assert.strictEqual(status, 404, path)
        assert.isString(body.message)
      }
    })
  )
})

layer(LayerEmulator)("organization domains", (it) => {
  it.effect(
    "Organization domains are pending until verification, verified once, and contained in their organization",
    () =>
      Effect.gen(function* () {
        const organization = yield* create({ name: "Owner" })
        const created = yield* addDomain(organization, "Owner.Example")
        assert.strictEqual(created.status, 201)
        assert.include(created.body, { domain: "owner.example", state: "pending", verification_strategy: "dns" })
        const path = `/organization_domains/${created.body.id}`
        const verified = yield* sendRequest(`${path}/verify`, { method: "POST" })
        assert.deepStrictEqual([verified.status, verified.body["state"]], [201, "verified"])
        assert.deepStrictEqual((yield* sendRequest(path)).body, verified.body)
        const again = yield* sendRequest(`${path}/verify`, { method: "POST" })
        assert.deepStrictEqual([again.status, again.body["code"]], [400, "domain_already_verified"])
        const owner = yield* sendRequest(`/organizations/${organization.body.id}`)
        assert.deepStrictEqual<unknown>(domainsOf(owner), [verified.body])
        assert.strictEqual((yield* sendRequest(path, { method: "DELETE" })).status, 204)
        assert.deepStrictEqual(domainsOf(yield* sendRequest(`/organizations/${organization.body.id}`)), [])
      })
  )

  it.effect(
    "A new organization domain receives 409 if the organization has the domain or another one has verified it",
    () =>
      Effect.gen(function* () {
        const domain_data = [{ domain: "taken.example", state: "verified" }]
        const first = yield* create({ name: "First", domain_data })
        const second = yield* create({ name: "Second" })
        for (const response of [
          yield* addDomain(first, "TAKEN.example"),
          yield* addDomain(second, "TAKEN.example"),
          yield* create({ name: "Third", domain_data }),
          yield* update(second, { domain_data })
        ]) {
          assert.deepStrictEqual([response.status, response.body["code"]], [409, "domain_already_exists"])
        }
      })
  )
})

layer(LayerEmulator)("events", (it) => {
  it.effect("Events are filtered by types, time and organization, alone and combined, and paginated", () =>
    Effect.gen(function* () {
      const { events } = yield* Store.Store
      const types = ["connection.activated", "organization_domain.verified"]
      const place = events.rows.findIndex(({ event }) => event === "connection.activated")
      const sample = events.rows[place]
      const from = events.rows[place - 50]?.createdAt
      const until = events.rows[place + 50]?.createdAt
      assert.isDefined(from)
      assert.isDefined(until)
      assert.isDefined(sample)
      const organizationId = JSON.stringify(sample.data).match(/org_[0-9A-Z]{26}/)?.[0] ?? ""
      const filters = [
        [`events=${types.join(",")}`, ({ event }: typeof sample) => types.includes(event)],
        [
          `range_start=${DateTime.formatIso(from)}&range_end=${DateTime.formatIso(until)}`,
          ({ createdAt = from }: typeof sample) =>
            DateTime.Order(createdAt, from) >= 0 && DateTime.Order(createdAt, until) < 0
        ],
        [
          `organization_id=${organizationId}`,
          ({ data }: typeof sample) => JSON.stringify(data).includes(organizationId)
        ]
      ] as const
      for (let set = 0; set < 8; set++) {
        const used = filters.filter((_, bit) => (set >> bit) % 2 === 1)
        const expected = events.rows.filter((event) => used.every(([, matches]) => matches(event))).map(({ id }) => id)
        assert.isAbove(expected.length, 0)
        const query = ["order=asc&limit=37", ...used.map(([filter]) => filter)].join("&")
        // A cursor excludes the start of a range, and in ascending order no older event follows.
        const next = query.replace(/&range_start=[^&]*/, "")
        const ids: Array<string> = []
        let cursor = ""
        do {
          const { body, status } = yield* sendRequest(`/events?${cursor === "" ? query : next}${cursor}`)
          assert.strictEqual(status, 200)
          assert.deepStrictEqual(Object.keys(body.list_metadata), ["after"])
          ids.push(...body.data.map(({ id }) => id))
          cursor = body.list_metadata.after === null ? "" : `&after=${body.list_metadata.after}`
        } while (cursor !== "")
        assert.deepStrictEqual<ReadonlyArray<string>>(ids, expected, query)
      }
    })
  )

  it.effect("The list of events rejects a cursor together with the start of a range with 400", () =>
    Effect.gen(function* () {
      const { events } = yield* Store.Store
      const query = `after=${events.rows[3]?.id}&range_start=2020-01-01T00:00:00.000Z`
      for (const order of ["asc", "desc"]) {
        const { body, status } = yield* sendRequest(`/events?${query}&order=${order}`)
        assert.strictEqual(status, 400)
        assert.deepStrictEqual<unknown>(body, { message: "Only one of 'after' and 'range_start' can be given." })
      }
    })
  )

  it.effect.each(["after=event_1", "limit=0", "range_start=yesterday", "organization_id=conn_1"])(
    "The list of events rejects %s with 422",
    (query) =>
      Effect.gen(function* () {
        assert.strictEqual((yield* sendRequest(`/events?${query}`)).status, 422)
      })
  )
})

layer(LayerEmulator)("the admin API", (it) => {
  it.effect("The admin API sets the state of a connection and emits the event", () =>
    Effect.gen(function* () {
      const { connections, events } = yield* Store.Store
      const id = connections.rows.find(({ state }) => state === "active")?.id ?? ""
      const change = (state: string) => send("PUT", `/_emulator/connections/${id}`, { state })
      assert.include((yield* change("inactive")).body, { id, state: "inactive", status: "unlinked" })
      assert.include((yield* change("active")).body, { id, state: "active", status: "linked" })
      assert.deepStrictEqual(
        events.rows.slice(-2).map(({ event }) => event),
        ["connection.deactivated", "connection.activated"]
      )
      assert.strictEqual((yield* change("asleep")).status, 422)
      assert.strictEqual((yield* send("PUT", "/_emulator/connections/conn_1", { state: "active" })).status, 404)
      assert.strictEqual((yield* send("PUT", "/_emulator/organization_domains/x", { state: "failed" })).status, 404)
    })
  )

  it.effect("The admin API emits any event, and rejects invalid data of known types", () =>
    Effect.gen(function* () {
      const { events } = yield* Store.Store
      const data = { id: "user_1", organization_id: `org_${unknown}`, "odd Key": [1, null] }
      const emitted = yield* send("POST", "/_emulator/events", { event: "future.created", data })
      assert.strictEqual(emitted.status, 201)
      assert.include(emitted.body, { object: "event", event: "future.created" })
      assert.deepStrictEqual<unknown>((yield* sendRequest("/events?events=future.created")).body.data, [emitted.body])
      assert.lengthOf(idsOf(yield* sendRequest(`/events?organization_id=org_${unknown}`)), 1)
      const before = events.rows.length
      for (const event of [{ event: "connection.activated", data: { id: 7 } }, { event: "", data: {} }, { data: {} }]) {
        assert.strictEqual((yield* send("POST", "/_emulator/events", event)).status, 422)
      }
      assert.strictEqual(events.rows.length, before)
    })
  )
})
