// An HTTP proxy on a real socket, and the servers behind it.
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { readFileSync } from "node:fs"
import * as Http from "node:http"
import * as Https from "node:https"
import * as Net from "node:net"

const read = (name: string) => readFileSync(new URL(`../../client/test/certificates/${name}`, import.meta.url))

/** The certificate of the authority that signed the server's. */
export const authority = read("authority.pem").toString()

/**
 * Starts a server on a free port, and returns the port. Its connections are closed when the scope ends.
 */
export const listen = (server: Net.Server): Effect.Effect<number, never, Scope.Scope> => {
  const sockets = new Set<Net.Socket>()
  server.on("connection", (socket) => sockets.add(socket.on("error", () => undefined)))
  return Effect.acquireRelease(
    Effect.callback<number>((resume) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        resume(Effect.succeed(typeof address === "object" ? (address?.port ?? 0) : 0))
      })
    }),
    () =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        for (const socket of sockets) socket.destroy()
      })
  )
}

/**
 * Starts a server that responds to each request with JSON, and returns its URL.
 */
export const target = (protocol: "http" | "https", body: object) => {
  const respond: Http.RequestListener = (_, response) =>
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body))
  const server =
    protocol === "http"
      ? Http.createServer(respond)
      : Https.createServer({ key: read("local.key"), cert: read("local.pem") }, respond)
  return Effect.map(listen(server), (port) => new URL(`${protocol}://localhost:${port}`))
}

/** A request that a proxy received: its line, and the credentials in it. */
interface Received {
  readonly line: string
  readonly credentials: string | undefined
}

const receivedOf = ({ headers, method, url }: Http.IncomingMessage): Received => ({
  line: `${method} ${url}`,
  credentials: headers["proxy-authorization"]
})

/**
 * Starts a proxy that opens tunnels and forwards requests, or that refuses them with a status.
 */
export const proxy = Effect.fnUntraced(function* (status = 200) {
  const received: Array<Received> = []
  const server = Http.createServer((request, response) => {
    received.push(receivedOf(request))
    if (status !== 200) return response.writeHead(status).end()
    const { headers, method, url = "" } = request
    return request.pipe(
      Http.request(url, { method, headers }, (received) => {
        response.writeHead(received.statusCode ?? 502, received.headers)
        received.pipe(response)
      })
    )
  })
  server.on("connect", (request: Http.IncomingMessage, socket: Net.Socket, head: Buffer) => {
    received.push(receivedOf(request))
    socket.on("error", () => undefined)
    if (status !== 200) return void socket.end(`HTTP/1.1 ${status} Refused\r\ncontent-length: 0\r\n\r\n`)
    const upstream = Net.connect(Number(request.url?.split(":").at(-1)), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n")
      upstream.write(head)
      socket.pipe(upstream).pipe(socket)
    })
    upstream.on("error", () => socket.destroy())
    socket.on("close", () => upstream.destroy())
  })
  const port = yield* listen(server)
  return { received, origin: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}` }
})
