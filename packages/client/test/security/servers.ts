// Servers on real sockets, and clients that ask them: what the tests of this folder share.
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { createServer as createRawServer, type Server, type Socket } from "node:net"
import * as RetryPolicy from "../../src/RetryPolicy.ts"
import { WorkOs } from "../../src/WorkOs.ts"
import type { Options } from "../../src/WorkOsConfig.ts"

/** Secrets that no pattern knows: only who is told of them can hide them. */
export const key = "correct/horse&battery+staple"
export const clientSecret = 'tomato "soup" & spoon'

export const id = "conn_01E4ZCR3C56J083X43JQXF3JK5"

export const row = {
  object: "connection",
  id,
  connection_type: "OktaSAML",
  name: "Foo Corp",
  state: "active",
  domains: [],
  created_at: "2026-01-15T12:00:00.000Z",
  updated_at: "2026-01-15T12:00:00.000Z"
}
export const page = { object: "list", data: [row], list_metadata: { before: null, after: null } }

export const platforms = [
  { platform: "fetch", layerPlatform: FetchHttpClient.layer },
  { platform: "undici", layerPlatform: NodeHttpClient.layerUndici }
]

const listening = (server: Server, stop: () => void) =>
  Effect.acquireRelease(
    Effect.callback<URL>((resume) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = typeof address === "object" && address !== null ? address.port : 0
        resume(Effect.succeed(new URL(`http://127.0.0.1:${port}`)))
      })
    }),
    () =>
      Effect.callback<void>((done) => {
        server.close(() => done(Effect.void))
        stop()
      })
  )

/** A server that speaks HTTP, and stops with the scope. */
export const serve = (answer: (request: IncomingMessage, response: ServerResponse, body: string) => void) => {
  const server = createServer((request, response) => {
    let body = ""
    request.setEncoding("utf8").on("data", (text: string) => (body += text))
    request.on("end", () => answer(request, response, body))
  })
  return listening(server, () => server.closeAllConnections())
}

/** A server that need not speak it: `answer` is called with what came at once. */
export const serveRaw = (answer: (socket: Socket, text: string) => void) => {
  const sockets = new Set<Socket>()
  const server = createRawServer((socket) => {
    sockets.add(socket)
    socket.on("error", () => undefined)
    socket.once("data", (data) => answer(socket, data.toString("latin1")))
  })
  return listening(server, () => sockets.forEach((socket) => socket.destroy()))
}

export const answerJson = (response: ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))

/** Two attempts, and no time for more. */
export const brief: RetryPolicy.Policy = {
  ...RetryPolicy.standard,
  attempts: 2,
  base: 1,
  attemptTimeout: 100,
  deadline: 150
}

/** Asks a server, with a client that nothing has been asked of before. */
export const asking = <A, E>(
  options: Omit<Options, "apiKey">,
  layerPlatform: (typeof platforms)[number]["layerPlatform"],
  use: (workos: WorkOs["Service"]) => Effect.Effect<A, E>,
  policy: RetryPolicy.Policy = brief
) =>
  WorkOs.use(use).pipe(
    Effect.provideService(RetryPolicy.RetryPolicy, policy),
    Effect.provide(WorkOs.layer({ apiKey: Redacted.make(key), ...options }).pipe(Layer.provide(layerPlatform)))
  )

type Use = (
  workos: WorkOs["Service"]
) => Effect.Effect<unknown, Effect.Error<ReturnType<WorkOs["Service"]["connections"]["create"]>>>

export const create: Use = ({ connections }) =>
  connections.create({
    organizationId: "org_01EHWNCE74X7JSDV0X3SZ3KJNY",
    oidcOptions: {
      discoveryEndpoint: "https://idp.example.com",
      clientId: "0oa1",
      clientSecret: Redacted.make(clientSecret)
    }
  })

/** Every operation that sends something. */
export const operations: ReadonlyArray<readonly [name: string, use: Use]> = [
  ["get", ({ connections }) => connections.get(id)],
  ["encoded.get", ({ connections }) => connections.encoded.get(id)],
  ["list", ({ connections }) => connections.list()],
  ["encoded.list", ({ connections }) => connections.encoded.list()],
  ["create", create],
  ["delete", ({ connections }) => connections.delete(id)]
]
