// HTTP servers on real sockets for the lifetime of a scope.
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { createServer, type RequestListener } from "node:http"
import type { Server } from "node:net"

/**
 * Starts a server and returns its URL. `stop` closes its open connections when the scope ends.
 */
export const listen = (server: Server, stop: () => void): Effect.Effect<URL, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.callback<URL>((resume) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = typeof address === "object" && address !== null ? address.port : 0
        resume(Effect.succeed(new URL(`http://127.0.0.1:${port}`)))
      })
    }),
    () =>
      Effect.callback<void>((done) => {
        server.close(() => done(Effect.void))
        stop()
      })
  )

/**
 * Starts an HTTP server that calls `respond` for each request.
 */
export const serve = (respond: RequestListener): Effect.Effect<URL, never, Scope.Scope> => {
  const server = createServer(respond)
  return listen(server, () => server.closeAllConnections())
}
