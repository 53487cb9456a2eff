// Spans of calls.
import { assert, layer } from "@effect/vitest"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { inspect } from "node:util"
import { WorkOs } from "../src/WorkOs.ts"
import { recordSpans } from "./recorded-spans.ts"
import { layerWorkOs } from "./emulated.ts"

const statusCode = "http.response.status_code"

const recorded = <A, E, R>(effect: Effect.Effect<A, E, R>) => {
  const { spans, tracer } = recordSpans()
  return Effect.map(Effect.withTracer(effect, tracer), () => ({
    all: spans,
    operations: spans.filter((span) => /^(?:connections|organizations|organizationDomains|events)\./.test(span.name))
  }))
}

layer(layerWorkOs())("spans", (it) => {
  it.effect("Spans are named after operations, and have the connection id, the outcome and the request id", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const store = yield* Store.Store
      const id = store.connections.rows[0]?.id ?? ""
      const organizationId = store.organizations.rows[0]?.id ?? ""
      const { operations } = yield* recorded(
        Effect.all([
          connections.get(id),
          connections.delete(id),
          Effect.flip(connections.get(id)),
          connections.list(),
          connections.create({ organizationId })
        ])
      )
      assert.deepStrictEqual(
        operations.map((span) => [
          span.name,
          span.attributes.get("workos.connection_id"),
          span.attributes.get("http.response.status_code")
        ]),
        [
          ["connections.get", id, 200],
          ["connections.delete", id, 200],
          ["connections.get", id, 404],
          ["connections.list", undefined, 200],
          ["connections.create", undefined, 201]
        ]
      )
      const requestIds = new Set(operations.map((span) => span.attributes.get("workos.request_id")))
      assert.strictEqual(requestIds.size, 5)
      for (const requestId of requestIds) assert.match(String(requestId), /^req_\d+$/)
    })
  )

  it.effect("Spans contain the ids of organizations and domains, and no other arguments", () =>
    Effect.gen(function* () {
      const { events, organizationDomains, organizations } = yield* WorkOs
      const { id } = yield* organizations.create({ name: "Foo Corp", externalId: "foo-1" })
      const { id: domainId } = yield* organizationDomains.create({ organizationId: id, domain: "foo.example" })
      const { all, operations } = yield* recorded(
        Effect.all([
          organizations.get(id),
          organizations.get.encoded(id),
          organizations.getByExternalId("foo-1"),
          organizations.list({ search: "foo-1" }),
          organizations.update(id, { externalId: "foo-1" }),
          organizationDomains.get(domainId),
          organizationDomains.verify(domainId),
          organizationDomains.delete(domainId),
          Effect.flip(organizationDomains.create({ organizationId: id, domain: "foo-1" })),
          organizations.delete(id),
          Effect.flip(organizations.get(id)),
          organizations.create({ name: "foo-1" }),
          events.list()
        ])
      )
      assert.deepStrictEqual(
        operations.map(({ attributes, kind, name }) => {
          const { "workos.request_id": requestId, ...said } = Object.fromEntries(attributes)
          assert.match(String(requestId), /^req_\d+$/)
          assert.strictEqual(kind, "client")
          return [name, said]
        }),
        [
          ["organizations.get", { "workos.organization_id": id, [statusCode]: 200 }],
          ["organizations.get", { "workos.organization_id": id, [statusCode]: 200 }],
          ["organizations.getByExternalId", { [statusCode]: 200 }],
          ["organizations.list", { [statusCode]: 200 }],
          ["organizations.update", { "workos.organization_id": id, [statusCode]: 200 }],
          ["organizationDomains.get", { "workos.organization_domain_id": domainId, [statusCode]: 200 }],
          ["organizationDomains.verify", { "workos.organization_domain_id": domainId, [statusCode]: 201 }],
          ["organizationDomains.delete", { "workos.organization_domain_id": domainId, [statusCode]: 204 }],
          ["organizationDomains.create", { [statusCode]: 422, "error.type": "UnprocessableEntity" }],
          ["organizations.delete", { "workos.organization_id": id, [statusCode]: 202 }],
          ["organizations.get", { "workos.organization_id": id, [statusCode]: 404, "error.type": "NotFound" }],
          ["organizations.create", { [statusCode]: 201 }],
          ["events.list", { [statusCode]: 200 }]
        ]
      )
      // External ids are data of the application, which spans must not contain.
      for (const { attributes } of all) assert.notInclude(inspect(attributes), "foo-1")
    })
  )

  it.effect("Streams have a span for each page", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const { operations } = yield* recorded(Stream.runDrain(connections.stream({ pageSize: 100 })))
      assert.lengthOf(operations, 13)
    })
  )

  it.effect("Spans never contain the key", () =>
    Effect.gen(function* () {
      const { connections, organizationDomains, organizations } = yield* WorkOs
      const key = Redacted.value(Emulator.defaultApiKey)
      const oidcOptions = { discoveryEndpoint: "https://idp.example.com", clientId: "0oa1" }
      // A program may pass a key or another secret as an id by mistake.
      const { all } = yield* recorded(
        Effect.all([
          connections.list(),
          Effect.flip(connections.get("conn_01E4ZCR3C56J083X43JQXF3JK5")),
          Effect.flip(connections.get(key)),
          Effect.flip(organizations.get(key)),
          Effect.flip(organizations.update(key, { name: key })),
          Effect.flip(organizations.getByExternalId(key)),
          Effect.flip(organizationDomains.verify(key)),
          Effect.flip(
            connections.create({
              organizationId: "org_01EHWNCE74X7JSDV0X3SZ3KJNY",
              oidcOptions: { ...oidcOptions, clientSecret: Redacted.make(key) }
            })
          )
        ])
      )
      assert.lengthOf(all, 8)
      for (const span of all) {
        const text = inspect([span.name, [...span.attributes], span.events, span.status], {
          depth: 12,
          showHidden: true
        })
        assert.notInclude(text, key)
      }
    })
  )
})
