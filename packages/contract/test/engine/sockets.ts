// Helpers for tests over real sockets: conforming and faulty servers, and reports on them.
import * as Contract from "@effect-workos/contract-engine/Contract"
import type { Settings } from "@effect-workos/contract-engine/Settings"
import type { Suite } from "@effect-workos/contract-engine/Suite"
import { runs } from "@effect-workos/testing/Sample"
import { NodeHttpClient } from "@effect/platform-node"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import * as Net from "node:net"
import * as WorkOs from "../../src/WorkOs.ts"
import { smallStore } from "./running.ts"
import { connections } from "../suites.ts"

export type Handle = (request: IncomingMessage, response: ServerResponse) => void

const listen = (server: Net.Server) =>
  Effect.acquireRelease(
    Effect.callback<string>((resume) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        resume(Effect.succeed(`http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`))
      })
    }),
    () => Effect.callback<void>((resume) => void server.close(() => resume(Effect.void)))
  )

/** Serves HTTP for the lifetime of the scope, and returns the URL. */
export const serve = Effect.fnUntraced(function* (handle: Handle) {
  const server = createServer(handle)
  const url = yield* listen(server)
  // Open connections would delay closing the server.
  yield* Effect.addFinalizer(() => Effect.sync(() => server.closeAllConnections()))
  return url
})

/** Accepts connections for the lifetime of the scope. */
export const accept = Effect.fnUntraced(function* (onConnection: (socket: Net.Socket) => void) {
  const open = new Set<Net.Socket>()
  const url = yield* listen(
    Net.createServer((socket) => {
      open.add(socket)
      socket.on("close", () => open.delete(socket)).on("error", () => undefined)
      onConnection(socket)
    })
  )
  yield* Effect.addFinalizer(() => Effect.sync(() => open.forEach((socket) => socket.destroy())))
  return url
})

/** A URL without a server. */
export const unusedUrl = Effect.scoped(listen(Net.createServer()))

export const sendJson = (response: ServerResponse, status: number, body: unknown, headers = {}) =>
  response
    .writeHead(status, { "content-type": "application/json", "x-request-id": "req_1", ...headers })
    .end(JSON.stringify(body))

/** A compression of bodies, with its `Content-Encoding`. */
interface Compression {
  readonly encoding: string
  readonly compress: (body: Uint8Array) => Uint8Array
}

/** Responds like the emulator, with compressed bodies if a compression is given. */
export const emulator = Effect.fnUntraced(function* (compression?: Compression) {
  const fetch = yield* Effect.provideService(Emulator.fetch(), Store.Store, yield* smallStore(25))
  const handle: Handle = (request, response) => {
    // `fetch` refuses TRACE.
    if (request.method === "TRACE") {
      sendJson(response, 404, { message: "Not Found" })
      return
    }
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", async () => {
      const headers = Object.entries(request.headers).flatMap(([name, value]) =>
        typeof value === "string" ? [[name, value] satisfies [string, string]] : []
      )
      const body = chunks.length === 0 ? null : Buffer.concat(chunks)
      const init = { method: request.method ?? "GET", headers, body }
      const fetched = await fetch(`http://workos.test${request.url}`, init)
      const sent = new Uint8Array(await fetched.arrayBuffer())
      if (compression === undefined || sent.length === 0) {
        response.writeHead(fetched.status, Object.fromEntries(fetched.headers)).end(sent)
        return
      }
      const compressed = compression.compress(sent)
      const replaced = { "content-encoding": compression.encoding, "content-length": compressed.length }
      response.writeHead(fetched.status, { ...Object.fromEntries(fetched.headers), ...replaced }).end(compressed)
    })
  }
  return handle
})

export interface Options extends Settings {
  readonly client?: Layer.Layer<HttpClient.HttpClient>
  readonly suite?: Suite
}

/** The report on the server at a URL, with its duration in milliseconds. */
export const verify = Effect.fnUntraced(function* (
  url: string,
  { client = NodeHttpClient.layerUndici, suite = connections, ...settings }: Options = {}
) {
  const target = WorkOs.layerTarget({ baseUrl: url, apiKey: Emulator.defaultApiKey }).pipe(Layer.provide(client))
  const started = performance.now()
  const report = yield* Effect.provide(
    Contract.verify(suite, { runs: runs(5, 2), requestTimeout: 10_000, timeBudget: 15_000, ...settings }),
    target
  )
  return { ...report, millis: performance.now() - started }
})

/** A connection in its wire form. */
export const connection = (number: number) => {
  const created = new Date(1_700_000_000_000 + number * 1000).toISOString()
  return {
    object: "connection",
    id: `conn_01${String(number).padStart(24, "0")}`,
    organization_id: "org_01E4ZCR3C56J083X43JQXF3JK5",
    connection_type: "OktaSAML",
    name: `Connection ${number}`,
    state: "active",
    status: "linked",
    domains: [],
    created_at: created,
    updated_at: created
  }
}
