// The client over the emulator, without a socket.
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import { WorkOs } from "../src/WorkOs.ts"

export const LayerStore = Store.layer({ connections: 1234, organizations: 40, seed: 11 })

export const layerWorkOs = (options: Emulator.Options = {}) =>
  // The test clock stands still in most tests, so a rate limiter would wait without end.
  WorkOs.layer({
    apiKey: Emulator.defaultApiKey,
    baseUrl: new URL("https://workos.test"),
    rateLimit: "unlimited"
  }).pipe(Layer.provideMerge(Emulator.layerHttpClient(options)), Layer.provideMerge(LayerStore))

/** The emulator with a limit of `requests` per second, and the number of requests that it received and refused. */
export const layerCounted = (requests: number) => {
  const counts = { requests: 0, refused: 0 }
  const layerHttp = Layer.effect(
    HttpClient.HttpClient,
    Effect.map(
      HttpClient.HttpClient,
      HttpClient.tap(({ status }) =>
        Effect.sync(() => {
          counts.requests++
          if (status === 429) counts.refused++
        })
      )
    )
  ).pipe(
    Layer.provide(Emulator.layerHttpClient({ rateLimit: { requests, window: "1 second" } })),
    Layer.provideMerge(LayerStore)
  )
  return { seen: counts, layerHttp }
}
