// Connection errors with causes that a user can fix.
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import { readFileSync } from "node:fs"
import * as Http from "node:http"
import * as Https from "node:https"
import * as Net from "node:net"
import { inspect } from "node:util"
import domainPackage from "@effect-workos/domain/package.json" with { type: "json" }
import * as RetryPolicy from "../src/RetryPolicy.ts"
import * as HttpServer from "./http-server.ts"
import { platforms } from "./platforms.ts"
import { id, page } from "./samples.ts"
import { key, serve, withClient } from "./security/servers.ts"

const read = (name: string) => readFileSync(new URL(`certificates/${name}`, import.meta.url))

const quick: RetryPolicy.Policy = { ...RetryPolicy.standard, baseDelay: 1 }

const over = (protocol: "http" | "https", server: Net.Server) => {
  const sockets = new Set<Net.Socket>()
  server.on("connection", (socket) => sockets.add(socket.on("error", () => undefined)))
  return Effect.map(
    HttpServer.listen(server, () => sockets.forEach((socket) => socket.destroy())),
    ({ port }) => new URL(`${protocol}://127.0.0.1:${port}`)
  )
}

const secure = (name: string, chain: ReadonlyArray<string> = []) =>
  over(
    "https",
    Https.createServer(
      { key: read(`${name}.key`), cert: Buffer.concat([`${name}.pem`, ...chain].map(read)) },
      (_, response) => response.end(JSON.stringify(page))
    )
  )

/** A server that sends bytes that are not HTTP. */
const raw = (bytes: ReadonlyArray<number>) =>
  over(
    "http",
    Net.createServer((socket) => void socket.once("data", () => socket.end(Buffer.from(bytes))))
  )

const unknownAuthority =
  "The server's certificate is from an unknown authority: set NODE_EXTRA_CA_CERTS to a file with that authority."
const invalidCertificate = "The server's certificate is not valid for this address and time."
const plainText = "The server does not speak TLS on this port. Check whether the address starts with http://."
const largeHeaders = "The response headers are too large: raise node --max-http-header-size."
const needsTls = "Check whether the address starts with https://."

const all = [...platforms, { name: "node:http", layer: NodeHttpClient.layerNodeHttp }]

describe.each(all)("over $name", ({ layer, name }) => {
  it.live.each([
    { fault: "a self-signed certificate", server: secure("self-signed"), hint: unknownAuthority },
    { fault: "a certificate of an unknown authority", server: secure("local"), hint: unknownAuthority },
    {
      fault: "a chain with an unknown authority",
      server: secure("local", ["authority.pem"]),
      hint: unknownAuthority
    },
    { fault: "an expired certificate", server: secure("expired"), hint: invalidCertificate },
    {
      fault: "TLS to a port without TLS",
      server: over("https", Http.createServer()),
      hint: plainText,
      // `node:http` reports only EPROTO, which also has other causes.
      attempts: name === "node:http" ? 5 : 1
    },
    {
      fault: "plain HTTP to a port with TLS",
      server: over("http", Https.createServer({ key: read("local.key"), cert: read("local.pem") })),
      hint: needsTls,
      attempts: 5
    },
    {
      fault: "plain HTTP to a port that responds with a TLS alert",
      server: raw([0x15, 3, 1, 0, 2, 2, 0x46]),
      hint: needsTls,
      attempts: 5
    },
    {
      fault: "response headers that are too large",
      server: over(
        "http",
        Http.createServer((_, response) => response.setHeader("x-large", "a".repeat(40_000)).end("{}"))
      ),
      hint: largeHeaders
    }
  ])(
    `A call over ${name} with $fault fails with a hint, and is retried only if that may help`,
    ({ attempts = 1, hint, server }) =>
      Effect.gen(function* () {
        const baseUrl = yield* server
        const error = yield* Effect.flip(
          withClient({ baseUrl }, layer, ({ connections }) => connections.get(id), quick)
        )
        assert.deepInclude(error, { _tag: "TransportError", attempts })
        assert.match(error.message, /^connections\.get: no response from https?:\/\/127\.0\.0\.1:\d+ \(/)
        assert.include(error.message, hint)
        assert.notInclude(inspect(error, { depth: 10 }), key)
      })
  )

  it.live(`A call over ${name} to a host that does not resolve is retried, and the error names the host`, () =>
    Effect.gen(function* () {
      const baseUrl = new URL("https://workos.invalid")
      const error = yield* Effect.flip(withClient({ baseUrl }, layer, ({ connections }) => connections.get(id), quick))
      assert.deepInclude(error, { _tag: "TransportError", attempts: 5 })
      assert.match(error.message, /no response from https:\/\/workos\.invalid \((ENOTFOUND|EAI_AGAIN)\), 5 times/)
    })
  )

  it.live(`Requests over ${name} have the User-Agent of this version, unless the program sets its own`, () =>
    Effect.gen(function* () {
      const agents: Array<string | undefined> = []
      const baseUrl = yield* serve(({ headers }, response) => {
        agents.push(headers["user-agent"])
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(page))
      })
      const layerNamed = Layer.effect(
        HttpClient.HttpClient,
        Effect.map(HttpClient.HttpClient, (client) =>
          HttpClient.mapRequest(client, HttpClientRequest.setHeader("User-Agent", "my-app/1"))
        )
      ).pipe(Layer.provide(layer))
      for (const platform of [layer, layerNamed]) {
        yield* withClient({ baseUrl }, platform, ({ connections }) => connections.list(), quick)
      }
      assert.deepStrictEqual(agents, [`effect-workos/${domainPackage.version}`, "my-app/1"])
    })
  )
})

describe("over undici with a trusted authority", () => {
  const layerTrusting = NodeHttpClient.layerUndiciNoDispatcher.pipe(
    Layer.provide(NodeHttpClient.layerDispatcherOptions({ connect: { ca: read("authority.pem") } }))
  )

  it.live("A certificate of a trusted authority is accepted over undici", () =>
    Effect.gen(function* () {
      const baseUrl = yield* secure("local")
      const { data } = yield* withClient({ baseUrl }, layerTrusting, ({ connections }) => connections.list(), quick)
      assert.lengthOf(data, 1)
    })
  )

  it.live.each(["other", "expired"])(
    "A certificate that is %s is rejected over undici, and the call is not retried",
    (name) =>
      Effect.gen(function* () {
        const baseUrl = yield* secure(name)
        const error = yield* Effect.flip(
          withClient({ baseUrl }, layerTrusting, ({ connections }) => connections.list(), quick)
        )
        assert.deepInclude(error, { _tag: "TransportError", attempts: 1 })
        assert.include(error.message, invalidCertificate)
      })
  )
})
