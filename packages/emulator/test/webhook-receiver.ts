// A server that receives webhooks on a real socket, with configurable responses.
import * as Effect from "effect/Effect"
import { createServer, type IncomingHttpHeaders } from "node:http"

interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/**
 * Serves a receiver for the lifetime of the scope. `respond` returns the status; `undefined` resets the connection. With
 * `isEndless`, response bodies never end.
 */
export const receiver = Effect.fnUntraced(function* (
  respond: (count: number) => number | undefined = () => 200,
  { isEndless = false }: { readonly isEndless?: boolean } = {}
) {
  const received: Array<Received> = []
  const server = createServer((request, response) => {
    let body = ""
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text
    })
    request.on("end", () => {
      received.push({ headers: request.headers, body })
      const status = respond(received.length)
      if (status === undefined) request.socket.destroy()
      else response.writeHead(status, { location: "/" }).write("ok")
      if (!isEndless) response.end()
    })
  })
  yield* Effect.acquireRelease(
    Effect.promise(() => new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve))),
    () => Effect.sync(() => (server.closeAllConnections(), server.close()))
  )
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return { received, url: `http://127.0.0.1:${port}/webhook` }
})

/** Waits in real time until a condition is true. */
export const until = (isTrue: () => boolean): Effect.Effect<void> =>
  Effect.suspend(() => (isTrue() ? Effect.void : Effect.andThen(Effect.sleep(5), until(isTrue))))
