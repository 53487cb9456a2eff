// What operations on connections send, and what they do not.
import { assert, describe, it } from "@effect/vitest"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { recordedClient } from "./recorded-requests.ts"

const unknownId = "conn_01E4ZCR3C56J083X43JQXF3JK5"
const unknownOrganizationId = "org_01EHWNCE74X7JSDV0X3SZ3KJNY"

describe("a request", () => {
  it.effect("has an order and the key, and keeps the path of the base URL", () =>
    Effect.gen(function* () {
      const { requests, withRecording: watching, workos } = yield* recordedClient
      yield* watching(Effect.ignore(workos.connections.list()))
      yield* watching(Effect.ignore(workos.connections.list({ order: undefined, limit: 5 })))
      yield* watching(Effect.ignore(workos.connections.get(unknownId)))
      assert.deepStrictEqual(
        requests.map(({ url }) => url),
        [
          "https://workos.test/prefix/connections?order=desc",
          "https://workos.test/prefix/connections?limit=5&order=desc",
          `https://workos.test/prefix/connections/${unknownId}`
        ]
      )
      for (const { headers } of requests) {
        assert.strictEqual(headers.get("authorization"), `Bearer ${Redacted.value(Emulator.defaultApiKey)}`)
      }
    })
  )

  it.effect.each([
    "",
    "nonsense",
    "org_01E4ZCR3C56J083X43JQXF3JK5",
    "conn_domain_01E4ZCR3C56J083X43JQXF3JK5",
    "conn_01E4/../../organizations",
    "..",
    "conn_01E4%2f..",
    "conn_01E4 ZCR",
    "conn_01E4?limit=1",
    `conn_${"A".repeat(10_000)}`
  ])("is not sent for an invalid id (%#)", (id) =>
    Effect.gen(function* () {
      const { requests, withRecording: watching, workos } = yield* recordedClient
      const error = yield* watching(Effect.flip(workos.connections.get(id)))
      assert.strictEqual(error._tag, "InvalidRequest")
      assert.strictEqual(error.message, "connections.get: id: Expected an id that starts with conn_")
      assert.strictEqual((yield* watching(Effect.flip(workos.connections.delete(id))))._tag, "InvalidRequest")
      assert.lengthOf(requests, 0)
    })
  )

  it.effect.each([
    [{ limit: 0 }, "connections.list: limit: Expected a value between 1 and 100"],
    [{ limit: 101 }, "connections.list: limit: Expected a value between 1 and 100"],
    [{ limit: 1.5 }, "connections.list: limit: Expected an integer"],
    [{ limit: NaN }, "connections.list: limit: Expected an integer"],
    [{ after: "nonsense" }, "connections.list: after: Expected an id that starts with conn_"],
    [{ organizationId: unknownId }, "connections.list: organizationId: Expected an id that starts with org_"]
  ] as const)("is not sent for the query %j", ([options, message]) =>
    Effect.gen(function* () {
      const { requests, withRecording: watching, workos } = yield* recordedClient
      const error = yield* watching(Effect.flip(workos.connections.list(options)))
      assert.strictEqual(error._tag, "InvalidRequest")
      assert.strictEqual(error.message, message)
      assert.lengthOf(requests, 0)
    })
  )

  it.effect("has the payload as JSON, including secrets", () =>
    Effect.gen(function* () {
      const { requests, withRecording: watching, workos } = yield* recordedClient
      yield* watching(
        Effect.ignore(
          workos.connections.create({
            organizationId: unknownOrganizationId,
            connectionType: "GenericOIDC",
            oidcOptions: {
              discoveryEndpoint: "https://idp.example.com",
              clientId: "0oa1",
              clientSecret: Redacted.make("secret")
            }
          })
        )
      )
      const [request] = requests
      assert.isDefined(request)
      assert.strictEqual(request.method, "POST")
      assert.strictEqual(request.url, "https://workos.test/prefix/connections")
      assert.strictEqual(request.headers.get("content-type"), "application/json")
      assert.strictEqual(request.headers.get("authorization"), `Bearer ${Redacted.value(Emulator.defaultApiKey)}`)
      assert.deepStrictEqual(yield* Effect.promise(() => request.json()), {
        organization_id: unknownOrganizationId,
        connection_type: "GenericOIDC",
        oidc_options: { discovery_endpoint: "https://idp.example.com", client_id: "0oa1", client_secret: "secret" }
      })
    })
  )

  it.effect("is not sent for an invalid payload", () =>
    Effect.gen(function* () {
      const { requests, withRecording: watching, workos } = yield* recordedClient
      const refused = [
        [{ organizationId: unknownId }, "organizationId: Expected an id that starts with org_"],
        [{ organizationId: "org_../connections" }, "organizationId: Expected an id that starts with org_"]
      ] as const
      for (const [options, message] of refused) {
        const error = yield* watching(Effect.flip(workos.connections.create(options)))
        assert.strictEqual(error._tag, "InvalidRequest")
        assert.strictEqual(error.message, `connections.create: ${message}`)
      }
      assert.lengthOf(requests, 0)
    })
  )

  it.effect.prop("keeps hostile text within its parameter", [Schema.String, Schema.String], ([domain, search]) =>
    Effect.gen(function* () {
      const { requests, withRecording: watching, workos } = yield* recordedClient
      yield* watching(Effect.ignore(workos.connections.list({ domain, search })))
      const url = new URL(requests[0]?.url ?? "")
      assert.strictEqual(url.origin + url.pathname, "https://workos.test/prefix/connections")
      assert.deepStrictEqual([...url.searchParams.keys()].toSorted(), ["domain", "order", "search"])
    })
  )
})
