// The official SDK for Node, unmodified, with the emulator on a real socket.
import { NodeHttpServer } from "@effect/platform-node"
import { WorkOS } from "@workos-inc/node"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { createServer } from "node:http"
import * as Emulator from "../src/Emulator.ts"
import * as Store from "../src/Store.ts"

export class Sdk extends Context.Service<Sdk, { readonly workos: WorkOS; readonly withKey: (key: string) => WorkOS }>()(
  "test/Sdk"
) {}

export const LayerSdk = Layer.effect(
  Sdk,
  Effect.gen(function* () {
    const { address } = yield* HttpServer.HttpServer
    const port = address._tag === "InetAddressV4" ? address.port : 0
    const withKey = (key: string) => new WorkOS(key, { apiHostname: "127.0.0.1", port, https: false })
    return { workos: withKey(Redacted.value(Emulator.defaultApiKey)), withKey }
  })
).pipe(
  Layer.provide(Emulator.layerServer()),
  Layer.provideMerge(Store.layer({ connections: 150, organizations: 30, seed: 3 })),
  Layer.provide(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" }))
)

/** Returns the error of a promise, or `undefined`. */
export const failure = (promise: () => Promise<unknown>) =>
  Effect.promise(() =>
    promise().then(
      () => undefined,
      (error: unknown) => error
    )
  )
