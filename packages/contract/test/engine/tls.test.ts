// TLS failures over real sockets: the server is reported as unreachable, and no law fails.
import { assert, describe, it } from "@effect/vitest"
import { NodeHttpClient } from "@effect/platform-node"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { readFileSync } from "node:fs"
import * as Https from "node:https"
import type * as Net from "node:net"
import * as Tls from "node:tls"
import { accept, sendJson, serve, verify } from "./sockets.ts"

const read = (name: string) => readFileSync(new URL(`../../../client/test/certificates/${name}`, import.meta.url))

/** Serves HTTPS with a certificate, and returns the port. */
const serveTls = Effect.fnUntraced(function* (name: string) {
  const server = Https.createServer({ key: read(`${name}.key`), cert: read(`${name}.pem`) }, (_, response) =>
    sendJson(response, 200, {})
  )
  const sockets = new Set<Net.Socket>()
  server.on("connection", (socket: Net.Socket) => sockets.add(socket.on("error", () => undefined)))
  yield* Effect.callback<void>((resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void)))
  yield* Effect.addFinalizer(() =>
    Effect.callback<void>((resume) => {
      for (const socket of sockets) socket.destroy()
      server.close(() => resume(Effect.void))
    })
  )
  const address = server.address()
  return typeof address === "object" && address !== null ? address.port : 0
})

/** Trusts the authority of the test certificates, until the scope ends. */
const trustAuthority = Effect.acquireRelease(
  Effect.sync(() => {
    const before = Tls.getCACertificates("default")
    Tls.setDefaultCACertificates([...before, read("authority.pem").toString(), read("expired.pem").toString()])
    return before
  }),
  (before) => Effect.sync(() => Tls.setDefaultCACertificates(before))
)

const portOf = (url: string) => new URL(url).port

const servers = [
  {
    fault: "a self-signed certificate",
    url: Effect.map(serveTls("self-signed"), (port) => `https://127.0.0.1:${port}`),
    message: /\(DEPTH_ZERO_SELF_SIGNED_CERT\); its certificate is from an unknown authority/
  },
  {
    fault: "a certificate of an unknown authority",
    url: Effect.map(serveTls("local"), (port) => `https://127.0.0.1:${port}`),
    message: /\(UNABLE_TO_VERIFY_LEAF_SIGNATURE\); its certificate is from an unknown authority/
  },
  {
    fault: "an expired certificate",
    url: Effect.andThen(
      trustAuthority,
      Effect.map(serveTls("expired"), (port) => `https://127.0.0.1:${port}`)
    ),
    message: /\(CERT_HAS_EXPIRED\); its certificate is not valid/
  },
  {
    fault: "a certificate of another host",
    url: Effect.andThen(
      trustAuthority,
      Effect.map(serveTls("other"), (port) => `https://127.0.0.1:${port}`)
    ),
    message: /\(ERR_TLS_CERT_ALTNAME_INVALID\); its certificate is not valid/
  },
  {
    fault: "https on a port that speaks http",
    url: Effect.map(
      serve((_, response) => sendJson(response, 200, {})),
      (url) => url.replace("http:", "https:")
    ),
    message: /\(ERR_SSL_\w+\)/
  },
  {
    fault: "a server that ends the handshake",
    url: Effect.map(
      accept((socket) => socket.once("data", () => socket.end())),
      (url) => `https://127.0.0.1:${portOf(url)}`
    ),
    message: /before secure TLS connection was established/
  },
  {
    fault: "http on a port that speaks https",
    url: Effect.map(serveTls("local"), (port) => `http://127.0.0.1:${port}`),
    message: /the server speaks only https/
  }
]

for (const [client, layer] of [
  ["undici", NodeHttpClient.layerUndici],
  ["fetch", FetchHttpClient.layer]
] as const) {
  describe(`a TLS failure over ${client}`, () => {
    it.live.each(servers)("$fault makes the target unreachable", ({ message, url }) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(verify(yield* url, { client: layer }))
        assert.deepInclude(error, { _tag: "TargetError", reason: "unreachable" })
        assert.match(error.message, message)
      }).pipe(Effect.scoped)
    )
  })
}
