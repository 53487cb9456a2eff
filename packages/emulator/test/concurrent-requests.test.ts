// Concurrent requests for the same row, large enough to interleave.
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Emulator from "../src/Emulator.ts"
import * as Store from "../src/Store.ts"
import { sendRequest, send } from "./requests.ts"

const LayerEmulator = Emulator.layerHttpClient().pipe(
  Layer.provideMerge(Store.layer({ connections: 10, organizations: 5, seed: 7 }))
)

/** Enough domains for a fiber to yield while it writes them. */
const manyDomains = (name: string) =>
  Array.from({ length: 700 }, (_, index) => ({ domain: `${name}-${index}.example`, state: "pending" }))

const withExternalId = (name: string) =>
  send("POST", "/organizations", { name, external_id: "the-same", domain_data: manyDomains(name) })

const withDomain = (name: string) =>
  send("POST", "/organizations", {
    name,
    domain_data: [{ domain: "the-same.example", state: "verified" }, ...manyDomains(`of-${name}`)]
  })

const statuses = (requests: ReadonlyArray<ReturnType<typeof send>>) =>
  Effect.map(Effect.all(requests, { concurrency: "unbounded" }), (responses) =>
    responses.map(({ status }) => status).toSorted((a, b) => a - b)
  )

layer(LayerEmulator)("concurrent requests", (it) => {
  it.effect("Concurrent requests create one organization per external id", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* statuses(["a", "b", "c"].map(withExternalId)), [201, 400, 400])
    })
  )

  it.effect("Concurrent requests verify a domain for one organization", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* statuses(["a", "b", "c"].map(withDomain)), [201, 409, 409])
    })
  )

  it.effect("Concurrent requests lose no update", () =>
    Effect.gen(function* () {
      const { body } = yield* send("POST", "/organizations", { name: "Before" })
      const path = `/organizations/${body.id}`
      const updates = [
        send("PUT", path, { domain_data: manyDomains("updated") }),
        send("PUT", path, { name: "After" }),
        send("PUT", path, { metadata: { tier: "gold" } }),
        send("POST", "/organization_domains", { organization_id: body.id, domain: "one-more.example" })
      ]
      assert.deepStrictEqual(yield* statuses(updates), [200, 200, 200, 201])
      const after = yield* sendRequest(path)
      assert.include(after.body, { name: "After" })
      assert.deepStrictEqual(after.body["metadata"], { tier: "gold" })
      assert.isAtLeast((after.body["domains"] as ReadonlyArray<unknown>).length, 700)
    })
  )
})
