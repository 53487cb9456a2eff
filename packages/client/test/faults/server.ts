// An emulator on a socket of its own, and what its server has seen.
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

/** What a server has seen until now. */
interface Seen {
  /** How many requests came. */
  requests: number
  /** How many of them are still under way. */
  underWay: number
  /** What it logged: nothing, unless something is wrong with it. */
  readonly logged: Array<unknown>
}

/** An emulator for as long as the scope lasts. */
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
      // Those of Node listen to the terminal, each for itself.
      Layer.provide(HttpServer.layerServices),
      Layer.provide(Logger.layer([Logger.make(({ message }) => seen.logged.push(message))])),
      Layer.orDie
    )
  )
  const url = new URL(yield* Effect.provideContext(HttpServer.addressFormattedWith(Effect.succeed), context))
  // Whose connections are kept alive, and closed at last.
  yield* Effect.addFinalizer(() => Effect.sync(() => server.closeAllConnections()))
  return { faults, store, url, seen, sockets: socketsOf(server) }
})

/** How many connections a server has, idle ones included. */
const socketsOf = (server: Server): Effect.Effect<number> =>
  Effect.callback((resume) => {
    server.getConnections((_, count) => resume(Effect.succeed(count)))
  })
