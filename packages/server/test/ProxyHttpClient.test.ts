// Requests through a real proxy: tunnels for https:, forwarding for http:, exceptions, refusals and credentials.
import { assert, describe, it } from "@effect/vitest"
import type { TransportError } from "@effect-workos/client/ClientError"
import { Organizations } from "@effect-workos/client/Organizations"
import * as RetryPolicy from "@effect-workos/client/RetryPolicy"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import * as Cause from "effect/Cause"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { createServer } from "node:net"
import * as Tls from "node:tls"
import { inspect } from "node:util"
import { afterAll, beforeAll } from "vitest"
import * as ProxyHttpClient from "../src/ProxyHttpClient.ts"
import { authority, listen, proxy, target } from "./http-proxy.ts"

const trusted = Tls.getCACertificates("default")
beforeAll(() => Tls.setDefaultCACertificates([...trusted, authority]))
afterAll(() => Tls.setDefaultCACertificates(trusted))

const page = { object: "list", data: [], list_metadata: { before: null, after: null } }

const list = (baseUrl: URL, environment: Readonly<Record<string, string>>) =>
  Organizations.use(({ list }) => list()).pipe(
    Effect.provide(
      Layer.fresh(Organizations.layer).pipe(
        Layer.provide(WorkOsConfig.layer({ apiKey: Redacted.make("sk_test_1"), baseUrl })),
        Layer.provide(ProxyHttpClient.layer)
      )
    ),
    Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnvRecord(environment)),
    Effect.provideService(RetryPolicy.RetryPolicy, { ...RetryPolicy.standard, baseDelay: 1 })
  )

const failureOf = (baseUrl: URL, environment: Readonly<Record<string, string>>) =>
  Effect.flatMap(Effect.flip(list(baseUrl, environment)), (error) => {
    assert.strictEqual(error._tag, "TransportError")
    return error._tag === "TransportError" ? Effect.succeed<TransportError>(error) : Effect.die(error)
  })

const withUser = (host: string) => ({ HTTP_PROXY: `http://jane:p%40ss%20word@${host}` })

