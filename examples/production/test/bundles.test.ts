// The bundles of the server and of the worker.
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import { transform } from "esbuild"
import { execFileSync } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type RequestListener } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createContext, runInContext } from "node:vm"
import { environment, layerEmulator, organization, pathOf, start } from "./workos.ts"

let folder = ""
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bundles-"))
  execFileSync(process.execPath, ["scripts/bundle.ts", folder], { cwd: pathOf("."), stdio: "pipe" })
})
afterAll(() => rmSync(folder, { recursive: true }))

const key = { WORKOS_API_KEY: "sk_test_emulator" }

/** Serves HTTP for the lifetime of the scope, and returns the URL. */
const serve = (onRequest: RequestListener) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.promise(async () => {
        const server = createServer(onRequest).listen(0, "127.0.0.1")
        await once(server, "listening")
        return server
      }),
      (server) => Effect.sync(() => (server.closeAllConnections(), server.close()))
    ),
    (server) => {
      const address = server.address()
      return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`
    }
  )

const freePort = Effect.scoped(
  Effect.map(
    serve(() => {}),
    (url) => new URL(url).port
  )
)

/** Starts the bundle of the server, and returns its process and its URL. */
const startServer = Effect.fnUntraced(function* (env: Readonly<Record<string, string>>) {
  const port = yield* freePort
  const server = yield* start(process.execPath, ["main.mjs"], { cwd: folder, env: { PORT: port, ...env } })
  yield* Effect.promise(() => server.printed(/Listening on /))
  return { server, url: `http://127.0.0.1:${port}` }
})

const get = (url: string) =>
  Effect.promise(async () => {
    const response = await fetch(url)
    return { status: response.status, body: await response.text() }
  })

const emptyList = JSON.stringify({ object: "list", data: [], list_metadata: { before: null, after: null } })

describe("the server", () => {
  it.live("The bundle of the server returns the connections of an organization", () =>
    Effect.gen(function* () {
      const { connections, id } = yield* organization
      const { server, url } = yield* startServer(yield* environment)
      assert.deepStrictEqual(yield* get(`${url}/health`), { status: 200, body: "ok" })
      const { body, status } = yield* get(`${url}/organizations/${id}/connections`)
      assert.strictEqual(status, 200)
      assert.isNotEmpty(connections)
      assert.deepStrictEqual(JSON.parse(body), connections)
      assert.strictEqual((yield* get(`${url}/organizations/acme/connections`)).status, 400)
      const log = server.output().trimEnd().split("\n")
      assert.isAtLeast(log.length, 2)
      for (const line of log)
        assert.hasAllKeys(JSON.parse(line), ["message", "level", "timestamp", "annotations", "spans", "fiberId"])
    }).pipe(Effect.scoped, Effect.provide(layerEmulator()))
  )

  it.live("After SIGTERM, the server completes the request in progress, sends its spans, and exits with 130", () =>
    Effect.gen(function* () {
      const received = Promise.withResolvers<void>()
      const workos = yield* serve((_, response) => {
        received.resolve()
        setTimeout(() => response.setHeader("content-type", "application/json").end(emptyList), 200)
      })
      let spans = ""
      const collector = yield* serve((request, response) => {
        request.on("data", (text: Buffer) => (spans += text)).on("end", () => response.end())
      })
      const { server, url } = yield* startServer({
        ...key,
        WORKOS_BASE_URL: workos,
        OTEL_TRACES_EXPORTER: "otlp",
        OTEL_SERVICE_NAME: "production",
        OTEL_EXPORTER_OTLP_ENDPOINT: collector
      })
      const { status } = yield* Effect.promise(async () => {
        // Without this header, the client keeps the connection open, and the server waits until it is closed.
        const response = fetch(`${url}/organizations/org_01EHWNCE74X7JSDV0X3SZ3KJNY/connections`, {
          headers: { connection: "close" }
        })
        await received.promise
        server.kill("SIGTERM")
        return response
      })
      assert.strictEqual(status, 200)
      assert.strictEqual(yield* Effect.promise(() => server.exitCode), 130)
      assert.match(spans, /"name":"connections\.list"/)
    }).pipe(Effect.scoped)
  )

  it.live("Without `require`, the bundle of the server fails because of a CommonJS module", () =>
    Effect.gen(function* () {
      const [, ...lines] = readFileSync(join(folder, "main.mjs"), "utf8").split("\n")
      writeFileSync(join(folder, "without-banner.mjs"), lines.join("\n"))
      const server = yield* start(process.execPath, ["without-banner.mjs"], { cwd: folder, env: key })
      assert.strictEqual(yield* Effect.promise(() => server.exitCode), 1)
      assert.include(server.output(), 'Error: Dynamic require of "events" is not supported')
    }).pipe(Effect.scoped)
  )
})

describe("the worker", () => {
  /** The globals of edge runtimes, without `process`, `Buffer` and `require`. */
  const globals = {
    AbortController,
    AbortSignal,
    Headers,
    Request,
    Response,
    TextDecoder,
    TextEncoder,
    URL,
    URLSearchParams,
    clearTimeout,
    console,
    crypto,
    setTimeout
  }

  it.effect(
    "The bundle of the worker returns the connections of an organization with the globals of edge runtimes",
    () =>
      Effect.gen(function* () {
        const { connections, id } = yield* organization
        const bundle = readFileSync(join(folder, "edge.mjs"), "utf8")
        const { code } = yield* Effect.promise(() => transform(bundle, { format: "iife", globalName: "worker" }))
        const context = createContext({ ...globals, fetch: yield* Emulator.fetch() })
        const { default: worker } = runInContext(`${code}; worker`, context)
        const request = (path: string): Effect.Effect<Response> =>
          Effect.promise(() => worker.fetch(new Request(`https://worker.example${path}`), key))

        const response = yield* request(`/organizations/${id}/connections`)
        assert.deepStrictEqual(yield* Effect.promise(() => response.json()), connections)
        assert.strictEqual((yield* request("/organizations/acme/connections")).status, 400)
        assert.strictEqual((yield* request("/")).status, 404)
      }).pipe(Effect.scoped, Effect.provide(Store.layer({ connections: 250, organizations: 5, seed: 1 })))
  )
})
