// A server between a command and the emulator: it sees everything, and may spoil an answer.
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
 * A server on a port of its own, until the scope ends. Gives its URL.
 */
export const listen = (answer: RequestListener) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.callback<Listening>((resume) => {
        const server = createServer(answer).listen(0, "127.0.0.1", () => {
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
 * A server that takes requests and never answers.
 */
export const silent = listen(() => {})

/**
 * Passes requests on to `target`, and answers through `spoil`. Gives its URL and what it has seen so far.
 */
export const proxy = (
  target: string,
  transformBody: (answer: ProxyResponse, seen: ReceivedRequest) => ProxyResponse = (answer) => answer,
  rewrite: (url: string) => string = (url) => url
) => {
  const seen: Array<ReceivedRequest> = []
  const pass = async ({ authorization, method, url }: ReceivedRequest, type: string | undefined, body: Buffer) => {
    const answer = await fetch(`${target}${rewrite(url)}`, {
      method,
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(type === undefined ? {} : { "content-type": type })
      },
      ...(body.length === 0 ? {} : { body: new Uint8Array(body) })
    })
    const headers = Object.fromEntries(
      ["content-type", "x-request-id"].flatMap((name) => {
        const value = answer.headers.get(name)
        return value === null ? [] : [[name, value]]
      })
    )
    return { status: answer.status, headers, text: await answer.text() }
  }
  return Effect.map(
    listen((request, response) => {
      const chunks: Array<Buffer> = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        const { authorization, "content-type": type } = request.headers
        const one: ReceivedRequest = { method: request.method ?? "", url: request.url ?? "", authorization }
        seen.push(one)
        void pass(one, type, Buffer.concat(chunks)).then(
          (answer) => {
            const { headers, status, text } = transformBody(answer, one)
            response.writeHead(status, headers).end(text)
          },
          // The target is gone with the test that wanted an answer.
          () => response.destroy()
        )
      })
    }),
    (url) => ({ url, seen })
  )
}
