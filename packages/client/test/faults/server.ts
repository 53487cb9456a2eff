// An emulator on its own socket, and the requests and log lines of its server.
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Faults from "@effect-workos/emulator/Faults"
import * as Store from "@effect-workos/emulator/Store"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { createServer, type Server } from "node:http"
import { rows } from "./operations.ts"

/** The observations of a server. */
interface Seen {
  /** The number of received requests. */
  requests: number
  /** The number of requests without a complete response. */
  underWay: number
  /** Log lines, which only a faulty server writes. */
  readonly logged: Array<unknown>
}

/** Starts an emulator for the lifetime of the scope. */
export const serve = Effect.gen(function* () {
  const faults = yield* Faults.make()
  const store = yield* Store.seeded({ connections: rows, organizations: 2, seed: 3 })
  const seen: Seen = { requests: 0, underWay: 0, logged: [] }
  const server = createServer()
  server.on("request", (_, response) => {
    seen.requests++
    seen.underWay++
    response.on("close", () => seen.underWay--)
  })
  const context = yield* Layer.build(
    Emulator.layerServer({ faults }).pipe(
      Layer.provide(Layer.succeed(Store.Store, store)),
      Layer.provideMerge(
        NodeHttpServer.layerServer(() => server, { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 })
      ),
      // The services of Node would listen to the terminal.
      Layer.provide(HttpServer.layerServices),
      Layer.provide(Logger.layer([Logger.make(({ message }) => seen.logged.push(message))])),
      Layer.orDie
    )
  )
  const url = new URL(yield* Effect.provideContext(HttpServer.addressFormattedWith(Effect.succeed), context))
  // Idle connections are kept alive.
  yield* Effect.addFinalizer(() => Effect.sync(() => server.closeAllConnections()))
  return { faults, store, url, seen, sockets: socketsOf(server) }
})

/** The number of connections of a server, including idle ones. */
const socketsOf = (server: Server): Effect.Effect<number> =>
  Effect.callback((resume) => {
    server.getConnections((_, count) => resume(Effect.succeed(count)))
  })
