// Serves the emulator over HTTP, and sends requests with fetch.
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { createServer } from "node:http"

const key = Redacted.value(Emulator.defaultApiKey)

const statusOf = (url: string, headers: Record<string, string>) =>
  Effect.promise(() => fetch(url, { headers: { connection: "close", ...headers } }).then(({ status }) => status))

const program = HttpServer.addressFormattedWith((url) =>
  Effect.gen(function* () {
    yield* Console.log(yield* statusOf(`${url}/connections`, { authorization: `Bearer ${key}` }))
    yield* Console.log(yield* statusOf(`${url}/connections`, {}))
  })
)

const WorkOsEmulated = Emulator.layerServer().pipe(
  Layer.provideMerge(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" })),
  Layer.provide(Store.layer({ connections: 10, organizations: 1, seed: 1 }))
)

Effect.runPromise(Effect.provide(program, WorkOsEmulated))
