// The emulator on a socket, with the official SDK and effect-workos as clients.
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { WorkOs } from "@effect-workos/client/WorkOs"
import * as Clients from "@effect-workos/emulator/Clients"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import { assert } from "@effect/vitest"
import { WorkOS } from "@workos-inc/node"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { createServer } from "node:http"
import type { AuthorizationRequest } from "../src/Questions.ts"

export const clientId = Clients.defaultClientId
export const redirectUri = "http://localhost:3000/callback"

export class Sdk extends Context.Service<Sdk, WorkOS>()("test/Sdk") {}

const port = Effect.map(HttpServer.HttpServer, ({ address }) => (address._tag === "InetAddressV4" ? address.port : 0))

const layerSdk = Layer.effect(
  Sdk,
  Effect.map(
    port,
    (port) => new WorkOS(Redacted.value(Emulator.defaultApiKey), { apiHostname: "127.0.0.1", port, https: false })
  )
)

const layerOurs = Layer.unwrap(
  Effect.map(port, (port) =>
    WorkOs.layer({ apiKey: Emulator.defaultApiKey, baseUrl: new URL(`http://127.0.0.1:${port}`) })
  )
).pipe(Layer.provide(FetchHttpClient.layer))

export const LayerBoth = Layer.mergeAll(layerSdk, layerOurs).pipe(
  Layer.provide(Emulator.layerServer()),
  Layer.provideMerge(Store.layer({ connections: 600, organizations: 5, seed: 2 })),
  Layer.provide(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 }))
)

/** Returns the code of the redirect back to the application. */
export const redirectBack = ({ state, url }: Pick<AuthorizationRequest, "state" | "url">) =>
  Effect.promise(async () => {
    const response = await fetch(url, { redirect: "manual" })
    const back = new URL(response.headers.get("location") ?? "").searchParams
    assert.strictEqual(back.get("state"), state)
    return back.get("code") ?? ""
  })
