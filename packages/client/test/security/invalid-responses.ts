// Invalid responses that repeat the secrets of the request: the key or the access token, and secrets from the body.
import type { ServerResponse } from "node:http"
import type { Socket } from "node:net"

/** The `Authorization` header and the body of a request. */
interface Received {
  readonly authorization: string
  readonly body: string
}

const secretsOf = (body: string): ReadonlyArray<string> => {
  if (body === "") return []
  if (!body.startsWith("{")) return [...new URLSearchParams(body).values()]
  const secret: unknown = JSON.parse(body).oidc_options?.client_secret
  return [String(secret)]
}

const secretsIn = ({ authorization, body }: Received): string =>
  [authorization.replace("Bearer ", ""), ...secretsOf(body)].join(" | ")

/** JSON bodies that repeat the secrets of a request. */
const bodies: ReadonlyArray<readonly [name: string, body: (received: Received) => unknown]> = [
  ["message", (received) => ({ message: `Not ${secretsIn(received)}`, code: secretsIn(received) })],
  ["error", (received) => ({ error: secretsIn(received) })],
  [
    "errors",
    (received) => ({
      message: received.body,
      errors: [{ [secretsIn(received)]: [received, secretsIn(received)] }, secretsIn(received)]
    })
  ],
  ["wrong shape", (received) => ({ object: secretsIn(received), data: secretsIn(received), [secretsIn(received)]: 1 })],
  ["string", secretsIn]
]

type Respond = (response: ServerResponse, received: Received) => void

const statuses = [200, 204, 302, 400, 401, 403, 404, 408, 409, 418, 422, 429, 500, 503]

const inJson = statuses.flatMap((status) =>
  bodies.map(([name, body]): readonly [string, Respond] => [
    `${status} with ${name}`,
    (response, received) =>
      response
        .writeHead(status, {
          "content-type": "application/json",
          "x-request-id": secretsIn(received),
          "retry-after": received.authorization,
          location: `https://elsewhere.example/${secretsIn(received)}`
        })
        .end(JSON.stringify(body(received)))
  ])
)

const otherResponses: ReadonlyArray<readonly [string, Respond]> = [
  ["text", (response, received) => response.writeHead(200).end(received.authorization + received.body)],
  [
    "a content type",
    (response, received) =>
      response.writeHead(200, { "content-type": `text/${received.authorization}` }).end(secretsIn(received))
  ],
  [
    "HTML",
    (response, received) =>
      response
        .writeHead(503, { "content-type": "text/html" })
        .end(
          `<p>${received.authorization.replaceAll("&", "&amp;")} <a href="?${encodeURIComponent(secretsIn(received))}">`
        )
  ],
  [
    "JSON that stops in the middle of it",
    (response, received) => response.writeHead(200).end(`{"a":"${received.authorization.slice(7, -4)}`)
  ],
  [
    "a body that breaks in the middle of it",
    (response, received) => {
      response.writeHead(200, { "content-length": 1000 }).write(`{"a":"${received.authorization.slice(7, -4)}`)
      setTimeout(() => response.destroy(), 5)
    }
  ],
  [
    "more bytes than are read",
    (response, received) => response.writeHead(400).end(received.authorization.repeat(3000))
  ],
  [
    "it, cut where the excerpt is",
    (response, received) =>
      response.writeHead(500).end(`${" ".repeat(1000 - received.authorization.length + 3)}${received.authorization}`)
  ],
  ["silence", () => undefined],
  ["a reset", (response) => response.socket?.resetAndDestroy()]
]

/** All invalid responses, by name. */
export const invalidResponses: ReadonlyArray<readonly [name: string, Respond]> = [...inJson, ...otherResponses]

/** Responses that are not HTTP, by name. */
export const nonHttpResponses: ReadonlyArray<readonly [name: string, (socket: Socket, text: string) => void]> = [
  ["its own request", (socket, text) => socket.end(text)],
  ["a status line of it", (socket, text) => socket.end(`HTTP/1.1 ${text.replaceAll("\r\n", " ")}\r\n\r\n`)],
  ["invalid headers", (socket, text) => socket.end(`HTTP/1.1 200 OK\r\n${text.replaceAll(":", " ")}\r\n\r\n`)],
  ["an invalid chunk", (socket, text) => socket.end(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${text}`)]
]
