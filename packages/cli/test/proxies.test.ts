// Commands that send requests through a real proxy.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { createServer, request as send, type IncomingMessage } from "node:http"
import { createServer as createSecureServer } from "node:https"
import { connect, type Socket } from "node:net"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { cli, emulated, folder, inProcess, key } from "./running.ts"
import { withFastTime } from "./clock.ts"
import { listen } from "./proxy.ts"

const certificate = (name: string) => fileURLToPath(new URL(`../../client/test/certificates/${name}`, import.meta.url))

const apiKey = Redacted.make(key)

/** Starts a proxy that requires a user if `isPrivate`. Returns its host, and the received request lines and User-Agents. */
const forwardProxy = Effect.fnUntraced(function* (isPrivate = false) {
  const lines: Array<string> = []
  const agents = new Set<string | undefined>()
  const isRefused = ({ headers, method, url }: IncomingMessage) => {
    lines.push(`${method} ${url}`)
    agents.add(headers["user-agent"])
    return isPrivate && headers["proxy-authorization"] !== `Basic ${btoa("jane:secret")}`
  }
  const server = createServer((request, response) => {
    if (isRefused(request)) return response.writeHead(407).end()
    const { headers, method, url = "" } = request
    const passing = send(url, { method, headers }, (received) => {
      response.writeHead(received.statusCode ?? 502, received.headers)
      received.pipe(response)
    }).on("error", () => response.destroy())
    return request.pipe(passing)
  })
  const tunnels = new Set<Socket>()
  server.on("connect", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (isRefused(request)) return void socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
    const upstream = connect(Number(request.url?.split(":").at(-1)), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n")
      upstream.write(head)
      socket.pipe(upstream).pipe(socket)
    })
    for (const one of [socket, upstream]) tunnels.add(one.on("error", () => undefined))
  })
  const port = yield* Effect.acquireRelease(
    Effect.callback<number>((resume) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        resume(Effect.succeed(typeof address === "object" ? (address?.port ?? 0) : 0))
      })
    }),
    () =>
      Effect.sync(() => {
        server.close()
        server.closeAllConnections()
        for (const socket of tunnels) socket.destroy()
      })
  )
  return { host: `127.0.0.1:${port}`, lines, agents }
})

/** A server with TLS that responds with an empty list. */
const secureServer = Effect.acquireRelease(
  Effect.callback<{ readonly url: string; readonly close: () => void }>((resume) => {
    const server = createSecureServer(
      { key: readFileSync(certificate("local.key")), cert: readFileSync(certificate("local.pem")) },
      (_, response) =>
        response
          .writeHead(200, { "content-type": "application/json" })
          .end(JSON.stringify({ object: "list", data: [], list_metadata: { before: null, after: null } }))
    )
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      const port = typeof address === "object" ? (address?.port ?? 0) : 0
      const close = () => {
        server.close()
        server.closeAllConnections()
      }
      resume(Effect.succeed({ url: `https://localhost:${port}`, close }))
    })
  }),
  ({ close }) => Effect.sync(close)
).pipe(Effect.map(({ url }) => url))

