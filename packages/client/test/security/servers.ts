// Servers on real sockets, and clients with secrets.
import type * as resources from "@effect-workos/domain/resources"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { IncomingMessage, ServerResponse } from "node:http"
import { createServer, type Socket } from "node:net"
import type * as Client from "../../src/Client.ts"
import * as RetryPolicy from "../../src/RetryPolicy.ts"
import { WorkOs } from "../../src/WorkOs.ts"
import type { Options } from "../../src/WorkOsConfig.ts"
import type { Platform } from "../platforms.ts"
import { id } from "../samples.ts"
import * as HttpServer from "../http-server.ts"

/** Secrets that no pattern matches: only a client that knows them can redact them. */
export const key = "correct/horse&battery+staple"
export const clientSecret = 'tomato "soup" & spoon'
export const code = `c0de7's (soup) ~ & "rice"`
export const codeVerifier = "v3rify~CVP.mB92K27uhbUJU1p1r_wW1gFWFOEjXk~~"
export const accessToken = "t0ken9/of+another's~(user)=="

/** An HTTP server that responds after it has read the request. */
export const serve = (respond: (request: IncomingMessage, response: ServerResponse, body: string) => void) =>
  HttpServer.serve((request, response) => {
    let body = ""
    request.setEncoding("utf8").on("data", (text: string) => (body += text))
    request.on("end", () => respond(request, response, body))
  })

/** A TCP server that calls `respond` with the first data of a connection. */
export const serveRaw = (respond: (socket: Socket, text: string) => void) => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on("error", () => undefined)
    socket.once("data", (data) => respond(socket, data.toString("latin1")))
  })
  return HttpServer.listen(server, () => sockets.forEach((socket) => socket.destroy()))
}

/** Two attempts within a short time, for servers that do not respond. */
export const shortPolicy: RetryPolicy.Policy = {
  ...RetryPolicy.standard,
  maxAttempts: 2,
  baseDelay: 1,
  attemptTimeout: 100,
  deadline: 150
}

/** Runs a call with a new client. */
export const withClient = <A, E>(
  options: Omit<Options, "apiKey">,
  layerPlatform: Platform["layer"],
  use: (workos: WorkOs["Service"]) => Effect.Effect<A, E>,
  policy: RetryPolicy.Policy = RetryPolicy.none
) =>
  WorkOs.use(use).pipe(
    Effect.provideService(RetryPolicy.RetryPolicy, policy),
    Effect.provide(WorkOs.layer({ apiKey: Redacted.make(key), ...options }).pipe(Layer.provide(layerPlatform)))
  )

type Use = (
  workos: WorkOs["Service"]
) => Effect.Effect<
  unknown,
  | Client.Error<typeof resources.connections, "create">
  | Client.Error<typeof resources.sso, "profileAndToken" | "profile" | "logoutAuthorize">
>

export const create: Use = ({ connections }) =>
  connections.create({
    organizationId: "org_01EHWNCE74X7JSDV0X3SZ3KJNY",
    oidcOptions: {
      discoveryEndpoint: "https://idp.example.com",
      clientId: "0oa1",
      clientSecret: Redacted.make(clientSecret)
    }
  })

/** All operations that send secrets, and one of each other kind. */
export const operations: ReadonlyArray<readonly [name: string, use: Use]> = [
  ["get", ({ connections }) => connections.get(id)],
  ["encoded.get", ({ connections }) => connections.get.encoded(id)],
  ["list", ({ connections }) => connections.list()],
  ["encoded.list", ({ connections }) => connections.list.encoded()],
  ["create", create],
  ["delete", ({ connections }) => connections.delete(id)],
  [
    "sso.profileAndToken",
    ({ sso }) =>
      sso.profileAndToken({
        clientId: "client_01HZBC6N1EB1ZY7KG32X",
        code: Redacted.make(code),
        codeVerifier: Redacted.make(codeVerifier)
      })
  ],
  ["sso.profile", ({ sso }) => sso.profile(Redacted.make(accessToken))],
  ["sso.logoutAuthorize", ({ sso }) => sso.logoutAuthorize({ profileId: "prof_01DMC79VCBZ0NY2099737PSVF1" })]
]
