// The emulator on a real socket, and raw responses.
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import { Agent, createServer, request } from "node:http"
import * as Emulator from "../src/Emulator.ts"
import type { Fault } from "../src/Fault.ts"
import * as Faults from "../src/Faults.ts"
import * as Seed from "../src/Seed.ts"
import * as Store from "../src/Store.ts"

// Shared, since generating rows takes longer than a test.
const seed = Effect.runSync(Seed.make({ connections: 60, organizations: 5, seed: 3 }))

/** Makes a store of 60 connections. */
export const makeStore = Store.make(seed)

export const authorization = `Bearer ${Redacted.value(Emulator.defaultApiKey)}`

/** An emulator with faults for the lifetime of the scope, and the messages that its server logged. */
export const served = Effect.fnUntraced(function* (initial: ReadonlyArray<Fault> = [], host = "127.0.0.1") {
  const faults = yield* Faults.make(initial)
  const store = yield* makeStore
  const logged: Array<unknown> = []
  const server = createServer()
  const context = yield* Layer.build(
    Emulator.layerServer({ faults }).pipe(
      Layer.provide(Layer.succeed(Store.Store, store)),
      Layer.provideMerge(NodeHttpServer.layer(() => server, { port: 0, host, gracefulShutdownTimeout: 0 })),
      Layer.provide(Logger.layer([Logger.make(({ message }) => logged.push(message))]))
    )
  )
  const url = yield* Effect.provideContext(HttpServer.addressFormattedWith(Effect.succeed), context)
  // Clients keep connections alive.
  yield* Effect.addFinalizer(() => Effect.sync(() => server.closeAllConnections()))
  return { faults, store, url, logged, server }
})

export interface RawResponse {
  /** 0 if there was no response. */
  readonly status: number
  readonly headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>
  readonly body: string
  /** The error that ended the response early. */
  readonly error: string | undefined
}

export interface RequestOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly agent?: Agent
  /** Disconnects after this number of bytes. */
  readonly enough?: number
}

/** An agent that reuses one connection. */
export const oneConnection = Effect.acquireRelease(
  Effect.sync(() => new Agent({ keepAlive: true, maxSockets: 1 })),
  (agent) => Effect.sync(() => agent.destroy())
)

/** Sends one request, on a new connection unless an agent is given, and returns the raw response. */
export const sendRaw = (
  url: string,
  path: string,
  { agent, body, enough = Infinity, headers, method }: RequestOptions = {}
) =>
  Effect.callback<RawResponse>((resume) => {
    let status = 0
    let received = ""
    let responseHeaders: RawResponse["headers"] = {}
    const done = (error?: { readonly code?: string; readonly message: string }) =>
      resume(
        Effect.succeed({
          status,
          headers: responseHeaders,
          body: received,
          error: error && (error.code ?? error.message)
        })
      )
    const clientRequest = request(`${url}${path}`, {
      method: method ?? "GET",
      agent: agent ?? false,
      headers: { authorization, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers }
    })
    clientRequest.on("error", done)
    clientRequest.on("response", (response) => {
      status = response.statusCode ?? 0
      responseHeaders = response.headers
      response.setEncoding("latin1").on("data", (text: string) => {
        received += text
        if (received.length < enough) return
        clientRequest.destroy()
        done()
      })
      response.on("error", done)
      response.on("end", () => done())
    })
    clientRequest.end(body)
    return Effect.sync(() => clientRequest.destroy())
  })
