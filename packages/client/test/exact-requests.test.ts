// Exact requests of some operations, as examples of what `operations/` checks for all of them.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { WorkOs } from "../src/WorkOs.ts"
import { organizationId } from "./samples.ts"
import { server, withClient } from "./scripted-server.ts"

interface Example {
  readonly name: string
  readonly call: (workos: WorkOs["Service"]) => Effect.Effect<unknown, unknown>
  readonly line: string
  readonly contentType?: string
  readonly body?: string
}

const json = "application/json"

const examples: ReadonlyArray<Example> = [
  {
    name: "A list has an order, the filters as given, and the path of the base URL",
    call: ({ organizations }) =>
      organizations.list({ domains: ["a.example", "b.example"], search: "a&b", limit: 5, order: undefined }),
    line: "GET https://workos.test/prefix/organizations?limit=5&order=desc&domains=a.example%2Cb.example&search=a%26b"
  },
  {
    name: "A path parameter is escaped",
    call: ({ organizations }) => organizations.getByExternalId("acme 1/2"),
    line: "GET https://workos.test/prefix/organizations/external_id/acme%201%2F2"
  },
  {
    name: "An update has null for removed values, and no value for undefined ones",
    call: ({ organizations }) =>
      organizations.update(organizationId, { name: undefined, externalId: null, metadata: { theTier: "diamond" } }),
    line: `PUT https://workos.test/prefix/organizations/${organizationId}`,
    contentType: json,
    body: '{"metadata":{"theTier":"diamond"},"external_id":null}'
  },
  {
    name: "A payload has nested objects in snake_case, and secrets",
    call: ({ connections }) =>
      connections.create({
        organizationId,
        connectionType: "GenericOIDC",
        samlOptions: { idpMetadataUrl: undefined, idpEntityId: "a" },
        oidcOptions: {
          discoveryEndpoint: "https://idp.example.com",
          clientId: "0oa1",
          clientSecret: Redacted.make("secret")
        }
      }),
    line: "POST https://workos.test/prefix/connections",
    contentType: json,
    body:
      `{"organization_id":"${organizationId}","connection_type":"GenericOIDC","saml_options":{"idp_entity_id":"a"},` +
      '"oidc_options":{"discovery_endpoint":"https://idp.example.com","client_id":"0oa1","client_secret":"secret"}}'
  }
]

describe("exact requests", () => {
  it.effect.each(examples)("$name", ({ body, call, contentType, line }) =>
    Effect.gen(function* () {
      const scripted = server([{ status: 404 }])
      yield* Effect.exit(withClient(scripted, call, { baseUrl: new URL("https://workos.test/prefix/") }))
      const [{ request } = assert.fail()] = scripted.received
      assert.strictEqual(`${request.method} ${request.url}`, line)
      assert.strictEqual(request.headers["authorization"], "Bearer sk_test_scripted")
      assert.strictEqual(request.headers["content-type"], contentType)
      const text = request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : undefined
      assert.strictEqual(text, body)
    })
  )
})