describe("proxies", () => {
  it.live.each(["connections list", "export connections --output all.ndjson", "verify --only lists/limit --runs 1"])(
    "`%s` sends requests through the proxy in HTTP_PROXY, with the User-Agent of this version",
    (args) =>
      Effect.gen(function* () {
        const { agents, host, lines } = yield* forwardProxy()
        const { env } = yield* emulated({ apiKey })
        const cwd = yield* folder
        const { code, stderr } = yield* inProcess(args, { env: { ...env, HTTP_PROXY: `http://${host}` }, cwd })
        assert.strictEqual(code, 0, stderr)
        assert.isAbove(lines.length, 0)
        for (const line of lines) assert.match(line, /^GET http:\/\/127\.0\.0\.1:\d+\//)
        assert.match([...agents].join(), /^effect-workos\/\d+\.\d+\.\d+\S*$/)
      }).pipe(Effect.scoped)
  )

  it.live("`events follow` sends requests through the proxy in HTTP_PROXY", () =>
    Effect.gen(function* () {
      const { host, lines } = yield* forwardProxy()
      const { env } = yield* emulated({ apiKey })
      yield* inProcess("events follow", {
        env: { ...env, HTTP_PROXY: `http://${host}` },
        interruptWhen: () => lines.length > 0
      })
      assert.match(lines[0] ?? "", /^GET http:\/\/127\.0\.0\.1:\d+\/events\?/)
    }).pipe(Effect.scoped)
  )

  it.live("`emulate` sends webhooks through the proxy in http_proxy", () =>
    Effect.gen(function* () {
      const { agents, host, lines } = yield* forwardProxy()
      const received: Array<string | undefined> = []
      const receiver = yield* listen((request, response) => {
        received.push(request.url)
        response.end()
      })
      let created = false
      yield* inProcess(`emulate --port 0 --connections 1 --api-key ${key} --webhook ${receiver}/hook=whsec_1`, {
        env: { http_proxy: `http://${host}` },
        interruptWhen: ({ stdout }) => {
          const url = /WORKOS_BASE_URL=(\S+)/.exec(stdout)?.[1]
          if (url !== undefined && !created) {
            created = true
            void fetch(`${url}/organizations`, {
              method: "POST",
              headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
              body: JSON.stringify({ name: "Acme" })
            })
          }
          return received.length > 0
        }
      })
      assert.deepStrictEqual(received, ["/hook"])
      assert.deepStrictEqual(lines, [`POST ${receiver}/hook`])
      assert.match([...agents].join(), /^effect-workos\//)
    }).pipe(Effect.scoped)
  )

  it.live.each(["NO_PROXY", "no_proxy"])("`connections list` reaches the hosts in %s without a proxy", (name) =>
    Effect.gen(function* () {
      const { host, lines } = yield* forwardProxy()
      const { env } = yield* emulated({ apiKey })
      const proxies = { HTTP_PROXY: `http://${host}`, [name]: "127.0.0.1" }
      const { code } = yield* inProcess("connections list", { env: { ...env, ...proxies } })
      assert.strictEqual(code, 0)
      assert.deepStrictEqual(lines, [])
    }).pipe(Effect.scoped)
  )

  it.live("`connections list` trusts the authorities in NODE_EXTRA_CA_CERTS through a proxy tunnel", () =>
    Effect.gen(function* () {
      const { host, lines } = yield* forwardProxy(true)
      const url = yield* secureServer
      const { code, stderr } = yield* cli("connections list", {
        env: {
          WORKOS_API_KEY: key,
          WORKOS_BASE_URL: url,
          HTTPS_PROXY: `http://jane:secret@${host}`,
          NODE_EXTRA_CA_CERTS: certificate("authority.pem")
        }
      })
      assert.deepStrictEqual([code, stderr], [0, "No connection matches.\n"])
      assert.deepStrictEqual(lines, [`CONNECT ${new URL(url).host}`])
    }).pipe(Effect.scoped)
  )

  it.live.each(["connections list", "events follow", "verify"])(
    "`%s` suggests NODE_EXTRA_CA_CERTS for a server with an untrusted certificate",
    (args) =>
      Effect.gen(function* () {
        const { host } = yield* forwardProxy(true)
        const env = {
          WORKOS_API_KEY: key,
          WORKOS_BASE_URL: yield* secureServer,
          HTTPS_PROXY: `http://jane:secret@${host}`
        }
        const { code, stderr } = yield* inProcess(args, { env })
        assert.strictEqual(code, 1, stderr)
        assert.match(stderr, /UNABLE_TO_VERIFY_LEAF_SIGNATURE.*set NODE_EXTRA_CA_CERTS/)
      }).pipe(Effect.scoped)
  )

  it.live.each(["connections list", "events follow", "verify", "export connections -o -"])(
    "`%s` reports a proxy that refuses the request, without the user and the password",
    (args) =>
      Effect.gen(function* () {
        const { host } = yield* forwardProxy(true)
        for (const url of ["https://localhost:1", "http://localhost:1"]) {
          const env = { WORKOS_API_KEY: key, WORKOS_BASE_URL: url, HTTP_PROXY: `http://jane:wrong@${host}` }
          const { code, stderr } = yield* inProcess(args, { env })
          assert.strictEqual(code, 1, stderr)
          assert.include(stderr, `(the proxy http://${host} requires a user and a password: 407)`)
          assert.notMatch(stderr, /jane|wrong|\n\s+at /)
        }
      }).pipe(Effect.scoped)
  )

  it.live.each(["connections list", "events follow", "verify", "export connections -o -", "emulate --port 0"])(
    "`%s` refuses an invalid proxy URL with one line on stderr and exit code 2",
    (args) =>
      Effect.gen(function* () {
        const env = { WORKOS_API_KEY: key, https_proxy: "ftp://jane:secret@proxy:3128" }
        assert.deepStrictEqual(yield* inProcess(args, { env }), {
          code: 2,
          stderr:
            "HTTPS_PROXY must be the URL of a proxy. Set it to http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, or unset it.\n",
          stdout: ""
        })
      })
  )

  it.effect("`events follow` ends after five attempts if the host does not resolve", () =>
    Effect.gen(function* () {
      const env = { WORKOS_API_KEY: key, WORKOS_BASE_URL: "https://workos.invalid" }
      const { code, stderr } = yield* withFastTime(inProcess("events follow", { env }))
      assert.strictEqual(code, 1)
      assert.match(
        stderr,
        /^events\.list: no response from https:\/\/workos\.invalid \((ENOTFOUND|EAI_AGAIN)\), 5 times/
      )
    })
  )
})
