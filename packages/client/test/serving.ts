// Servers on real sockets, each for as long as the scope lasts.
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { createServer, type RequestListener } from "node:http"
import type { Server } from "node:net"

/**
 * Has a server listen, and gives its address. `stop` ends what it still has to do when the scope ends.
 */
export const listening = (server: Server, stop: () => void): Effect.Effect<URL, never, Scope.Scope> =>
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
 * A server that answers with `answer`.
 */
export const serve = (answer: RequestListener): Effect.Effect<URL, never, Scope.Scope> => {
  const server = createServer(answer)
  return listening(server, () => server.closeAllConnections())
}
