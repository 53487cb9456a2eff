// Protection of the admin API against pages of other sites.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Emulator from "../src/Emulator.ts"
import * as Store from "../src/Store.ts"
import { networkInterfaces } from "node:os"
import { sendRaw, served } from "./emulator-server.ts"

const webhook = { method: "POST", body: JSON.stringify({ url: "http://169.254.169.254/", secret: "s" }) }

const removeFaults = { method: "DELETE" }

describe("the admin API on a socket", () => {
  it.live(
    "The admin API on a socket rejects requests from other origins and for hosts that are not loopback names",
    () =>
      Effect.gen(function* () {
        const { url, store } = yield* served()
        const { port } = new URL(url)
        const foreign: ReadonlyArray<Readonly<Record<string, string>>> = [
          { host: "evil.example" },
          { host: `evil.example:${port}` },
          { host: `localhost.evil.example:${port}` },
          { host: `127.0.0.1.evil.example:${port}` },
          { host: "169.254.169.254" },
          { host: "evil.example", origin: "http://evil.example" },
          { origin: "https://evil.example" },
          { origin: "http://localhost.evil.example" },
          { origin: "null" }
        ]
        const id = store.connections.rows[0]?.id
        for (const headers of foreign) {
          for (const [path, request] of [
            ["/_emulator/webhooks", webhook],
            ["/_emulator/webhooks", {}],
            ["/_emulator/keys/rotate", { method: "POST" }],
            ["/_emulator/faults", removeFaults],
            [`/_emulator/connections/${id}`, { method: "PUT", body: '{"state":"draft"}' }],
            ["/_emulator/nothing", {}]
          ] as const) {
            const { body, status } = yield* sendRaw(url, path, { ...request, headers })
            assert.strictEqual(status, 403, JSON.stringify({ headers, path }))
            assert.include(body, "Pages of other sites")
          }
          // Other spellings of the path.
          for (const path of [
            "/%5Femulator/webhooks",
            "//_emulator/webhooks",
            "/_EMULATOR/webhooks",
            "/x/../_emulator/webhooks"
          ]) {
            assert.notInclude([200, 201], (yield* sendRaw(url, path, { ...webhook, headers })).status, path)
          }
        }
        assert.strictEqual((yield* sendRaw(url, "/_emulator/webhooks")).body, "[]")
      })
  )

  it.live("The admin API on a socket accepts requests from programs and pages on the same machine", () =>
    Effect.gen(function* () {
      const { url } = yield* served()
      const { port } = new URL(url)
      for (const headers of [
        {},
        { host: `localhost:${port}` },
        { host: `LOCALHOST:${port}` },
        { host: `[::1]:${port}` },
        { host: `emulator.localhost:${port}` },
        { origin: url },
        { origin: "http://localhost:3000" }
      ]) {
        assert.strictEqual((yield* sendRaw(url, "/_emulator/faults", { ...removeFaults, headers })).status, 204)
      }
    })
  )

  it.live("The emulator serves the sign-in page to browsers from any origin", () =>
    Effect.gen(function* () {
      const { url, store } = yield* served()
      const connection = store.connections.rows.find(({ state }) => state === "active")?.id ?? ""
      const query = new URLSearchParams({
        response_type: "code",
        client_id: "client_emulator",
        redirect_uri: "http://localhost:3000/callback",
        connection
      })
      const path = `/_emulator/sign-in?${query}`
      assert.strictEqual((yield* sendRaw(url, path, { headers: { host: "workos.example" } })).status, 200)
      const filled = yield* sendRaw(url, path, {
        method: "POST",
        body: "action=sign-in&email=ada%40acme.example",
        // The form is submitted with a null origin.
        headers: { "content-type": "application/x-www-form-urlencoded", origin: "null" }
      })
      assert.strictEqual(filled.status, 303)
      assert.strictEqual((yield* sendRaw(url, "/connections", { headers: { host: "workos.example" } })).status, 200)
    })
  )
})

// An address of this machine that other machines reach.
const address = Object.values(networkInterfaces())
  .flatMap((addresses = []) => addresses)
  .find(({ family, internal }) => family === "IPv4" && !internal)?.address

describe("the admin API on an address that other machines reach", () => {
  it.live.skipIf(address === undefined)(
    "The admin API on an external address accepts addresses and names of containers, and rejects names in the public DNS",
    () =>
      Effect.gen(function* () {
        const { url } = yield* served([], "0.0.0.0")
        const { port } = new URL(url)
        const status = (base: string, host: string) =>
          Effect.map(
            sendRaw(`http://${base}:${port}`, "/_emulator/faults", { ...removeFaults, headers: { host } }),
            ({ status }) => status
          )
        for (const host of [
          `${address}:${port}`,
          "workos:4100",
          "host.docker.internal",
          "workos.default.svc.cluster.local"
        ]) {
          assert.strictEqual(yield* status(address ?? "", host), 204, host)
        }
        for (const host of ["evil.example", `evil.example:${port}`, "127.0.0.1.evil.example", "evil.local.example"]) {
          assert.strictEqual(yield* status(address ?? "", host), 403, host)
        }
        // The loopback address keeps its own rules.
        assert.strictEqual(yield* status("127.0.0.1", "workos:4100"), 403)
        assert.strictEqual(yield* status("127.0.0.1", "localhost"), 204)
      })
  )
})

describe("the admin API without a socket", () => {
  it.effect("The admin API without a socket accepts requests for any host", () =>
    Effect.gen(function* () {
      const fetch = yield* Emulator.fetch()
      const response = yield* Effect.promise(() =>
        fetch("https://api.workos.com/_emulator/webhooks", { headers: { origin: "https://app.example" } })
      )
      assert.strictEqual(response.status, 200)
    }).pipe(Effect.provide(Store.layer({ connections: 1, organizations: 1, seed: 1 })))
  )
})