describe("ProxyHttpClient.layer", () => {
  it.live.each(["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"])(
    "ProxyHttpClient sends https: requests through a tunnel of the proxy in %s",
    (name) =>
      Effect.gen(function* () {
        const { origin, received } = yield* proxy()
        const server = yield* target("https", page)
        const { data } = yield* list(server, { [name]: origin })
        assert.deepStrictEqual(data, [])
        assert.deepStrictEqual(received, [{ line: `CONNECT localhost:${server.port}`, credentials: undefined }])
      })
  )

  it.live.each(["HTTP_PROXY", "http_proxy"])("ProxyHttpClient sends http: requests through the proxy in %s", (name) =>
    Effect.gen(function* () {
      const { origin, received } = yield* proxy()
      const server = yield* target("http", page)
      yield* list(server, { [name]: origin })
      assert.deepStrictEqual(received, [
        { line: `GET ${server.origin}/organizations?order=desc`, credentials: undefined }
      ])
    })
  )

  it.live("ProxyHttpClient does not use the proxy in HTTPS_PROXY for http: requests", () =>
    Effect.gen(function* () {
      const { origin, received } = yield* proxy()
      yield* list(yield* target("http", page), { HTTPS_PROXY: origin })
      assert.deepStrictEqual(received, [])
    })
  )

  it.live("ProxyHttpClient prefers the variable in lower case, unless that variable is empty", () =>
    Effect.gen(function* () {
      const [upper, lower] = [yield* proxy(), yield* proxy()]
      const server = yield* target("http", page)
      yield* list(server, { HTTP_PROXY: upper.origin, http_proxy: lower.origin })
      assert.deepStrictEqual([upper.received.length, lower.received.length], [0, 1])
      yield* list(server, { HTTP_PROXY: upper.origin, http_proxy: "" })
      assert.deepStrictEqual([upper.received.length, lower.received.length], [1, 1])
    })
  )

  it.live("ProxyHttpClient connects directly only to the hosts in NO_PROXY", () =>
    Effect.gen(function* () {
      const { origin, received } = yield* proxy()
      for (const protocol of ["http", "https"] as const) {
        const server = yield* target(protocol, page)
        const { port } = server
        for (const [noProxy, isProxied] of [
          ["*", false],
          ["localhost", false],
          ["LOCALHOST", false],
          ["workos.test, localhost", false],
          ["workos.test localhost", false],
          [`localhost:${port}`, false],
          ["localhost:1", true],
          ["127.0.0.1", true],
          ["host", true],
          ["", true]
        ] as const) {
          for (const name of ["NO_PROXY", "no_proxy"]) {
            const before = received.length
            yield* list(server, { HTTP_PROXY: origin, HTTPS_PROXY: origin, [name]: noProxy })
            assert.strictEqual(received.length - before, isProxied ? 1 : 0, `${protocol} ${name}=${noProxy}`)
          }
        }
      }
    })
  )

  it.live("ProxyHttpClient sends a user and a password to the proxy, and redacts both", () =>
    Effect.gen(function* () {
      for (const protocol of ["http", "https"] as const) {
        const server = yield* target(protocol, page)
        const credentials = `Basic ${btoa("jane:p@ss word")}`
        const accepting = yield* proxy()
        yield* list(server, withUser(accepting.host))
        assert.deepStrictEqual(
          accepting.received.map(({ credentials }) => credentials),
          [credentials]
        )

        const refusing = yield* proxy(407)
        const unreachable = yield* Effect.scoped(proxy())
        for (const { host } of [refusing, unreachable]) {
          const error = yield* failureOf(server, withUser(host))
          assert.include(error.message, `(the proxy http://${host} `)
          const shown = [
            inspect(error, { depth: 10, showHidden: true }),
            Cause.pretty(Cause.fail(error)),
            JSON.stringify(error)
          ]
          for (const secret of ["jane", "p%40ss", "p@ss", credentials]) assert.notInclude(shown.join("\n"), secret)
        }
      }
    })
  )

  it.live.each([
    { status: 407, attempts: 1, problem: "requires a user and a password: 407" },
    { status: 403, attempts: 1, problem: "refused the connection: 403" },
    { status: 502, attempts: 5, problem: "refused the connection: 502" },
    { status: 503, attempts: 5, problem: "refused the connection: 503" }
  ])(
    "ProxyHttpClient names a proxy that refuses a tunnel with $status, after $attempts attempts",
    ({ attempts, problem, status }) =>
      Effect.gen(function* () {
        const { origin, received } = yield* proxy(status)
        const server = yield* target("https", page)
        const error = yield* failureOf(server, { HTTPS_PROXY: origin })
        assert.include(
          error.message,
          `organizations.list: no response from ${server.origin} (the proxy ${origin} ${problem})`
        )
        assert.include(error.message, "Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY.")
        assert.instanceOf(error.cause, ProxyHttpClient.ProxyError)
        assert.strictEqual(error.attempts, attempts)
        assert.lengthOf(received, attempts)
      })
  )

  it.live("ProxyHttpClient names a proxy that requires credentials to forward a request", () =>
    Effect.gen(function* () {
      const { origin } = yield* proxy(407)
      const error = yield* failureOf(yield* target("http", page), { HTTP_PROXY: origin })
      assert.include(error.message, `(the proxy ${origin} requires a user and a password: 407)`)
      assert.strictEqual(error.attempts, 1)
    })
  )

  it.live(
    "ProxyHttpClient names a proxy that cannot be reached, or that closes or resets the connection of a tunnel",
    () =>
      Effect.gen(function* () {
        const { origin: unreachable } = yield* Effect.scoped(proxy())
        const closings = yield* Effect.forEach(["destroy", "resetAndDestroy"] as const, (close) =>
          Effect.map(
            listen(createServer((socket) => socket.once("data", () => socket[close]()))),
            (port) => `http://127.0.0.1:${port}`
          )
        )
        for (const protocol of ["http", "https"] as const) {
          const server = yield* target(protocol, page)
          const refused = yield* failureOf(server, { HTTP_PROXY: unreachable })
          assert.include(refused.message, `(the proxy ${unreachable} can't be reached: ECONNREFUSED), 5 times`)
          const unresolved = yield* failureOf(server, { HTTP_PROXY: "http://proxy.invalid:3128" })
          assert.match(
            unresolved.message,
            /\(the proxy http:\/\/proxy\.invalid:3128 can't be reached: (ENOTFOUND|EAI_AGAIN)\)/
          )
          for (const closing of protocol === "https" ? closings : []) {
            const closed = yield* failureOf(server, { HTTP_PROXY: closing })
            assert.include(closed.message, `(the proxy ${closing} closed the connection), 5 times`)
          }
        }
      })
  )

  it.live("ProxyHttpClient passes errors of the server through the tunnel", () =>
    Effect.gen(function* () {
      const { origin } = yield* proxy()
      const server = yield* target("https", page)
      const error = yield* failureOf(new URL(server.href.replace("localhost", "other.localhost")), {
        HTTPS_PROXY: origin
      })
      assert.include(error.message, "(ERR_TLS_CERT_ALTNAME_INVALID)")
      assert.strictEqual(error.attempts, 1)
    })
  )

  it.live.each([
    "nonsense",
    "127.0.0.1:3128",
    "proxy:3128",
    "ftp://proxy:3128",
    "http://jane:secret@",
    "http://jane:%@proxy:3128",
    "http://jane:secret@proxy:3128/path",
    "http://jane:secret@proxy:99999"
  ])("ProxyHttpClient fails for %s with a ConfigError that names the variable but not its value", (url) =>
    Effect.gen(function* () {
      for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"]) {
        const error = yield* Effect.flip(list(new URL("http://localhost:1"), { [name]: url }))
        assert.strictEqual(error._tag, "ConfigError")
        assert.include(error.message, name.toUpperCase())
        assert.notInclude(inspect(error, { depth: 10 }), url)
        assert.notInclude(inspect(error, { depth: 10 }), "secret")
      }
    })
  )
})
