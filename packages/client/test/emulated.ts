// WorkOS as these tests see it: the client over the emulator, without a socket.
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import { WorkOs } from "../src/WorkOs.ts"

export const LayerStore = Store.layer({ connections: 1234, organizations: 40, seed: 11 })

export const layerWorkOs = (options: Emulator.Options = {}) =>
  // Time stands still in most tests, and a client that waits for it would wait for ever.
  WorkOs.layer({
    apiKey: Emulator.defaultApiKey,
    baseUrl: new URL("https://workos.test"),
    rateLimit: "unlimited"
  }).pipe(Layer.provideMerge(Emulator.layerHttpClient(options)), Layer.provideMerge(LayerStore))

/** The emulator, which allows so many requests in a second, and how many it has had and refused. */
export const layerCounted = (requests: number) => {
  const seen = { requests: 0, refused: 0 }
  const layerHttp = Layer.effect(
    HttpClient.HttpClient,
    Effect.map(
      HttpClient.HttpClient,
      HttpClient.tap(({ status }) =>
        Effect.sync(() => {
          seen.requests++
          if (status === 429) seen.refused++
        })
      )
    )
  ).pipe(
    Layer.provide(Emulator.layerHttpClient({ rateLimit: { requests, window: "1 second" } })),
    Layer.provideMerge(LayerStore)
  )
  return { seen, layerHttp }
}
