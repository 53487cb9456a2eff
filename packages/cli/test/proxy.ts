// Servers for tests, and a reverse proxy that records requests and can change responses.
import * as Effect from "effect/Effect"
import { createServer, type RequestListener } from "node:http"

export interface ProxyResponse {
  readonly status: number
  readonly headers: Record<string, string>
  readonly text: string
}

export interface ReceivedRequest {
  readonly method: string
  readonly url: string
  readonly authorization: string | undefined
}

interface Listening {
  readonly url: string
  readonly close: () => void
}

/**
 * Starts a server on a free port for the lifetime of the scope, and returns its URL.
 */
export const listen = (onRequest: RequestListener) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.callback<Listening>((resume) => {
        const server = createServer(onRequest).listen(0, "127.0.0.1", () => {
          const address = server.address()
          const port = typeof address === "object" && address !== null ? address.port : 0
          const close = () => {
            server.closeAllConnections()
            server.close()
          }
          resume(Effect.succeed({ url: `http://127.0.0.1:${port}`, close }))
        })
      }),
      ({ close }) => Effect.sync(close)
    ),
    ({ url }) => url
  )

/**
 * A server that accepts requests and never responds.
 */
export const silent = listen(() => {})

/**
 * Starts a server that forwards requests to `target` and changes its responses. Returns its URL and the received requests.
 */
export const proxy = (
  target: string,
  transform: (response: ProxyResponse, request: ReceivedRequest) => ProxyResponse = (response) => response,
  rewrite: (url: string) => string = (url) => url
) => {
  const received: Array<ReceivedRequest> = []
  const forward = async ({ authorization, method, url }: ReceivedRequest, type: string | undefined, body: Buffer) => {
    const response = await fetch(`${target}${rewrite(url)}`, {
      method,
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(type === undefined ? {} : { "content-type": type })
      },
      ...(body.length === 0 ? {} : { body: new Uint8Array(body) })
    })
    const headers = Object.fromEntries(
      ["allow", "content-type", "x-request-id"].flatMap((name) => {
        const value = response.headers.get(name)
        return value === null ? [] : [[name, value]]
      })
    )
    return { status: response.status, headers, text: await response.text() }
  }
  return Effect.map(
    listen((request, response) => {
      const chunks: Array<Buffer> = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        const { authorization, "content-type": type } = request.headers
        const one: ReceivedRequest = { method: request.method ?? "", url: request.url ?? "", authorization }
        received.push(one)
        // `fetch` does not send TRACE.
        if (one.method === "TRACE") {
          response.writeHead(405, { allow: "GET", "x-request-id": "req_1" }).end()
          return
        }
        void forward(one, type, Buffer.concat(chunks)).then(
          (forwarded) => {
            const { headers, status, text } = transform(forwarded, one)
            response.writeHead(status, headers).end(text)
          },
          // The target stops at the end of a test.
          () => response.destroy()
        )
      })
    }),
    (url) => ({ url, received })
  )
}
