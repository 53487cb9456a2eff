// An emulator in a separate process, for benchmarks that read from it.
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import { createServer } from "node:http"

const connections = Number(process.argv[2])

const program = Effect.gen(function* () {
  const context = yield* Layer.build(
    Emulator.layerServer().pipe(
      Layer.provideMerge(Store.layer({ connections, organizations: 1000, seed: 1 })),
      Layer.provideMerge(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" }))
    )
  )
  const url = yield* Effect.provideContext(HttpServer.addressFormattedWith(Effect.succeed), context)
  process.on("disconnect", () => process.exit())
  process.send?.(url)
  return yield* Effect.never
})

Effect.runFork(Effect.scoped(program))
